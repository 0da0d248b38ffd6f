// Package review is the work list of those who run an index: what is worth a
// person's look, the most urgent first.
//
//	items := review.List(review.Input{Model: m, Findings: findings, Since: lastReview})
//	err := review.WriteText(w, items, review.Text{Width: 80})
//
//	new (1)
//	  CVE-2099-0001 Foo-Bar
//	    Foo::Bar before 1.3 follows links while unpacking
//
//	unfixed (1)
//	  a range ends with a release, no fix is stated, and there are newer releases
//	  Look whether the newer ones are mended; then correct the range, and tell the
//	  source.
//	  CPANSA-Acme-Demo-2099-02 Acme-Demo
//	    ends with 0.2, no fixed version is stated, and 0.3 is there
//
// # The kinds, in order
//
//   - source: a source could not be used, or its newest data is old
//   - curation: a correction that is wrong
//   - new, changed: advisories since the last review; gone and withdrawn ones count
//     as changed
//   - contradictory: what in the data cannot be right as it stands, by
//     advisory/merge's kinds, those first that say something false of most
//     releases; what a correction has settled is left out
//   - unfixed: a range ends with a release, no source states a fix, and there are
//     newer releases: it may be that nobody looked at them
//   - refused: an entry of a source that is in no advisory
//   - missing: a CVE record that a source or a correction names, and that the CVE
//     List has not
//   - candidate: a record of the CVE List that looks as if it were about CPAN, and
//     does not say so
//   - caught-up: a correction that can go, or that nobody has told the sources of
//   - stale: the latest release is affected, and nobody has touched the record for
//     long
//
// Within a kind the order is that of what is wrong, then of distributions and ids;
// of stale ones the oldest first.
//
// # JSON
//
// [WriteJSON] writes JSON Lines, schema nacre.review/1: a line with "config", one
// with "item" for each item, one with "summary" (docs/formats/review.md).
//
// Promised: the same model gives the same list. Not promised: that what is listed
// is wrong, or that what is not is right.
package review
