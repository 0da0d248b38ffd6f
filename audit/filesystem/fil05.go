package filesystem

import (
	"fmt"
	"slices"

	"nacre/audit"
	"nacre/perlsrc"
)

// openToAll is FIL05.
func openToAll(p *audit.Pass) {
	f := p.File
	for n := range f.Calls("chmod") {
		changed(p, n)
	}
	for n := range f.Calls("umask") {
		unmasked(p, n)
	}
	for n := range f.Calls("shmget", "msgget", "semget") {
		if k := f.Tree.LastChild(n); k != 0 {
			sharedRights(p, n, k)
		}
	}
	for n := range f.Calls("tie", "new", "make_path", "mkpath") {
		named(p, n)
	}
	for n := range f.Calls("system", "exec", "qx") {
		byShell(p, n)
	}
}

// toAll reports rights for everybody.
func toAll(p *audit.Pass, n perlsrc.NodeID, confidence audit.Confidence, message string) {
	severity := audit.Medium
	switch p.File.Role {
	case audit.Build:
		confidence, severity = min(confidence, audit.Possible), audit.Low
	case audit.Program:
		severity = audit.Low
	}
	p.Report(audit.Found{Node: n, Confidence: confidence, Severity: severity, Message: message})
}

// changed is chmod, as a function and as a method of a path.
func changed(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	if len(call.Args) == 0 || !call.Method && len(call.Args) < 2 {
		return
	}
	if text, ok := t.Literal(call.Args[0]); ok && call.Method && wordsForAll.MatchString(text) {
		toAll(p, n, audit.Likely, "chmod lets everybody write: "+text)
		return
	}
	if m, ok := modeOf(p.File, call.Args[0]); ok && forAll(m) {
		toAll(p, n, audit.Likely, fmt.Sprintf("chmod lets everybody write: %04o", m))
	}
}

// unmasked is umask 0.
func unmasked(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	if call.Method || len(call.Args) != 1 {
		return
	}
	m, ok := modeOf(p.File, call.Args[0])
	if !ok || m&othersWrite != 0 || m < 0 || m > 0o777 {
		return
	}
	confidence := audit.Likely
	switch open, said, back := madeUnmasked(p.File, n); {
	case open:
	case back && said:
		return
	case back || t.Dest(n).Use == perlsrc.Assigned:
		confidence = audit.Possible // what is made until it is set back is made elsewhere
	}
	toAll(p, n, confidence, fmt.Sprintf("umask %03o lets everybody write to what is made from here on", m))
}

// madeUnmasked tells what is made behind a umask in the same sub, before the next
// one sets it back: open, whether any of it is for everybody or does not say its
// rights; said, whether there is something that does; back, whether there is a
// next umask.
func madeUnmasked(f *audit.File, n perlsrc.NodeID) (open, said, back bool) {
	t := f.Tree
	all := makings(f)[t.EnclosingSub(n)]
	_, from := t.Span(n)
	i, _ := slices.BinarySearchFunc(all, from, func(m making, from int) int { return m.start - from })
	for _, m := range all[i:min(len(all), i+maxMakings)] {
		call := t.Call(m.node)
		if call.Callee == "umask" {
			return false, said, true
		}
		at := map[string]int{"mkdir": 1, "sysopen": 3, "mkfifo": 1, "mknod": 1}[call.Callee]
		if at == 0 || at >= len(call.Args) {
			return true, said, false
		}
		if m, ok := modeOf(f, call.Args[at]); !ok || m&othersWrite != 0 {
			return true, said, false
		}
		said = true
	}
	return false, said, false
}

// making is a call that makes a file or folder, or sets the umask.
type making struct {
	start int
	node  perlsrc.NodeID
}

// maxMakings bounds those that are looked at behind one umask.
const maxMakings = 1000

type makingsKey struct{}

// makings gives such calls of each sub, in the file's order.
func makings(f *audit.File) map[perlsrc.NodeID][]making {
	return f.Memo(makingsKey{}, func() any {
		all := map[perlsrc.NodeID][]making{}
		for n := range f.Calls("umask", "mkdir", "sysopen", "mkfifo", "mknod", "open", "make_path", "mkpath") {
			sub := f.Tree.EnclosingSub(n)
			start, _ := f.Tree.Span(n)
			all[sub] = append(all[sub], making{start, n})
		}
		for _, of := range all {
			slices.SortFunc(of, func(a, b making) int { return a.start - b.start })
		}
		return all
	}).(map[perlsrc.NodeID][]making)
}

