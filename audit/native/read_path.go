package native

import (
	"path"
	"slices"
	"strings"

	"nacre/csrc"
)

// maxBack bounds how many tokens before a place are looked at.
const maxBack = 2000

// back goes from a token to those that may have been passed before it, nearest
// first: of its own block, of the blocks around it and of their heads. Blocks that
// have ended by then are left out, and so are the other cases of a switch.
func (r *review) back(at int, yield func(i int) bool) {
	f := r.file
	for i, steps := at-1, 0; i >= r.fn.First && steps < maxBack; i, steps = i-1, steps+1 {
		switch text := f.Text(i); {
		case text == "}" && r.match(i) > 0 && r.match(i) < i:
			i = r.match(i)
		case text == "case" || text == "default":
			for ; i >= r.fn.First && steps < maxBack && f.Text(i) != "{"; i, steps = i-1, steps+1 {
				if m := r.match(i); f.Text(i) == "}" && m > 0 && m < i {
					i = m
				}
			}
		default:
			if !yield(i) {
				return
			}
		}
	}
}

// sure reports whether a token is passed whenever its block is: no condition of
// its own statement stands before it.
func (r *review) sure(i int) bool {
	f := r.file
	head := false // it stands in the parentheses of its statement
	for k := i - 1; k >= r.fn.First && k > i-200; k-- {
		switch text := f.Text(k); text {
		case "(":
			head = true
		case ")", "]":
			m := r.match(k)
			if m <= 0 || m >= k {
				return false
			}
			if w := f.Text(m - 1); text == ")" && (w == "if" || w == "while" || w == "for") {
				return false
			}
			k = m
		case "&&", "||", "?", "else":
			return false
		case "case", "default", "{", "}":
			return true
		case ";":
			return head || !r.everyTurn(i)
		}
	}
	return true
}

// everyTurn reports whether a token stands in the last part of a for, which is not
// passed before the first turn.
func (r *review) everyTurn(i int) bool {
	f := r.file
	for k := i + 1; k < r.fn.End && k < i+100; k++ {
		switch f.Text(k) {
		case "(", "[", "{":
			if m := r.match(k); m > k {
				k = m
			}
		case ")":
			return true
		case ";":
			return false
		}
	}
	return false
}

// last gives the nearest place before a token where a variable is certainly given
// a value, and whether it is moved on between; 0 for none.
func (r *review) last(name string, at int) (set int, moved bool) {
	f := r.file
	r.back(at, func(i int) bool {
		if f.Text(i) != name || !r.is(i, csrc.Word) || r.field(i) {
			return true
		}
		before, behind := f.Text(i-1), f.Text(i+1)
		switch {
		case behind == "=" && (before != "*" || r.is(i-2, csrc.Word)):
			if r.sure(i) {
				set = i
			}
			return false
		case behind == "++" || behind == "--" || behind == "+=" || behind == "-=" || before == "++" || before == "--":
			if r.sure(i) {
				moved = true
				return false
			}
		case before == "&" && (f.Text(i-2) == "(" || f.Text(i-2) == ","):
			moved = true // whoever gets it may move it
			return false
		case before == "(" && (f.Text(i-2) == "Newx" || f.Text(i-2) == "Newxz" || f.Text(i-2) == "Newxc"):
			set = i
			return false
		}
		return true
	})
	return set, moved
}

// field reports whether a word is the name of a field: a->name, a.name.
func (r *review) field(i int) bool {
	t := r.file.Text(i - 1)
	return t == "->" || t == "."
}

// heldBetween tells pointers that are compared with another one between two tokens, or
// whose distance from another one is taken.
func (r *review) heldBetween(name string, from, to int) bool {
	f := r.file
	for _, i := range r.uses[name] {
		if i <= from || i >= to || r.field(i) {
			continue
		}
		before, behind := f.Text(i-1), f.Text(i+1)
		if before == "*" || behind == "[" || behind == "->" {
			continue
		}
		switch {
		case isOrder(before) || isOrder(behind):
			return true
		case (behind == "+" || behind == "-") && (isOrder(f.Text(i+3)) || isEqual(f.Text(i+3))):
			return true
		case isEqual(behind) && !isNull(f.Text(i+2)) || isEqual(before) && !isNull(f.Text(i-2)):
			return true
		case behind == "-" && r.is(i+2, csrc.Word):
			return true
		case before == "-" && (r.is(i-2, csrc.Word) || f.Text(i-2) == ")"):
			return true
		}
	}
	return false
}

func isEqual(op string) bool { return op == "==" || op == "!=" }

func isNull(text string) bool {
	switch text {
	case "NULL", "0", "Nullch", "nullptr", "Null":
		return true
	}
	return false
}

// positive reports whether it is asked before a token that a number is not 0, or
// whether it is below the number of something that is there.
func (r *review) positive(name string, from, at int) bool {
	if from <= r.fn.First {
		return r.first("positive", name, func(i int) bool { return r.asksIfAny(i) }) < at
	}
	for _, i := range r.uses[name] {
		if i >= at {
			break
		}
		if i > from && r.asksIfAny(i) {
			return true
		}
	}
	return false
}

