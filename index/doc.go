// Package index is what the advisory index concludes: about every record, every
// distribution and every release, once, for all the forms that it is given out
// in.
//
//	m, err := index.New(index.Input{
//		Site:   index.Site{Title: "CPAN advisories", URL: "https://advisories.example/"},
//		Day:    day,
//		Set:    set,    // of advisory/merge
//		Ledger: ledger, // what became of every entry
//		Before: before, // the State of the build before; nil for the first
//	})
//
// A [Format] makes files of the [Model]: for each advisory, each distribution, or
// for the whole. A format is a pure function, and what it depends on is all in
// the value that it is given: the [Digest] of an advisory or a distribution
// changes whenever any of its files may, so that a build takes over the files
// of what has not changed.
//
// # Conclusions
//
// Of each advisory on each distribution the index says which known releases are
// affected, which release is the first that is not any more, whether the latest
// one is affected, and in the sources' own words why. Status is what
// [advisory.Judge] says; nothing is judged anew here. A release that a source
// lists twice is one release, and one whose version cannot be read is unknown.
//
// [State] is what stays from build to build: the digest of each conclusion, the day
// on which it was first made and last changed, and the history of changes. A
// record that no source carries any longer stays, as it was last known, and is
// withdrawn with that as the reason: whoever has read of it can look up what
// became of it. So does the id of one that has another id now, as a [Rename].
//
// # Promises
//
// The same input gives the same model, and its order is that of ids and names.
// The day alone counts of the time, and only for what is said of ages. Not
// promised: an index of more than some hundred thousand advisories, all of which
// are in memory.
package index
