package decode

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// counts reports memory that grows with a number which input names, and not with
// the input:
//
//	if ($line =~ /^\+ (\d+) (.*)/) { $path[$1] = $2 }    # "+ 4000000000 x"
//	$out .= $2 x $1 while $line =~ /(\d+)([a-z])/g;
func counts(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	c := takenIn(p)
	if len(c.from) == 0 && !c.captures {
		return
	}
	for n := range f.All(perlsrc.AssignNode, perlsrc.ExprNode) {
		first := t.Nodes[n].Child
		for k := range t.Children(n) {
			switch next := t.Nodes[k].Next; {
			case k != first && (t.Operator(k) == "x" || t.Operator(k) == "x="):
				c.grows(n, k, "a text is repeated as often as ")
			case t.Nodes[n].Kind == perlsrc.AssignNode && next != 0:
				c.target(n, k)
			}
		}
	}
	for n := range f.Calls("sprintf", "printf") {
		c.width(n)
	}
}

// taken are the variables of a file that hold a piece of a text.
type taken struct {
	p        *audit.Pass
	from     map[place][]string // and what they were made of
	hold     map[place]hold
	captures bool // $1 and its like are used at all
	told     map[place]bool
}

var (
	// pieceOf matches what gives the pieces of a text.
	pieceOf = lazyregexp.New(`\$[1-9]|\bsplit\b|=~|\bm[/{!|]|<\$?\w+>|\breadline\b|\bparam\b|\b(?:decode|from)_json\b`)
	// smaller matches what makes a number no greater than the input is long.
	smaller = lazyregexp.New(`[%&@]|\$#|(?:\A|[^$\w])(?:min|length|ord|index|rindex|pos|scalar|keys)\b`)
	numeral = lazyregexp.New(`\$(?:[A-Za-z_]\w*|[1-9])`)
)

// takenIn reads the variables that are assigned what a pattern captures, what
// split gives, or what is made of such a variable.
func takenIn(p *audit.Pass) *taken {
	f, t := p.File, p.File.Tree
	c := &taken{p: p, from: map[place][]string{}, told: map[place]bool{}, captures: bytes.Contains(f.Src, []byte("$1"))}
	for a := range f.All(perlsrc.AssignNode) {
		value := t.LastChild(a)
		text := t.Text(value)
		if len(text) > maxExpr {
			continue
		}
		var names []string
		sub := t.EnclosingSub(a)
		pieces := pieceOf.Match(text)
		for _, name := range numeral.FindAll(text, 20) {
			names = append(names, string(name))
			_, ok := c.from[place{sub, string(name)}]
			pieces = pieces || ok
		}
		if !pieces {
			continue
		}
		for k := range t.Children(a) {
			if k != value {
				c.put(t, sub, k, names)
			}
		}
	}
	return c
}

func (c *taken) put(t *perlsrc.Tree, sub, n perlsrc.NodeID, names []string) {
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		if name := string(t.Text(n)); strings.HasPrefix(name, "$") {
			c.from[place{sub, name}] = names
		}
	case perlsrc.DeclareNode, perlsrc.ListNode:
		for k := range t.Children(n) {
			c.put(t, sub, k, names)
		}
	}
}

// target looks at what is assigned to: the length of an array, its element, a
// place in a vector of bits.
func (c *taken) target(assign, n perlsrc.NodeID) {
	t := c.p.File.Tree
	switch t.Nodes[n].Kind {
	case perlsrc.AccessNode:
		for k := range t.Children(n) {
			if t.Nodes[k].Kind == perlsrc.SubscriptNode && t.Src[t.Token(k).Start] == '[' {
				c.grows(assign, t.Nodes[k].Child, "an array gets an element of the number that ")
			}
		}
	case perlsrc.CallNode:
		if call := t.Call(n); call.Callee == "vec" && len(call.Args) == 3 {
			c.grows(assign, call.Args[1], "a vector gets an element of the number that ")
		}
	case perlsrc.TermNode, perlsrc.CastNode:
		if bytes.HasPrefix(t.Text(n), []byte("$#")) {
			c.grows(assign, t.LastChild(assign), "an array is made as long as ")
		}
	}
}

