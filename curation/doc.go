// Package curation is what those who run an index have found out themselves: a
// folder of overlays that correct and complete what the sources say.
//
// # The files
//
// Every *.yaml file of the folder holds a list of overlays. What an overlay does
// is its first key, with the ids of the advisories that it is about:
//
//   - correct: CVE-2099-0001
//     dist: Foo-Bar
//     affected: [">=1.0,<1.3"]
//     fixed: [">=1.3"]
//     reason: The flaw came with 1.0, and the record begins with 0.
//     role: triage
//     date: 2099-01-02
//     upstream: https://example.org/issues/7
//
// The kinds, with the keys that each has besides reason, role, date and
// upstream:
//
//	correct         dist affected [fixed] [instead-of]   which versions are affected
//	link            (a list of ids)                      they are one advisory
//	false-positive  [dist]                               it is none of the distribution's, or none at all
//	complete        dist [modules] [files] [routines]    where the flaw is
//	describe        [title] [severity] [cwes]            where no source says it
//	allow           dist (one CVE id, or a list)         a CVE record that nothing in it marks as CPAN's
//
// affected and fixed are in CPANSA's grammar (perlver.ParseCPANSA): a version is
// meant that fits any element, and it fits an element that fits all of its
// clauses. All scalars are texts: 1.10 is never 1.1. reason, role and date are
// required; a role is a word out of [Roles] and never somebody's name; upstream is
// the address at which the sources have been told. A key that is not listed is
// refused, and so are aliases and a second document.
//
// # What becomes of them
//
// [Set.Apply] makes entries of a source named "curation" out of them, beside what
// the sources gave: nothing of theirs is changed, and the merge keeps all of it.
// So a correction has provenance, is quoted in reasons by file and line, and what
// the sources say otherwise stays a disagreement. A correction decides before
// every source; with "instead-of: CPANSA" it decides before CPANSA and after
// whoever has more authority, so that it steps back when the CNA publishes a
// range. A false positive without a distribution withdraws the record, which stays
// as a tombstone with the reason.
//
// [Applied.Outcomes] says of each overlay whether it was applied, has no target,
// or is caught up: the sources say the same without any correction, and it can go.
// For a range that means the verdicts on all known releases, and on one that is
// newer than all of them, since a range that ends with the newest release says
// otherwise about the next. Clean and fixed are the same there.
//
// # Promises
//
// Reading is within limits and linear, and what it says is wrong has a file, a
// line and a way out. Neither what is read nor what is applied depends on the
// order of files, batches or items. Applying costs an index of all ids, and some
// merges of the entries that the overlays' ids lead to, one more for each link.
//
// Not promised: that an overlay is right, or that the text of an outcome stays.
package curation
