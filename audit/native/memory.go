// Memory that a function takes, who holds it, and by how much:
//
//	p = malloc(len + 1);
//	Newx(node->text, 256, char);

package native

import (
	"iter"
	"slices"
	"strings"

	"nacre/csrc"
)

// allocations are the calls that take memory, each with the place of its size
// among the arguments, from 1.
var allocations = map[string]int{
	"malloc": 1, "safemalloc": 1, "PerlMem_malloc": 1, "newSV": 1, "alloca": 1,
	"Newx": 2, "Newxz": 2, "Newxc": 2, "New": 3, "Newz": 3, "Newc": 3,
	"SvGROW": 2, "sv_grow": 2, "Renew": 2, "Renewc": 2, "realloc": 2, "saferealloc": 2, "PerlMem_realloc": 2,
}

// grows reports whether an allocation makes memory larger that may be there.
func grows(callee string) bool {
	switch callee {
	case "Renew", "Renewc", "realloc", "saferealloc", "PerlMem_realloc", "SvGROW", "sv_grow":
		return true
	}
	return false
}

// memory reads an allocation of bytes: what holds it, "p" or "q.member", "" where
// that cannot be told; and the size where it is constant. At is the argument with
// the size.
func memory(f *csrc.File, i int) (name, size string, at csrc.Arg) {
	args := f.Args(i + 1)
	n := allocations[f.Text(i)] - 1
	if n < 0 || n >= len(args) {
		return "", "", csrc.Arg{}
	}
	at = args[n]
	first, end := args[0].First, args[0].End
	switch c := f.Text(i)[0]; {
	case c == 'N' || c == 'R': // New(0, p, n, char), Newx(p, n, char), Renew(p, n, char)
		first, end = args[n-1].First, args[n-1].End
		if n+1 >= len(args) || charTypes[f.Text(args[n+1].End-1)] == noChar {
			return "", "", csrc.Arg{}
		}
	case n == 0:
		end = assignedTo(f, i)
		for first = end; first > 0 && (f.Text(first-1) == "->" || f.Text(first-1) == "." || f.Is(first-1, csrc.Word) && (first == end || !f.Is(first, csrc.Word))); first-- {
		}
	}
	switch {
	case end == first+1 && f.Is(first, csrc.Word):
		name = f.Text(first)
	case end >= first+3 && f.Is(end-1, csrc.Word) && (f.Text(end-2) == "->" || f.Text(end-2) == "."):
		name = f.Text(first) + "." + f.Text(end-1)
	}
	if text := f.Span(at.First, at.End); at.End == at.First+1 && constantSize(text) && !grows(f.Text(i)) {
		size = text
	}
	return name, size, at
}

// memories are the allocations of a function.
type memories struct {
	all []block          // in order
	by  map[string][]int // those that go to a name, of all
}

// block is memory that is taken.
type block struct {
	at   int      // the token of the call
	name string   // what holds the bytes, as memory tells; "" where they are no bytes
	size csrc.Arg // the argument that says how many
}

// blocks gives what a function allocates.
func (b *body) blocks() *memories {
	if b.memory != nil {
		return b.memory
	}
	f := b.file
	b.memory = &memories{by: map[string][]int{}}
	m := b.memory
	for word := range allocations {
		for _, i := range b.uses[word] {
			if args, n := f.Args(i+1), allocations[word]; f.Text(i+1) == "(" && n <= len(args) {
				name, _, _ := memory(f, i)
				m.all = append(m.all, block{at: i, name: name, size: args[n-1]})
			}
		}
	}
	slices.SortFunc(m.all, func(a, b block) int { return a.at - b.at })
	for k, taken := range m.all {
		note := func(name string) {
			if n := len(m.by[name]); n == 0 || m.by[name][n-1] != k {
				m.by[name] = append(m.by[name], k)
			}
		}
		note(f.Text(assignedTo(f, taken.at) - 1))
		args := f.Args(taken.at + 1)
		for _, a := range args[:allocations[f.Text(taken.at)]-1] {
			note(f.Text(a.End - 1))
		}
	}
	return m
}

// to gives the allocations that go to a name.
func (m *memories) to(name string) iter.Seq[block] {
	return func(yield func(block) bool) {
		for _, k := range m.by[name] {
			if !yield(m.all[k]) {
				return
			}
		}
	}
}

// assignedTo gives the end of what the expression at a token is assigned to, with
// casts between; 0 for none.
func assignedTo(f *csrc.File, i int) int {
	for i--; i > 0 && f.Text(i) == ")" && cast(f, f.Match(i)); i-- {
		i = f.Match(i)
	}
	if i > 0 && f.Text(i) == "=" {
		return i
	}
	return 0
}

// array gives the buffer of fixed size that an argument is.
func (r *review) array(a csrc.Arg) (string, *variable) {
	name := r.plain(a)
	if v := r.vars[name]; v != nil && v.array && constantSize(v.size) {
		return name, v
	}
	return "", nil
}

// constantSize tells a number or a macro from a size that is computed.
func constantSize(size string) bool {
	return size != "" && (strings.ToUpper(size) == size || strings.HasPrefix(size, "sizeof")) && !strings.Contains(size, "(len")
}

// fixed gives the name and the size, as written, of the buffer of a constant size
// that an argument is: an array, an array of a structure, or memory that was taken
// with a constant and never grows.
func (r *review) fixed(a csrc.Arg) (name, size string) {
	if name, v := r.array(a); v != nil {
		return name, v.size
	}
	f := r.file
	if name = r.plain(a); name == "" {
		if a.End >= a.First+3 && f.Is(a.End-1, csrc.Word) && (f.Text(a.End-2) == "->" || f.Text(a.End-2) == ".") {
			return f.Span(a.First, a.End), r.shelf.size(f.Text(a.End - 1))
		}
		return "", ""
	}
	if v := r.vars[name]; v != nil && (v.array || v.param) {
		return "", ""
	}
	size, known := r.sizes[name]
	if !known {
		size = r.pointed(name)
		r.sizes[name] = size
	}
	return name, size
}

// pointed gives the constant size of what a name points to wherever it is used in
// the function.
func (r *review) pointed(name string) string {
	f := r.file
	values, only := r.assignments(name)
	values = slices.DeleteFunc(values, func(k int) bool { return f.Text(k) == "NULL" || f.Text(k) == "0" })
	switch {
	case !only:
		return ""
	case len(values) == 0:
		if size := r.shelf.arrays[name]; size != "" {
			return size
		}
	case len(values) > 1:
		return ""
	case f.Is(values[0], csrc.Word) && allocations[f.Text(values[0])] == 0: // text = board->caption
		end := values[0] + 1
		for end < r.fn.End && (f.Is(end, csrc.Word) || f.Text(end) == "->" || f.Text(end) == ".") {
			end++
		}
		if f.Text(end) == ";" && end >= values[0]+3 {
			return r.shelf.size(f.Text(end - 1))
		}
		return ""
	}
	out := ""
	for b := range r.blocks().to(name) {
		_, size, _ := memory(f, b.at)
		switch {
		case b.name != name:
		case size == "" || out != "" && size != out:
			return ""
		default:
			out = size
		}
	}
	return out
}
