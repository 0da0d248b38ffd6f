package pattern

// growth is how the time of a match that fails grows with the text.
type growth struct {
	// exponential: a part that repeats can match the same text in several ways.
	exponential bool
	// degree is the power of a polynomial: 1 is harmless, 2 and more are not.
	degree int
	// tight says that the parts that share the text are classes such as \s and
	// \d, and not "anything".
	tight bool
	// start says that one of them is the search for a place to begin.
	start bool
	from  int // where the part stands in the pattern
	// power is how the steps of perl grow with the length of the worst text that
	// was found, and witness is that text.
	power   float64
	witness witness
}

// slow says that perl takes more than a number of steps for each character.
func (g growth) slow() bool { return g.power > 1.6 }

// steep says that it is more than a square of the length.
func (g growth) steep() bool { return g.power > 2.6 }

// growsWith names the power.
func (g growth) growsWith() string {
	switch {
	case !g.steep():
		return "the square"
	case g.power <= 3.6:
		return "the cube"
	}
	return "a high power"
}

// grow tells how the time of a pattern grows: what the automaton says, and what
// perl makes of it.
func grow(p *piece) growth {
	a := build(p)
	if a.large {
		return growth{degree: 1}
	}
	g := growth{exponential: true}
	if at, ok := a.exponential(); ok {
		g.from = a.at[at].from
	} else if g = a.polynomial(anchored(p), skips(p)); g.degree < 2 {
		return g
	}
	g.witness, g.power = a.worst(p)
	return g
}

// maxWork bounds the pairs of positions that are looked at for one pattern.
const maxWork = 60_000

// exponential looks for a position that can come back to itself in two ways by
// the same text, with something behind it that can fail.
//
// Positions of one strongly connected part are taken in pairs that read the same
// text. All pairs of a position with itself can reach each other, so one search
// forward and one back from any of them find every pair that parts and meets
// again.
func (a *automaton) exponential() (at int, found bool) {
	work := maxWork
	for _, part := range a.parts() {
		fails, two, first, size := true, -1, -1, 0
		part.each(func(i int) {
			size++
			if first < 0 {
				first = i
			}
			// Where the last of a part ends the pattern, it succeeds at once.
			fails = fails && a.at[i].mayFail
			if two < 0 && !a.at[i].twice.and(part).empty() {
				two = i
			}
		})
		switch {
		case !fails:
		case two >= 0:
			return two, true
		case size > 1 && a.meets(part, first, &work):
			return first, true
		}
	}
	return 0, false
}

// meets reports whether a pair of different positions can be reached from a pair
// of equal ones, and reaches it again.
func (a *automaton) meets(part places, first int, work *int) bool {
	n := len(a.at)
	seen := make([]bool, n*n)
	before := make([][]int32, n*n)
	start := first*n + first
	seen[start] = true
	todo := []int{start}
	differ := false
	for len(todo) > 0 && *work > 0 {
		pair := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		p, q := &a.at[pair/n], &a.at[pair%n]
		p.follow.and(part).each(func(i int) {
			q.follow.and(part).each(func(j int) {
				if *work--; *work < 0 || a.at[i].set.and(a.at[j].set).empty() {
					return
				}
				to := min(i, j)*n + max(i, j)
				before[to] = append(before[to], int32(pair))
				if !seen[to] {
					seen[to] = true
					differ = differ || i != j
					todo = append(todo, to)
				}
			})
		})
	}
	if !differ || *work < 0 {
		return false
	}
	back := make([]bool, n*n)
	back[start] = true
	todo = append(todo[:0], start)
	for len(todo) > 0 {
		pair := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, b := range before[pair] {
			if !back[b] {
				if int(b)/n != int(b)%n {
					return true
				}
				back[b] = true
				todo = append(todo, int(b))
			}
		}
	}
	return false
}

