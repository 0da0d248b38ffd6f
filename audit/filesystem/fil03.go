package filesystem

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// writers are functions that make a file of the name that is their argument
// number at, from 0.
var writers = []struct {
	at    int
	names []string
}{
	{0, []string{"write_file", "overwrite_file", "append_file", "write_text", "write_binary", "spew", "burp", "DumpFile"}},
	{1, []string{"store", "nstore", "lock_store", "lock_nstore", "copy", "cp", "dbmopen", "getstore", "mirror"}},
}

// pathWriters are methods that write to the path that they are called on.
var pathWriters = []string{
	"spew", "spew_utf8", "spew_raw", "append", "append_utf8", "append_raw", "spurt", "openw", "openw_utf8", "opena",
}

// sharedTemp is FIL03.
func sharedTemp(p *audit.Pass) {
	f := p.File
	for o := range files(f) {
		if o.makes() && o.by != "sysopen" {
			guessable(p, o.call, o.name)
		}
	}
	for _, w := range writers {
		for n := range f.Calls(w.names...) {
			if call := f.Tree.Call(n); !call.Method && w.at < len(call.Args) {
				guessable(p, n, pieces(f, call.Args[w.at]))
			}
		}
	}
	for n := range f.Calls(pathWriters...) {
		if call := f.Tree.Call(n); call.Method && isPathObject(f, call.Invocant, 0) {
			guessable(p, n, pieces(f, call.Invocant))
		}
	}
	for n := range f.Calls("tmpnam", "mktemp") {
		nameAlone(p, n)
	}
	for n := range f.Calls("return") {
		givesName(p, n)
	}
	for n := range f.Calls("mkdir", "mkpath", "make_path") {
		takesFolder(p, n)
	}
	for n := range f.Calls("system", "exec", "qx") {
		if arg := f.Tree.Arg(n, 0); arg != 0 && f.Tree.Nodes[arg].Next == 0 {
			redirected(p, n, pieces(f, arg))
		}
	}
	all := opens(f)
	for i := range all {
		if o := &all[i]; o.isCommand() && len(o.more) == 0 {
			redirected(p, o.call, o.name)
		}
	}
}

// guessable reports a file that is made in a shared folder.
func guessable(p *audit.Pass, at perlsrc.NodeID, path []piece) {
	shared, direct := inShared(p.File, path)
	if !shared || inNewFolder(p.File, at, path) {
		return
	}
	confidence := audit.Likely
	if direct && isPredictable(p.File, path) {
		confidence = audit.Certain
	}
	p.Report(audit.Found{
		Node: at, Confidence: confidence, Severity: audit.Medium,
		Message: "a file is made in a folder that everybody shares, under a name that can be known before",
	})
}

// nameAlone reports a function that only gives a name, and leaves it to others to
// make the file; in list context those of File::Temp make it, too.
func nameAlone(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	switch p.File.SubName(n) {
	case "tmpnam", "mktemp", "tempnam", "tempname":
		return // it gives names to others, and says so by its own
	}
	if call.Method || opensNew(p.File, t.EnclosingSub(n)) {
		return
	}
	d := t.Dest(n)
	for _, target := range d.Targets {
		switch node := t.Nodes[target]; {
		case node.Kind == perlsrc.ListNode, node.Kind == perlsrc.DeclareNode && t.Nodes[node.Child].Kind == perlsrc.ListNode:
			return
		}
	}
	p.Report(audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.Medium,
		Message: call.Callee + " gives a name, and somebody else can make the file before it is opened",
	})
}

// opensNew reports whether a sub opens a file only where it is new, so that a name
// that was taken is no harm.
func opensNew(f *audit.File, sub perlsrc.NodeID) bool {
	for o := range files(f) {
		if o.has("O_EXCL") && f.Tree.EnclosingSub(o.call) == sub {
			return true
		}
	}
	return false
}

