// Package perlver reads and orders the version numbers of Perl, and reads the
// version ranges of every grammar that speaks about them.
//
// # Versions
//
// A version is decimal or dotted. It is dotted when its text starts with v and
// a digit or has two dots or more, and decimal otherwise, and the two are read
// differently:
//
//	text        kind     components        because
//	1.2         decimal  [1 200]           a fraction is cut into groups of three digits
//	1.02        decimal  [1 20]
//	1.2.0       dotted   [1 2 0]           every run of digits is a number of its own
//	v1.2        dotted   [1 2 0]           a dotted version has three components or more
//	0.90_01     decimal  [0 900 100]       an underscore marks a trial release, and is then as if it were not there
//	undef       decimal  [0]
//
// Versions are ordered by their components, missing ones being zero. Kind and
// underscore play no part, so 1.10 = 1.1 < 1.9, 1.9.0 < 1.10.0 < 1.1, and
// 5.008001 = v5.8.1. Equality is equality of order, never of text:
//
//	a, _ := perlver.Parse("1.2")
//	b, _ := perlver.Parse("1.10")
//	a.Compare(b) // 1: 1.2 is [1 200], 1.10 is [1 100]
//
// Parse accepts and refuses what version.pm 0.9929 accepts and refuses when it
// is given a string; the zero Version is no version at all. What version.pm
// accepts with a warning (text after the version, a number above 2147483647)
// carries the warning, and ParseExact refuses it. In one place there is more:
// version.pm stops silently at a NUL byte, Parse stops there with a warning.
//
// # Ranges
//
// A Range says for every version True, False or Unknown. It is made by one
// parser for each grammar: ParseCPANSA and ParseCPANSAFixed, ParseCNA,
// ParseCVE, ParseOSV, and ParseRequirement for the requirements of CPAN
// metadata. A clause that cannot be read is kept and is Unknown for every
// version; it is never silently true or false:
//
//	r := perlver.ParseCPANSA([]string{">=1.0,<1.4", "latest"})
//	r.Contains(v1_2) // True
//	r.Contains(v1_5) // Unknown, clause "latest": non-numeric data
//
// # Promises
//
// Parse(v.String()) gives v back. Time and memory are linear in the text (a
// version takes at most four bytes for each byte of its text; only sorting the
// entries of CVE and the events of OSV takes a little more), comparing takes as
// long as the shorter of two versions, and Contains as long as the text of the
// range. So whoever reads outside bytes bounds the text and nothing else.
// Nothing panics.
//
// Not promised: that a text that Parse accepts is one that people should
// write. IsLax and IsStrict say that, by the patterns of version.pm, and they
// differ from Parse in both directions ("1.2;" parses and is not lax, "1_11"
// is lax and does not parse). Source literals are not texts of versions: perl
// reads our $VERSION = 1.10 as the number 1.1 before any of this begins.
//
// Sources: version.pm 0.9929 (vutil.c, version/regex.pm) and
// CPAN::Meta::Requirements 2.140, with which the tests compare; the READMEs of
// cpan-security-advisory and cna-tool; the CVE record format 5 and the OSV
// schema 1.
package perlver
