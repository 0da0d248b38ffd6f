package filesystem

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// followsLink is FIL04.
func followsLink(p *audit.Pass) {
	tested := testsOf(p.File)
	for o := range files(p.File) {
		switch {
		case o.isNew():
		case o.by == "sysopen" && o.has("O_CREAT"):
			createdOver(p, o)
		case o.makes() && o.mode != ">>" && o.mode != "+>>":
			testedFirst(p, o, tested)
		}
	}
	for n := range p.File.Calls("tie") {
		tied(p, n)
	}
	linkedOut(p)
}

// createdOver reports a sysopen that makes a file or takes what is there.
func createdOver(p *audit.Pass, o *opened) {
	found := audit.Found{Node: o.call, Confidence: audit.Likely, Severity: audit.Medium}
	if shared, _ := inShared(p.File, o.name); shared {
		found.Message = "a file in a folder that everybody shares is created or taken as it is, also through a link that somebody else has put there"
		p.Report(found)
		return
	}
	if len(o.name) < 2 || o.perm != 0 && !openToOthers(p.File, o.perm) || !isContained(p.File, o.name) {
		return
	}
	var names []perlsrc.NodeID
	for _, part := range o.name[1:] {
		if part.node != 0 {
			names = append(names, part.node)
		}
	}
	c := by(p.File, o.call, input.Number|input.Allowed|input.Plain, names...)
	if c.Who < input.Caller || c.listed {
		return
	}
	found.Severity = audit.Low
	found.Message = "a file is created or taken as it is, also through a link that leads out of its folder, and its name is " + c.What
	found.Steps = append(c.Steps, p.StepsAt(o.call)...)
	p.Report(found)
}

// isContained reports whether a path begins with a folder that what follows is to
// stay in: one that the source names, or that a module was set up with. A name with
// an end of its own, as "$file.lock", lies wherever the name says.
func isContained(f *audit.File, path []piece) bool {
	if first := path[0]; first.node == 0 {
		return strings.Contains(first.text, "/")
	}
	if isPromised(f, path[0].node) {
		return true
	}
	names := purpose.Words(audit.NameOf(f.Tree, path[0].node))
	return len(names) > 0 && slices.Contains(folders, names[len(names)-1]) && strings.HasPrefix(path[1].text, "/")
}

// openToOthers reports whether rights let others write, as far as the source says.
func openToOthers(f *audit.File, n perlsrc.NodeID) bool {
	m, ok := modeOf(f, n)
	return ok && m&0o022 != 0
}

// test is a file test of a path.
type test struct {
	op   string // "-e"
	node perlsrc.NodeID
	end  int // the byte behind it
}

// testsOf gives the tests of each path, by the sub that makes them and the path
// as written; an unlink counts as the test "unlink".
func testsOf(f *audit.File) map[writtenAt][]test {
	return f.Memo(testsKey{}, func() any { return readTests(f) }).(map[writtenAt][]test)
}

type testsKey struct{}

func readTests(f *audit.File) map[writtenAt][]test {
	tests := map[writtenAt][]test{}
	t := f.Tree
	for n := range f.Calls("-e", "-f", "-l", "-r", "-s", "unlink") {
		arg := t.Arg(n, 0)
		if arg == 0 {
			continue
		}
		at := writtenAt{t.EnclosingSub(n), render(t, pieces(f, arg))}
		if len(tests[at]) < 32 {
			_, end := t.Span(n)
			tests[at] = append(tests[at], test{t.Callee(n), n, end})
		}
	}
	return tests
}

// render writes pieces as a text that is the same for the same path.
func render(t *perlsrc.Tree, path []piece) string {
	var b strings.Builder
	for _, p := range path {
		if p.node != 0 {
			b.WriteByte(0)
			b.Write(t.Text(p.node))
			b.WriteByte(0)
		}
		b.WriteString(p.text)
	}
	return b.String()
}