// width looks at the width that a format takes from an argument: %*d.
func (c *taken) width(n perlsrc.NodeID) {
	call := c.p.File.Tree.Call(n)
	if len(call.Args) < 2 {
		return
	}
	format, ok := c.p.File.Tree.Literal(call.Args[0])
	if before, _, found := strings.Cut(format, "*"); ok && found && strings.HasSuffix(strings.TrimRight(before, "-0 ."), "%") {
		if at := 1 + strings.Count(strings.ReplaceAll(before, "%%", ""), "%") - 1; at < len(call.Args) {
			c.grows(n, call.Args[at], "a text is made as wide as ")
		}
	}
}

// grows reports a number that input names at a place that takes memory for it.
func (c *taken) grows(at, number perlsrc.NodeID, what string) {
	f, t := c.p.File, c.p.File.Tree
	text := t.Text(number)
	if number == 0 || len(text) > maxExpr || smaller.Match(text) {
		return
	}
	sub, some := t.EnclosingSub(number), false
	for _, name := range numeral.FindAll(text, 20) {
		key := place{sub, string(name)}
		_, ok := c.from[key]
		if some = some || ok || name[1] <= '9'; c.told[key] || c.held(key, 3) {
			return
		}
	}
	if !some || f.Late() {
		return
	}
	src := c.named(number)
	if src.Who < input.File && !(src.Who == input.Caller && c.reads(at)) {
		return
	}
	for _, name := range numeral.FindAll(text, 20) {
		if name[1] > '9' {
			c.told[place{sub, string(name)}] = true
		}
	}
	found := audit.Found{
		Node: at, Confidence: audit.Likely, Severity: audit.Medium, Steps: src.Steps,
		Message: what + src.What + " says, and nothing bounds that",
	}
	switch {
	case src.Who == input.Remote:
	case src.Who == input.Caller:
		found.Confidence, found.Severity = audit.Possible, audit.Low
	case f.Role != audit.Library && !input.Serves(f), firstOf(nearWords, f.SubName(at), t.EnclosingPackage(at)) != "":
		found.Confidence, found.Severity = audit.Possible, audit.Low
	}
	c.p.Report(found)
}

// reads reports whether a sub, or its package, is there to read a text.
func (c *taken) reads(at perlsrc.NodeID) bool {
	names := []string{c.p.File.SubName(at), c.p.File.Tree.EnclosingPackage(at)}
	return firstOf(decoders, names...) != "" || firstOf([]string{"parse", "parser", "read", "reader", "load", "import"}, names...) != ""
}

// sizes are functions and operators whose result is as small as the input is, or
// smaller.
var sizes = []string{"length", "ord", "index", "rindex", "pos", "scalar", "keys", "tr", "%", "&", ">>", "unpack", "min", "log", "sqrt", "hex", "oct", "exists", "defined", "$#"}

// named gives the least trusted source of a number, if it is one of the input's
// own and not, say, the length of a piece.
func (c *taken) named(number perlsrc.NodeID) input.Source {
	var worst input.Source
	for _, s := range input.Of(c.p.File, number) {
		if s.Who <= worst.Who || s.Check.Has(input.Few) || slices.ContainsFunc(s.From.Through, func(name string) bool { return slices.Contains(sizes, audit.Unqualified(name)) }) {
			continue
		}
		worst = s
	}
	return worst
}

// held reports whether a variable, or one that it was made of, is compared with a
// bound.
func (c *taken) held(at place, deep int) bool {
	if c.hold == nil {
		c.hold = holdsIn(c.p.File, func(place) bool { return true })
	}
	if c.hold[at] == capped {
		return true
	}
	if deep > 0 {
		for _, name := range c.from[at] {
			if c.held(place{at.sub, name}, deep-1) {
				return true
			}
		}
	}
	return false
}
