package pattern

import (
	"strings"
	"testing"

	"nacre/audit"
)

// TestHeld shows the changes of patterns that let a newline through; none where
// their end is not one plain $.
func TestHeld(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`die "bad" unless $host =~ /^[a-z.]+$/;`, `die "bad" unless $host =~ /^[a-z.]+\z/;`},
		{`die "bad" unless $host =~ m{^([a-z.]+)$}i;`, `die "bad" unless $host =~ m{^([a-z.]+)\z}i;`},
		{`die "bad" if $host !~ /^(?:[a-z.]+)$/i;`, `die "bad" if $host !~ /^(?:[a-z.]+)\z/i;`},
		{`die "bad" unless $host =~ /^a+$|^[a-z.]+$/;`, ""},
		{`die "bad" unless $host =~ /^[a-z.]+\Z/;`, ""},
		{`die "bad" unless $host =~ /^ [a-z.]+ $/x;`, ""},
	} {
		rules := Rules()[:1]
		if err := audit.Compile(rules); err != nil {
			t.Fatal(err)
		}
		f := audit.NewFile("lib/Acme/Host.pm", audit.Library, []byte("sub set {\n    my ($self, $host) = @_;\n    "+tt.in+"\n    $self->{host} = $host;\n}\n1;\n"))
		got := audit.Check(f, &audit.Release{}, audit.Options{Rules: rules})
		var diff string
		if len(got.Findings) != 1 {
			t.Errorf("%s: %d findings", tt.in, len(got.Findings))
		} else if fix := got.Findings[0].Fix; fix != nil {
			diff = fix.Diff
		}
		if tt.want == "" && diff != "" || tt.want != "" && !strings.Contains(diff, "+    "+tt.want+"\n") {
			t.Errorf("%s: the change is\n%s", tt.in, diff)
		}
	}
}
