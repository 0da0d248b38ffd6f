// Package publish puts a built index where readers find it: into a folder that a
// web server shows, or into a bucket.
//
//	built, err := publish.Open(ctx, "site", keys)
//	result, err := publish.Publish(ctx, &publish.Folder{Dir: "/srv/www/advisories"}, built, publish.Options{Keep: 10})
//
// Every index that was published is a release, named by its sequence and the
// first twelve digits of its manifest's digest. One of them is the current one:
//
//	releases/41-0d9e8f7a6b5c/...         a folder                    a bucket
//	releases/42-e3b0c44298fc/...
//	current                              a link to releases/42-...   current.json names it
//
// A release is written whole, and reaches the disk, before the switch to it, which
// is one step: rename(2) of the link, or one PUT of current.json. Whoever is
// stopped at any moment leaves the current release as it was, and the next run
// goes on.
//
// A bucket that is shown as it is, without a server that knows current.json, can
// have the files of the current release at its own root, too ([Bucket.Stable]).
// They are copied after the switch: first those that are new, to which nothing
// leads yet, then those that change, leaves before what lists them, and last the
// notes. So no link that a reader can follow leads to what is not there. Nothing
// there is ever deleted.
//
// # What is refused
//
// An index of which a file is not as its manifest lists it; one whose sequence is
// not higher than that of every release there is; one that was rolled back; and
// one that nobody has signed whom the readers of the current release know. All
// but the first can be forced. The same index again is no new release; where its
// notes were signed anew, they alone are replaced.
//
// Rollback switches back to an older release, and marks the one that was
// current. Readers of nacre-index refuse what is older than what they saw, so
// they stay with the newer database until a higher sequence is published; pages
// and all other files are back at once.
//
// # Promises
//
// What a release was, it stays, but for its notes. Releases beyond Keep are
// removed, never the current one nor the one before it. Not promised: two
// publishers of one bucket at once (a folder has a lock), and folders of file
// systems without links.
package publish
