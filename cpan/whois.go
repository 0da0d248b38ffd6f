package cpan

import (
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strings"

	"nacre/fault"
	"nacre/limit"
)

// maxAuthors bounds the entries of 00whois.xml, and maxDepth how deep its
// elements stand in one another; three are in use.
const (
	maxAuthors = 200_000
	maxDepth   = 16
)

// Whois gives the authors of a 00whois.xml, plain or gzipped, of at most
// limit.Index bytes unpacked, in the order of the file:
//
//	<cpanid><id>AUTHOR</id><type>author</type><fullname>Ann Author</fullname><email>ann@example.org</email></cpanid>
//
// Mailing lists and entries whose id is none of PAUSE's are passed over. An
// error is the last. What is said of personal data in MailAlias holds here.
func Whois(r io.Reader) iter.Seq2[MailAlias, error] {
	return func(yield func(MailAlias, error) bool) {
		plain, err := unpacked(r)
		if err != nil {
			yield(MailAlias{}, readError(err, "00whois.xml"))
			return
		}
		w := whois{d: xml.NewDecoder(limit.Reader(plain, limit.Index, "index file size"))}
		for {
			m, err := w.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				kind := fault.KindOf(err)
				if _, ok := errors.AsType[*xml.SyntaxError](err); ok {
					kind = fault.Invalid
				}
				yield(MailAlias{}, fault.Wrap(kind, err, "read 00whois.xml").WithHint(damagedHint))
				return
			}
			if !yield(m, nil) {
				return
			}
		}
	}
}

// whois reads the entries one by one.
type whois struct {
	d     *xml.Decoder
	count int
}

// next gives the next author.
func (w *whois) next() (MailAlias, error) {
	var path []string
	fields := map[string][]byte{} // a text may come in many pieces
	for {
		t, err := w.d.Token()
		if err != nil {
			return MailAlias{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if path = append(path, t.Name.Local); len(path) > maxDepth {
				return MailAlias{}, fault.New(fault.Invalid, "elements nested deeper than %d (limit: author list depth)", maxDepth)
			}
		case xml.CharData:
			n := len(path)
			if n < 2 || path[n-2] != "cpanid" {
				continue
			}
			switch field := path[n-1]; field {
			case "id", "type", "fullname", "email":
				if len(fields[field])+len(t) > maxLine {
					return MailAlias{}, fault.New(fault.Invalid, "a field longer than %d bytes (limit: author list field)", maxLine)
				}
				fields[field] = append(fields[field], t...)
			}
		case xml.EndElement:
			if len(path) == 0 { // of an element around the entries
				continue
			}
			path = path[:len(path)-1]
			if t.Name.Local != "cpanid" {
				continue
			}
			if w.count++; w.count > maxAuthors {
				return MailAlias{}, fault.New(fault.Invalid, "more than %d entries (limit: author list entries)", maxAuthors)
			}
			text := func(field string) string { return strings.TrimSpace(string(fields[field])) }
			a, err := ParseAuthor(text("id"))
			if err == nil && text("type") == "author" {
				m := MailAlias{Author: a, Name: text("fullname"), Address: text("email")}
				if m.Address == "CENSORED" {
					m.Address = ""
				}
				return m, nil
			}
			clear(fields)
		}
	}
}
