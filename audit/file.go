package audit

import (
	"bytes"
	"iter"
	"path"
	"slices"
	"strings"

	"nacre/csrc"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
	"nacre/perlsrc/flow"
)

// Role is what a file is for.
type Role string

// The roles.
const (
	Library Role = ""        // modules, and what is none of the others
	Program Role = "program" // what people or servers start: bin, script, cgi-bin, *.cgi, *.psgi, a first line that asks for perl, what a release names as installed
	Build   Role = "build"   // Makefile.PL, Build.PL, what lies in inc, and classes of what builds releases
	Example Role = "example" // eg, examples, demo
	Test    Role = "test"    // t, and test.pl
	Author  Role = "author"  // xt, and the author's own tools
	Native  Role = "native"  // C and XS
)

// RoleOf tells a file's role by its path in the release, and, for Perl without
// one by path, by its first line.
func RoleOf(name string, head []byte) Role {
	switch strings.ToLower(path.Ext(name)) {
	case ".c", ".h", ".xs", ".xsi", ".cc", ".cpp", ".cxx", ".hpp":
		return Native
	}
	parts := strings.Split(name, "/")
	for i, part := range parts[:len(parts)-1] {
		switch strings.ToLower(part) {
		case "lib", "blib":
			// What lies below lib is a library, whatever its folders are called.
			if i == 0 {
				return Library
			}
		case "t", "test", "tests", "testdata":
			return Test
		case "xt", "author", "author_tools", "author-tools", "maint", "devel", "tools", "util", "utils", "dev", "contrib", "benchmark", "benchmarks", "bench":
			return Author
		case "eg", "ex", "example", "examples", "sample", "samples", "demo", "demos":
			return Example
		case "inc", "install", "installer", "buildtools":
			if i == 0 {
				return Build
			}
		case "bin", "script", "scripts", "sbin", "cgi-bin", "cgi":
			return Program
		}
	}
	base := parts[len(parts)-1]
	switch base {
	case "Makefile.PL", "Build.PL", "configure.PL", "Configure.PL":
		return Build
	case "test.pl":
		return Test
	}
	switch path.Ext(base) {
	case ".PL":
		return Build
	case ".t":
		return Test
	case ".pm":
		return Library
	case ".cgi", ".fcgi", ".psgi", ".pl":
		return Program
	}
	if bytes.HasPrefix(head, []byte("#!")) {
		return Program
	}
	return Library
}

// File is a file that rules look at. Only one goroutine uses it.
type File struct {
	Path  string // slash-separated, from the root of the release
	Role  Role
	Src   []byte
	Tree  *perlsrc.Tree // nil where Role is Native
	calls map[string][]perlsrc.NodeID
	own   map[string][]perlsrc.NodeID // calls of the file's own subs
	facts *facts.File
	flow  *flow.Graph
	c     *csrc.File
	cErr  error
	words *words
	memos memos
	lines []int // where each line begins; filled by line
	clock clock
}

// builders are the classes of what builds releases, or what they begin with.
var builders = []string{"Module::Build", "ExtUtils::", "Module::Install", "Dist::Zilla::", "Minilla", "inc::"}

// builds reports whether a library is there for building releases: it is a class
// of one of the builders.
func (f *File) builds() bool {
	for _, name := range builders {
		if !bytes.Contains(f.Src, []byte(name)) {
			continue
		}
		for _, p := range f.Facts().Packages {
			isOne := func(class string) bool { return strings.HasPrefix(class, name) }
			if isOne(p.Name) || slices.ContainsFunc(p.ISA, isOne) {
				return true
			}
		}
	}
	return false
}

