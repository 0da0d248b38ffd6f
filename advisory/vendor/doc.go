// Package vendor reads the security data of those who package Perl: which flaw
// is mended in which version of which of their packages. A vendor mends flaws
// without changing the upstream version, so for a package this data decides, and
// the upstream version does not.
//
//	Debian security tracker   {"perl": {"CVE-2099-0001": {"releases": {"bookworm":
//	                            {"status": "resolved", "fixed_version": "5.36.0-7+deb12u1"}}}}}
//	Alpine secdb              {"distroversion": "v3.19", "reponame": "main", "packages": [{"pkg":
//	                            {"name": "perl", "secfixes": {"5.38.1-r0": ["CVE-2099-0001"]}}}]}
//	OSV                       {"id": "DSA-9999-1", "upstream": ["CVE-2099-0001"], "affected": [{
//	                            "package": {"ecosystem": "Debian:12", "name": "perl"}, "ranges": [{"type": "ECOSYSTEM",
//	                            "events": [{"introduced": "0"}, {"fixed": "5.36.0-7+deb12u1"}]}]}]}
//
// Each becomes [advisory.VendorStatement]s: a release, a source package (of RPM
// the package itself, as Red Hat's OSV records name it), a flaw, a status.
//
// What becomes of the vendors' words:
//
//	tracker  resolved, fixed_version 0          not affected
//	         resolved, another fixed_version    fixed
//	         open                               affected; nodsa and urgency are the note
//	         undetermined, or no fixed_version  unknown
//	secdb    version 0                          not affected
//	         another version                    fixed
//	OSV      introduced 0, fixed V              fixed, or not affected where V is 0
//	         introduced 0, nothing else         affected
//	         any other range                    not read: listed
//
// A flaw is a CVE wherever the source names one: in OSV those of upstream and
// aliases, else those of related, else the one in the record's own id. Releases
// of Debian are known by number and by code name; a statement has the number
// (debian:12) where there is one. Of Red Hat, only the main streams of Enterprise
// Linux are read (rhel:9): versions of extended streams and layered products do
// not compare with theirs.
//
// Promised: files are read as streams, within bounds that errors name; what a
// vendor's version order refuses is no statement; every entry is a statement, or
// counted as one about another package, or listed with the reason.
//
// Not promised: that the data is whole or fresh. The tracker and the secdb do
// not say of when they are.
//
// Sources: https://security-tracker.debian.org/tracker/data/json,
// https://secdb.alpinelinux.org, the OSV schema 1.7 and the ecosystems that it
// lists.
package vendor
