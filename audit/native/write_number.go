// Numbers out of a text that choose a place, or how many are filled:
//
//	month = atoi(text);
//	return names[month - 1];

package native

import (
	"strconv"

	"nacre/audit"
	"nacre/csrc"
)

// readNumbers looks at numbers out of a text that choose a place of an array, or
// end the loop that fills one:
//
//	month = atoi(text);
//	return names[month - 1];
func (r *review) readNumbers() {
	for _, name := range r.known() {
		v := r.vars[name]
		if !v.stated || !numberReaders[r.file.Text(v.set)] {
			continue
		}
		if r.short(v.set) {
			continue
		}
		for _, i := range r.uses[name] {
			if i <= v.set {
				continue
			}
			if r.limit(i).high {
				break
			}
			if array, size := r.place(i); array != "" {
				r.found(v.set, audit.Likely, audit.High, "CWE-129", v.what+" may be any number, and it is taken as a place in "+array+" of "+size+" without a look at it",
					r.shows(i-2, r.match(i-1)+1))
				break
			}
			if at, array, size := r.fillsUpTo(i); array != "" {
				r.found(v.set, audit.Likely, audit.High, "CWE-787", v.what+" may be any number, and so many places of "+array+" of "+size+" are filled",
					r.shows(at, r.match(at+1)+1))
				break
			}
		}
	}
}

// short reports whether a call reads a number out of an array that holds two or
// three digits.
func (r *review) short(call int) bool {
	args := r.file.Args(call + 1)
	if len(args) == 0 {
		return false
	}
	_, v := r.array(args[0])
	if v == nil {
		return false
	}
	n, err := strconv.Atoi(v.size)
	return err == nil && n <= 4
}

// place gives the array of a constant size that a token is the place in: a[n] and
// a[n - 1].
func (r *review) place(i int) (array, size string) {
	f := r.file
	if f.Text(i-1) != "[" {
		return "", ""
	}
	end := f.Match(i - 1)
	if end != i+1 && (end != i+3 || f.Text(i+1) != "-" && f.Text(i+1) != "+") {
		return "", ""
	}
	return r.table(i - 2)
}

// fillsUpTo gives the array that a loop fills whose head ends in "; i < n;", with n
// at a token, and where.
func (r *review) fillsUpTo(i int) (at int, array, size string) {
	f := r.file
	if op := f.Text(i - 1); op != "<" && op != "<=" || f.Text(i+1) != ";" || !r.within(i, "for") {
		return 0, "", ""
	}
	index := f.Text(i - 2)
	body := r.guarded(i)
	for k := body.First; k+4 < min(body.End+1, r.fn.End, body.First+maxForward); k++ {
		if f.Text(k+1) == "[" && f.Text(k+2) == index && f.Text(k+3) == "]" && f.Text(k+4) == "=" {
			if array, size := r.table(k); array != "" {
				return k, array, size
			}
		}
	}
	return 0, "", ""
}

// table gives the array of a constant size, of any type, that a token names; "" where
// that cannot be told.
func (r *review) table(i int) (array, size string) {
	f := r.file
	name := f.Text(i)
	if i < 0 || !f.Is(i, csrc.Word) {
		return "", ""
	}
	if before := f.Text(i - 1); before == "->" || before == "." {
		size = r.shelf.tables["."+name]
	} else if v := r.vars[name]; v == nil || !v.param {
		size = r.shelf.tables[name]
		for _, k := range r.uses[name] {
			if k != i && f.Text(k+1) == "[" && r.declares(k) {
				if size = f.Span(k+2, f.Match(k+1)); !constantSize(size) {
					size = ""
				}
				break
			}
		}
	}
	if size == "" {
		return "", ""
	}
	return name, size
}

// declares reports whether a name with a bracket behind it is declared there.
func (r *review) declares(k int) bool {
	f := r.file
	if f.Text(k-1) == "*" {
		switch f.Text(k - 3) {
		case ";", "{", "}", "const", "static", "struct", "unsigned":
			return f.Is(k-2, csrc.Word) && f.Text(k-2) != "return"
		}
		return false
	}
	switch f.Text(k - 1) {
	case "return", "else", "case", "do":
		return false
	}
	return f.Is(k-1, csrc.Word) && k > r.fn.First
}
