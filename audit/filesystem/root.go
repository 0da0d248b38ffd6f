package filesystem

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// A module that keeps its files in a folder which it is told of, as
// $self->{data_dir} or $self->root, promises that the names it is given lead
// nowhere else.

// folders are last words of what such a folder is called.
var folders = []string{"dir", "directory", "folder", "root", "docroot", "home", "basedir", "rootdir", "datadir", "base", "dirs"}

// isPromised reports whether a node is a folder that an object or a structure
// holds: a field, or an accessor.
func isPromised(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	name := ""
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		if from := assignedOnce(f, n); from != 0 && t.Nodes[from].Kind != perlsrc.TermNode {
			return isPromised(f, from)
		}
		return false
	case perlsrc.AccessNode:
		if sub := t.LastChild(n); t.Nodes[sub].Kind == perlsrc.SubscriptNode {
			name, _ = t.Literal(t.Nodes[sub].Child)
		}
	case perlsrc.CallNode:
		if call := t.Call(n); call.Method && len(call.Args) == 0 {
			name = call.Callee
		}
	}
	words := purpose.Words(name)
	return len(words) > 0 && slices.Contains(folders, words[len(words)-1])
}

// kept are last words of what lies in such a folder under a name that applications
// hand on: a table of a query, a page of an address.
var kept = []string{"table", "tablename", "page", "pagename", "topic", "document", "doc", "article", "wikipage"}

// inPromised reports whether a path is a promised folder and the name, from a
// caller, of a thing in it.
func inPromised(f *audit.File, c chosen, path []piece) bool {
	if c.From.Kind != flow.Param || len(path) < 2 || path[0].node == 0 || !isPromised(f, path[0].node) {
		return false
	}
	words := purpose.Words(c.From.Name)
	return len(words) > 0 && slices.Contains(kept, words[len(words)-1])
}

// joins are functions that put a folder before a name.
var joins = []string{"catfile", "catdir", "rel2abs"}

// outlet is a name whose folder part is joined to a promised folder: that part may
// be .., or absolute, and is a part of the name on purpose.
//
//	my ($base, $dir) = fileparse($table);
//	my $where = File::Spec->catdir($self->{data_dir}, $dir);    # folder
//	my $path  = File::Spec->catfile($where, "$base.csv");       # file
type outlet struct {
	name         chosen
	split        perlsrc.NodeID // fileparse(...)
	sub          perlsrc.NodeID
	folder, file perlsrc.NodeID  // file may be none
	parts        map[string]bool // variables of the folder part, and of what is made of it
}

type outletsKey struct{}

// outlets gives those of names that callers choose.
func outlets(f *audit.File) []outlet {
	return f.Memo(outletsKey{}, func() any {
		var all []outlet
		if f.Role != audit.Library {
			return all
		}
		for n := range f.Calls("fileparse", "splitpath") {
			sub, arg := f.Tree.EnclosingSub(n), f.Tree.Arg(n, 0)
			if sub == 0 || arg == 0 {
				continue
			}
			c := by(f, n, stays&^input.Base, arg)
			if c.Who < input.Caller || c.Who == input.File || c.private && c.Who == input.Caller {
				continue
			}
			o := outlet{name: c, split: n, sub: sub}
			if o.join(f); o.folder != 0 {
				all = append(all, o)
			}
		}
		return all
	}).([]outlet)
}

// wayOut reports, for FIL06, a folder that a name leads out of.
func wayOut(p *audit.Pass) {
	for _, o := range outlets(p.File) {
		if !o.isLimited(p.File) {
			found := audit.Found{
				Node: o.folder, Confidence: audit.Likely, Severity: audit.Medium, Steps: append(o.name.Steps, p.StepsAt(o.split, o.folder)...),
				Message: "the path may climb out of the folder that it is to stay in: the folder in its name is of " + o.name.What,
			}
			if o.isMirrored(p.File) {
				found.Confidence, found.Severity = audit.Possible, audit.Low
			}
			p.Report(found)
		}
	}
}

// linkedOut reports, for FIL04, a file below a promised folder that may be a link.
func linkedOut(p *audit.Pass) {
	for _, o := range outlets(p.File) {
		if o.file == 0 || asksForLink(p.File, o.sub) {
			continue
		}
		found := audit.Found{
			Node: o.file, Confidence: audit.Likely, Severity: audit.Medium, Steps: append(o.name.Steps, p.StepsAt(o.folder, o.file)...),
			Message: "nothing asks whether the file is a link out of the folder that it is to stay in; its name is of " + o.name.What,
		}
		if o.isLimited(p.File) || o.isMirrored(p.File) {
			found.Confidence, found.Severity = audit.Possible, audit.Low
		}
		p.Report(found)
	}
}

// Words of the names of files of one's own, and of folders that take what is made of
// them.
var (
	ownFiles = []string{"src", "source", "infile", "input", "outfile", "output", "dest", "target", "template", "module", "script", "image", "object"}
	outputs  = []string{"out", "output", "build", "dest", "destination", "target", "obj", "object", "install", "stage", "staging", "dist", "work", "working", "backup", "tmp", "temp", "compiled", "generated"}
)

