package license

import (
	"fmt"
	"strings"
	"testing"
)

// told writes what Recognise says as "line how expression".
func told(text string) string {
	var list []string
	for _, e := range Recognise([]byte(text)) {
		list = append(list, fmt.Sprintf("%d %s %s", e.Line, e.How, e.Expression))
	}
	return strings.Join(list, "\n")
}

func TestRecognise(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{
			"perl's terms in POD",
			"=head1 LICENSE\n\nThis library is free software; you may redistribute it\nunder the same\nterms as L<Perl itself|perlartistic>.\n",
			"4 perl Artistic-1.0-Perl OR GPL-1.0-or-later",
		},
		{
			"perl's terms over a line of a comment",
			"# You may use this under the same terms\n#   as B<Perl> itself.\n",
			"1 perl Artistic-1.0-Perl OR GPL-1.0-or-later",
		},
		{
			"nothing is said",
			"This is about the license of perl, and about artists.\n",
			"",
		},
		{
			"ids for machines, in several comments",
			"/* SPDX-License-Identifier: mit */\n<!-- SPDX-License-Identifier: Apache-2.0 OR ISC -->\n# SPDX-License-Identifier: MIT\n",
			"1 SPDX-License-Identifier MIT\n2 SPDX-License-Identifier Apache-2.0 OR ISC",
		},
		{
			"a sentence on the tag, and an id of no list",
			"Put SPDX-License-Identifier: lines into each file.\nSPDX-License-Identifier: My-Own\n",
			"",
		},
		{
			"notice of the GPL",
			"modify it under the terms of the GNU General Public\nLicense as published by the Free Software Foundation; either version 2 of\nthe License, or (at your option) any later version.\n",
			"1 notice GPL-2.0-or-later",
		},
		{
			"notice of the GPL, this version alone",
			"under the terms of the GNU General Public License, version 3.\n",
			"1 notice GPL-3.0-only",
		},
		{
			"a version of something else",
			"under the terms of the GNU General Public License. Foo-Bar version 3 is\nalso called Foo.\n",
			"",
		},
		{
			"terms of something whose name begins as perl's",
			"under the same terms as PerlFoo and the same license as Perlish.\n",
			"",
		},
		{
			"notice of a version that nobody has published",
			"under the terms of the GNU General Public License, version 99.\n",
			"",
		},
		{
			"the GPL's own text, whose appendix is no notice",
			"GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991\n\nunder the terms of the GNU General Public License; either version 2, or any later version\n",
			"1 text GPL-2.0-only",
		},
		{
			"a notice above the GPL's text",
			"under the terms of the GNU General Public License; either version 2, or any later version\n" +
				"GNU GENERAL PUBLIC LICENSE\n   Version 2, June 1991\n\nunder the terms of the GNU General Public License; either version 2, or any later version\n",
			"1 notice GPL-2.0-or-later\n2 text GPL-2.0-only",
		},
		{
			"what builders write above a text, and a notice without one",
			"This is free software, licensed under:\n\n  The GNU General Public License, Version 3, June 2007\n\nunder the terms of the GNU General Public License version 3, or any later version\n",
			"1 notice GPL-3.0-only\n5 notice GPL-3.0-or-later",
		},
		{
			"perl's terms with both texts behind them",
			"the same terms as the Perl 5 programming language system itself.\nGNU GENERAL PUBLIC LICENSE\nVersion 1, February 1989\nThe Artistic License\nembed this Package's interpreter within an executable\n",
			"1 perl Artistic-1.0-Perl OR GPL-1.0-or-later",
		},
	} {
		if got := told(c.text); got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
}

// TestPhrases holds that the words of every licence tell that licence alone,
// and that all ids are on the list.
func TestPhrases(t *testing.T) {
	for _, p := range phrases {
		text := strings.Join(p.has, "\n\nsome other words\n\n")
		want := "1 " + p.how + " " + p.expression
		if got := told(text); got != want {
			t.Errorf("the words of %s tell %q, want %q", p.expression, got, want)
		}
		for _, lacks := range p.lacks {
			for line := range strings.SplitSeq(told(text+"\n"+lacks), "\n") {
				if strings.HasSuffix(line, " "+p.how+" "+p.expression) {
					t.Errorf("%s is told in spite of %q", p.expression, lacks)
				}
			}
		}
		if e, err := Parse(p.expression); err != nil || len(e.Unknown()) > 0 || len(e.Deprecated()) > 0 {
			t.Errorf("%s: %v, unknown %q", p.expression, err, e.Unknown())
		}
	}
	for _, sentence := range perlSentences {
		if got := told("under the " + sentence); !strings.HasSuffix(got, " perl "+perlTerms) {
			t.Errorf("%q tells %q", sentence, got)
		}
	}
}

// TestManyBars would take a minute if each looked for its ">".
func TestManyBars(t *testing.T) {
	text := "x" + strings.Repeat("|", 1<<20) + "\nSPDX-License-Identifier: MIT\n"
	if got := told(text); got != "2 SPDX-License-Identifier MIT" {
		t.Errorf("a megabyte of bars, and an id: %q", got)
	}
}

func TestNormalise(t *testing.T) {
	for _, c := range []struct{ in, out string }{
		{"  # A \"quoted\"\t Word\n", "a quoted word "},
		{" * B<bold> and L<text|http://example.org/>, C<code>\n", "bold and text, code "},
		{"one\n\n\ntwo", "one two "},
		{"\u201cthe \u2018Licence\u2019\u201d", "the licence "},
		{"ABC<d>", "abcd "},
		{"a | b > c | d", "a c d "},
	} {
		if got := string(normalise([]byte(c.in)).text); got != c.out {
			t.Errorf("normalise(%q) = %q, want %q", c.in, got, c.out)
		}
	}
}
