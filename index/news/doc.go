// Package news tells of advisories in short: feeds for readers of feeds, texts for
// microblogs and subject lines, and badges for the pages of a distribution.
//
//	feeds/advisories.atom  .rss  .json     the newest 200 advisories
//	dist/Foo-Bar/feed.atom                 those about one distribution
//	text/CVE-2099-0001.280.txt  .180.txt   one advisory in as many characters
//	dist/Foo-Bar/badge.svg                 "advisories | none affects 1.4"
//
// A short text is made of sentences, and its link is always whole:
//
//	CVE-2099-0001 in Foo-Bar: Foo::Bar before 1.3 for Perl follows links while
//	unpacking. Affected: <1.3. Fixed in 1.3.
//	https://advisories.example/advisory/CVE-2099-0001/
//
// (in one line). It has at most the characters of its name, a line feed at the end
// counted; a link counts as it is. Where it would be longer, the title is cut
// after a word and ends in "…", then goes, and then the ranges.
//
// # Promises
//
// An entry's id is the address of the advisory's page. Entries stand in the order
// of the day on which the advisory was published or reported, the newest first;
// where nobody says it, of the day it was first seen, or of an earlier year that its
// id names. Nothing depends on the time of the build. Texts of sources are plain text wherever they come: no markup of
// theirs works, and no character that turns the direction of writing.
//
// A badge speaks about the latest release that is no developer's. It counts the
// advisories that affect it, contradictory ones among them, as a scan does; where
// none does and one cannot be judged, it says unknown. Its texts have a contrast
// of 4.5 to 1 or more (WCAG 2.2, 1.4.3), a title and a description say the same to
// a screen reader, and it loads nothing.
//
// Not promised: the words.
package news

import "nacre/index"

// Formats are feeds, short texts and badges.
func Formats() []index.Format {
	return []index.Format{
		{Name: "feeds", Dist: distFeed, Whole: feeds},
		{Name: "short texts", Advisory: texts},
		{Name: "badges", Dist: badgeFile},
	}
}