// givesName reports a sub for names of temporary files that others than this file
// ask.
func givesName(p *audit.Pass, n perlsrc.NodeID) {
	f := p.File
	call := f.Tree.Call(n)
	name := f.SubName(n)
	if len(call.Args) != 1 || !namesTemporary(name) {
		return
	}
	for range f.Called(name) {
		return // what is done with the name is found there
	}
	path := pieces(f, call.Args[0])
	if shared, _ := inShared(f, path); shared && namesFile(f, path) {
		p.Report(audit.Found{
			Node: n, Confidence: audit.Likely, Severity: audit.Medium,
			Message: name + " gives a name in a folder that everybody shares, and somebody else can make the file before it is opened",
		})
	}
}

// namesFile reports whether a path is more than the shared folder itself.
func namesFile(f *audit.File, path []piece) bool {
	if len(path) > 1 || path[0].node == 0 {
		return len(path) > 1 || strings.Count(strings.TrimRight(path[0].text, "/"), "/") > 1
	}
	origins, _ := f.Flow().Origins(path[0].node)
	for _, o := range origins {
		if o.Quoted {
			return true
		}
	}
	return false
}

func namesTemporary(name string) bool {
	words := purpose.Words(name)
	for _, w := range words {
		switch w {
		case "tempfile", "tmpfile", "tempname", "tmpname", "tmpnam", "tempnam":
			return true
		case "temp", "tmp", "temporary":
			return slices.Contains(words, "file") || slices.Contains(words, "name") || slices.Contains(words, "filename")
		}
	}
	return false
}

// takesFolder reports a folder in a shared one that is taken as it is: nobody
// looks whether mkdir made it.
func takesFolder(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	if call.Method || len(call.Args) == 0 || call.Callee == "mkdir" && t.Dest(n).Use != perlsrc.Void {
		return
	}
	if shared, _ := inShared(p.File, pieces(p.File, call.Args[0])); shared {
		p.Report(audit.Found{
			Node: n, Confidence: audit.Likely, Severity: audit.Medium, CWE: []string{"CWE-379"},
			Message: "a folder in one that everybody shares is taken as it is, also where somebody else has made it before",
		})
	}
}

type newFoldersKey struct{}

// inNewFolder reports whether a path lies in a folder that the same sub has made
// before, and looked whether it did.
func inNewFolder(f *audit.File, at perlsrc.NodeID, path []piece) bool {
	t := f.Tree
	made := f.Memo(newFoldersKey{}, func() any {
		made := map[perlsrc.NodeID][]string{}
		for n := range f.Calls("mkdir") {
			sub := t.EnclosingSub(n)
			if call := t.Call(n); len(call.Args) > 0 && t.Dest(n).Use != perlsrc.Void && len(made[sub]) < 32 {
				made[sub] = append(made[sub], render(t, pieces(f, call.Args[0])))
			}
		}
		return made
	}).(map[perlsrc.NodeID][]string)
	text := render(t, path)
	for _, folder := range made[t.EnclosingSub(at)] {
		if strings.HasPrefix(text, folder+"/") {
			return true
		}
	}
	return false
}

var intoShared = lazyregexp.New(`(?:>>?|\btee(?:\s+-a)?|\s-o)\s*["']?(?:/tmp|/var/tmp|/usr/tmp|/dev/shm)/[\w$]`)

// redirected reports a command of the shell whose output goes to such a file.
func redirected(p *audit.Pass, at perlsrc.NodeID, command []piece) {
	var text strings.Builder
	for _, part := range command {
		if part.node != 0 {
			text.WriteByte('$')
		}
		text.WriteString(part.text)
	}
	if intoShared.MatchString(text.String()) {
		p.Report(audit.Found{
			Node: at, Confidence: audit.Likely, Severity: audit.Medium,
			Message: "a shell writes into a file in a folder that everybody shares, under a name that can be known before",
		})
	}
}
