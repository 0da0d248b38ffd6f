package decode

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// storable is DES01: Storable reads what others wrote.
func storable(p *audit.Pass) {
	f := p.File
	_, loaded := f.Loads("Storable")
	// CGI::Session, Cache and their like load it by name only where they need it.
	loaded = loaded || strings.Contains(string(f.Src), "Storable")
	if !loaded {
		return
	}
	compiles(p)
	guard := &checked{file: f}
	for n := range f.Calls("thaw", "mretrieve", "retrieve", "lock_retrieve", "fd_retrieve") {
		call := f.Tree.Call(n)
		if call.Dynamic || call.Method && call.Class != "Storable" || strings.Contains(call.Callee, "::") && !strings.HasPrefix(call.Callee, "Storable::") || len(call.Args) == 0 || strings.HasPrefix(f.SubName(n), "STORABLE_") {
			continue // a hook is asked by Storable, which reads already
		}
		name := audit.Unqualified(call.Callee)
		o := origin{}
		switch name {
		case "thaw", "mretrieve":
			if !clones(f, call.Args[0]) {
				o = written(f, call.Args[0])
			}
		case "fd_retrieve":
			o = written(f, call.Args[0])
			if o.confidence < audit.Likely && o.what != "" {
				o.confidence = audit.Possible
			}
		default:
			o = stored(f, call.Args[0])
		}
		if o.confidence == 0 {
			continue
		}
		if o.confidence > audit.Possible && (isOfTests(f, n) || guard.before(n) || name == "thaw" && ownChild.Match(f.Src) && !peers.Match(f.Src)) {
			o.confidence = audit.Possible
		}
		p.Report(audit.Found{
			Node: n, Confidence: o.confidence, Severity: o.severity, Steps: o.steps,
			Message: "Storable's " + name + " reads " + o.what + ", and whoever writes that chooses the classes of its objects",
		})
	}
}

var (
	// ownChild and peers tell a file that reads from a process that it began from
	// one that reads from others.
	ownChild = lazyregexp.New(`\bpipe\s*\(?\s*(?:my\s*)?\(?\s*[$*A-Z]|\bsocketpair\b|\bpipe_open\w*|->pipe\b`)
	peers    = lazyregexp.New(`\baccept\b|IO::Socket|\bconnect\b|->recv\b|\brecv\s*\(|Cookie|cookie|param`)
)

// compiles reports $Storable::Eval, with which an image brings code.
func compiles(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	if !strings.Contains(string(f.Src), "Storable::Eval") {
		return
	}
	for n := range f.All(perlsrc.TermNode) {
		if string(t.Text(n)) != "$Storable::Eval" {
			continue
		}
		if value := assignedTo(t, n); value != 0 && truthOf(t, value) == yes {
			if confidence, severity := ofCode(f, n); confidence != 0 {
				p.Report(audit.Found{Node: n, Confidence: confidence, Severity: severity, Message: "$Storable::Eval lets an image bring Perl code that is then compiled"})
			}
		}
	}
}

// ofCode says what it means that images bring code, by those that are read: in the
// same sub, where it reads any, and otherwise in the file. A file of one's own, as
// a cache of what was compiled, is written by who may write code; a copy of what is
// there brings nothing.
func ofCode(f *audit.File, at perlsrc.NodeID) (confidence audit.Confidence, severity audit.Severity) {
	t := f.Tree
	in, reads, copies := t.EnclosingSub(at), false, false
	for _, here := range [...]bool{true, false} {
		for n := range f.Calls("thaw", "mretrieve", "retrieve", "lock_retrieve", "fd_retrieve", "dclone") {
			call := t.Call(n)
			if here && t.EnclosingSub(n) != in || len(call.Args) == 0 {
				continue
			}
			name := audit.Unqualified(call.Callee)
			if name == "dclone" || name == "thaw" && clones(f, call.Args[0]) {
				copies = true
				continue
			}
			reads = true
			switch name {
			case "retrieve", "lock_retrieve":
				if stored(f, call.Args[0]).confidence > audit.Possible {
					return audit.Likely, audit.High
				}
			default:
				if o := written(f, call.Args[0]); o.confidence > 0 && firstOf(nearWords, append(namesIn(t, call.Args[0]), o.names...)...) == "" {
					return audit.Likely, audit.High
				}
			}
		}
		if reads || copies {
			break
		}
	}
	if copies && !reads {
		return 0, 0
	}
	return audit.Possible, audit.Low
}

// clones reports whether a value was frozen in the same expression, or in the
// same sub under the same name: a copy is made.
func clones(f *audit.File, n perlsrc.NodeID) bool {
	for _, s := range input.Of(f, n) {
		name := audit.Unqualified(s.From.Name)
		if name == "freeze" || name == "nfreeze" {
			return true
		}
		for _, through := range s.From.Through {
			if through == "freeze" || through == "nfreeze" {
				return true
			}
		}
	}
	for _, name := range namesIn(f.Tree, n) {
		if name == "freeze" || name == "nfreeze" || name == "Storable::freeze" || name == "Storable::nfreeze" {
			return true
		}
	}
	return false
}

// isOfTests reports whether a node is there to test something, by the words of its
// package and its sub: what it reads lies beside the tests.
func isOfTests(f *audit.File, n perlsrc.NodeID) bool {
	return firstOf([]string{"test", "tests", "testing", "fixture", "fixtures", "mock", "smoke", "benchmark", "selftest"}, f.Tree.EnclosingPackage(n), f.SubName(n)) != ""
}

// stored tells who may have written a file by its path: who may write to a
// folder that everybody writes to, or who may name the file.
func stored(f *audit.File, path perlsrc.NodeID) origin {
	for _, dir := range []string{"/tmp/", "/var/tmp/", "/dev/shm/"} {
		if strings.Contains(pathText(f, path), dir) {
			return origin{audit.Likely, audit.Medium, input.File, "a file in " + dir + ", where everybody may write,", nil, nil}
		}
	}
	for _, name := range namesIn(f.Tree, path) {
		if name == "tmpdir" || name == "TMPDIR" {
			return origin{audit.Likely, audit.Medium, input.File, "a file in the folder for temporary files, where everybody may write,", nil, nil}
		}
	}
	src := input.Worst(f, path, input.Number|input.Allowed|input.Plain)
	switch src.Who {
	case input.Remote:
		return origin{audit.Likely, audit.High, src.Who, "a file that " + src.What + " names,", src.Steps, nil}
	case input.Caller:
		if word := firstOf([]string{"upload", "uploaded", "attachment", "incoming"}, append(namesIn(f.Tree, path), src.From.Name)...); word != "" {
			return origin{audit.Likely, audit.High, src.Who, src.What, src.Steps, nil}
		}
	}
	return origin{}
}

// pathText is the text of a path with what the file says of its variables.
func pathText(f *audit.File, n perlsrc.NodeID) string {
	var b strings.Builder
	b.Write(f.Tree.Text(n))
	for _, s := range input.Of(f, n) {
		if s.From.Node != 0 {
			b.WriteByte(' ')
			b.Write(f.Tree.Text(s.From.Node))
		}
	}
	if origins, _ := f.Flow().Origins(n); origins != nil {
		for _, o := range origins {
			b.WriteByte(' ')
			b.WriteString(o.Name)
		}
	}
	return b.String()
}
