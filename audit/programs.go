package audit

import (
	"path"
	"strings"

	"nacre/limit"
	"nacre/perlsrc"
)

// programs tells what of a release is installed to be started, and what is its
// author's.
type programs struct {
	// kept is set for a distribution, whose programs lie in folders for them or
	// are named where it is built: what else can be started is its author's.
	kept  bool
	names map[string]bool // that are named
	open  bool            // only running would tell all names
}

// programsOf reads what the programs that build a release name as installed:
//
//	WriteMakefile(EXE_FILES => [qw(foo tools/bar)]);             # Makefile.PL
//	Module::Build->new(script_files => { foo => 1 });            # Build.PL
//	install_script 'foo';                                        # Module::Install
//	my @programs = glob 'tools/*';  ... EXE_FILES => \@programs
//
// Literals are read, the patterns of glob, and variables that are given such.
// MANIFEST tells nothing of it, since it names the author's tools, too.
func programsOf(r *Release) programs {
	p := programs{names: map[string]bool{}}
	for _, name := range [...]string{"META.json", "META.yml", "Makefile.PL", "Build.PL", "dist.ini", "minil.toml"} {
		p.kept = p.kept || r.Has(name)
	}
	for _, name := range [...]string{"Makefile.PL", "Build.PL"} {
		if src, err := r.ReadFile(name, limit.Metadata); err == nil {
			p.read(r.Files, perlsrc.Parse(src))
		}
	}
	return p
}

// isAuthors reports whether a program is a tool of the release's author.
func (p programs) isAuthors(name string) bool {
	return p.kept && !p.open && !p.names[name] && !isInstalled(name)
}

type programsKey struct{}

func (r *Release) programs() programs {
	return r.Memo(programsKey{}, func() any { return programsOf(r) }).(programs)
}

// Installs reports whether a release says that it installs a program: it is named
// where the release is built, or lies in a folder whose programs its builder takes
// by itself; known is false where only running would tell, and for what has no
// builder.
func (r *Release) Installs(name string) (installs, known bool) {
	p := r.programs()
	switch folder, _, _ := strings.Cut(name, "/"); {
	case !p.kept || p.open:
		return false, false
	case p.names[name]:
		return true, true
	case folder == "bin" || folder == "script":
		// Module::Build and what makes releases look there; MakeMaker does not.
		return r.Has("Build.PL") || r.Has("dist.ini") || r.Has("minil.toml"), true
	}
	return false, true
}

// isInstalled reports whether a program of a distribution lies where programs lie
// that are installed, or is one for a server.
func isInstalled(name string) bool {
	switch path.Ext(name) {
	case ".cgi", ".fcgi", ".psgi":
		return true
	}
	for dir := range strings.SplitSeq(path.Dir(name), "/") {
		switch strings.ToLower(dir) {
		case "bin", "script", "scripts", "sbin", "cgi-bin", "cgi", "lib", "share":
			return true
		}
	}
	return false
}

// read adds what one program names.
func (p *programs) read(files []string, t *perlsrc.Tree) {
	b := builder{programs: p, files: files, t: t, given: map[string][]perlsrc.NodeID{}, patterns: maxPatterns}
	var stated []perlsrc.NodeID
	for n := range t.All(0) {
		switch node := t.Nodes[n]; {
		case node.Kind == perlsrc.AssignNode && node.Child != 0:
			b.give(node.Child, t.Nodes[node.Child].Next)
		case node.Kind == perlsrc.CallNode && t.Callee(n) == "push":
			if args := t.Call(n).Args; len(args) > 0 {
				b.give(args[0], args[1:]...)
			}
		case node.Kind == perlsrc.CallNode && t.Callee(n) == "install_script":
			stated = append(stated, t.Call(n).Args...)
		}
		if key, ok := t.Key(n); ok && (key == "EXE_FILES" || key == "script_files") {
			stated = append(stated, n)
		}
	}
	for _, n := range stated {
		b.name(n)
	}
}

// maxPatterns is how many patterns of one program are compared with the files.
const maxPatterns = 100

// builder is a program that builds a release, while it is read.
type builder struct {
	*programs
	files    []string
	t        *perlsrc.Tree
	given    map[string][]perlsrc.NodeID // variables, and what they are given; taken out when read
	patterns int                         // that may still come
}

// give notes what a variable is given.
func (b *builder) give(to perlsrc.NodeID, what ...perlsrc.NodeID) {
	if b.t.Nodes[to].Kind == perlsrc.DeclareNode {
		to = b.t.Nodes[to].Child
	}
	if to != 0 && b.t.Nodes[to].Kind == perlsrc.TermNode && b.t.Token(to).Kind == perlsrc.Variable {
		name := string(b.t.Text(to))
		b.given[name] = append(b.given[name], what...)
	}
}

// name takes the names that a value is made of.
func (b *builder) name(n perlsrc.NodeID) {
	t, node := b.t, b.t.Nodes[n]
	if literal, ok := t.Literal(n); ok {
		b.names[path.Clean(literal)] = true
		return
	}
	switch node.Kind {
	case perlsrc.ListNode, perlsrc.ArrayNode:
		for c := range t.Children(n) {
			b.name(c)
		}
		return
	case perlsrc.HashNode: // its keys
		isKey := true
		for c := range t.Children(n) {
			if isKey {
				b.name(c)
			}
			isKey = !isKey
		}
		return
	case perlsrc.ExprNode: // \@programs
		if node.Child != 0 && t.Operator(node.Child) == `\` {
			b.name(node.Child)
			return
		}
	case perlsrc.CallNode:
		if args := t.Call(n).Args; t.Callee(n) == "glob" && len(args) == 1 {
			if pattern, ok := t.Literal(args[0]); ok {
				b.match(pattern)
				return
			}
		}
	case perlsrc.TermNode:
		switch tok := t.Token(n); tok.Kind {
		case perlsrc.Words:
			for _, word := range perlsrc.SplitWords(t.Src, tok) {
				b.names[path.Clean(word)] = true
			}
			return
		case perlsrc.Glob:
			b.match(strings.Trim(string(tok.Text(t.Src)), "<>"))
			return
		case perlsrc.Variable:
			name := string(tok.Text(t.Src))
			values, ok := b.given[name]
			b.given[name] = nil
			for _, v := range values {
				b.name(v)
			}
			b.open = b.open || !ok
			return
		}
	}
	b.open = true
}

// match takes the names of files that patterns of glob match.
func (b *builder) match(patterns string) {
	for pattern := range strings.FieldsSeq(patterns) {
		if b.patterns--; b.patterns < 0 || strings.ContainsAny(pattern, `{}$@~`) {
			b.open = true
			return
		}
		for _, file := range b.files {
			if ok, err := path.Match(path.Clean(pattern), file); err == nil && ok {
				b.names[file] = true
			}
		}
	}
}
