package pattern

import "bytes"

// trial holds a pattern against a text as perl does, and counts the steps. It
// goes back as perl goes back, and saves what perl saves: a repetition without a
// bound is not tried again where it failed before, a text without the longest
// fixed part is not looked at, and a search does not begin again within the run
// of a leading \s+.
type trial struct {
	text  []byte
	steps int
	most  int // where to stop
	over  bool
	dead  map[failed]bool
	depth int
}

// failed is a repetition at a place where it failed.
type failed struct {
	repeat *piece
	at     int
}

// maxCalls bounds the calls in calls of a trial.
const maxCalls = 20_000

// tried counts the steps that perl takes, about, to see whether a pattern
// matches; over says that they are more than most.
func tried(p *piece, text []byte, most int) (steps int, over bool) {
	t := &trial{text: text, most: most}
	need := fixedPart(p)
	if need.atEnd && !bytes.HasSuffix(bytes.TrimSuffix(text, []byte("\n")), need.text) {
		return len(text), false
	}
	held, skip := anchored(p), skips(p)
	for start := 0; start <= len(text); start++ {
		if !bytes.Contains(text[min(start+need.from, len(text)):], need.text) {
			break
		}
		clear(t.dead)
		if t.match(p, start, func(int) bool { return true }) || t.over {
			return t.steps, t.over
		}
		if held {
			break
		}
		if skip {
			set := leading(p)
			for start < len(text) && set.has(int(text[start])) {
				start++
			}
		}
	}
	return t.steps, false
}

// leading is the class that a pattern of skips begins with.
func leading(p *piece) set {
	for p.op == opCat {
		p = p.sub[0]
	}
	return p.sub[0].set
}

// match tries a part at a place, and what follows it.
func (t *trial) match(p *piece, at int, then func(int) bool) bool {
	if t.steps++; t.steps > t.most || t.depth > maxCalls {
		t.over = true
	}
	if t.over {
		return true
	}
	t.depth++
	defer func() { t.depth-- }()
	switch p.op {
	case opEmpty:
		return then(at)
	case opAssert:
		return t.holds(p, at) && then(at)
	case opChar:
		return at < len(t.text) && p.set.has(int(t.text[at])) && then(at+1)
	case opOpaque:
		end := -1
		return p.inner != nil && t.match(p.inner, at, func(to int) bool { end = to; return true }) && (t.over || then(end))
	case opCat:
		return t.sequence(p.sub, at, then)
	case opAlt:
		for _, s := range p.sub {
			if t.match(s, at, then) {
				return true
			}
		}
		return false
	}
	if p.sub[0].op == opChar {
		return t.run(p, at, then)
	}
	return t.again(p, 0, at, -1, then)
}

func (t *trial) sequence(subs []*piece, at int, then func(int) bool) bool {
	if len(subs) == 0 {
		return then(at)
	}
	return t.match(subs[0], at, func(to int) bool { return t.sequence(subs[1:], to, then) })
}

// run tries one class that repeats.
func (t *trial) run(p *piece, at int, then func(int) bool) bool {
	n := 0
	for at+n < len(t.text) && (p.max < 0 || n < p.max) && p.sub[0].set.has(int(t.text[at+n])) {
		n++
	}
	t.steps += n
	for i := range n - p.min + 1 {
		to := at + n - i
		if p.lazy {
			to = at + p.min + i
		}
		if t.steps++; then(to) {
			return true
		}
	}
	return false
}

// again tries another turn of what repeats, behind count of them.
func (t *trial) again(p *piece, count, at, last int, then func(int) bool) bool {
	if at == last && count > p.min {
		return then(at) // a turn that took nothing is the last
	}
	key := failed{p, at}
	keep := p.max < 0 && count >= p.min
	if keep && t.dead[key] {
		t.steps++
		return false
	}
	turn := func() bool {
		return (p.max < 0 || count < p.max) && t.match(p.sub[0], at, func(to int) bool { return t.again(p, count+1, to, at, then) })
	}
	if count >= p.min && p.lazy && then(at) || turn() || count >= p.min && !p.lazy && then(at) {
		return true
	}
	if keep {
		if t.dead == nil {
			t.dead = map[failed]bool{}
		}
		t.dead[key] = true
	}
	return false
}

func isWord(c byte) bool {
	return c == '_' || c|32 >= 'a' && c|32 <= 'z' || c >= '0' && c <= '9'
}

// holds tells whether an assertion holds at a place.
func (t *trial) holds(p *piece, at int) bool {
	s := t.text
	yes := func(int) bool { return true }
	switch p.look {
	case 'A':
		return at == 0
	case 'm':
		return at == 0 || s[at-1] == '\n' && at < len(s)
	case 'Z':
		return at == len(s) || at == len(s)-1 && s[at] == '\n'
	case 'e':
		return at == len(s) || s[at] == '\n'
	case 'z':
		return at == len(s)
	case 'b', 'B':
		edge := (at > 0 && isWord(s[at-1])) != (at < len(s) && isWord(s[at]))
		return edge == (p.look == 'b')
	case '=':
		return t.match(p.inner, at, yes)
	case '!':
		return !t.match(p.inner, at, yes) || t.over
	case '<', '-':
		found := false
		for from := at; from >= 0 && from > at-32 && !found; from-- {
			found = t.match(p.inner, from, func(to int) bool { return to == at })
		}
		return found == (p.look == '<') || t.over
	}
	return false
}

// fixed is a text that must stand in whatever matches.
type fixed struct {
	text  []byte
	from  int  // how far behind the start at least
	atEnd bool // it stands at the end
}

// fixedPart gives the longest such text, and the last of those.
func fixedPart(p *piece) (best fixed) {
	var run []byte
	least := 0
	end := func(atEnd bool) {
		if len(run) > 0 && len(run) >= len(best.text) {
			best = fixed{run, least - len(run), atEnd}
		}
		run = nil
	}
	var walk func(p *piece)
	walk = func(p *piece) {
		switch p.op {
		case opChar:
			if c, ok := p.set.single(); ok {
				run = append(run, c)
				least++
				return
			}
			end(false)
			least++
		case opCat:
			for _, s := range p.sub {
				walk(s)
			}
		case opEmpty:
		case opAssert:
			end(p.end || p.strict)
		case opRepeat:
			end(false)
			if p.min > 0 {
				walk(p.sub[0])
				end(false)
			}
		default:
			end(false)
		}
	}
	walk(p)
	end(false)
	return best
}

// single gives the character of a set of one.
func (s set) single() (byte, bool) {
	if s.size() != 1 || s.has(other) {
		return 0, false
	}
	for c := range other {
		if s.has(c) {
			return byte(c), true
		}
	}
	return 0, false
}
