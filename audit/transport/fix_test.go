package transport

import (
	"strings"
	"testing"

	"nacre/audit"
)

// TestAsking shows what the mechanical change makes of a client.
func TestAsking(t *testing.T) {
	tests := []struct{ line, want string }{
		{"HTTP::Tiny->new;", "HTTP::Tiny->new(verify_SSL => 1);"},
		{"HTTP::Tiny->new();", "HTTP::Tiny->new(verify_SSL => 1);"},
		{"HTTP::Tiny->new( timeout => 3 );", "HTTP::Tiny->new( verify_SSL => 1, timeout => 3 );"},
		{"HTTP::Tiny->new->get($url);", "HTTP::Tiny->new(verify_SSL => 1)->get($url);"},
		{"new HTTP::Tiny(timeout => 3);", "new HTTP::Tiny(verify_SSL => 1, timeout => 3);"},
		{"new HTTP::Tiny;", "new HTTP::Tiny(verify_SSL => 1);"},
	}
	rules := Rules()
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		got := audit.Check(audit.NewFile("lib/Acme.pm", audit.Library, []byte(tt.line+"\n")), &audit.Release{}, audit.Options{Rules: rules})
		if len(got.Findings) != 1 || got.Findings[0].Fix == nil {
			t.Errorf("%s: %d findings, or no change", tt.line, len(got.Findings))
			continue
		}
		if diff := got.Findings[0].Fix.Diff; !strings.Contains(diff, "\n+"+tt.want+"\n") {
			t.Errorf("%s becomes\n%s", tt.line, diff)
		}
	}
}
