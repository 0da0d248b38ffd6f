// Checks for room that let an index be one more than the last:
//
//	if (top >= size) grow();
//	stack[++top] = x;

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// maxBehind bounds how many tokens lie between a check and what it is for.
const maxBehind = 160

// fencepost looks at an array that is asked for room by one index, and filled at the
// one behind it:
//
//	if (top >= size) grow();
//	stack[++top] = x;
func (r *review) fencepost() {
	f := r.file
	for i := r.fn.First + 1; i+4 < r.fn.End; i++ {
		if f.Text(i) != "[" || !f.Is(i-1, csrc.Word) {
			continue
		}
		end := f.Match(i)
		if end <= i+1 || end > i+8 || f.Text(end+1) != "=" {
			continue
		}
		switch {
		case f.Text(i+1) == "++":
			r.filledBehind(i, r.squeezed(i+2, end), true)
		case f.Text(end-1) == "++":
			r.filledBehind(i, r.squeezed(i+1, end-1), false)
		default:
			r.filledBehind(i, r.squeezed(i+1, end), false)
		}
	}
}

// filledBehind looks for the check before a[index] is written, and whether it lets
// the index be one too many; raised, the index is raised before the write.
func (r *review) filledBehind(i int, index string, raised bool) {
	f := r.file
	for k := i - 1; k > r.fn.First && k > i-maxBehind; k-- {
		op := f.Text(k)
		if op == "}" && r.match(k) > 0 && r.match(k) < k { // another branch, or what makes room
			k = r.match(k)
			continue
		}
		if op == "case" || op == "default" {
			return
		}
		if op == "++" && !raised {
			if r.operand(k-1, -1) == index && f.Text(k+1) == ";" || r.operand(k+1, 1) == index && f.Text(k-1) != "[" {
				raised = true
			}
			continue
		}
		if !isOrder(op) && op != "==" {
			if op == "=" && r.operand(k-1, -1) == index {
				return
			}
			continue
		}
		left, right := r.operand(k-1, -1), r.operand(k+1, 1)
		size := right
		if right == index {
			size = left
			op = strings.NewReplacer("<", ">", ">", "<").Replace(op)
		} else if left != index {
			if strings.HasPrefix(left, index+"+") || strings.HasPrefix(right, index+"+") {
				return // index + 1 is asked for
			}
			continue
		}
		if !r.within(k, "if", "while") || strings.ContainsAny(strings.ReplaceAll(size, "->", ""), "+-") || r.changed(size, k, i) {
			return
		}
		if r.letsOneMore(k, op, size, i-1, raised) {
			what := index
			if raised {
				what = "the place behind " + index
			}
			r.found(i, audit.Likely, audit.High, "CWE-193", what+" is filled, and the check before lets it be one more than the last",
				audit.Step{Line: f.Tokens[k].Line, What: left + " " + f.Text(k) + " " + right})
		}
		return
	}
}

// letsOneMore reports whether the check at a token, index op size, lets the index be
// one more than the last of an array.
func (r *review) letsOneMore(k int, op, size string, array int, raised bool) bool {
	room, leaves := r.guards(k)
	switch op {
	case ">=", "==":
		return raised && (room && !r.hasOneMore(array, size) || leaves && r.holds(array, size))
	case ">":
		return (room || leaves) && r.holds(array, size)
	case "<":
		return raised && r.around(k, array) && r.holds(array, size)
	case "<=":
		return r.around(k, array) && r.holds(array, size)
	}
	return false
}

// operand gives the names and numbers on one side of an operator.
func (r *review) operand(at, step int) string {
	f := r.file
	first := at
	for n := 0; n < 10; n++ {
		text := f.Text(at)
		if !f.Is(at, csrc.Word) && !f.Is(at, csrc.Number) && text != "->" && text != "." && text != "+" && text != "-" && text != "++" {
			break
		}
		at += step
	}
	if step < 0 {
		return r.squeezed(at+1, first+1)
	}
	return r.squeezed(first, at)
}

// guards reports whether the statement behind a condition makes room, and whether it
// goes away.
func (r *review) guards(k int) (room, leaves bool) {
	f := r.file
	body := r.guarded(k)
	for i := body.First; i < min(body.End, r.fn.End, body.First+maxForward); i++ {
		switch word := f.Text(i); {
		case !f.Is(i, csrc.Word):
		case word == "return" || word == "goto" || word == "croak" || word == "die" || word == "break":
			leaves = true
		case f.Text(i+1) == "(":
			room = room || allocations[word] != 0 || makesRoom(word)
		}
	}
	return room, leaves
}

// guarded gives the statement behind the condition that a token is in.
func (r *review) guarded(k int) csrc.Arg {
	for ; k < r.fn.End && r.file.Text(k) != ")"; k++ {
		k = max(k, r.match(k))
	}
	for k < r.fn.End && r.file.Text(k+1) == ")" {
		k++
	}
	return r.bodyOf(k)
}

// around reports whether a token is in the statement that a condition is for.
func (r *review) around(k, i int) bool {
	body := r.guarded(k)
	return body.First <= i && i < body.End
}

// changed reports whether a size is set between its check and the write, other than
// where room is made.
func (r *review) changed(size string, k, i int) bool {
	for at := r.guarded(k).End; at < i; at++ {
		if r.file.Text(at) == "=" && r.operand(at-1, -1) == size {
			return true
		}
	}
	return false
}

// holds reports whether an array has as many places as a size says: it is declared
// with it, or its memory is taken by it.
func (r *review) holds(array int, size string) bool {
	if name, declared := r.table(array); name != "" && declared != "" {
		return strings.Join(strings.Fields(declared), "") == size
	}
	return r.takenBy(array, size, "")
}

// hasOneMore reports whether the memory has a place more than a size says.
func (r *review) hasOneMore(array int, size string) bool {
	if name, declared := r.table(array); name != "" && declared != "" {
		return strings.Join(strings.Fields(declared), "") != size
	}
	return r.takenBy(array, size, "+1")
}

// takenBy reports whether a function takes the memory of an array by a size and
// what is added to it.
func (r *review) takenBy(array int, size, more string) bool {
	size += more
	for b := range r.blocks().to(r.file.Text(array)) {
		text := r.squeezed(b.size.First, b.size.End)
		if text == size || strings.HasPrefix(text, size+"*") || strings.HasPrefix(text, "("+size+")*") || strings.HasSuffix(text, "*"+size) || strings.HasSuffix(text, "*("+size+")") {
			return true
		}
	}
	return false
}
