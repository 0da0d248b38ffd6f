// The way to a place: what is certainly, or perhaps, passed before it.
//
//	p = text;
//	if (x)
//	    p++;
//	c = p[-1];
//
// Here p is certainly set to text, and not certainly moved on.

package native

import (
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

// assignments gives the tokens behind "name =" for each, without casts, and
// reports whether nothing else changes the name: name++, name += 2, &name.
func (b *body) assignments(name string) (values []int, only bool) {
	f := b.file
	only = true
	for _, i := range b.uses[name] {
		before, behind := f.Text(i-1), f.Text(i+1)
		switch {
		case before == "." || before == "->":
		case behind == "=":
			if before != "*" || i > 1 && f.Is(i-2, csrc.Word) && f.Text(i-2) != "return" && f.Text(i-2) != "else" {
				values = append(values, past(f, i+2))
			}
		case behind == "++" || behind == "--" || behind == "+=" || behind == "-=" || before == "++" || before == "--":
			only = false
		case before == "&" && (f.Text(i-2) == "(" || f.Text(i-2) == ","):
			only = false
		}
	}
	return values, only
}

// raised reports whether a function counts with a name, and nobody else sets it.
func (r *review) raised(name string) bool {
	f := r.file
	raised := false
	for _, i := range r.uses[name] {
		if f.Text(i-1) == "&" && (f.Text(i-2) == "(" || f.Text(i-2) == ",") {
			return false
		}
		raised = raised || f.Text(i+1) == "++" || f.Text(i-1) == "++" || f.Text(i+1) == "+="
	}
	return raised
}