// sharedRights are those of a segment, a queue or a semaphore, which no umask
// changes.
func sharedRights(p *audit.Pass, n, flags perlsrc.NodeID) {
	if m, ok := modeOf(p.File, flags); ok && m&othersWrite != 0 && m < 1<<16 {
		toAll(p, n, audit.Likely, fmt.Sprintf("everybody may write to what %s makes: %04o", p.File.Tree.Callee(n), m&0o777))
	}
}

// cachesForAll are modules that make their folder for everybody unless they are
// told another directory_umask.
var cachesForAll = map[string]bool{
	"Cache::FileCache": true, "Cache::SizeAwareFileCache": true, "Cache::FileBackend": true,
}

// sharedMemory are modules of shared memory whose option mode is its rights.
var sharedMemory = map[string]bool{"IPC::Shareable": true, "IPC::ShareLite": true, "IPC::SharedMem": true, "Tie::ShareLite": true}

// named are rights that are an option of a constructor, a tie or make_path.
func named(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	call := t.Call(n)
	class := call.Class
	if call.Callee == "tie" && len(call.Args) > 1 {
		class, _ = t.Literal(call.Args[1])
	}
	if !cachesForAll[class] && class != "Cache::File" && !sharedMemory[class] && call.Callee != "make_path" && call.Callee != "mkpath" {
		return
	}
	options := optionsOf(p.File, call.Args)
	switch {
	case cachesForAll[class]:
		cacheForAll(p, n, class, call.Args, options)
	case class == "Cache::File":
		if m, ok := modeOf(p.File, options["cache_umask"]); ok && m&othersWrite == 0 {
			toAll(p, n, audit.Likely, "the cache is made so that everybody may write to it")
		}
	case sharedMemory[class]:
		for _, key := range []string{"mode", "-mode"} {
			if m, ok := modeOf(p.File, options[key]); ok && m&othersWrite != 0 {
				toAll(p, n, audit.Likely, fmt.Sprintf("everybody may write to the shared memory: %04o", m))
			}
		}
	case call.Callee == "make_path" || call.Callee == "mkpath":
		if m, ok := modeOf(p.File, options["chmod"]); ok && forAll(m) {
			toAll(p, n, audit.Likely, fmt.Sprintf("everybody may write to the folder: %04o", m))
		}
	}
}

func cacheForAll(p *audit.Pass, n perlsrc.NodeID, class string, args []perlsrc.NodeID, options map[string]perlsrc.NodeID) {
	mask, said := options["directory_umask"]
	m, ok := modeOf(p.File, mask)
	confidence := audit.Likely
	switch {
	case said && (!ok || m&othersWrite != 0):
		return
	case !said && options == nil && len(args) > 0:
		confidence = audit.Possible // the options are elsewhere
	}
	p.Report(audit.Found{
		Node: n, Confidence: confidence, Severity: audit.High,
		Message: class + " makes its folder so that everybody may write to it, and what it reads back from there is thawed",
	})
}

// maxOptions bounds the keys of one hash that are looked at.
const maxOptions = 200

// optionsOf gives the values of literal keys in the arguments of a call, or in
// the hash that is one of them; nil where there is no key.
func optionsOf(f *audit.File, args []perlsrc.NodeID) map[string]perlsrc.NodeID {
	t := f.Tree
	var options map[string]perlsrc.NodeID
	add := func(n perlsrc.NodeID) {
		if key, ok := t.Key(n); ok && t.Operator(n) == "=>" {
			if options == nil {
				options = map[string]perlsrc.NodeID{}
			}
			options[key] = n
		}
	}
	for _, a := range args {
		if t.Nodes[a].Kind == perlsrc.TermNode {
			if from := assignedOnce(f, a); from != 0 {
				a = from
			}
		}
		if t.Nodes[a].Kind == perlsrc.HashNode {
			left := maxOptions
			for k := range t.Children(a) {
				if left--; left < 0 {
					break
				}
				add(k)
			}
			continue
		}
		add(a)
	}
	return options
}

// byShell is the program chmod.
func byShell(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	var words []string
	for a := range t.Args(n) {
		if text, ok := t.Literal(a); ok {
			words = append(words, text)
			continue
		}
		if t.Nodes[a].Kind == perlsrc.TermNode && shellForAll.Match(t.Text(a)) {
			toAll(p, n, audit.Likely, "chmod lets everybody write")
			return
		}
	}
	for i, w := range words {
		first := i == 0 && w == "chmod"
		for _, mode := range words[i+1:] {
			if first && (octalForAll.MatchString(mode) || wordsForAll.MatchString(mode)) {
				toAll(p, n, audit.Likely, "chmod lets everybody write: "+mode)
				return
			}
		}
		if shellForAll.MatchString(w) {
			toAll(p, n, audit.Likely, "chmod lets everybody write")
			return
		}
	}
}
