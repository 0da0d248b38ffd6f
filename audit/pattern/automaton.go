package pattern

import (
	"math/bits"
	"slices"
)

// maxPositions is the size of a pattern that is looked into, with the copies of
// what is repeated.
const maxPositions = 192

// maxCopies bounds the copies of what is repeated a number of times.
const maxCopies = 3

// places is a set of positions.
type places [maxPositions / 64]uint64

func (p *places) add(i int)     { p[i/64] |= 1 << (i % 64) }
func (p places) has(i int) bool { return p[i/64]&(1<<(i%64)) != 0 }

func (p places) or(q places) places {
	for i := range p {
		p[i] |= q[i]
	}
	return p
}

func (p places) and(q places) places {
	for i := range p {
		p[i] &= q[i]
	}
	return p
}

func (p places) empty() bool { return p == places{} }

// each calls for every position in order.
func (p places) each(do func(i int)) {
	for w, word := range p {
		for ; word != 0; word &= word - 1 {
			do(w*64 + bits.TrailingZeros64(word))
		}
	}
}

// position is one place of a pattern that takes a character.
type position struct {
	set    set
	follow places
	twice  places // of follow: where two ways lead
	// mayFail says that something behind it, outside of what repeats it, can
	// fail, so that the engine comes back and tries other ways.
	mayFail bool
	from    int // where it stands in the text
}

// automaton is a pattern by its positions, after Glushkov: every character that
// the pattern names is a state.
type automaton struct {
	at    []position
	first places
	last  places
	large bool
}

// build makes the automaton of a pattern.
func build(p *piece) *automaton {
	a := &automaton{}
	f := a.add(p, false)
	a.first, a.last = f.first, f.last
	return a
}

// fragment is a part that has been added.
type fragment struct {
	first, last places
	nullable    bool
}

func (a *automaton) link(from, to places) {
	from.each(func(i int) {
		p := &a.at[i]
		p.twice = p.twice.or(p.follow.and(to))
		p.follow = p.follow.or(to)
	})
}

// add adds a part; after says whether something behind it can fail.
func (a *automaton) add(p *piece, after bool) fragment {
	switch p.op {
	case opEmpty, opAssert:
		return fragment{nullable: true}
	case opChar, opOpaque:
		if len(a.at) == maxPositions {
			a.large = true
			return fragment{nullable: true}
		}
		// What is not looked into has no characters, so that nothing is said of it.
		a.at = append(a.at, position{set: p.set, mayFail: after, from: p.from})
		var i places
		i.add(len(a.at) - 1)
		return fragment{first: i, last: i}
	case opAlt:
		out := fragment{}
		for _, s := range p.sub {
			if a.large {
				break
			}
			f := a.add(s, after)
			out.first, out.last = out.first.or(f.first), out.last.or(f.last)
			out.nullable = out.nullable || f.nullable
		}
		return out
	case opCat:
		return a.cat(p.sub, after)
	}
	return a.repeat(p, after)
}

func (a *automaton) cat(subs []*piece, after bool) fragment {
	// Whether something behind each of them can fail.
	fails := make([]bool, len(subs))
	for i := len(subs) - 1; i >= 0; i-- {
		fails[i] = after
		after = after || canFail(subs[i])
	}
	out := fragment{nullable: true}
	for i, s := range subs {
		if a.large {
			break
		}
		f := a.add(s, fails[i])
		a.link(out.last, f.first)
		if out.nullable {
			out.first = out.first.or(f.first)
		}
		if f.nullable {
			f.last = f.last.or(out.last)
		}
		out.last = f.last
		out.nullable = out.nullable && f.nullable
	}
	return out
}

// repeat adds copies for a bounded repetition, few of them and each only behind
// the one before, and a loop for one without a bound.
func (a *automaton) repeat(p *piece, after bool) fragment {
	copies := min(max(p.min, 1), maxCopies)
	if p.max >= 0 {
		copies = min(p.max, maxCopies)
	}
	out := fragment{nullable: p.min == 0}
	var before places
	for i := range copies {
		if a.large {
			break
		}
		f := a.add(p.sub[0], after)
		a.link(before, f.first)
		if i == 0 {
			out.first = f.first
			out.nullable = out.nullable || f.nullable
		}
		if i+1 >= min(p.min, copies) {
			out.last = out.last.or(f.last)
		}
		if before = f.last; p.max < 0 && i+1 == copies {
			a.link(f.last, f.first)
		}
	}
	return out
}

// canFail reports whether a part may fail where everything before it matched.
func canFail(p *piece) bool {
	switch p.op {
	case opAssert, opChar, opOpaque:
		return true
	case opCat:
		return slices.ContainsFunc(p.sub, canFail)
	case opAlt:
		return !slices.ContainsFunc(p.sub, func(s *piece) bool { return !canFail(s) })
	case opRepeat:
		return p.min > 0 && canFail(p.sub[0])
	}
	return false
}

// accepts reports whether a pattern, held at both ends, matches a text: which
// assertions would hold is not asked.
func (a *automaton) accepts(text string) bool {
	if text == "" || a.large {
		return false
	}
	now := a.first.and(a.taking(int(text[0])))
	for k := 1; k < len(text); k++ {
		var next places
		now.each(func(i int) { next = next.or(a.at[i].follow) })
		now = next.and(a.taking(int(text[k])))
	}
	return !now.and(a.last).empty()
}

// taking gives the positions that take a character.
func (a *automaton) taking(c int) (p places) {
	for i := range a.at {
		if a.at[i].set.has(c) {
			p.add(i)
		}
	}
	return p
}