// parts gives the strongly connected parts that have a cycle.
func (a *automaton) parts() (parts []places) {
	n := len(a.at)
	reach := make([]places, n) // by one step or more, after Warshall
	for i := range n {
		reach[i] = a.at[i].follow
	}
	for k := range n {
		for i := range n {
			if reach[i].has(k) {
				reach[i] = reach[i].or(reach[k])
			}
		}
	}
	var done places
	for i := range n {
		if done.has(i) || !reach[i].has(i) {
			continue
		}
		var part places
		reach[i].each(func(j int) {
			if reach[j].has(i) {
				part.add(j)
			}
		})
		done = done.or(part)
		parts = append(parts, part)
	}
	return parts
}

// wideSet is from how many characters on a set is "anything" rather than a class.
const wideSet = 200

// polynomial looks for the longest chain of positions that repeat, and that can
// share out the same run of one character among them: first of classes alone,
// then of everything.
func (a *automaton) polynomial(anchored, skips bool) growth {
	best := growth{degree: 1}
	var narrow, loops places
	some := 0
	for i := range a.at {
		p := &a.at[i]
		if p.set.size() < wideSet {
			narrow.add(i)
		}
		if p.follow.has(i) {
			loops.add(i)
			some++
		}
	}
	var classes []places
	if some > 1 {
		classes = a.classes()
	}
	for _, tight := range []bool{true, false} {
		for _, taking := range classes {
			if tight {
				taking = taking.and(narrow)
			}
			if d, at := a.chain(taking, loops); d > best.degree {
				best = growth{degree: d, tight: tight, from: a.at[at].from}
			}
		}
	}
	if best.degree == 1 && !anchored && !skips {
		// The search for a place to begin shares the run with the first that repeats.
		a.first.and(loops).and(narrow).each(func(i int) {
			if p := &a.at[i]; p.mayFail && !p.set.empty() && best.degree == 1 {
				best = growth{degree: 2, tight: true, start: true, from: p.from}
			}
		})
	}
	return best
}

// chain counts the positions that repeat, one behind the other, among those that
// take a character, and gives the first. Ways back within what repeats are not
// gone: those make it exponential, or count once.
func (a *automaton) chain(taking, loops places) (most, first int) {
	depth := make([]int, len(a.at))
	for i := len(a.at) - 1; i >= 0; i-- {
		if !taking.has(i) {
			continue
		}
		a.at[i].follow.and(taking).each(func(j int) {
			if j > i {
				depth[i] = max(depth[i], depth[j])
			}
		})
		if loops.has(i) && (depth[i] > 0 || a.at[i].mayFail) {
			depth[i]++
		}
		if depth[i] >= most && depth[i] > 0 {
			most, first = depth[i], i
		}
	}
	return max(most, 1), first
}

// classes gives the sets of positions that take the same characters, one for each
// class of characters that the pattern tells apart.
func (a *automaton) classes() []places {
	var out []places
	seen := map[places]bool{{}: true}
	for c := range other + 1 {
		if p := a.taking(c); !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// anchored reports whether every way into a pattern begins at a fixed place.
func anchored(p *piece) bool {
	switch p.op {
	case opAssert:
		return p.start
	case opCat:
		for _, s := range p.sub {
			if s.op == opEmpty {
				continue
			}
			// perl takes .* at the start for ^.
			if s.op == opRepeat && s.min == 0 && s.max < 0 && s.sub[0].op == opChar && s.sub[0].set.size() >= 255 {
				return true
			}
			return anchored(s)
		}
		return false
	case opAlt:
		for _, s := range p.sub {
			if !anchored(s) {
				return false
			}
		}
		return true
	}
	return false
}

// skips reports whether a pattern begins with one class that repeats at least
// once, as \s+: perl then does not begin again within the same run.
func skips(p *piece) bool {
	switch p.op {
	case opCat:
		if len(p.sub) == 0 {
			return false
		}
		return skips(p.sub[0])
	case opRepeat:
		return p.min > 0 && p.max < 0 && p.sub[0].op == opChar
	}
	return false
}
