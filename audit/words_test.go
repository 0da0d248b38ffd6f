package audit

import (
	"bytes"
	"testing"

	"nacre/lazyregexp"
)

func TestHolds(t *testing.T) {
	f := NewFile("lib/Foo.pm", Library, []byte("use CGI;\nmy $x = rand; # \xe9t\xe9\x00"))
	for _, c := range []struct {
		texts []string
		want  bool
	}{
		{[]string{"rand"}, true},
		{[]string{"use"}, true},
		{[]string{"u"}, true},
		{[]string{"\xe9\x00"}, true},
		{[]string{"=", "no"}, true},
		{[]string{"no", "$x = rand;"}, true},
		{[]string{"Rand"}, false},
		{[]string{"rand()"}, false},
		{[]string{"dnar", "xy", "q"}, false},
		{nil, false},
		{[]string{"rand"}, true}, // as the first time
	} {
		if got := f.Holds(c.texts...); got != c.want {
			t.Errorf("%q: %v", c.texts, got)
		}
	}
	if !f.Matches(lazyregexp.New(`\bCGI\b`)) || f.Matches(lazyregexp.New(`\bcgi\b`)) {
		t.Error("patterns")
	}
}

// FuzzHolds compares Holds with a search.
func FuzzHolds(f *testing.F) {
	f.Add([]byte("my $x = rand;"), "rand")
	f.Add([]byte("ab"), "b")
	f.Add([]byte("aab"), "ab")
	f.Fuzz(func(t *testing.T, src []byte, text string) {
		file := &File{Src: src}
		for range 2 { // the second time it is known
			if want := bytes.Contains(src, []byte(text)); file.Holds(text) != want {
				t.Errorf("%q in %q: not %v", text, src, want)
			}
		}
	})
}
