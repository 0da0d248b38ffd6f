package vendor

import (
	"strings"

	"nacre/advisory"
)

// debianReleases are Debian's code names by number, the first number first.
var debianReleases = [...]struct{ number, name string }{
	{"8", "jessie"},
	{"9", "stretch"},
	{"10", "buster"},
	{"11", "bullseye"},
	{"12", "bookworm"},
	{"13", "trixie"},
	{"14", "forky"},
}

// Release is the name under which statements speak of a release of an operating
// system, "debian:12", given its ID and VERSION_ID as "debian:12" or, without
// the latter, "debian", and its code name. "" is unknown.
func Release(distro, codename string) string {
	id, version, _ := strings.Cut(distro, ":")
	switch id {
	case "debian":
		if version == "" {
			version = codename
		}
		version, _, _ = strings.Cut(version, ".")
		for _, r := range debianReleases {
			if version == r.name {
				version = r.number
			}
		}
	case "alpine":
		version = alpineRelease(version)
	case "rhel":
		version, _, _ = strings.Cut(version, ".")
	}
	if version == "" {
		return ""
	}
	return id + ":" + version
}

// alpineRelease makes 3.19 of 3.19.1 and of v3.19, and edge of what is none.
func alpineRelease(version string) string {
	version = strings.TrimPrefix(version, "v")
	parts := strings.SplitN(version, ".", 3)
	switch {
	case version == "":
		return ""
	case version == "edge-main", strings.Contains(version, "_"):
		return "edge" // 3.21.0_alpha20240923
	case len(parts) == 3:
		return parts[0] + "." + parts[1]
	}
	return version
}

// Of is the vendor of a release: what is before the colon.
func Of(distro string) string {
	id, _, _ := strings.Cut(distro, ":")
	return id
}

// vendors are those whose names and pages are known, by the ID of os-release.
var vendors = [...]struct{ id, name, page, source string }{
	{"debian", "Debian", "https://security-tracker.debian.org/tracker/%", "https://security-tracker.debian.org/tracker/source-package/%"},
	{"alpine", "Alpine", "https://security.alpinelinux.org/vuln/%", "https://security.alpinelinux.org/srcpkg/%"},
	{"rhel", "Red Hat", "https://access.redhat.com/security/cve/%", ""},
	{"ubuntu", "Ubuntu", "https://ubuntu.com/security/%", "https://ubuntu.com/security/cves?package=%"},
	{"opensuse-leap", "SUSE", "https://www.suse.com/security/cve/%.html", ""},
	{"opensuse-tumbleweed", "SUSE", "https://www.suse.com/security/cve/%.html", ""},
	{"sles", "SUSE", "https://www.suse.com/security/cve/%.html", ""},
	{"fedora", "Fedora", "https://bugzilla.redhat.com/show_bug.cgi?id=%", ""},
	{"centos", "CentOS", "", ""},
	{"rocky", "Rocky Linux", "", ""},
	{"almalinux", "AlmaLinux", "", ""},
	{"amzn", "Amazon Linux", "", ""},
	{"ol", "Oracle Linux", "", ""},
}

// Name is what a release's vendor is called, "Debian"; of one that is not known
// the ID of its release, and "its packager" where that is not known either.
func Name(distro string) string {
	id := Of(distro)
	for _, v := range vendors {
		if v.id == id {
			return v.name
		}
	}
	if id == "" {
		return "its packager"
	}
	return id
}

// Data says what to give to Nacre for a release to be judged: the vendor's data
// and where that is. "" is a vendor whose data is not read.
func Data(distro string) string {
	switch id, release, _ := strings.Cut(distro, ":"); id {
	case "debian":
		return "the JSON of Debian's security tracker (https://security-tracker.debian.org/tracker/data/json)"
	case "alpine":
		if release = alpineRelease(release); release != "edge" {
			release = "v" + release
		}
		return "the secdb of Alpine " + release + " (https://secdb.alpinelinux.org/" + release + "/)"
	case "rhel":
		return "Red Hat's OSV records (https://osv-vulnerabilities.storage.googleapis.com/Red%20Hat/all.zip)"
	}
	return ""
}

// Page is the page of a release's vendor about a flaw: for a flaw without a CVE
// id, and a vendor without such pages, "".
func Page(distro string, flaw advisory.ID) string {
	if !flaw.IsCVE() {
		return ""
	}
	return page(distro, string(flaw), false)
}

// SourcePage is the page of a release's vendor about all flaws of a source
// package, "" where it has none.
func SourcePage(distro, source string) string {
	if !isName(source) {
		return ""
	}
	return page(distro, strings.ReplaceAll(source, "+", "%2B"), true)
}

func page(distro, of string, source bool) string {
	for _, v := range vendors {
		if v.id != Of(distro) {
			continue
		}
		form := v.page
		if source {
			form = v.source
		}
		return strings.Replace(form, "%", of, 1)
	}
	return ""
}

// manager is whose order of versions a release's packages have.
func manager(distro string) string {
	switch Of(distro) {
	case "debian":
		return "dpkg"
	case "alpine":
		return "apk"
	}
	return "rpm"
}

// maxName is the longest name of a package or release, in bytes.
const maxName = 255

// isName says whether a text can be the name of a package or a release.
func isName(s string) bool {
	if s == "" || len(s) > maxName {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("+-._", c) >= 0) {
			return false
		}
	}
	return true
}
