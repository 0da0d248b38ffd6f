// What a file says outside of its functions:
//
//	#define MOST 12
//	static char label[96];
//	struct player { char name[24]; };

package native

import (
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
	size := f.Span(i+2, f.Match(i+1))
	if old, known := s.tables[name]; !constantSize(size) || !f.Is(i-1, csrc.Word) && f.Text(i-1) != "*" && f.Text(i-1) != "," || known && old != size {
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
	if size := f.Span(i+2, f.Match(i+1)); charTypes[f.Text(i-1)] != noChar && constantSize(size) {
		return size
	}
	return ""
}