// NewFile reads a file.
func NewFile(name string, role Role, src []byte) *File {
	f := &File{Path: name, Role: role, Src: src}
	if role == Native {
		return f
	}
	f.Tree = perlsrc.Parse(src)
	f.calls, f.own = map[string][]perlsrc.NodeID{}, map[string][]perlsrc.NodeID{}
	defined := definedIn(f.Tree)
	for n := range f.Tree.Calls("") {
		callee, index := f.Tree.Callee(n), f.calls
		if defined.calls(n) {
			index = f.own
		}
		index[callee] = append(index[callee], n)
		// Foo::bar is found as bar, too.
		if name := Unqualified(callee); name != callee {
			index[name] = append(index[name], n)
		}
	}
	return f
}

// Facts are what the file declares and loads; of C there are none.
func (f *File) Facts() *facts.File {
	if f.facts == nil && f.Tree == nil {
		f.facts = &facts.File{}
	} else if f.facts == nil {
		f.facts = facts.OfTree(f.Tree)
	}
	return f.facts
}

// C is a file of C or XS, read once for all rules, which do not change it. With an
// error, it holds what was read before a limit.
func (f *File) C() (*csrc.File, error) {
	if f.c == nil {
		f.c, f.cErr = csrc.Parse(f.Src)
	}
	return f.c, f.cErr
}

// Flow is the flow of the file's values.
func (f *File) Flow() *flow.Graph {
	if f.flow == nil {
		f.flow = flow.New(f.Tree)
	}
	return f.flow
}

// Memo gives what a package keeps of a file under a key of its own, made once.
func (f *File) Memo(key any, make func() any) any {
	return f.memos.get(key, make)
}

// Calls gives the calls of functions and methods of these names, in the file's
// order for each name in turn. A name without "::" also finds those that are
// called with their package: md5_hex finds Digest::MD5::md5_hex. A function that
// the file itself defines is not that of a module of the same name; Called gives
// its calls, too. It ends early where the file's time is over.
func (f *File) Calls(names ...string) iter.Seq[perlsrc.NodeID] {
	return func(yield func(perlsrc.NodeID) bool) {
		for _, name := range names {
			for _, n := range f.calls[name] {
				if f.Late() || !yield(n) {
					return
				}
			}
		}
	}
}

// Called is Calls for who asks for whatever bears these names, be it a sub of the
// file itself: those calls come last.
func (f *File) Called(names ...string) iter.Seq[perlsrc.NodeID] {
	return func(yield func(perlsrc.NodeID) bool) {
		for n := range f.Calls(names...) {
			if !yield(n) {
				return
			}
		}
		for _, name := range names {
			for _, n := range f.own[name] {
				if f.Late() || !yield(n) {
					return
				}
			}
		}
	}
}

// All is Tree.All of the whole file, and ends early where the file's time is over.
func (f *File) All(kinds ...perlsrc.NodeKind) iter.Seq[perlsrc.NodeID] {
	return func(yield func(perlsrc.NodeID) bool) {
		for n := range f.Tree.All(0, kinds...) {
			if f.Late() || !yield(n) {
				return
			}
		}
	}
}

// Loads reports whether the file loads one of these modules by a literal name,
// and gives the first such load.
func (f *File) Loads(modules ...string) (facts.Load, bool) {
	for _, l := range f.Facts().Loads {
		for _, m := range modules {
			if l.Module == m {
				return l, true
			}
		}
	}
	return facts.Load{}, false
}

// SubName gives the name of the named sub that a node is in, without its
// package; "" outside of all, and in anonymous ones that no named one holds.
func (f *File) SubName(n perlsrc.NodeID) string {
	for s := f.Tree.EnclosingSub(n); s != 0; s = f.Tree.EnclosingSub(s) {
		if name := f.Tree.Sub(s).Name; name != "" {
			return Unqualified(name)
		}
	}
	return ""
}

// Late reports whether the time for the file is over, or the whole run: a rule
// that loops over much asks it and returns.
func (f *File) Late() bool { return f.clock.tick() }

// Unqualified gives a function's name without its package: md5_hex of
// Digest::MD5::md5_hex.
func Unqualified(name string) string {
	if i := strings.LastIndex(name, "::"); i >= 0 {
		return name[i+2:]
	}
	return name
}
