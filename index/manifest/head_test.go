package manifest

import (
	"strings"
	"testing"
)

const (
	sampleKey  = "advisories.example+c7ce8f65+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
	sampleHead = `nacre-index/1
sequence 42
built 2099-01-02T03:04:05Z
expires 2099-01-09T03:04:05Z
size 1048576
sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
file db/nacre-42.db
`
)

func TestParseHead(t *testing.T) {
	h, err := ParseHead(sampleHead)
	if err != nil {
		t.Fatal(err)
	}
	if h.Sequence != 42 || h.Size != 1<<20 || h.File != "db/nacre-42.db" || h.Built.Year() != 2099 {
		t.Errorf("read %+v", h)
	}
	if got := h.Text(); got != sampleHead {
		t.Errorf("written again:\n%s", got)
	}
}

func TestParseHeadRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"another format", "nacre-index/1", "nacre-index/2", "not nacre-index/1"},
		{"no format", "nacre-index/1\n", "", "not nacre-index/1"},
		{"no last line feed", "42.db\n", "42.db", "first line"},
		{"a line too few", "size 1048576\n", "", "lines after the first"},
		{"a line too many", "file db", "colour red\nnext-key x\nfile db", "lines after the first"},
		{"an unknown last line", "42.db\n", "42.db\ncolour red\n", "not next-key"},
		{"another order", "sequence 42\nbuilt 2099-01-02T03:04:05Z", "built 2099-01-02T03:04:05Z\nsequence 42", "not sequence"},
		{"a blank too many", "sequence 42", "sequence  42", "not a number"},
		{"sequence 0", "sequence 42", "sequence 0", "not a number"},
		{"a negative sequence", "sequence 42", "sequence -42", "not a number"},
		{"a leading zero", "sequence 42", "sequence 042", "not a number"},
		{"a sequence beyond JSON", "sequence 42", "sequence 9007199254740992", "is more than"},
		{"a sequence beyond 64 bits", "sequence 42", "sequence 18446744073709551617", "not a number"},
		{"a negative size", "size 1048576", "size -1", "not a number"},
		{"a size beyond 64 bits", "size 1048576", "size 9223372036854775808999", "not a number"},
		{"a size that is too large", "size 1048576", "size 268435457", "is more than"},
		{"a time with a zone", "built 2099-01-02T03:04:05Z", "built 2099-01-02T03:04:05+01:00", "not a time"},
		{"a time with a fraction", "built 2099-01-02T03:04:05Z", "built 2099-01-02T03:04:05.5Z", "not a time"},
		{"no such day", "built 2099-01-02", "built 2099-02-30", "not a time"},
		{"expiry before making", "expires 2099-01-09", "expires 2098-01-09", "expires before"},
		{"a short digest", "b855\n", "b8\n", "64 lower-case hex"},
		{"a digest in upper case", "e3b0", "E3B0", "64 lower-case hex"},
		{"a file above", "file db/", "file ../", "below the note"},
		{"a file above, later", "file db/", "file db/../../", "below the note"},
		{"an absolute file", "file db/", "file /", "below the note"},
		{"a file elsewhere", "file db/", "file https://other.example/", "has ':' in it"},
		{"a file with a query", "file db/", "file db?", "has '?' in it"},
		{"a bad next key", "42.db\n", "42.db\nnext-key advisories.example+00000000+AAAA\n", "next-key of the index note"},
		{"a huge text", "42.db\n", strings.Repeat("x", MaxNote) + "\n", "limit: index note size"},
	} {
		text := strings.Replace(sampleHead, c.old, c.new, 1)
		if _, err := ParseHead(text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

const sampleSeal = `nacre-manifest/1
sequence 42
built 2099-01-02T03:04:05Z
expires 2099-01-09T03:04:05Z
size 123456
sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
`

func TestParseSeal(t *testing.T) {
	s, err := ParseSeal(sampleSeal)
	if err != nil {
		t.Fatal(err)
	}
	if s.Sequence != 42 || s.Size != 123456 || s.Expires.Day() != 9 || s.NextKey != "" {
		t.Errorf("read %+v", s)
	}
	if got := s.Text(); got != sampleSeal {
		t.Errorf("written again:\n%s", got)
	}
}

// Of a text with a next key every line is read.
func TestParseNextKey(t *testing.T) {
	h, err := ParseHead(sampleHead + "next-key " + sampleKey + "\n")
	if err != nil || h.NextKey != sampleKey {
		t.Errorf("read %+v, %v", h, err)
	}
}

// One note is never taken for the other, whoever signed it.
func TestParseSealRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"the note of an index", sampleHead, "not nacre-manifest/1"},
		{"a newer one", strings.Replace(sampleSeal, "/1", "/2", 1), "not nacre-manifest/1"},
		{"a file", sampleSeal + "file nacre.db\n", "not next-key"},
		{"a size that is too large", strings.Replace(sampleSeal, "123456", "134217729", 1), "limit: number in the manifest note"},
	} {
		if _, err := ParseSeal(c.text); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// FuzzParseNotes: what is accepted is written again as it was, and no text is
// both notes.
func FuzzParseNotes(f *testing.F) {
	f.Add(sampleHead)
	f.Add(sampleHead + "next-key " + sampleKey + "\n")
	f.Add("nacre-index/1\n")
	f.Add(sampleSeal)
	f.Add(sampleSeal + "next-key " + sampleKey + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, notHead := ParseHead(text)
		if notHead == nil && h.Text() != text {
			t.Errorf("accepted %q, writes %q", text, h.Text())
		}
		s, notSeal := ParseSeal(text)
		if notSeal == nil && s.Text() != text {
			t.Errorf("accepted %q, writes %q", text, s.Text())
		}
		if notHead == nil && notSeal == nil {
			t.Errorf("%q is both notes", text)
		}
	})
}
