package input

import (
	"testing"

	"nacre/audit"
)

func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		name string
		role audit.Role
		src  string
		want audit.Severity
	}{
		{"a request", audit.Library, `use CGI; sink($cgi->param('a'))`, audit.High},
		{"an argument of a library", audit.Library, `sub f { my ($self, $x) = @_; sink($x) }`, audit.High},
		{"a line of a file", audit.Program, `sink(scalar <$fh>)`, audit.High},
		{"the command line", audit.Program, "#!/usr/bin/perl\nsink($ARGV[0])", audit.Low},
		{"the environment", audit.Library, `sink($ENV{EDITOR})`, audit.Low},
		{"a setting", audit.Library, `sub f { my ($self) = @_; sink($self->{config}{editor}) }`, audit.Low},
		{"a line of the configuration", audit.Program, `while (my $line = <CONF>) { sink($line) }`, audit.Low},
		{"the command line in taint mode", audit.Program, "#!/usr/bin/perl -T\nsink($ARGV[0])", audit.High},
		{"the command line in taint mode, with warnings", audit.Program, "#!/usr/bin/perl -w -sT\nsink($ARGV[0])", audit.High},
		{"the command line under a module", audit.Program, "#!/usr/bin/perl -Mstrict\nsink($ARGV[0])", audit.Low},
		{"the command line with the rights of another", audit.Program, "#!/usr/bin/suidperl\nsink($ARGV[0])", audit.High},
		{"the environment of a server", audit.Program, "use HTTP::Daemon; sink($ENV{EDITOR})", audit.High},
		{"a request of a program", audit.Program, "#!/usr/bin/perl\nuse CGI; sink($cgi->param('a'))", audit.High},
	} {
		f := audit.NewFile("x/acme", c.role, []byte(c.src))
		for call := range f.Calls("sink") {
			if got := Severity(f, Worst(f, f.Tree.Arg(call, 0), 0), audit.High); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	}
}