// testedFirst reports an open that makes what a test before it did not see.
func testedFirst(p *audit.Pass, o *opened, tested map[writtenAt][]test) {
	t := p.File.Tree
	sub := t.EnclosingSub(o.call)
	start, _ := t.Span(o.call)
	shared, _ := inShared(p.File, o.name)
	lock := isLock(p.File, o) && !flocked(p.File, sub)
	for _, x := range tested[writtenAt{sub, render(t, o.name)}] {
		if _, condition := t.Modifier(t.EnclosingStatement(o.call)); x.end > start && (condition == 0 || !contains(t, condition, x.node)) {
			continue
		}
		found := audit.Found{Node: o.call, Confidence: audit.Likely, Severity: audit.Medium, CWE: []string{"CWE-367", "CWE-59"}, Steps: p.StepsAt(x.node, o.call)}
		switch {
		case x.op == "-l" && stops(t, x.node):
			found.Message = "a link that is made between the test -l and open is followed"
			found.Severity = audit.Low
			if !shared && replaces(t, x.node) {
				found.Confidence = audit.Possible
			}
		case x.op == "unlink" && shared:
			found.Message = "between unlink and open somebody else can put a link into the shared folder"
		case x.op != "unlink" && x.op != "-l" && lock && !shared && guards(t, x.node, o.call):
			found.Severity = audit.Low
			found.Message = "between the test " + x.op + " and open another process can make the lock, or a link in its place"
			if isRoots(o.name) {
				found.Confidence = audit.Possible
				found.Message = "between the test " + x.op + " and open another process can make the lock"
			}
		default:
			continue
		}
		p.Report(found)
		return
	}
}

// isRoots reports whether a path is in a folder that only root writes to.
func isRoots(path []piece) bool {
	for _, folder := range [...]string{"/run/", "/var/run/", "/var/lib/", "/etc/"} {
		if len(path) > 0 && path[0].node == 0 && strings.HasPrefix(path[0].text, folder) {
			return true
		}
	}
	return false
}

type flockedKey struct{}

// flocked reports whether a sub takes its lock by flock: the file may be there or
// not, and two that make it lose nothing.
func flocked(f *audit.File, sub perlsrc.NodeID) bool {
	return f.Memo(flockedKey{}, func() any {
		subs := map[perlsrc.NodeID]bool{}
		for n := range f.Calls("flock", "lockf") {
			subs[f.Tree.EnclosingSub(n)] = true
		}
		return subs
	}).(map[perlsrc.NodeID]bool)[sub]
}

// isLock reports whether a path, or what it is opened in, is called a lock.
func isLock(f *audit.File, o *opened) bool {
	t := f.Tree
	names := []string{f.SubName(o.call)}
	for _, part := range o.name {
		names = append(names, part.text)
		if part.node != 0 {
			names = append(names, string(t.Text(part.node)))
		}
	}
	for _, name := range names {
		for _, w := range purpose.Words(name) {
			switch w {
			case "lock", "lck", "lockfile", "lockname", "locked", "pid", "pidfile", "semaphore", "mutex":
				return true
			}
		}
	}
	return false
}

// stops reports whether a test decides about something that ends the way: die
// if -l $file, or the block of an if that returns.
func stops(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	s := t.EnclosingStatement(n)
	left := 200
	for k := range t.All(s) {
		if left--; left < 0 {
			return false
		}
		if t.Nodes[k].Kind != perlsrc.CallNode {
			continue
		}
		switch audit.Unqualified(t.Callee(k)) {
		case "die", "croak", "confess", "return", "unlink", "exit", "next", "throw":
			return true
		}
	}
	return false
}

// replaces reports whether what a test finds is removed, so that only who is quick
// gets a link in its place.
func replaces(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	left := 200
	for k := range t.All(t.EnclosingStatement(n), perlsrc.CallNode) {
		if left--; left < 0 {
			break
		}
		if audit.Unqualified(t.Callee(k)) == "unlink" {
			return true
		}
	}
	return false
}

// guards reports whether a test decides whether a call is reached: the call is in
// the block of its if or unless, or the test ends the way or waits before it.
func guards(t *perlsrc.Tree, n, call perlsrc.NodeID) bool {
	s := t.EnclosingStatement(n)
	if contains(t, s, call) {
		return true
	}
	if stops(t, n) {
		return true
	}
	for k := range t.Children(s) {
		if w := t.Keyword(k); w == "while" || w == "until" {
			return true
		}
	}
	word, _ := t.Modifier(s)
	return word == "while" || word == "until"
}

// tied reports a database that is created in a shared folder.
func tied(p *audit.Pass, n perlsrc.NodeID) {
	call := p.File.Tree.Call(n)
	if len(call.Args) < 4 {
		return
	}
	creates := false
	for _, flag := range flagsOf(p.File, call.Args[3]) {
		switch flag {
		case "O_CREAT":
			creates = true
		case "O_EXCL", "O_NOFOLLOW":
			return
		}
	}
	if shared, _ := inShared(p.File, pieces(p.File, call.Args[2])); creates && shared {
		p.Report(audit.Found{
			Node: n, Confidence: audit.Likely, Severity: audit.Medium,
			Message: "a database in a folder that everybody shares is created or taken as it is, also through a link that somebody else has put there",
		})
	}
}
