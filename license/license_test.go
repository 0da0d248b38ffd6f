package license

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"MIT", "MIT"},
		{"mit", "MIT"},
		{" apache-2.0 ", "Apache-2.0"},
		{"GPL-2.0+", "GPL-2.0+"},
		{"(MIT)", "MIT"},
		{"((MIT OR ISC))", "MIT OR ISC"},
		{"MIT or ISC and zlib", "MIT OR ISC AND Zlib"},
		{"MIT OR (ISC AND Zlib)", "MIT OR ISC AND Zlib"},
		{"(MIT OR ISC) AND Zlib", "(MIT OR ISC) AND Zlib"},
		{"MIT AND (ISC AND Zlib)", "MIT AND ISC AND Zlib"},
		{"MIT AND(ISC)", "MIT AND ISC"},
		{"gpl-2.0-only WITH classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"},
		{"GPL-2.0-or-later with Bison-exception-2.2 OR MIT", "GPL-2.0-or-later WITH Bison-exception-2.2 OR MIT"},
		{"LicenseRef-My.Own-1", "LicenseRef-My.Own-1"},
		{"DocumentRef-other:LicenseRef-1", "DocumentRef-other:LicenseRef-1"},
		{"MIT WITH AdditionRef-extra", "MIT WITH AdditionRef-extra"},
		{"MIT WITH DocumentRef-d:AdditionRef-extra", "MIT WITH DocumentRef-d:AdditionRef-extra"},
		{"LicenseRef-x WITH Classpath-exception-2.0", "LicenseRef-x WITH Classpath-exception-2.0"},
		{"No-Such-Id", "No-Such-Id"},
		{"NONE", "NONE"},
		{"NOASSERTION", "NOASSERTION"},
	} {
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.in, err)
		} else if e.String() != c.out {
			t.Errorf("Parse(%q) = %q, want %q", c.in, e, c.out)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ in, why string }{
		{"", "it ends where a licence"},
		{"MIT OR", "it ends where a licence"},
		{"OR MIT", "at byte 1 where a licence"},
		{"MIT ISC", "at byte 5 where the end, AND or OR"},
		{"(MIT", "it ends where a closing parenthesis"},
		{"MIT)", "at byte 4"},
		{"()", "where a licence"},
		{"MIT Or ISC", "at byte 5"},
		{"MIT/ISC", "where a licence"},
		{"MIT + ISC", "at byte 5"},
		{"GPL-2.0 +", "at byte 9"},
		{"MIT++", "where a licence"},
		{"LicenseRef-", "where a licence"},
		{"LicenseRef-x+", "where a licence"},
		{"licenseref-x", "where a licence"},
		{"DocumentRef-x", "where a licence"},
		{"MIT WITH", "it ends where an exception"},
		{"MIT WITH Classpath-exception-2.0+", "where an exception"},
		{"(MIT OR ISC) WITH Classpath-exception-2.0", "where the end"},
		{"NONE OR MIT", "NONE stands in an expression"},
		{"MIT AND (NOASSERTION)", "NOASSERTION stands in parentheses"},
		{"NONE WITH Classpath-exception-2.0", "where the end"},
		{"MIT\x00", "where a licence"},
		{strings.Repeat("(", 200) + "MIT" + strings.Repeat(")", 200), "limit: licence expression depth"},
		{strings.Repeat("MIT OR ", 20000) + "MIT", "limit: licence expression size"},
	} {
		e, err := Parse(c.in)
		if err == nil {
			t.Errorf("Parse(%.40q) = %q, want an error with %q", c.in, e, c.why)
		} else if !strings.Contains(err.Error(), c.why) {
			t.Errorf("Parse(%.40q): %v, want %q", c.in, err, c.why)
		}
	}
}

