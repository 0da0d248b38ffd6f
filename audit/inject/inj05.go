package inject

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
	"nacre/perlsrc/flow"
)

var (
	// metric is a metric of statsd: a name, a value and a type; or the last two.
	metric = lazyregexp.New(`(?:\A|\n)(?:[^\s|]*:[^\s|:]*\|(?:c|g|ms|h|s|m|d|\x00)|\x00\|(?:c|g|ms))(?:[|@\s\x00]|\z)`)
	// metricType is the text behind the name or the value of one.
	metricType = lazyregexp.New(`\A[^\r\n]*\|(?:c|g|ms|h|s|m|d|\x00)(?:[|@\s\x00]|\z)`)
	// verb is a command of a protocol of lines: PRIVMSG, RCPT TO:, get.
	verb = lazyregexp.New(`(?:\A|\n)(?:[A-Z]{3,12}(?:[ ][A-Z]{2,10}:?)?|get|gets|set|add|replace|append|prepend|delete|incr|decr|use|put|watch|ignore|reserve|stats)[ <:][^\r\n]*\z`)
	// word is a line that begins with a word in small letters, as commands do.
	word = lazyregexp.New(`\A[a-z][a-z_]{1,15} [^\r\n]*\x00[^\r\n]*(?:\r?\n)?\z`)
	// graphite is a name, a value and a time.
	graphite = lazyregexp.New(`\A(?:[\w.]*\x00)+[\w.]* (?:\x00|\d+) (?:\x00|\d+)\n\z`)
)

// event begins an event of dogstatsd.
const event = "_e{"

// sends are functions and methods that write to what is connected.
var sends = set("send", "syswrite", "print", "printf", "say", "write", "put", "send_line", "sendline", "send_cmd", "send_command", "command", "cmd", "push_write", "datasend", "raw", "yield", "sl", "sl_now", "write_line", "send_raw", "emit", "sendto", "send_message", "send_srv", "put_line", "syswrite_all", "write_cmd", "output", "send_data")

// isSend reports whether a function or method writes to what is connected.
func isSend(name string) bool {
	name = strings.TrimLeft(audit.Unqualified(name), "_")
	return sends[name] || strings.HasSuffix(name, "_command") || strings.HasSuffix(name, "_cmd") || strings.HasSuffix(name, "_line")
}

// lineOfString is INJ05: a command of a protocol of lines with a value in it
// that may end the line.
func lineOfString(p *audit.Pass) {
	f := p.File
	for _, x := range texts(f) {
		whole := x.whole()
		statsd := metric.MatchString(whole) || strings.HasPrefix(whole, event)
		ends := strings.HasSuffix(whole, "\n")
		words := f.Holds("sock", "Sock") && word.MatchString(whole)
		if strings.Contains(whole, "HTTP/") || !statsd && !graphite.MatchString(whole) && !words && (!verb.MatchString(x.pieces[0].before) || logged.MatchString(whole)) {
			continue
		}
		call, at, toSocket := written(f, x)
		if call == 0 && !statsd || !toSocket && !statsd {
			continue
		}
		if words && !verb.MatchString(x.pieces[0].before) && !asks(f, call) {
			continue
		}
		if !ends && !statsd && !lineCall(f, call) && !endsBehind(f, at) {
			continue
		}
		found, ok := inLine(f, x, statsd)
		if !ok {
			continue
		}
		if call == 0 {
			found.confidence = min(found.confidence, audit.Likely)
		}
		p.Report(audit.Found{
			Node: x.node, Confidence: found.confidence, Severity: min(found.severity, audit.Medium),
			Message: "the line sent holds " + found.What + ", in which a line end begins another command",
			Steps:   found.way(p.File),
		})
	}
}

// endsBehind reports whether what a text is sent as ends the line, or an argument
// behind it does.
func endsBehind(f *audit.File, n perlsrc.NodeID) bool {
	if x := textOf(f, n); x != nil && strings.HasSuffix(x.whole(), "\n") {
		return true
	}
	for next := f.Tree.Nodes[n].Next; next != 0; next = f.Tree.Nodes[next].Next {
		if lineEnd(f.Tree, next) || bytes.Contains(f.Tree.Text(next), []byte(`\n`)) || bytes.Contains(f.Tree.Text(next), []byte(`\012`)) {
			return true
		}
	}
	return false
}

// lineCall reports whether a call ends the line itself.
func lineCall(f *audit.File, call perlsrc.NodeID) bool {
	switch name := strings.TrimLeft(audit.Unqualified(f.Tree.Callee(call)), "_"); name {
	case "send_line", "sendline", "send_cmd", "send_command", "command", "cmd", "say", "raw", "sl", "sl_now", "write_line", "send_raw", "put_line", "put":
		return true
	default:
		return strings.HasSuffix(name, "_command") || strings.HasSuffix(name, "_cmd") || strings.HasSuffix(name, "_line")
	}
}

// connects reports whether a file makes connections of its own, so that its
// handles lead to other machines.
func connects(f *audit.File) bool {
	return slices.ContainsFunc(f.Facts().Loads, func(l facts.Load) bool {
		return strings.HasPrefix(l.Module, "IO::Socket") || l.Module == "Socket"
	})
}

