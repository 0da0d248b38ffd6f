package practice

import (
	"testing"

	"nacre/audit"
)

// TestHarm shows how much it matters that a value is made clean unseen, by who
// chooses it.
func TestHarm(t *testing.T) {
	rules := Rules()
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, src, want string }{
		{"what callers give", `sub f { my ($self, $name) = @_; ($name) = $name =~ /^(.*)$/; unlink $name }`, "medium"},
		{"a folder that whoever sets it up names", `sub f { my ($self, $state_dir) = @_; ($state_dir) = $state_dir =~ /^(.*)$/; mkdir $state_dir }`, "low"},
		{"a setting", `sub f { my $self = shift; my $log = $self->{config}{log}; $log =~ /^(.*)$/; unlink($log = $1) }`, "low"},
		{"a request's folder", `use CGI; my $dir = $cgi->param('dir'); ($dir) = $dir =~ /^(.*)$/; mkdir $dir`, "medium"},
		{"whatever a sub for it is given", `sub untaint { my $dir = shift; $dir =~ /^(.*)$/; return $1 }`, "medium"},
	} {
		f := audit.NewFile("lib/Acme/Clean.pm", audit.Library, []byte("use strict;\n"+c.src+"\n"))
		found := false
		for _, got := range audit.Check(f, &audit.Release{}, audit.Options{Rules: rules}).Findings {
			if got.Rule != "TNT01" {
				continue
			}
			found = true
			if got.Severity != c.want {
				t.Errorf("%s: %s, want %s", c.name, got.Severity, c.want)
			}
		}
		if !found {
			t.Errorf("%s: nothing found", c.name)
		}
	}
}
