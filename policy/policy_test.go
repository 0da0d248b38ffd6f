package policy

import (
	"strings"
	"testing"
	"time"

	"nacre/fault"
	"nacre/perlver"
)

var now = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// TestFormsPass holds that what New writes passes its own check: nothing is
// found, whatever the contact is.
func TestFormsPass(t *testing.T) {
	perl, err := perlver.Parse("5.010001")
	if err != nil {
		t.Fatal(err)
	}
	young, err := perlver.Parse("5.036")
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range Forms() {
		for _, contact := range []string{"security@acme-demo.example", "https://forge.example/acme/demo/security/advisories/new", "https://acme-demo.example/tell-us"} {
			for _, response := range []string{"72 hours", "a week", "best effort"} {
				for _, minimum := range []perlver.Version{{}, perl, young} {
					terms := Terms{
						Dist: "Acme-Demo", Contact: contact, Response: response, Date: now, MinimumPerl: minimum,
						Source: "https://forge.example/acme/demo", Module: "List::Util",
						Libraries: []string{"zlib"}, Branches: []string{"1.x", "2.4.x"},
					}
					text, err := New(form, terms)
					if err != nil {
						t.Fatal(form, err)
					}
					doc, err := Read(FileName(form, terms.Dist), []byte(text))
					if err != nil {
						t.Fatal(form, err)
					}
					for _, f := range Check(doc, Facts{Dist: "Acme-Demo", Version: "2.4.1", Now: now.AddDate(0, 3, 0), MinimumPerl: minimum}) {
						t.Errorf("%s, %s, %s, perl %s: %s line %d: %s\n%s", form, contact, response, minimum, f.ID, f.Line, f.Title, text)
					}
					if again, _ := New(form, terms); again != text {
						t.Errorf("%s is not the same a second time", form)
					}
					for line := range strings.Lines(text) {
						if len(line) > columns+1 && !strings.Contains(line, "https://") {
							t.Errorf("%s: %d columns: %s", form, len(line)-1, line)
						}
					}
				}
			}
		}
	}
}

// TestTermsRefused holds what no policy is made of.
func TestTermsRefused(t *testing.T) {
	good := Terms{Dist: "Acme-Demo", Contact: "security@acme-demo.example", Response: "a week", Date: now}
	for _, c := range []struct {
		name   string
		form   Form
		change func(*Terms)
		says   string
	}{
		{"no contact is guessed", Minimal, func(t *Terms) { t.Contact = "" }, "no contact"},
		{"a forwarding address", Minimal, func(t *Terms) { t.Contact = "author@CPAN.org" }, "forwarding address"},
		{"a tracker", Minimal, func(t *Terms) { t.Contact = "bug-acme-demo@rt.cpan.org" }, "public tracker"},
		{"a tracker of a forge", Minimal, func(t *Terms) { t.Contact = "https://github.com/acme/demo/issues" }, "public tracker"},
		{"a name alone", Minimal, func(t *Terms) { t.Contact = "the maintainer" }, "neither"},
		{"two lines", Minimal, func(t *Terms) { t.Contact = "a@b.example\n# More" }, "neither"},
		{"no response", Minimal, func(t *Terms) { t.Response = "" }, "no time to a first answer"},
		{"a response that is none", Full, func(t *Terms) { t.Response = "soon" }, "is no time"},
		{"no date", Full, func(t *Terms) { t.Date = time.Time{} }, "no date"},
		{"a form that is none", "short", func(*Terms) {}, "no such form"},
		{"no library", Embedded, func(*Terms) {}, "one library"},
		{"not in perl", DualLife, func(*Terms) {}, "no recent perl ships Acme::Demo"},
		{"markup in a name", Team, func(t *Terms) { t.Branches = []string{"1.x | yes |\n"} }, "no name"},
	} {
		terms := good
		c.change(&terms)
		_, err := New(c.form, terms)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
			continue
		}
		if fault.HintOf(err) == "" && c.name != "no date" {
			t.Errorf("%s: no hint", c.name)
		}
	}
}
