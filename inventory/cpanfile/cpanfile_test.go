package cpanfile_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/cpanfile"
)

func find(text string) (inventory.Inventory, bool, error) {
	var inv inventory.Inventory
	found, err := cpanfile.Project{}.Find(context.Background(), fstest.MapFS{"cpanfile": {Data: []byte(text)}}, &inv)
	return inv, found, err
}

// What a cpanfile gives: "line scope module range", then "line! notice", with
// an asterisk where the inventory is partial because of it.
func TestFind(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", ""},
		{"phases and relations", `requires 'A', '1.0';
recommends 'B';
suggests 'C';
conflicts 'Not', '< 1';
on test => sub { requires 'D' };
feature x => sub { requires 'E' };
author_requires 'F';
`, `1 runtime A "1.0"
2 optional B ""
3 optional C ""
5 test D ""
6 optional E ""
7 develop F ""
`},
		{"a statement of several lines", "requires\n  'A',\n  '1.0';\n", "1 runtime A \"1.0\"\n"},
		{"a condition", "requires 'A' if $^O eq 'MSWin32';\ntest_requires 'B' unless $x;\n", `1 optional A ""
2 test B ""
1! only running the cpanfile would tell: if*
2! only running the cpanfile would tell: unless*
`},
		{"a loop", "requires $_, 1 for qw(A B);\n", "1 runtime A \"1\"\n1 runtime B \"1\"\n"},
		{"advisories to ignore", "requires 'A'; # ignore=CVE-2099-0001, CVE-2099-0002\nrequires 'B';\n", `1 runtime A "" ignores CVE-2099-0001 ignores CVE-2099-0002
2 runtime B ""
`},
		{"a mirror", "mirror 'https://mirror.example/';\n", "0! the file names the mirror https://mirror.example/, which most tools do not ask\n"},
		{"a version that is computed", "requires 'A', $v;\n", `1 runtime A ""
1! requirement of A: its version is not literal; taken as any version
1! only running the cpanfile would tell: version that is not literal*
`},
		{"a module that is none", "requires 'A B';\n", "1! a requirement cannot be read: module \"A B\": has a blank in it*\n"},
		{"from somewhere else", `requires 'A', git => 'https://forge.example/a.git', ref => 'main';
requires 'B', dist => 'AUTHOR/B-1.0.tar.gz';
requires 'C', '1.0', mirror => 'https://mirror.example/';
`, `1 runtime A ""
2 runtime B ""
3 runtime C "1.0"
1! A is taken from https://forge.example/a.git, not from the index of CPAN
3! C is looked for at the mirror https://mirror.example/
`},
	} {
		inv, found, err := find(c.text)
		var b strings.Builder
		for _, e := range inv.Edges {
			fmt.Fprintf(&b, "%d %s %s %q%s\n", e.Evidence.Line, e.Scope, e.Module, e.Range, strings.Join(append([]string{""}, e.Ignores...), " ignores "))
		}
		for _, n := range inv.Notices {
			fmt.Fprintf(&b, "%d! %s%s\n", n.At.Line, n.Text, map[bool]string{true: "*"}[n.Partial])
		}
		if err != nil || !found || b.String() != c.want {
			t.Errorf("%s: found %v, %v, got\n%swant\n%s", c.name, found, err, b.String(), c.want)
		}
	}
}

func TestNoCpanfile(t *testing.T) {
	var inv inventory.Inventory
	if found, err := (cpanfile.Project{}).Find(context.Background(), fstest.MapFS{}, &inv); found || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
}

func TestBrokenCpanfile(t *testing.T) {
	inv, _, err := find("requires 'A';\nrequires 'B;\n")
	if err == nil || !strings.HasPrefix(err.Error(), "read cpanfile: line 2: ") || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
		t.Errorf("error = %v, hint %q", err, fault.HintOf(err))
	}
	if len(inv.Edges) > 0 {
		t.Error("something of it was used")
	}
}
