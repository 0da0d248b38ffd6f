// What the functions of a file hand to each other: a cursor whose end the caller knows.
//
//	while (p < end)
//	    lines += ends_line(p);

package native

import (
	"nacre/csrc"
)

// unit is what the functions of a file say of each other.
type unit struct {
	file  *csrc.File
	named []line // nil until they are asked for
	// What they are called with, and the macros that put a character behind a text
	// and a NUL behind it; nil until they are asked for.
	handed, appending map[string]bool
}

// handsCursor reports whether a function is called with a cursor whose end its
// callers know.
func (u *unit) handsCursor(name string) bool {
	if u.handed != nil {
		return u.handed[name]
	}
	u.handed = map[string]bool{}
	f := u.file
	bounded := make([]map[string]bool, len(f.Functions))
	for k := range f.Functions {
		bounded[k] = u.cursors(&f.Functions[k])
	}
	for range 3 { // is_end(p) hands p on
		for k := range f.Functions {
			fn := &f.Functions[k]
			if len(fn.Params) > 0 && u.handed[fn.Name] {
				bounded[k][fn.Params[0].Name] = true
			}
			if len(bounded[k]) == 0 {
				continue
			}
			f.Calls(fn.First, fn.End, func(c csrc.Call) bool {
				if len(c.Args) > 0 && bounded[k][f.Text(c.Args[0].First)] && c.Args[0].End-c.Args[0].First <= 3 {
					u.handed[c.Name] = true
				}
				return true
			})
		}
	}
	return u.handed[name]
}

// cursors gives the pointers of a function that are compared with an end, and those
// that are compared with them.
func (u *unit) cursors(fn *csrc.Function) map[string]bool {
	f := u.file
	out := map[string]bool{}
	for range 2 {
		for i := fn.First + 1; i+1 < fn.End; i++ {
			if !f.Is(i, csrc.Punct) || !f.Is(i-1, csrc.Word) || !f.Is(i+1, csrc.Word) {
				continue
			}
			a, b := f.Text(i-1), f.Text(i+1)
			switch op := f.Text(i); {
			case op == "-" && isEnd(a) && !isEnd(b):
				out[b] = true
			case isOrder(op) && (isEnd(b) || out[b]) && !isEnd(a) && f.Text(i-2) != "*":
				out[a] = true
			case isOrder(op) && (isEnd(a) || out[a]) && !isEnd(b) && f.Text(i-2) != "*":
				out[b] = true
			}
		}
	}
	return out
}
