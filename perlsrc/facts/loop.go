package facts

import "nacre/perlsrc"

// maxLoop bounds, in tokens, the body in which a loop's variable is known.
const maxLoop = 1000

// loop is a variable that runs over a list of literals.
type loop struct {
	name   string
	values []string
	w      *walker // whose tokens the body is in
	start  int     // the token of the body's brace
	outer  *loop
}

// loop reads "for my $x (LIST)" whose body begins at i.
func (w *walker) loop(i int) {
	at, name := w.stmt+1, "$_"
	switch w.word(at) {
	case "my", "our", "state":
		at++
	}
	if w.kind(at) == perlsrc.Variable {
		name = w.text(at)
		at++
	}
	// A variable that is not known hides an outer one of the same name.
	l := &loop{name: name, w: w, start: i, outer: w.loops}
	if w.is(at, "(") && w.close(at) == i-1 {
		l.values = literals(w.items(at+1, i-1))
	}
	w.loops = l
}

// literals are the values of a list where all are literals, else nil.
func literals(list []item) []string {
	var values []string
	for _, it := range list {
		if !it.ok || it.bare && !it.isKey {
			return nil
		}
		values = append(values, it.s)
	}
	return values
}

// loopValues are the values that the variable at i runs over, where they are
// literals: those of a loop around it that does not change it, or of a
// modifier behind it.
func (w *walker) loopValues(i int) ([]string, bool) {
	name := w.text(i)
	if name == "$_" && w.inText == 0 {
		end, _ := w.end(i)
		for n := i + 1; n < end && w.step(); n++ {
			if w.opening(n) != 0 {
				n = w.close(n)
				continue
			}
			if word := w.word(n); (word == "for" || word == "foreach") && !w.is(n+1, "=>") {
				values := literals(w.items(n+1, end))
				return values, values != nil
			}
		}
		if end > 0 && w.closing(end) == ')' { // within a call's parentheses
			if stop, _ := w.end(end + 1); w.word(end+1) == "for" || w.word(end+1) == "foreach" {
				values := literals(w.items(end+2, stop))
				return values, values != nil
			}
		}
	}
	for l := w.loops; l != nil && w.step(); l = l.outer {
		if l.name != name {
			continue
		}
		if l.values == nil || len(l.w.toks)-l.start > maxLoop || l.changes() {
			return nil, false
		}
		for range l.values {
			if !w.step() {
				return nil, false
			}
		}
		return l.values, true
	}
	return nil, false
}

// changes reports whether the body, as far as it was read, gives the variable
// another value.
func (l *loop) changes() bool {
	for n := l.start; n+1 < len(l.w.toks); n++ {
		if !l.w.step() {
			return true
		}
		if l.w.toks[n].Kind != perlsrc.Variable || !l.w.is(n, l.name) {
			continue
		}
		switch next := l.w.toks[n+1]; string(next.Text(l.w.src)) {
		case "=", ".=", "||=", "//=", "++":
			return true
		case "=~":
			if n+2 < len(l.w.toks) {
				if k := l.w.toks[n+2].Kind; k == perlsrc.Substitute || k == perlsrc.Translate {
					return true
				}
			}
		}
	}
	return false
}
