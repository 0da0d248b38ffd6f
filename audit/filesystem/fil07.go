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

// memberNames are methods that give the name of an archive's member, or where a
// link in it leads; false for those that objects of other kinds have, too.
var memberNames = map[string]bool{
	"memberNames": true, "fileName": true, "list_files": true, "full_path": true, "list_archive": true, "pathname": true,
	"linkname": true, "getHeaderInfo": true, "externalFileName": true, "entry_pathname": true, "archive_entry_pathname": true,
	"name": false, "files": false, "entries": false, "list": false,
}

// memberWords are what variables of archives and their members are called.
var memberWords = []string{
	"entry", "member", "file", "item", "tar", "zip", "archive", "peek", "iter", "arc", "ar", "rar", "e", "f", "m", "z", "t", "a",
}

// isMember reports whether a value is the name of an archive's member.
func isMember(f *audit.File, s input.Source) bool {
	if s.From.Kind != flow.Result || !readsArchives(f) {
		return false
	}
	sure, ok := memberNames[audit.Unqualified(s.From.Name)]
	if !ok || sure || f.Tree.Nodes[s.From.Node].Kind != perlsrc.CallNode {
		return ok
	}
	on := f.Tree.Call(s.From.Node).Invocant
	if on == 0 {
		return false
	}
	if strings.HasPrefix(classOf(f, on), "Archive::") || string(f.Tree.Text(on)) == "$_" {
		return true
	}
	words := purpose.Words(string(f.Tree.Text(on)))
	return len(words) > 0 && slices.Contains(memberWords, words[len(words)-1])
}

func readsArchives(f *audit.File) bool {
	for _, l := range f.Facts().Loads {
		if strings.HasPrefix(l.Module, "Archive::") || strings.HasPrefix(l.Module, "IO::Uncompress::Unzip") || l.Module == "IO::Zlib" {
			return true
		}
	}
	return false
}

// extracts is FIL07.
func extracts(p *audit.Pass) {
	f := p.File
	for n := range f.All(perlsrc.AssignNode) {
		safeguardOff(p, n)
	}
	for n := range f.Calls("system", "exec", "qx") {
		byTar(p, n)
	}
	if !readsArchives(f) && !strings.Contains(string(f.Src), "full_path") {
		return
	}
	for n := range f.Calls("extract_file", "extractMember", "extractToFileNamed", "extract", "extractTree") {
		extracted(p, n)
	}
	for _, x := range touches(f) {
		if x.writes && x.how != "made" && x.how != "deleted" {
			memberAt(p, x.at, x.path, x.arg)
		}
	}
	for n := range f.Calls("symlink", "link") {
		if arg := f.Tree.Arg(n, 0); arg != 0 {
			memberAt(p, n, []piece{{node: arg}}, arg)
		}
	}
}

// safeguardOff is $Archive::Tar::INSECURE_EXTRACT_MODE = 1.
func safeguardOff(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	target := t.Nodes[n].Child
	if !strings.HasSuffix(string(t.Text(target)), "Archive::Tar::INSECURE_EXTRACT_MODE") {
		return
	}
	if v, ok := t.Literal(t.Nodes[target].Next); ok && v != "" && v != "0" {
		p.Report(audit.Found{
			Node: n, Confidence: audit.Certain, Severity: audit.High,
			Message: "Archive::Tar is told to write members wherever their names say",
		})
	}
}

var absoluteTar = lazyregexp.New(`\btar\b.*(?:\s--absolute-names\b|\s-?[a-zA-Z]*P[a-zA-Z]*\s)`)

// byTar is a tar of the system that keeps absolute names.
func byTar(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	var line []string
	for a := range t.Args(n) {
		text, ok := t.Literal(a)
		if !ok {
			text = strings.Trim(string(t.Text(a)), "\"`")
		}
		line = append(line, text)
	}
	text := strings.Join(line, " ") + " "
	if !strings.Contains(text, "tar ") || !absoluteTar.MatchString(text) || !unpacks.MatchString(text) {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.Medium,
		Message: "tar is told to write members wherever their names say",
	})
}

var unpacks = lazyregexp.New(`\btar\s+(?:-{1,2}[\w=-]+\s+)*?(?:--extract\b|--get\b|-?[a-zA-Z]*x[a-zA-Z]*(?:\s|\z))`)

// extracted is a method that writes members: at a path of the program's own, or
// where the module says.
func extracted(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	if !call.Method {
		return
	}
	at := map[string]int{"extract_file": 1, "extractMember": 1, "extractToFileNamed": 0, "extract": 0}
	if i, ok := at[call.Callee]; ok && i < len(call.Args) {
		memberAt(p, n, pieces(p.File, call.Args[i]), call.Args[i])
		return
	}
	if call.Callee == "extract" && archiveOf(p.File, call.Invocant) {
		p.Report(audit.Found{
			Node: n, Confidence: audit.Possible, Severity: audit.Low,
			Message: "an archive is unpacked as it is, which Archive::Tar before 3.08 does through links that lead out of the folder",
		})
	}
}

// archiveOf reports whether a node is an object of Archive::Tar.
func archiveOf(f *audit.File, n perlsrc.NodeID) bool {
	return classOf(f, n) == "Archive::Tar"
}

// memberAt reports a path that holds the name of a member as it is.
func memberAt(p *audit.Pass, at perlsrc.NodeID, path []piece, arg perlsrc.NodeID) {
	var names []perlsrc.NodeID
	for _, part := range path {
		if part.node != 0 {
			names = append(names, part.node)
		}
	}
	if len(names) == 0 {
		return
	}
	c, ok := memberIn(p.File, at, names...)
	if !ok || lookedAt(p.File, stays, arg) {
		return
	}
	p.Report(audit.Found{
		Node: at, Confidence: audit.Likely, Severity: audit.High,
		Message: "a member of an archive is written where its own name says, which may climb out of the folder",
		Steps:   append(c.Steps, p.StepsAt(at)...),
	})
}

// memberIn gives the first source of nodes that is the name of a member, and
// was not looked at.
func memberIn(f *audit.File, at perlsrc.NodeID, nodes ...perlsrc.NodeID) (input.Source, bool) {
	for _, n := range nodes {
		if input.CheckedBefore(f, n, at).Has(stays) {
			continue
		}
		for _, s := range input.Of(f, n) {
			if isMember(f, s) && !s.Check.Has(stays) {
				return s, true
			}
		}
	}
	return input.Source{}, false
}
