package cpan

import (
	"io"
	"iter"
	"strings"

	"nacre/fault"
)

// MailAlias is one line of 01mailrc.txt, the list of all authors:
//
//	alias AUTHOR "Ann Author <ann@example.org>"
//
// Name and Address are personal data. They are read so that a person can be
// told which author a PAUSE id is; what stores, sends or publishes them needs
// a reason of its own.
type MailAlias struct {
	Author  Author
	Name    string // may be empty
	Address string // "" where the author had it taken out (the file says CENSORED)
}

// MailAliases gives the authors of a 01mailrc.txt, plain or gzipped, of at most
// limit.Index bytes unpacked, in the order of the file, with errors as in
// ModuleIndex.Entries.
func MailAliases(r io.Reader) iter.Seq2[MailAlias, error] {
	l, err := newLines(r, "01mailrc.txt")
	if err != nil {
		return func(yield func(MailAlias, error) bool) { yield(MailAlias{}, err) }
	}
	return entries(l, -1, parseAlias)
}

// parseAlias keeps the line itself out of its errors: it holds personal data.
func parseAlias(line string) (MailAlias, error) {
	word, rest := cutField(line)
	id, rest := cutField(rest)
	quoted, ok := strings.CutPrefix(strings.TrimRight(rest, " \t"), `"`)
	quoted, closed := strings.CutSuffix(quoted, `"`)
	if word != "alias" || !ok || !closed {
		return MailAlias{}, fault.New(fault.Invalid, "is not alias, author and quoted name")
	}
	a, err := ParseAuthor(id)
	if err != nil {
		return MailAlias{}, err
	}
	m := MailAlias{Author: a, Name: strings.TrimSpace(quoted)}
	if i := strings.LastIndexByte(quoted, '<'); i >= 0 && strings.HasSuffix(quoted, ">") {
		m.Name, m.Address = strings.TrimSpace(quoted[:i]), quoted[i+1:len(quoted)-1]
	}
	if m.Address == "CENSORED" {
		m.Address = ""
	}
	return m, nil
}
