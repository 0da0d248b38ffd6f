package pattern

import (
	"bytes"
	"iter"
	"math"
	"slices"
	"strconv"
)

// witness is a text on which a pattern takes long: a part that is repeated
// between two that are not.
type witness struct{ before, pump, after string }

// text gives the witness at about a length.
func (w witness) text(n int) []byte {
	out := append([]byte(w.before), bytes.Repeat([]byte(w.pump), max(n/len(w.pump), 1))...)
	return append(out, w.after...)
}

// run names what is repeated.
func (w witness) run() string {
	switch w.pump {
	case " ":
		return "a run of blanks"
	case "\n":
		return "a run of line ends"
	}
	return "a run of " + strconv.Quote(w.pump)
}

// The size of a search for a witness: lengths of its text, texts, and steps.
const (
	shortText, longText = 48, 96
	maxWitnesses        = 1500
	maxTrial            = 200_000
	maxTrials           = 1_500_000
)

// worst looks for the text on which a pattern takes longest. The power is how its
// steps grow from one length to twice as much, 0 where nothing was tried.
func (a *automaton) worst(p *piece) (w witness, power float64) {
	left, best := maxTrials, 0
	for c := range a.witnesses(p) {
		steps, over := tried(p, c.text(shortText), min(maxTrial, left))
		if left -= steps; left <= 0 {
			break
		}
		if steps <= best {
			continue
		}
		if over {
			return c, math.Inf(1)
		}
		best, w = steps, c
	}
	if best == 0 {
		return w, 0
	}
	twice, over := tried(p, w.text(longText), maxTrial)
	if over {
		return w, math.Inf(1)
	}
	return w, math.Log2(float64(twice) / float64(best))
}

// witnesses gives texts that lead to each place that repeats, stay there, and
// then mostly do not match.
func (a *automaton) witnesses(p *piece) iter.Seq[witness] {
	fixed := string(fixedPart(p).text)
	classes, held := a.classes(), anchored(p)
	var others []string
	for _, class := range classes {
		others = append(others, string(a.in(class))+fixed)
	}
	return func(yield func(witness) bool) {
		count := 0
		for _, part := range a.parts() {
			stop := a.poison(part)
			part.each(func(i int) {
				way, rest := a.way(a.first, i), a.rest(i)
				ways := []string{way}
				if !held {
					ways = append(ways, stop+way) // not where the text begins
				}
				for _, pump := range a.pumps(i, part, classes) {
					for _, after := range append([]string{stop, stop + rest, rest + stop, stop + fixed, fixed + stop + fixed, ""}, others...) {
						for _, before := range ways {
							if count++; count > maxWitnesses || !yield(witness{before, pump, after}) {
								count = maxWitnesses
								return
							}
						}
					}
				}
			})
			if count >= maxWitnesses {
				return
			}
		}
	}
}

// pumps gives texts that come back to a place: one character, where it follows
// itself, and the ways through the others of its part.
func (a *automaton) pumps(i int, part places, classes []places) (out []string) {
	add := func(s string) {
		if s != "" && len(out) < 24 && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if a.at[i].follow.has(i) {
		for _, class := range classes {
			if class.has(i) {
				add(string(a.in(class)))
			}
		}
	}
	part.each(func(j int) {
		if j == i {
			return
		}
		to, back := a.way(a.at[i].follow, j), a.way(a.at[j].follow, i)
		add(to + back)
		// The same of one character, where both take it.
		for _, class := range classes {
			if class.has(i) && class.has(j) {
				add(string(a.in(class)))
				break
			}
		}
	})
	return out
}

// in gives a character that the places of a class take, and no others.
func (a *automaton) in(class places) byte {
	for _, c := range []byte(usual) {
		if a.taking(int(c)) == class {
			return c
		}
	}
	for c := range 128 {
		if a.taking(c) == class {
			return byte(c)
		}
	}
	return 'a'
}

// usual are the characters of a text that are tried first.
const usual = "a1 .,-:;=/b0Z_\t\n"

// some gives a character of a set.
func (s set) some() string {
	for _, c := range []byte(usual) {
		if s.has(int(c)) {
			return string(c)
		}
	}
	for c := range other {
		if s.has(c) {
			return string([]byte{byte(c)})
		}
	}
	return ""
}

// poison gives a character that no place of a part takes, if there is one.
func (a *automaton) poison(part places) string {
	for _, c := range []byte("\x01!\n#~\"'>);a0 ,") {
		if a.taking(int(c)).and(part).empty() {
			return string(c)
		}
	}
	return ""
}

// way gives the shortest text from one of some places, which it takes, to
// another, which it takes too.
func (a *automaton) way(from places, to int) string {
	before := make([]int, len(a.at))
	seen := from
	var todo []int
	from.each(func(i int) { before[i] = -1; todo = append(todo, i) })
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		if i == to {
			text := ""
			for ; i >= 0; i = before[i] {
				text = a.at[i].set.some() + text
			}
			return text
		}
		a.at[i].follow.each(func(j int) {
			if !seen.has(j) {
				seen.add(j)
				before[j] = i
				todo = append(todo, j)
			}
		})
	}
	return ""
}

// rest gives the shortest text from behind a place to an end.
func (a *automaton) rest(i int) string {
	if a.last.has(i) {
		return ""
	}
	best := ""
	a.last.each(func(j int) {
		if s := a.way(a.at[i].follow, j); s != "" && (best == "" || len(s) < len(best)) {
			best = s
		}
	})
	return best
}