func TestContents(t *testing.T) {
	const text = "gpl-2.0+ AND (wxwindows OR My-Id) AND LicenseRef-a WITH Nokia-Qt-exception-1.1 AND MIT WITH my-exception"
	e, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{
		{"IDs", e.IDs(), []string{"GPL-2.0", "MIT", "wxWindows"}},
		{"Exceptions", e.Exceptions(), []string{"Nokia-Qt-exception-1.1", "my-exception"}},
		{"Refs", e.Refs(), []string{"LicenseRef-a"}},
		{"Unknown", e.Unknown(), []string{"My-Id", "my-exception"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s = %q, want %q", c.what, c.got, c.want)
		}
	}
	var deprecated []string
	for _, l := range e.Deprecated() {
		deprecated = append(deprecated, l.ID+" -> "+l.Successor)
	}
	if want := []string{"GPL-2.0 -> GPL-2.0-only", "wxWindows -> LGPL-2.0-or-later WITH WxWindows-exception-3.1", "Nokia-Qt-exception-1.1 -> "}; !slices.Equal(deprecated, want) {
		t.Errorf("Deprecated = %q, want %q", deprecated, want)
	}
}

func TestCurrent(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"MIT", "MIT"},
		{"GPL-2.0", "GPL-2.0-only"},
		{"GPL-2.0+", "GPL-2.0-or-later"},
		{"GPL-2.0-only+", "GPL-2.0-or-later"},
		{"LGPL-2.1+ WITH Classpath-exception-2.0", "LGPL-2.1-or-later WITH Classpath-exception-2.0"},
		{"GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"},
		{"GPL-2.0-with-classpath-exception+", "GPL-2.0-or-later WITH Classpath-exception-2.0"},
		{"Artistic-1.0-Perl OR GPL-1.0+", "Artistic-1.0-Perl OR GPL-1.0-or-later"},
		{"Apache-1.0+", "Apache-1.0+"}, // stays: no id stands for it
		{"StandardML-NJ AND Nunit", "SMLNJ AND zlib-acknowledgement"},
		{"Net-SNMP", "Net-SNMP"}, // deprecated, and nothing takes its place
		{"NOASSERTION", "NOASSERTION"},
	} {
		e, err := Parse(c.in)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.in, err)
		} else if got := e.Current().String(); got != c.out {
			t.Errorf("%s.Current() = %q, want %q", c.in, got, c.out)
		}
	}
}