// files are names of handles that lead to files and people, and logged are words
// that begin lines for them.
var (
	files  = lazyregexp.New(`(?i)std(?:out|err)|log|file|out|dump|trace|debug|tmp|report`)
	logged = lazyregexp.New(`(?:\A|\n)(?:ERROR|WARN|WARNING|INFO|DEBUG|FATAL|NOTICE|NOTE|TODO|FIXME|USAGE|TRACE|FAILED|SKIP)\b`)
)

// connected reports whether a handle or object leads to another machine by its
// name, its class, or what the file is for.
func connected(f *audit.File, n perlsrc.NodeID) bool {
	text := string(f.Tree.Text(n))
	if files.MatchString(text) {
		return false
	}
	class, _ := f.Flow().ClassOf(n)
	return socket(text) || strings.Contains(class, "Socket") || connects(f) || cameFromSocket(f, n)
}

// cameFromSocket reports whether a handle was a field or an argument that is called
// a socket, or is what a method of such a name gives.
func cameFromSocket(f *audit.File, n perlsrc.NodeID) bool {
	if t := f.Tree; t.Nodes[n].Kind == perlsrc.BlockNode { // print { $out } ...
		n = t.Nodes[t.Nodes[n].Child].Child
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins[:min(len(origins), maxHandles)] {
		if o.Name != "" && !files.MatchString(o.Name) && socket(o.Name) {
			return true
		}
		for _, s := range o.Steps {
			name, ok := strings.CutPrefix(s.What, "assigned to the object's ")
			if !ok {
				name, ok = strings.CutPrefix(s.What, "returned by ")
			}
			if ok && socket(name) && !files.MatchString(name) {
				return true
			}
		}
	}
	return false
}

// asks reports whether a call writes to a socket of a client, whose lines are
// commands, and not words for people: by the handle's own name or class, in a file
// that waits for nobody.
func asks(f *audit.File, call perlsrc.NodeID) bool {
	c := f.Tree.Call(call)
	to := c.Handle
	if to == 0 && c.Method {
		to = c.Invocant
	} else if to == 0 && len(c.Args) > 1 {
		to = c.Args[0]
	}
	if to == 0 || f.Holds("Listen", "accept", "listen(") {
		return false
	}
	class, _ := f.Flow().ClassOf(to)
	return (strings.Contains(class, "Socket") || strings.Contains(strings.ToLower(string(f.Tree.Text(to))), "sock")) && !files.Match(f.Tree.Text(to))
}

// maxHandles bounds the origins of a handle that are looked at.
const maxHandles = 8

// written gives the call that a text is sent by, what it is there, and whether
// what it is sent to is connected to another machine by its name.
func written(f *audit.File, x *text) (call, at perlsrc.NodeID, toSocket bool) {
	t := f.Tree
	sinks, _ := f.Flow().Sinks(x.node)
	type end struct{ call, at perlsrc.NodeID }
	var ends []end
	if t.Nodes[x.node].Kind == perlsrc.CallNode && t.Callee(x.node) == "printf" {
		ends = append(ends, end{x.node, x.node})
	}
	for _, s := range sinks {
		if s.Kind == flow.Passed && isSend(s.Callee) && t.Nodes[s.Node].Kind == perlsrc.CallNode {
			ends = append(ends, end{s.Node, s.At})
		}
	}
	if d := t.Dest(x.node); d.Use == perlsrc.Passed && t.Nodes[d.Node].Kind == perlsrc.CallNode && isSend(t.Callee(d.Node)) {
		ends = append(ends, end{d.Node, x.node})
	}
	for _, e := range ends {
		call, at = e.call, e.at
		c := t.Call(call)
		to := c.Handle
		switch {
		case to != 0:
		case c.Method:
			to = c.Invocant
			if lineCall(f, call) || audit.Unqualified(c.Callee) == "send" {
				return call, at, true
			}
		case len(c.Args) > 1:
			to = c.Args[0]
		}
		if name := audit.Unqualified(c.Callee); name == "send" || to != 0 && connected(f, to) || strings.HasPrefix(name, "send") || strings.HasPrefix(name, "_send") {
			return call, at, true
		}
	}
	return call, at, false
}

// clientMakers are subs that make a client, with the settings of the program that it is for.
var clientMakers = set("new", "init", "_init", "initialize", "connect", "BUILD", "BUILDARGS", "configure", "import")

// madeWith reports whether a value is one that a client is made with: its own name,
// its prefix, its password.
func madeWith(f *audit.File, v taint) bool {
	return v.From.Sub != 0 && clientMakers[audit.Unqualified(f.Tree.Sub(v.From.Sub).Name)]
}

// inLine gives the worst value of a line.
func inLine(f *audit.File, x *text, statsd bool) (taint, bool) {
	var found taint
	for _, piece := range x.pieces {
		v, ok := worst(f, piece.node, lineSafe)
		if !ok || object(v.Source) || statsd && !metricType.MatchString(piece.after) && !strings.HasPrefix(piece.before, event) {
			continue
		}
		if v.Who == input.Held || v.Who == input.Caller && madeWith(f, v) {
			v.confidence = audit.Possible
		}
		if says(v.name(f.Tree), set("crlf", "eol", "data", "body", "line", "lines", "payload", "length", "len", "size", "prefix", "suffix", "namespace")) && v.Who != input.Remote {
			v.confidence = audit.Possible
		}
		if v.confidence > found.confidence || v.confidence == found.confidence && v.Who > found.Who {
			found = v
		}
	}
	return found, found.confidence != 0
}
