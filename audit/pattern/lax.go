package pattern

import (
	"regexp"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// lax is RGX01: patterns that hold a value to less than they seem to.
func lax(p *audit.Pass) {
	f := p.File
	if f.Role == audit.Build {
		return
	}
	var known constants
	var found tables
	for u := range uses(f) {
		if u.kind == perlsrc.Substitute || len(u.text) < 4 || !strings.ContainsAny(u.text, `^\$`) || strings.Contains(u.text, "(?!") {
			continue
		}
		kept := keeps.MatchString(u.text) && whole(f, u)
		if !kept && !strings.HasPrefix(strings.TrimLeft(u.text, "( ?:\n"), "^") && !strings.Contains(u.text, `\A`) && !strings.Contains(u.text, `.`) {
			continue
		}
		v := validator{use: u, names: namesFor(f, u)}
		if v.kind = kindOf(v.names); v.kind != address && !versioned(v.names) && (ofAddress(f, u) || ofNetwork(f, u)) {
			v.kind = address
		}
		// Four numbers with dots between them are an address, or a version.
		dotted := v.kind == harmless && (kept || strings.Contains(u.text, `\.`) || strings.Contains(u.text, "[.]")) && !versioned(v.names)
		if v.kind == harmless && !dotted {
			continue
		}
		if strings.Contains(u.text, "$") && known == nil {
			known = constantsOf(f)
		}
		tree, ok := parse(u.text, u.mod, known.vars())
		if !ok {
			continue
		}
		if v.tree = tree; dotted {
			if a := build(tree); !a.accepts("127.0.0.1") || a.accepts("1") || a.accepts("a.b.c.d") || a.accepts("127.0.0") {
				continue
			}
			v.kind = address
		}
		if one, passes := v.found(f); passes != notLax {
			found.add(f, one, passes)
		}
	}
	found.report(p)
}

// keeps is a variable with a pattern, which is then used with little around it.
var keeps = lazyregexp.New(`\A[\^(\\A:?]*\$\{?\w+\}?[)$\\zZ]*\z`)

// validator is a pattern that decides whether a value is let through.
type validator struct {
	use
	tree  *piece
	names []string
	kind  kind
}

// octal are addresses with a leading zero, the same without, and what programs read
// that take such a part for octal.
var octal = []struct{ plain, zero, read string }{
	{"10.0.0.10", "10.0.0.010", "10.0.0.8"},
	{"127.0.0.1", "0127.0.0.1", "87.0.0.1"},
	{"27.0.0.1", "027.0.0.1", "23.0.0.1"},
	{"10.1.2.3/24", "10.1.2.3/024", "10.1.2.3/20"},
	{"10.1.2.3/24", "010.1.2.3/24", "8.1.2.3/24"},
	{"10.1.2.3-10.1.2.9", "010.1.2.3-10.1.2.9", "8.1.2.3-10.1.2.9"},
	{"10.1.2.3:80", "010.1.2.3:80", "8.1.2.3:80"},
	{"127.0.0.1", "127.0.0.01", "another address"},
}

var checksZero = lazyregexp.New(`\^0|\\A0|leading zero|inet_pton|inet_aton|\b0\\d|\(\?!0|ip_is_|looks_octal|\boct\b`)

// octets are the parts of an address between its dots.
var octets = lazyregexp.New(`split\s*\(?\s*(?:m?/\\\.|/\[\.\]|qr/\\\.|['"]\\?\.['"])`)

// what a pattern lets through.
type looseness uint8

const (
	notLax looseness = iota
	zeros            // leading zeros of an address
	zero             // leading zeros of a part of one
	newline
	scripts // digits of other scripts
)

// found tells the worst of what the pattern lets through.
func (v *validator) found(f *audit.File) (audit.Found, looseness) {
	a := build(v.tree)
	begins := anchored(v.tree)
	ends, loose := ending(v.tree)
	decides := v.decides(f)
	if decides == notAtAll {
		return audit.Found{}, notLax
	}
	picked := v.kind == address && v.picked(f)
	if v.kind == address && !a.large && (ends || picked) {
		for _, o := range octal {
			if !a.accepts(o.plain) || !a.accepts(o.zero) {
				continue
			}
			found := audit.Found{
				Node: v.node, Confidence: audit.Likely, Severity: audit.Medium, CWE: []string{"CWE-1389"},
				Message: "an address with leading zeros passes, such as " + o.zero + ", which other programs read as " + o.read,
			}
			if !picked && (!begins || checksZero.MatchString(subText(f, v.node)) || !v.strong(f) || v.branches(f)) {
				// What only tells an address from a name refuses nothing.
				found.Confidence, found.Severity = audit.Possible, audit.Low
			}
			return found, zeros
		}
	}
	if !begins || !ends || v.mod.lines {
		return audit.Found{}, notLax
	}
	if v.kind == address && a.accepts("10") && a.accepts("010") && !a.accepts("10.") && !a.accepts("f") && (octets.MatchString(subText(f, v.node)) || ofNetwork(f, v.use)) && v.strong(f) {
		what := "a part of an address"
		if ofNetwork(f, v.use) {
			what = "the mask of a network"
		}
		found := audit.Found{
			Node: v.node, Confidence: audit.Likely, Severity: audit.Medium, CWE: []string{"CWE-1389"},
			Message: what + " may have leading zeros, such as 010, which other programs read as 8",
		}
		if checksZero.MatchString(subText(f, v.node)) {
			found.Confidence, found.Severity = audit.Possible, audit.Low
		}
		return found, zero
	}
	return v.behind(f, loose, decides)
}

// behind tells what passes behind a value, or in its digits.
func (v *validator) behind(f *audit.File, loose bool, decides decision) (audit.Found, looseness) {
	digit := hasDigit(v.tree) && !strings.Contains(v.flags, "a")
	loose = loose && !takes(v.tree, '\n') // else \z would change nothing
	if !loose && !(digit && v.kind == address) || !repeats(v.tree) {
		return audit.Found{}, notLax
	}
	found := audit.Found{Node: v.node, Confidence: audit.Possible, Severity: audit.Low}
	what := "the value"
	if v.subject != 0 {
		if text := string(f.Tree.Text(v.subject)); len(text) <= 60 && strings.HasPrefix(text, "$") {
			what = text
		}
	} else if key := f.Tree.Dest(v.node).Key; key != "" {
		what = "the value for " + key
	}
	passes := newline
	if loose {
		end := "$"
		if strings.HasSuffix(strings.TrimRight(v.text, " \t\n)"), `\Z`) {
			end = `\Z`
		}
		found.Message = "a newline behind " + what + " passes, since " + end + ` holds before one, where \z does not`
		found.Fix = v.held(f)
	} else {
		passes = scripts
		found.Message = `digits of other scripts pass in ` + what + `, since \d means those of all of Unicode`
	}
	if loose && digit && v.kind == address {
		found.Message += `, and so do digits of other scripts`
	}
	if decides == captures && loose || v.chomped(f) {
		if v.kind != address || !digit {
			return audit.Found{}, notLax
		}
	}
	if !v.strong(f) || v.compares() || v.washed(f) {
		return audit.Found{}, notLax
	}
	harms := !v.ofSettings(f) && !v.branching(f) && (v.kind == address && !v.converting(f) || v.kind != address && !v.converted(f))
	if harms && decides != captures && (v.kind == address || !numeric(v.tree)) {
		switch v.kind {
		case address, guarded:
			// A sub that only asks what a value looks like refuses nothing.
			if v.refuses(f) || v.use.kind == perlsrc.Pattern && v.refusing(f) {
				found.Confidence = audit.Likely
			}
		case used:
			if where := v.goesTo(f); where != "" {
				found.Confidence = audit.Likely
				found.Message += ", and it goes on to " + where
			}
		}
	}
	return found, passes
}

// dollar is a pattern that ends in $.
var dollar = lazyregexp.New(`(?:\A|[^\\])\$\)*\z`)

// held is the change that holds a pattern at its very end; nil where its end is not
// one plain $.
func (v *validator) held(f *audit.File) *audit.Fix {
	if !dollar.MatchString(v.text) || strings.Count(v.text, "$") > 1 || strings.Contains(v.flags, "x") {
		return nil
	}
	body := f.Tree.Token(v.node).Quoted(f.Tree.Src).Body
	at := body.Start + strings.LastIndexByte(v.text, '$')
	return &audit.Fix{Title: `let \z hold the pattern at its end`, Edits: []audit.Edit{{Start: at, End: at + 1, New: `\z`}}}
}

// ending tells whether a pattern is held at its end, and whether by $ or \Z,
// which let a newline through.
func ending(p *piece) (held, loose bool) {
	switch p.op {
	case opAssert:
		return p.end || p.strict, p.end
	case opCat:
		for i := len(p.sub) - 1; i >= 0; i-- {
			if p.sub[i].op == opEmpty {
				continue
			}
			return ending(p.sub[i])
		}
	case opAlt:
		held = true
		for _, s := range p.sub {
			h, l := ending(s)
			held, loose = held && h, loose || l
		}
		return held, loose && held
	}
	return false, false
}

// repeats reports whether a pattern takes texts of more than one length: others
// are words that are compared.
func repeats(p *piece) bool { return p.op == opRepeat || slices.ContainsFunc(p.sub, repeats) }

// numeric reports whether a pattern takes digits alone: what it lets through is
// then used as a number, mostly.
func numeric(p *piece) bool {
	if p.op == opChar {
		return p.set.and(digits().union(of("+-.,"))) == p.set
	}
	return p.op != opOpaque && !slices.ContainsFunc(p.sub, func(s *piece) bool { return !numeric(s) })
}

// takes reports whether a pattern takes a character somewhere by itself.
func takes(p *piece, c int) bool {
	return p.op == opChar && p.set.has(c) || slices.ContainsFunc(p.sub, func(s *piece) bool { return takes(s, c) })
}

// hasDigit reports whether \d stands in a pattern.
func hasDigit(p *piece) bool { return p.digit || slices.ContainsFunc(p.sub, hasDigit) }

// chomped reports whether the newline is taken off before.
func (v *validator) chomped(f *audit.File) bool {
	text := subText(f, v.node)
	if len(text) > 20000 {
		return false
	}
	name := ""
	if v.subject != 0 {
		name = audit.NameOf(f.Tree, v.subject)
	}
	if name == "" {
		return strings.Contains(text, "chomp")
	}
	chomp := regexp.MustCompile(`chomp\s*\(?\s*(?:my\s*)?\(?\s*\$` + regexp.QuoteMeta(name) + `\b|\$` + regexp.QuoteMeta(name) + `\s*=~\s*(?:s/[^/]*(?:\\s|\\n)|tr/[^/]*\\n)`)
	return chomp.MatchString(text)
}

// goesTo names where a value goes on to that a newline harms; "" for nowhere.
func (v *validator) goesTo(f *audit.File) string {
	t := f.Tree
	if v.subject == 0 {
		return ""
	}
	sub := t.EnclosingSub(v.node)
	name := string(t.Text(v.subject))
	if sub == 0 || !strings.HasPrefix(name, "$") {
		return ""
	}
	for c := range t.All(sub, perlsrc.CallNode) {
		if f.Late() || t.Nodes[c].First < t.Nodes[v.node].End {
			continue
		}
		call := t.Call(c)
		switch call.Callee {
		case "open", "system", "exec", "qx", "unlink", "mkdir", "rmdir", "rename", "opendir", "symlink", "header", "push_header", "redirect", "add_header", "set_header", "syswrite", "sysopen", "chown", "chmod", "syslog", "sendmail", "smtp", "hdo":
		case "print", "printf", "send", "write":
			if call.Handle == 0 && !call.Method || string(t.Text(call.Handle)) == "STDERR" {
				continue
			}
		default:
			continue
		}
		if strings.Contains(string(t.Text(c)), name) {
			return call.Callee
		}
	}
	return ""
}