// asksIfAny reports whether a use of a number asks whether it is 0, or hands it to
// what does.
func (r *review) asksIfAny(i int) bool {
	f := r.file
	if r.field(i) {
		return false
	}
	before, behind := f.Text(i-1), f.Text(i+1)
	if before == "(" && behind == ")" && !r.is(i-2, csrc.Word) { // (int)(len) > 0, (len) && ...
		before, behind = f.Text(i-2), f.Text(i+2)
	}
	if before == ")" { // (int)len > 0
		if m := r.match(i - 1); m > 0 && i-m < 6 {
			before = f.Text(m - 1)
		}
	}
	if r.asksNumber(before, behind, i) {
		return true
	}
	c := strings.ToLower(r.inCall(i))
	return isCheck(c) || c == "switch" || strings.Contains(c, "max") || strings.Contains(c, "likely") || strings.Contains(c, "expect")
}

// asksNumber reports whether the tokens around a number ask whether it is 0.
func (r *review) asksNumber(before, behind string, i int) bool {
	f := r.file
	switch {
	case before == "!" || before == "&&" && !isOrder(behind) || behind == "&&" && !isOrder(before) || behind == "||" && !isOrder(before) || behind == "?":
		return true
	case before == "(" && (behind == ")" || behind == "--") && (f.Text(i-2) == "if" || f.Text(i-2) == "while"):
		return true
	case behind == "==" || behind == "!=" && r.is(i+2, csrc.Number) || behind == ">" && !r.tooMany(i) || behind == ">=" && r.is(i+2, csrc.Number):
		return true
	case (behind == "<" || behind == "<=") && (r.is(i+2, csrc.Number) && len(f.Text(i+2)) < 3 || strings.Contains(strings.ToUpper(f.Text(i+2)), "MIN")):
		return true
	case before == "<" || before == "<=" && r.is(i-2, csrc.Number) || before == "==" || before == "!=" && r.is(i-2, csrc.Number):
		return true
	case before == "--" || behind == "--" && f.Text(i-1) == "while":
		return true
	case before == "+" || behind == "+" && isCompare(f.Text(i+3)) && r.is(i+2, csrc.Number):
		return false
	}
	return false
}

// tooMany reports whether a number is asked whether it is too large, which says
// nothing of 0: what comes next leaves the function.
func (r *review) tooMany(i int) bool {
	f := r.file
	if r.is(i+2, csrc.Number) && len(f.Text(i+2)) < 3 {
		return false
	}
	open := i - 1
	for open > i-6 && f.Text(open) != "(" {
		open--
	}
	end := r.match(open)
	if f.Text(i+2) == "sizeof" || end < i || f.Text(open-1) != "if" {
		return f.Text(i+2) == "sizeof"
	}
	if end++; f.Text(end) == "{" {
		end++
	}
	switch text := f.Text(end); text {
	case "return", "goto", "die", "break", "continue":
		return true
	default:
		return strings.Contains(text, "croak") || strings.HasPrefix(text, "XSRETURN")
	}
}

// unary reports whether a * or a - has one side only.
func (r *review) unary(i int) bool {
	f := r.file
	if i < 1 {
		return true
	}
	switch t := f.Tokens[i-1]; t.Kind {
	case csrc.Number, csrc.String, csrc.Char:
		return false
	case csrc.Word:
		w := f.Text(i - 1)
		return w == "return" || w == "case" || w == "else" || w == "do"
	}
	return f.Text(i-1) != ")" && f.Text(i-1) != "]"
}

// isRead reports whether what ends at a token is read there, and not written to.
func (r *review) isRead(first, last int) bool {
	f := r.file
	switch f.Text(last + 1) {
	case "=", "+=", "-=", "|=", "&=", "^=", "++", "--":
		return false
	}
	if f.Text(first-1) == "&" && r.unary(first-1) {
		return false
	}
	return f.Text(first-1) != "++" && f.Text(first-1) != "--"
}

// chain gives where the name that ends at a token begins: node->text.
func (r *review) chain(last int) int {
	for last-2 > r.fn.First && r.field(last) && r.is(last-2, csrc.Word) {
		last -= 2
	}
	return last
}

// reads looks at what is read of a text, and where: before it, behind it, and how
// much of it.
func (r *review) reads() {
	r.indexed()
	r.minusOne()
	r.backward()
	r.ends()
	r.lastElement()
	r.forward()
	r.pairs()
	r.believed()
	r.emptied()
}

// byHand reports whether a token of a file that a program wrote was copied from
// one that a person wrote, as lines of #line say.
func (r *review) byHand(at int) bool {
	lines := r.unit.lines()
	k, _ := slices.BinarySearchFunc(lines, at, func(l line, at int) int { return l.at - at })
	if k == 0 {
		return false
	}
	name := lines[k-1].name
	return !strings.HasPrefix(name, "<") && path.Base(name) != path.Base(r.File.Path)
}

// line is a directive that names another file: #line 3 "lexer.lg".
type line struct {
	at   int // its token
	name string
}

// lines gives those of a file, in order.
func (u *unit) lines() []line {
	if u.named == nil {
		u.named = []line{}
		for i, t := range u.file.Tokens {
			if t.Kind != csrc.Directive {
				continue
			}
			words := strings.Fields(strings.TrimPrefix(u.file.Text(i), "#"))
			if len(words) > 2 && words[0] == "line" {
				u.named = append(u.named, line{at: i, name: strings.Trim(words[2], `"`)})
			}
		}
	}
	return u.named
}

// is reports whether there is a token, and of this kind.
func (r *review) is(i int, kind csrc.Kind) bool {
	return i >= 0 && i < len(r.file.Tokens) && r.file.Tokens[i].Kind == kind
}

// match gives the bracket that belongs to a token; 0 for none.
func (r *review) match(i int) int {
	if i < 0 || i >= len(r.file.Tokens) {
		return 0
	}
	return int(r.file.Tokens[i].Match)
}
