package release

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// FuzzChanges holds that entries stand on lines of the text, in order, with
// dates that exist.
func FuzzChanges(f *testing.F) {
	for _, seed := range []string{
		"1.20 2024-05-16\n - CVE-2099-0001\n", "2024-05-16 A (1.2)\n", "2024-05-16\n\t* Version 1.2\n", "## [1.0] - May 1st, 2024",
		"=head2 Changes in X 1.2 - 31st January 2020", "$Revision: 1.2 $ $Date: 2022/08/04 $",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := ReadChanges(text)
		last := 0
		for _, e := range c.Entries {
			if e.Line <= last || e.Line > bytes.Count(text, []byte("\n"))+1 {
				t.Errorf("entry on line %d behind one on %d", e.Line, last)
			}
			last = e.Line
			if e.Version == "" || !bytes.Contains(text, []byte(e.Version)) {
				t.Errorf("version %q is not in the text", e.Version)
			}
			if _, err := time.Parse(time.DateOnly, e.Date); e.Date != "" && err != nil {
				t.Errorf("date %q: %v", e.Date, err)
			}
			for _, id := range e.CVEs {
				if !bytes.Contains(text, []byte(id)) {
					t.Errorf("%s is not in the text", id)
				}
			}
		}
		if _, ok := c.Newest(); ok != (len(c.Entries) > 0) {
			t.Errorf("%d entries, and a newest one: %v", len(c.Entries), ok)
		}
	})
}

// FuzzCopyrightLines holds that lines are told once each, and without controls
// that a line cannot have.
func FuzzCopyrightLines(f *testing.F) {
	for _, seed := range []string{"Copyright 2003 A", "(c) 1999 E<copy> L<a|b> C<<x>>", "\xa9 2001 \xff", "&copy; 2003 copyright E<"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		last := 0
		for _, l := range CopyrightLines(text) {
			if l.Line <= last || l.Value == "" || strings.ContainsAny(l.Value, "\n") {
				t.Errorf("line %d behind %d: %q", l.Line, last, l.Value)
			}
			last = l.Line
		}
	})
}

// FuzzRead holds that no file of any name keeps the others from being read.
func FuzzRead(f *testing.F) {
	names := []string{"META.json", "META.yml", "LICENSE", "README.md", "Changes", "SECURITY.md", "security.txt", ".git/HEAD", ".git/packed-refs", "lib/Foo.pm", "LICENSES/MIT.txt", "lib/Foo.xs"}
	for i, seed := range []string{
		`{"name":"Foo","version":"1.0","license":["perl_5"],"x_spdx_expression":"MIT","resources":{"x_IRC":"irc://x"},"x_git_commit":"0123456789012345678901234567890123456789"}`,
		"name: Foo\nlicense: perl\n", "same terms as perl itself", "Copyright 2003 A", "1.0", "<a@example.org>", "Contact: mailto:a@example.org",
		"ref: refs/heads/main", "0123456789012345678901234567890123456789 refs/heads/main\n", "package Foo; our $VERSION = 1;\n=head1 LICENSE\n\nMIT",
	} {
		f.Add(i, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, which int, text []byte) {
		fsys := fstest.MapFS{"lib/Foo/Other.pm": {Data: []byte("package Foo::Other; our $VERSION = '1.5';")}}
		fsys[names[uint(which)%uint(len(names))]] = &fstest.MapFile{Data: text}
		facts, err := Read(context.Background(), fsys, Options{File: "Foo-1.0.tar.gz"})
		if err != nil {
			t.Fatal(err)
		}
		if facts.Version.Value != "1.0" || facts.Version.Origin != Archive || facts.Type != "library" {
			t.Errorf("version %v, type %q", facts.Version, facts.Type)
		}
	})
}