// isMirrored reports whether a folder takes what is made of somebody's own files,
// and looks as the folders of these do: nothing is to be kept in it.
func (o *outlet) isMirrored(f *audit.File) bool {
	words := purpose.Words(o.name.From.Name)
	if len(words) > 0 && slices.Contains(ownFiles, words[len(words)-1]) {
		return true
	}
	for arg := range f.Tree.Args(o.folder) {
		if isPromised(f, arg) && says(audit.NameOf(f.Tree, arg), outputs...) {
			return true
		}
	}
	return false
}

// join finds the first place of a sub where the folder part of a name, or what is
// made of it, is joined to a promised folder, and the next where that is joined.
func (o *outlet) join(f *audit.File) {
	t := f.Tree
	d := t.Dest(o.split)
	if d.Use != perlsrc.Assigned || len(d.Targets) != 1 {
		return
	}
	list := d.Targets[0]
	for k := t.Nodes[list].Child; k != 0 && t.Nodes[k].Kind == perlsrc.ListNode; k = t.Nodes[list].Child {
		list = k // my (...)
	}
	second := t.Nodes[t.Nodes[list].Child].Next
	if second == 0 || !strings.HasPrefix(string(t.Text(second)), "$") {
		return
	}
	o.parts = map[string]bool{string(t.Text(second)): true}
	from, _ := t.Span(o.split)
	for n := range t.All(o.sub, perlsrc.AssignNode, perlsrc.CallNode) {
		if start, _ := t.Span(n); start < from {
			continue
		}
		if t.Nodes[n].Kind == perlsrc.AssignNode {
			if target := assignedTo(t, n); target != "" && !isHandle(t, t.LastChild(n)) && holdsOne(t, t.LastChild(n), o.parts) {
				o.parts[target] = true
			}
			continue
		}
		if !slices.Contains(joins, audit.Unqualified(t.Callee(n))) {
			continue
		}
		held, folder := false, false
		for a := range t.Args(n) {
			held = held || holdsOne(t, a, o.parts)
			folder = folder || isPromised(f, a)
		}
		switch {
		case held && folder && o.folder == 0:
			o.folder = n
		case held && o.folder != 0 && o.file == 0:
			o.file = n
		}
	}
}

// assignedTo gives the variable that an Assign is of, if it is one.
func assignedTo(t *perlsrc.Tree, n perlsrc.NodeID) string {
	target := t.Nodes[n].Child
	if t.Nodes[target].Kind == perlsrc.DeclareNode {
		target = t.Nodes[target].Child
	}
	if text := string(t.Text(target)); t.Nodes[target].Kind == perlsrc.TermNode && strings.HasPrefix(text, "$") {
		return text
	}
	return ""
}

// isHandle reports whether a value is an object that is made of a path, and no path:
// IO::Dir->new($dir) or die.
func isHandle(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	for t.Nodes[n].Kind == perlsrc.LogicNode {
		n = t.Nodes[n].Child
	}
	if t.Nodes[n].Kind != perlsrc.CallNode {
		return false
	}
	call := t.Call(n)
	return call.Callee == "new" && strings.HasPrefix(call.Class, "IO::")
}

// maxPart bounds the nodes that are looked at below one.
const maxPart = 100

// holdsOne reports whether one of some variables is at a node or below.
func holdsOne(t *perlsrc.Tree, n perlsrc.NodeID, names map[string]bool) bool {
	left := maxPart
	for k := range t.Under(n) {
		if left--; left < 0 {
			return false
		}
		if t.Nodes[k].Kind == perlsrc.TermNode && names[string(t.Text(k))] {
			return true
		}
	}
	return false
}

// asksForLink reports whether a sub looks whether a path is a link.
func asksForLink(f *audit.File, sub perlsrc.NodeID) bool {
	if f.Holds("O_NOFOLLOW") {
		return true
	}
	for n := range f.Tree.All(sub, perlsrc.CallNode) {
		switch audit.Unqualified(f.Tree.Callee(n)) {
		case "-l", "lstat", "readlink":
			return true
		}
	}
	return false
}

// limits matches a pattern that looks for "..", or for a folder at the beginning.
var limits = lazyregexp.New(`\\\.\\\.|\[\.\]\{2|\\\.\{2|(?:\^|\\A)\(?(?:\\Q|\$)`)

// isLimited reports whether a sub looks where the folder part of a name leads:
// whether it holds "..", or begins with a folder, or is one of several.
func (o *outlet) isLimited(f *audit.File) bool {
	t := f.Tree
	whole := string(t.Text(t.Arg(o.split, 0)))
	for n := range t.All(o.sub, perlsrc.TermNode, perlsrc.CallNode) {
		if t.Nodes[n].Kind == perlsrc.CallNode {
			switch call := t.Call(n); audit.Unqualified(call.Callee) {
			case "subsumes", "index", "contains", "is_subdir", "splitdir":
				if holdsOne(t, n, o.parts) {
					return true
				}
			case "first", "any", "none", "all", "grep": // { $_ eq $where } of several folders
				if call.Block != 0 && holdsOne(t, call.Block, o.parts) {
					return true
				}
			}
			continue
		}
		tok := t.Token(n)
		if tok.Kind != perlsrc.Match && tok.Kind != perlsrc.Substitute || !limits.Match(tok.Quoted(t.Src).Body.Text(t.Src)) {
			continue
		}
		asked := t.Nodes[t.Nodes[n].Parent].Child
		if op := t.Operator(n); op != "=~" && op != "!~" || string(t.Text(asked)) == whole || holdsOne(t, asked, o.parts) {
			return true
		}
	}
	return false
}
