package filesystem

import (
	"strings"
	"testing"

	"nacre/audit"
)

// TestWithMode: what the fix of FIL01 makes of a line; "" where there is none.
func TestWithMode(t *testing.T) {
	rules := Rules()[:1]
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ before, after string }{
		{`open(F, ">$x") or die;`, `open(F, '>', $x) or die;`},
		{`open F, ">> $x" or die;`, `open F, '>>', $x or die;`},
		{`open(my $fh, "<$x.txt");`, `open(my $fh, '<', "$x.txt");`},
		{`open(my $fh, "+< $x");`, `open(my $fh, '+<', $x);`},
		{`open(F, ">" . $x);`, `open(F, '>', $x);`},
		{`open(F, '> ' . $x . ".bak");`, `open(F, '>', $x . ".bak");`},
		{`open(F, $x) or die; print <F>;`, `open(F, '<', $x) or die; print <F>;`},
		{`open my $fh, "$x/list" or die; my @l = <$fh>;`, `open my $fh, '<', "$x/list" or die; my @l = <$fh>;`},
		{`my $fh = IO::File->new($x);`, ``},
		{`open(F, $x);`, ``},                                // nobody says what for
		{`open($self->{fh}, $x); print {$self->{fh}};`, ``}, // nor here
		{`open(F, qq{>$x});`, ``},
		{`my $y = ">$x"; open(F, $y);`, ``},
	} {
		src := "package Acme; sub f { my ($self, $x) = @_; " + c.before + " }\n"
		r := audit.Check(audit.NewFile("lib/Acme.pm", audit.Library, []byte(src)), &audit.Release{}, audit.Options{Rules: rules})
		if len(r.Findings) != 1 {
			t.Errorf("%s: %d findings", c.before, len(r.Findings))
			continue
		}
		got := ""
		if fix := r.Findings[0].Fix; fix != nil {
			for line := range strings.Lines(fix.Diff) {
				if after, ok := strings.CutPrefix(line, "+package Acme; sub f { my ($self, $x) = @_; "); ok {
					got = strings.TrimSuffix(after, " }\n")
				}
			}
		}
		if got != c.after {
			t.Errorf("%s\n\tis made %s\n\twant    %s", c.before, got, c.after)
		}
	}
}
