package cpan_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/fault"
)

func readWhois(list string) (got []string, err error) {
	for m, e := range cpan.Whois(strings.NewReader(list)) {
		if e != nil {
			err = e
			continue
		}
		got = append(got, fmt.Sprintf("%s|%s|%s", m.Author, m.Name, m.Address))
	}
	return got, err
}

func TestWhois(t *testing.T) {
	const list = `<?xml version="1.0" encoding="UTF-8"?>
<cpan-whois xmlns='http://www.cpan.org/xmlns/whois' last-generated='today'>
 <cpanid>
  <id>AUTHOR</id><type>author</type><fullname>Ann &#196;uthor</fullname><asciiname>Ann Author</asciiname>
  <email>ann@example.org</email><has_cpandir>1</has_cpandir>
 </cpanid>
 <cpanid><id>OTHER</id><type>author</type><fullname>Otto</fullname><email>CENSORED</email></cpanid>
 <cpanid><id>a-list</id><type>list</type><email>list@example.org</email></cpanid>
 <cpanid><id>LAST</id><type>author</type></cpanid>
</cpan-whois>`
	got, err := readWhois(list)
	want := "AUTHOR|Ann Äuthor|ann@example.org OTHER|Otto| LAST||"
	if s := strings.Join(got, " "); s != want || err != nil {
		t.Errorf("got %s, %v; want %s", s, err, want)
	}
}

func TestWhoisRefuses(t *testing.T) {
	for _, c := range []struct{ list, want string }{
		{"<cpan-whois><cpanid><id>AUTHOR", "XML syntax error"},
		{strings.Repeat("<a>", 100), "limit: author list depth"},
		{"<!DOCTYPE x [<!ENTITY a 'b'>]><cpanid><id>&a;</id></cpanid>", "invalid character entity"},
	} {
		if _, err := readWhois(c.list); err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.40s: got %v, want %s", c.list, err, c.want)
		}
	}
}

// Whatever the list, an author is one of PAUSE's.
func FuzzWhois(f *testing.F) {
	f.Add("<x><cpanid><id>AUTHOR</id><type>author</type><fullname>A</fullname><email>a@example.org</email></cpanid></x>")
	f.Add("<cpanid/><cpanid><id>A</id></cpanid></x>")
	f.Fuzz(func(t *testing.T, list string) {
		for m, err := range cpan.Whois(strings.NewReader(list)) {
			if err != nil {
				continue
			}
			if _, err := cpan.ParseAuthor(string(m.Author)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
