package policy

import (
	"bytes"
	"testing"

	"nacre/perlver"
)

// FuzzCheck holds that any text can be read and checked, and that every finding
// is at a line that there is.
func FuzzCheck(f *testing.F) {
	for _, form := range Forms() {
		text, err := New(form, Terms{
			Dist: "Acme-Demo", Contact: "kim@acme-demo.example", Response: "a week", Date: now,
			Module: "List::Util", Libraries: []string{"zlib"},
		})
		if err != nil {
			f.Fatal(err)
		}
		f.Add("SECURITY.md", []byte(text))
	}
	f.Add("SECURITY.pod", []byte("=head1 X\n\nReport to L<the E<lt>list|mailto:a@b.example>\n\n=cut\n"))
	f.Add("SECURITY.md", []byte("a\n===\n- <!-- x\n-->report kim [at] b [dot] example privately, 1.x supported, 10/01/2026"))
	f.Add("SECURITY.txt", []byte("Report in private to example.com (October 1st, 2026 10:00)\r\n| 1.x | yes |\xff\n<b>"))
	perl, err := perlver.Parse("5.036")
	if err != nil {
		f.Fatal(err)
	}
	known := Facts{Dist: "Acme-Demo", Version: "2.01", Mails: []string{"lee@acme-demo.example"}, Released: now, Now: now, MinimumPerl: perl}
	f.Fuzz(func(t *testing.T, name string, text []byte) {
		doc, err := Read(name, text)
		if err != nil {
			if len(text) <= maxSize {
				t.Error(err)
			}
			return
		}
		lines := bytes.Count(text, []byte("\n")) + 1
		for _, x := range Check(doc, known) {
			if x.Line < 0 || x.Line > lines {
				t.Errorf("%s at line %d of %d", x.ID, x.Line, lines)
			}
		}
	})
}