func TestJoin(t *testing.T) {
	parse := func(s string) Expression {
		e, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	perl, mit := parse("Artistic-1.0-Perl OR GPL-1.0-or-later"), parse("MIT")
	for _, c := range []struct {
		got  Expression
		want string
	}{
		{And(perl, mit), "(Artistic-1.0-Perl OR GPL-1.0-or-later) AND MIT"},
		{Or(perl, mit), "Artistic-1.0-Perl OR GPL-1.0-or-later OR MIT"},
		{And(), ""},
		{Or(mit), "MIT"},
		{And(Expression{}, mit), "MIT"},
		{And(None(), mit), "NOASSERTION"},
		{Or(None()), "NONE"},
		{Ref("CPAN META/x"), "LicenseRef-CPAN-META-x"},
	} {
		if c.got.String() != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestID(t *testing.T) {
	for in, want := range map[string]bool{
		"MIT": true, "GPL-2.0": true, "GPL-2.0+": false, "MIT OR ISC": false,
		"MIT WITH Classpath-exception-2.0": false, "LicenseRef-x": false, "My-Id": false, "NONE": false,
	} {
		e, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := e.ID(); ok != want {
			t.Errorf("%s.ID() is %v, want %v", in, ok, want)
		}
	}
}

// TestLists holds that every id of the lists is found, in any case, and that
// every successor is an expression of ids that are not deprecated.
func TestLists(t *testing.T) {
	for _, list := range []struct {
		text string
		find func(string) (Listed, bool)
		many int
	}{{ids, Lookup, 700}, {exceptions, LookupException, 60}} {
		lines := strings.Split(strings.TrimSuffix(list.text, "\n"), "\n")[1:]
		if len(lines) < list.many {
			t.Errorf("%d ids, want at least %d", len(lines), list.many)
		}
		for _, line := range lines {
			id, successor, deprecated := strings.Cut(line, "\t")
			for _, spelled := range []string{id, strings.ToLower(id), strings.ToUpper(id)} {
				l, ok := list.find(spelled)
				if !ok || l != (Listed{id, deprecated, successor}) {
					t.Errorf("lookup of %s gives %v, %v", spelled, l, ok)
				}
			}
			if successor == "" {
				continue
			}
			e, err := Parse(successor)
			if err != nil || len(e.Unknown()) > 0 || len(e.Deprecated()) > 0 {
				t.Errorf("%s has the successor %s: %v, unknown %q, deprecated %v", id, successor, err, e.Unknown(), e.Deprecated())
			}
		}
	}
	for _, id := range []string{"", "A", "zzz", "MI", "MITT", "# spdx-license-ids 3.0.24", strings.Repeat("x", 200)} {
		if l, ok := Lookup(id); ok {
			t.Errorf("lookup of %q gives %v", id, l)
		}
	}
	if v := ListVersion(); !strings.HasPrefix(v, "spdx-license-ids 3.") || !strings.Contains(v, ", spdx-exceptions 2.") {
		t.Errorf("ListVersion is %q", v)
	}
}

// TestFromMeta reads every name of CPAN::Meta::Spec 2.
func TestFromMeta(t *testing.T) {
	for _, c := range []struct{ name, expression string }{
		{"agpl_3", "AGPL-3.0-only"},
		{"apache_1_1", "Apache-1.1"},
		{"apache_2_0", "Apache-2.0"},
		{"artistic_1", "Artistic-1.0"},
		{"artistic_2", "Artistic-2.0"},
		{"bsd", "BSD-3-Clause"},
		{"freebsd", "BSD-2-Clause"},
		{"gfdl_1_2", "GFDL-1.2-only"},
		{"gfdl_1_3", "GFDL-1.3-only"},
		{"gpl_1", "GPL-1.0-only"},
		{"gpl_2", "GPL-2.0-only"},
		{"gpl_3", "GPL-3.0-only"},
		{"lgpl_2_1", "LGPL-2.1-only"},
		{"lgpl_3_0", "LGPL-3.0-only"},
		{"mit", "MIT"},
		{"mozilla_1_0", "MPL-1.0"},
		{"mozilla_1_1", "MPL-1.1"},
		{"openssl", "OpenSSL"},
		{"perl_5", "Artistic-1.0-Perl OR GPL-1.0-or-later"},
		{"qpl_1_0", "QPL-1.0"},
		{"ssleay", "SSLeay-standalone"},
		{"sun", "SISSL"},
		{"zlib", "Zlib"},
		// The name goes as it may: an idstring has no underscores.
		{"open_source", "LicenseRef-CPAN-META-open-source"},
		{"restricted", "LicenseRef-CPAN-META-restricted"},
		{"unrestricted", "LicenseRef-CPAN-META-unrestricted"},
		{"unknown", ""},
	} {
		n := FromMeta(c.name)
		if !n.Known || n.Expression.String() != c.expression {
			t.Errorf("FromMeta(%s) = %q, known %v, want %q", c.name, n.Expression, n.Known, c.expression)
		}
		if unknown := n.Expression.Unknown(); len(unknown) > 0 {
			t.Errorf("FromMeta(%s) has ids that are on no list: %q", c.name, unknown)
		}
		if (n.Confidence > 0) != !n.Expression.IsZero() {
			t.Errorf("FromMeta(%s) is %v with confidence %v", c.name, n.Expression, n.Confidence)
		}
	}
	if n := FromMeta("perl"); n.Known || !n.Expression.IsZero() {
		t.Errorf("FromMeta(perl), a name of spec 1: %v", n)
	}
}
