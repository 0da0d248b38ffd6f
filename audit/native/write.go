package native

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"nacre/csrc"
)

// shelf is what a whole file says of memory of a constant size, by names, with the
// size as written.
type shelf struct {
	arrays  map[string]string // arrays of char outside of functions
	within  map[string]string // arrays of char that are members of structures
	tables  map[string]string // arrays of any type outside of functions; those of structures as ".name"
	taken   map[string]string // members that point to what is allocated once; "" where the file says different things
	others  map[string]bool   // members that are something else, too
	defined map[string]int    // macros that are numbers
	macros  map[string]macro
}

// shelved reads a file's shelf.
func shelved(f *csrc.File) *shelf {
	s := &shelf{arrays: map[string]string{}, within: map[string]string{}, tables: map[string]string{}, taken: map[string]string{}, others: map[string]bool{}, defined: map[string]int{}, macros: map[string]macro{}}
	in := 0     // the function that comes next
	around := 0 // the token that ends the structure around, 0 for none
	for i, t := range f.Tokens {
		for in < len(f.Functions) && i >= f.Functions[in].End {
			in++
		}
		name, behind := f.Text(i), f.Text(i+1)
		switch {
		case t.Kind == csrc.Directive:
			s.define(name)
		case name == "{" && int(t.Match) > around && i > around && (f.Text(i-1) == "struct" || f.Text(i-2) == "struct"):
			around = int(t.Match)
		case t.Kind != csrc.Word:
		case i < around && behind == "[":
			s.table(f, i, "."+name)
			if size := declaredSize(f, i); size != "" && s.within[name] == "" {
				s.within[name] = size
			} else {
				s.others[name] = true
			}
		case i < around && (behind == ";" || behind == ","):
			s.others[name] = true
		case behind == "[" && (in == len(f.Functions) || i < f.Functions[in].First):
			s.table(f, i, name)
			if size := declaredSize(f, i); size != "" {
				s.arrays[name] = size
			}
		case behind == "=" && (f.Text(i-1) == "->" || f.Text(i-1) == "."):
			if v := f.Text(past(f, i+2)); allocations[v] == 0 && v != "NULL" && v != "0" {
				s.taken[name] = ""
			}
		case allocations[name] != 0 && behind == "(":
			to, size, _ := memory(f, i)
			if _, m, ok := strings.Cut(to, "."); ok {
				if old, known := s.taken[m]; known && old != size {
					size = ""
				}
				s.taken[m] = size
			}
		}
	}
	return s
}

// table notes an array of any type; one of two sizes is none.
func (s *shelf) table(f *csrc.File, i int, name string) {
	size := f.Span(i+2, int(f.Tokens[i+1].Match))
	if old, known := s.tables[name]; !constantSize(size) || f.Tokens[max(i-1, 0)].Kind != csrc.Word && f.Text(i-1) != "*" && f.Text(i-1) != "," || known && old != size {
		size = ""
	}
	s.tables[name] = size
}

// define notes a macro that is a number, or copies strings.
func (s *shelf) define(line string) {
	if rest, ok := strings.CutPrefix(strings.TrimLeft(line[1:], " \t"), "define"); ok {
		if words := strings.Fields(rest); len(words) > 1 {
			if n, err := strconv.Atoi(strings.Trim(words[1], "()")); err == nil {
				s.defined[words[0]] = n
			}
		}
		s.macro(strings.TrimLeft(rest, " \t"))
	}
}

// size gives the constant size of a member, as written.
func (s *shelf) size(member string) string {
	switch within := s.within[member]; {
	case member == "sun_path":
		return "108"
	case within == "":
		return s.taken[member]
	case s.others[member]:
		return ""
	default:
		return within
	}
}

// declaredSize gives the constant size in "char name[64]"; "" where a name with a
// bracket behind it is something else.
func declaredSize(f *csrc.File, i int) string {
	if size := f.Span(i+2, int(f.Tokens[i+1].Match)); charTypes[f.Text(i-1)] != noChar && constantSize(size) {
		return size
	}
	return ""
}

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
		for first = end; first > 0 && (f.Text(first-1) == "->" || f.Text(first-1) == "." || f.Tokens[first-1].Kind == csrc.Word && (first == end || f.Tokens[first].Kind != csrc.Word)); first-- {
		}
	}
	switch {
	case end == first+1 && f.Tokens[first].Kind == csrc.Word:
		name = f.Text(first)
	case end >= first+3 && f.Tokens[end-1].Kind == csrc.Word && (f.Text(end-2) == "->" || f.Text(end-2) == "."):
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
	for i--; i > 0 && f.Text(i) == ")" && cast(f, int(f.Tokens[i].Match)); i-- {
		i = int(f.Tokens[i].Match)
	}
	if i > 0 && f.Text(i) == "=" {
		return i
	}
	return 0
}

// past gives the token behind casts.
func past(f *csrc.File, i int) int {
	for f.Text(i) == "(" && cast(f, i) {
		i = int(f.Tokens[i].Match) + 1
	}
	return i
}

// cast reports whether a parenthesis holds a type, as far as one can see.
func cast(f *csrc.File, open int) bool {
	end := int(f.Tokens[open].Match)
	if open <= 0 || end <= open+1 || end > open+6 {
		return false
	}
	for i := open + 1; i < end; i++ {
		if f.Tokens[i].Kind != csrc.Word && f.Text(i) != "*" {
			return false
		}
	}
	return true
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
			if before != "*" || i > 1 && f.Tokens[i-2].Kind == csrc.Word && f.Text(i-2) != "return" && f.Text(i-2) != "else" {
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

// fixed gives the name and the size, as written, of the buffer of a constant size
// that an argument is: an array, an array of a structure, or memory that was taken
// with a constant and never grows.
func (r *review) fixed(a csrc.Arg) (name, size string) {
	if name, v := r.array(a); v != nil {
		return name, v.size
	}
	f := r.file
	if name = r.plain(a); name == "" {
		if a.End >= a.First+3 && f.Tokens[a.End-1].Kind == csrc.Word && (f.Text(a.End-2) == "->" || f.Text(a.End-2) == ".") {
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
	case f.Tokens[values[0]].Kind == csrc.Word && allocations[f.Text(values[0])] == 0: // text = board->caption
		end := values[0] + 1
		for end < r.fn.End && (f.Tokens[end].Kind == csrc.Word || f.Text(end) == "->" || f.Text(end) == ".") {
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
