// Memory of so many bytes for each byte of what comes in, into which more is written
// for one:
//
//	out = malloc(strlen(text) * 3 + 1);
//	while (*text++)
//	    out += sprintf(out, "[%d]", n++);

package native

import (
	"slices"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// budget is memory of so many bytes for each byte or element of what comes in:
//
//	out = malloc(strlen(text) * 3 + 1);
type budget struct {
	at       int // the token of the allocation
	per      int
	of       string          // "strlen(text)"
	root     string          // what holds the memory, a pointer or a scalar of Perl's
	pointers map[string]bool // what points into it
}

// maxBudgets bounds how many allocations of a function are looked at.
const maxBudgets = 50

// budgets looks at what is written, again and again, into memory that was taken by
// the length of the input.
func (r *review) budgets() {
	var all []budget
	for _, taken := range r.blocks().all {
		if taken.name == "" {
			continue
		}
		if per, of := r.perElement(taken.size, taken.name, taken.at); per > 0 {
			all = append(all, budget{at: taken.at, per: per, of: of, root: taken.name})
		}
		if len(all) == maxBudgets {
			break
		}
	}
	if len(all) == 0 {
		return
	}
	loops := r.loops()
	for _, b := range all {
		if r.File.Late() {
			return
		}
		if b.pointers = r.pointers(b.root, b.at); !r.managed(b) {
			r.spent(b, loops)
		}
	}
}

// maxFactor is one token more than sizeof(char) has.
const maxFactor = 5

// perElement reads a size: how many bytes are taken for each of what. It gives 0
// where the size is none of a length and constants.
func (r *review) perElement(a csrc.Arg, root string, before int) (per int, of string) {
	f := r.file
	if a.End == a.First+1 && f.Is(a.First, csrc.Word) && !r.isLength(a) { // size = len * 3 + 1; malloc(size)
		values, only := r.assignments(f.Text(a.First))
		if len(values) != 1 || !only || values[0] > before {
			return 0, ""
		}
		a.First, a.End = values[0], values[0]
		for a.End < before && f.Text(a.End) != ";" && f.Text(a.End) != "," {
			if m := f.Match(a.End); m > a.End {
				a.End = m
			}
			a.End++
		}
	}
	for _, term := range r.split(a, "+") {
		n, what := 1, ""
		for _, factor := range r.split(term, "*") {
			text := f.Span(factor.First, min(factor.End, factor.First+maxFactor)) // enough of it to tell
			switch number, err := strconv.Atoi(strings.TrimRight(text, "uUlL")); {
			case err == nil:
				n *= number
			case r.shelf.defined[text] != 0:
				n *= r.shelf.defined[text]
			case strings.ReplaceAll(text, " ", "") == "sizeof(char)":
			case what == "" && r.isLength(factor):
				what = r.brief(factor.First, factor.End)
			default:
				open, one := past(f, factor.First), 0
				if what != "" || open >= factor.End || f.Text(open) != "(" || f.Match(open) != factor.End-1 {
					return 0, ""
				}
				if one, what = r.perElement(csrc.Arg{First: open + 1, End: factor.End - 1}, root, before); one == 0 {
					return 0, ""
				}
				n *= one
			}
		}
		if what == "" || strings.HasPrefix(what, "SvCUR") && holdsWord(what, root) {
			continue
		}
		if of != "" {
			return 0, ""
		}
		per, of = n, what
	}
	return per, of
}

// split cuts an expression at an operator outside of brackets.
func (r *review) split(a csrc.Arg, op string) []csrc.Arg {
	var out []csrc.Arg
	first := a.First
	for i := a.First; i < a.End; i++ {
		if m := r.match(i); m > i {
			i = m
		} else if r.file.Text(i) == op && i > first {
			out = append(out, csrc.Arg{First: first, End: i})
			first = i + 1
		}
	}
	if first < a.End {
		out = append(out, csrc.Arg{First: first, End: a.End})
	}
	return out
}

// isLength reports whether an expression is the length of something that comes in.
func (r *review) isLength(a csrc.Arg) bool {
	f := r.file
	first := past(f, a.First)
	switch name := f.Text(first); {
	case first >= a.End || !f.Is(first, csrc.Word):
		return false
	case name == "strlen" || name == "SvCUR" || name == "sv_len" || name == "sv_len_utf8" || name == "av_len" || name == "av_count":
		return f.Text(first+1) == "(" && f.Match(first+1) == a.End-1
	case a.End != first+1:
		return false
	default:
		if v := r.vars[name]; v != nil && v.lenOf {
			return true
		}
		for _, p := range r.fn.Params {
			if p.Name == name {
				return isInteger(p.Type)
			}
		}
		values, only := r.assignments(name)
		return only && len(values) == 1 && strings.HasPrefix(f.Text(values[0]), "av_") && f.Text(values[0]+1) == "("
	}
}

// loops gives the tokens of the bodies of loops, without those within others.
func (r *review) loops() []csrc.Arg {
	f := r.file
	var out []csrc.Arg
	for i := r.fn.First; i < r.fn.End; i++ {
		var body csrc.Arg
		switch text := f.Text(i); {
		case text == "do" && f.Text(i+1) == "{":
			body = r.bodyOf(i)
		case (text == "for" || text == "while") && f.Text(i+1) == "(" && r.match(i+1) > i:
			body = r.bodyOf(r.match(i + 1))
		}
		if n := len(out); body.End > body.First && (n == 0 || body.End > out[n-1].End) {
			out = append(out, csrc.Arg{First: body.First, End: min(body.End, r.fn.End)})
		}
	}
	return out
}

// pointers gives the names that point into memory that a name holds.
func (r *review) pointers(root string, at int) map[string]bool {
	f := r.file
	in := map[string]bool{root: true}
	for round := 0; round < 4; round++ {
		before := len(in)
		for i := max(at-8, r.fn.First); i+2 < r.fn.End; i++ {
			if f.Text(i) != "=" || !f.Is(i-1, csrc.Word) || in[f.Text(i-1)] {
				continue
			}
			k := past(f, i+1)
			if _, ok := svStrings[f.Text(k)]; ok && f.Text(k+1) == "(" || f.Text(k) == "SvGROW" {
				k = past(f, k+2)
			}
			if f.Text(k) == "&" && f.Text(k+2) == "[" {
				k++
			}
			from, first := f.Text(k), f.Text(k)
			for ; f.Text(k+1) == "->" || f.Text(k+1) == "."; k += 2 { // as memory calls them
				from = first + "." + f.Text(k+2)
			}
			switch behind := f.Text(k + 1); {
			case !in[from]:
			case behind == ";" || behind == "," || behind == "+" || behind == "++" || behind == ")" || behind == "[" && f.Text(k-1) == "&":
				in[f.Text(i-1)] = true
			}
		}
		if len(in) == before {
			break
		}
	}
	return in
}

// managed reports whether a function asks how much room is left, or makes more.
func (r *review) managed(b budget) bool {
	f := r.file
	for name := range b.pointers {
		for other := range r.blocks().to(lastName(name)) {
			if other.at != b.at && b.pointers[other.name] {
				return true
			}
		}
	}
	for word := range r.uses {
		if !makesRoom(word) {
			continue
		}
		for _, i := range r.uses[word] {
			if i == b.at || f.Text(i+1) != "(" {
				continue
			}
			for _, a := range f.Args(i + 1) {
				if b.pointers[r.plain(a)] {
					return true
				}
			}
		}
	}
	for name := range b.pointers {
		for _, i := range r.uses[name] {
			left, right := f.Text(i-1), f.Text(i+1)
			switch {
			case left == "*" || left == "." || left == "->" || right == "[":
			case (left == "-" || right == "-" && !r.is(i+2, csrc.Number)) && r.within(i, "if", "while", "for"):
				return true // end - p, p - start
			case isOrder(right) && !r.into(b, past(f, i+2)) || right == "+" && isOrder(f.Text(i+3)):
				return true
			case isOrder(left) && !b.pointers[f.Text(i-2)] && f.Text(i-2) != ")":
				return true
			}
		}
	}
	return false
}

// roomWords are parts of the names of functions that make room.
var roomWords = []string{"grow", "extend", "ensure", "reserve", "resize", "expand", "enlarge", "room", "avail"}

// makesRoom tells such a function by its name.
func makesRoom(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(roomWords, func(part string) bool { return strings.Contains(name, part) })
}

// lastName gives the member of "node.text", and others as they are.
func lastName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// into reports whether a token is a name of the memory, or the scalar's start.
func (r *review) into(b budget, i int) bool {
	if _, ok := svStrings[r.file.Text(i)]; ok {
		return true
	}
	return b.pointers[r.file.Text(i)]
}

// writers are the calls whose width can be told.
var writers = map[string]bool{"sprintf": true, "my_sprintf": true, "strcpy": true, "stpcpy": true, "strcat": true, "memcpy": true, "Copy": true}

// spent looks for what takes more than its share in loops.
func (r *review) spent(b budget, loops []csrc.Arg) {
	told, reads := false, map[int]bool{}
	for _, l := range loops {
		if l.End <= b.at {
			continue
		}
		r.file.Calls(max(l.First, b.at), l.End, func(c csrc.Call) bool {
			to := 0
			if c.Name == "Copy" {
				to = 1
			}
			if !writers[c.Name] || to >= len(c.Args) || !r.walksInto(b, c.Args[to]) {
				return true
			}
			var w width
			switch c.Name {
			case "sprintf", "my_sprintf":
				w = r.printed(c, 1)
			case "strcpy", "stpcpy", "strcat":
				if len(c.Args) == 2 {
					w = width{most: characters(r.literal(c.Args[1]))}
				}
			case "memcpy", "Copy":
				if len(c.Args) > 2 && r.literal(c.Args[0])+r.literal(c.Args[1]) != "" {
					n, _ := r.number(c.Args[2])
					w = width{most: n}
				}
			}
			// A number that is read and written back is as long as it was.
			if w.most == 0 || w.given && w.read != 0 {
				return true
			}
			share := b.per * r.passed(b, c.At)
			step := r.shows(c.At, r.match(c.At+1)+1)
			if w.read != 0 && w.full > share && !reads[w.read] {
				reads[w.read] = true
				r.found(w.read, audit.Likely, audit.High, "CWE-787", "nothing looks at how large the number from "+r.file.Text(w.read)+" is, or whether it is negative, and "+c.Name+" writes it where there are "+strconv.Itoa(b.per)+" bytes for each of "+b.of, step)
			}
			if w.most > share && (b.per > 1 || w.counts) && !told {
				told = true
				up := "up to " + strconv.Itoa(w.most) + " for one"
				switch {
				case w.most >= endless:
					up = w.what + " of any length"
				case w.counts && !w.given:
					up += ", as " + w.what + " grows"
				case w.what != "":
					up += ", with " + w.what
				}
				r.found(b.at, audit.Likely, audit.High, "CWE-787", b.root+" has "+strconv.Itoa(b.per)+" bytes for each of "+b.of+", and "+c.Name+" writes "+up, step)
			}
			return !r.File.Late()
		})
	}
}

// passed gives how many bytes of what comes in are passed near a write: at += 3.
func (r *review) passed(b budget, at int) int {
	f := r.file
	most := 1
	for i := max(at-40, r.fn.First); i < min(at+60, r.fn.End); i++ {
		if f.Text(i) == "+=" && !b.pointers[f.Text(i-1)] {
			if n, err := strconv.Atoi(f.Text(i + 1)); err == nil {
				most = max(most, n)
			}
		}
	}
	return most
}

// walksInto reports whether an argument is a place that moves through the memory:
// p that goes on, start = p, buf + n, &buf[n].
func (r *review) walksInto(b budget, a csrc.Arg) bool {
	f := r.file
	i := past(f, a.First)
	if f.Text(i) == "&" {
		i++
	}
	name := f.Text(i)
	if !b.pointers[name] {
		return false
	}
	if a.End > i+1 {
		offset := f.Text(i + 2)
		return (f.Text(i+1) == "+" || f.Text(i+1) == "[") && r.is(i+2, csrc.Word) && !r.limits(offset, r.fn.First, r.fn.End).high
	}
	values, only := r.assignments(name)
	if !only {
		return true
	}
	for _, k := range values {
		if from := f.Text(k); from != name && b.pointers[from] {
			if _, still := r.assignments(from); !still {
				return true
			}
		} else if from == name && f.Text(k+1) == "+" {
			return true
		}
	}
	return false
}
