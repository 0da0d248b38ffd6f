// Package dbupdate fetches the advisory database over the network: the one
// part of Nacre's tool that does.
//
// An update asks its sources in order, and the first that answers is taken:
//
//	sources:
//	- kind: index
//	  url: https://advisories.example/nacre-index
//	  keys: [advisories.example+1a2b3c4d+AZ...]
//	- kind: cpansa
//	  url: https://advisories.example/cpan-security-advisory.json
//	  fingerprints: [0123456789ABCDEF0123456789ABCDEF01234567]
//
// An index is a note (golang.org/x/mod/sumdb/note) signed by one of the keys
// that names a finished database with its size and digest; [nacre/index/manifest.ParseHead] has its
// text. A cpansa source is the built JSON of the CPAN Security Advisory
// database with a detached OpenPGP signature beside it, from which the
// database is built here; the key is one that the user has accepted by its
// fingerprint ([Trust]).
//
// # What is checked
//
// Who signed. For an index, that its sequence is not lower than the one seen
// before (a rollback), that the same sequence means the same file, that it was
// not made in the future, and whether it has expired (a freeze, which is a
// warning: old data is better than none). For the JSON, that it is not older
// than what was seen before. Size and digest of the file, and that every part
// of the database can be read. What fails a check is an error, and no other
// source is asked then; only a source that cannot be reached is passed over,
// and then older data than what is here is an error, too.
//
// A key of an index may be replaced: a note that names a next-key makes that
// key one that is accepted, and the first note that the next key signs ends
// the key that named it. A key that the user takes out of the list takes those
// with it that it named. This memory, the sequences and what a server said
// about its file stand in the state, a JSON file beside the database.
//
// # Promises
//
// The database is replaced atomically, after everything was checked; until
// then, and after any error, it is what it was, byte for byte. What may stay
// behind is the database's name with .part and .part.json, a download that the
// next run goes on with, and with .lock, on which two runs at once meet: the
// second is an error. Addresses are https, or http of this machine itself; a
// redirect never leads from https to http; each address is told before it is
// asked. Sizes, redirects, headers and times have limits. Nothing that a
// server sends is unpacked.
//
// Not promised: that a source is right, or that it is complete. A signature
// says who spoke.
package dbupdate
