package filesystem

import (
	"path"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
	"nacre/perlsrc/flow"
)

// isDeveloping reports whether a file is there to test or to build something, and
// so runs in the folder of what it tests.
func isDeveloping(f *audit.File) bool {
	_, ok := f.Loads(
		"Test", "Test::More", "Test::Simple", "Test::Most", "Test::Harness", "TAP::Harness", "Test::Builder", "Test::Class", "Test::Deep", "Test2::V0", "Test2::API", "App::Prove",
		"ExtUtils::MakeMaker", "ExtUtils::Manifest", "Module::Build", "Module::Install", "Dist::Zilla", "inc::Module::Install",
	)
	return ok || slices.ContainsFunc(f.Facts().Packages, func(p facts.Package) bool {
		return says(p.Name, "test", "tests", "devel", "smoke", "smoker", "harness", "prove")
	})
}

// runsInTree reports whether a program is there to be run from the tree of its
// release: it is not installed, or, where nothing tells, what it asks the current
// folder for lies in that tree. So does what only a build leaves behind, as blib.
func runsInTree(p *audit.Pass, where string) bool {
	where = path.Clean(where)
	if where == "blib" || strings.HasPrefix(where, "blib/") || strings.HasPrefix(where, "../blib") {
		return true
	}
	if p.File.Role != audit.Program {
		return false
	}
	if installs, known := p.Release.Installs(p.File.Path); known {
		return !installs
	}
	for _, from := range [...]string{"", path.Dir(p.File.Path)} {
		at := path.Join(from, where)
		if at == "." || at == ".." || strings.HasPrefix(at, "../") {
			continue // all of it, or what is outside
		}
		if i, found := slices.BinarySearch(p.Release.Files, at); found || i < len(p.Release.Files) && strings.HasPrefix(p.Release.Files[i], at+"/") && p.Release.Files[i] != p.File.Path {
			return true
		}
	}
	return false
}

type foldersKey struct{}

// isElsewhere reports whether a chdir stands before a node in its sub, so that the
// current folder is one that the program has chosen.
func isElsewhere(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	first := f.Memo(foldersKey{}, func() any {
		first := map[perlsrc.NodeID]int{}
		for call := range f.Calls("chdir", "pushd") {
			sub := t.EnclosingSub(call)
			if t.Sub(sub).Name == "BEGIN" {
				sub = t.EnclosingSub(sub)
			}
			if _, ok := first[sub]; !ok {
				first[sub], _ = t.Span(call)
			}
		}
		return first
	}).(map[perlsrc.NodeID]int)
	start, _ := t.Span(n)
	at, ok := first[t.EnclosingSub(n)]
	return ok && at < start
}

// isAskedFor reports whether a node is only reached where a switch for it is on:
// if ($self->add_cwd_to_inc).
func isAskedFor(f *audit.File, n perlsrc.NodeID) bool {
	return isUnder(f.Tree, n, "cwd", "curdir", "relative", "searchrelative", "unsafe", "blib", "devel", "uninstalled")
}

// buildsThere reports whether a switch of perl is set for a program that builds
// or tests a distribution in its own folder.
func buildsThere(f *audit.File, n perlsrc.NodeID) bool {
	return isUnder(f.Tree, n, "unsafe", "compat") ||
		says(f.SubName(n), "build", "configure", "install", "make", "test", "tests", "prove", "smoke")
}

// maxConditions bounds how many conditions around a node are read, and
// maxCondition the bytes of each.
const (
	maxConditions = 4
	maxCondition  = 400
)

// isUnder reports whether a name with one of the words decides whether a node is
// reached.
func isUnder(t *perlsrc.Tree, n perlsrc.NodeID, words ...string) bool {
	for range maxConditions {
		by, _ := t.Conditional(n)
		if by == 0 {
			return false
		}
		if says(condition(t, by), words...) {
			return true
		}
		n = by
	}
	return false
}

// condition gives the text that decides, without what it decides about.
func condition(t *perlsrc.Tree, by perlsrc.NodeID) string {
	start, end := t.Span(by)
	switch t.Nodes[by].Kind {
	case perlsrc.StatementNode:
		if word, modifier := t.Modifier(by); word != "" {
			start, end = t.Span(modifier)
			break
		}
		for k := range t.Children(by) {
			if t.Nodes[k].Kind == perlsrc.BlockNode {
				end, _ = t.Span(k)
				break
			}
		}
	case perlsrc.LogicNode, perlsrc.TernaryNode:
		start, end = t.Span(t.Nodes[by].Child)
	default:
		return ""
	}
	return string(t.Src[start:min(end, start+maxCondition)])
}

// says reports whether one of the words is among those of a name or a text.
func says(name string, words ...string) bool {
	return slices.ContainsFunc(purpose.Words(name), func(w string) bool { return slices.Contains(words, w) })
}

// isOnlyHere reports whether @INC is for a moment the current folder and nothing
// else: no module can be meant then, only a file that is named.
func isOnlyHere(t *perlsrc.Tree, target perlsrc.NodeID, values []perlsrc.NodeID) bool {
	if !strings.HasPrefix(string(t.Text(target)), "local") || len(values) != 1 {
		return false
	}
	v, ok := t.Literal(values[0])
	return ok && v == "."
}

// isNamedByOthers reports whether the source says no more of a path than ./, which
// stands before a name that somebody else gives, or that was looked at before.
func isNamedByOthers(f *audit.File, n, arg perlsrc.NodeID, path []piece) bool {
	switch {
	case input.CheckedBefore(f, arg, n).Has(input.Allowed | input.Rejected):
		return true
	case len(path) > 1:
		return path[0].text == "./" && path[1].node != 0 && by(f, n, 0, path[1].node).Who != input.Constant
	case path[0].node == 0:
		return false
	}
	origins, _ := f.Flow().Origins(path[0].node)
	for _, o := range origins {
		if o.Kind == flow.Constant && (o.Name != "./" || !o.Quoted) && isRelativeFile(o.Name) || o.Kind == flow.Result && isCwd(o.Name) {
			return false
		}
	}
	return true
}

// isRelativeFile reports whether a text is the current folder, or begins with it.
func isRelativeFile(text string) bool {
	return text == "." || strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../")
}

// besideProgram reports whether a folder is that of the program itself, and . only
// where its name has none.
func besideProgram(t *perlsrc.Tree, origins []flow.Origin) bool {
	return slices.ContainsFunc(origins, func(o flow.Origin) bool {
		if o.Kind == flow.Result { // dirname($0)
			text := string(t.Text(o.Node))
			return strings.Contains(text, "$0") || strings.Contains(text, "__FILE__") || strings.Contains(text, "FindBin::")
		}
		return o.Name == "$0" || o.Name == "__FILE__" || strings.Contains(o.Name, "FindBin::") || o.Kind == flow.Captured
	})
}
