package pkgver

import "strings"

// Upstream gives the version of what was packaged, out of a package's version or
// a source package's: 1.20 of 1:1.20+dfsg-3. It is "" where that cannot be told,
// as of a pre-release. What it gives is text, and may be no version to perl.
func Upstream(manager, version string) string {
	if _, rest, ok := strings.Cut(version, ":"); ok {
		version = rest // without the epoch
	}
	if i := strings.LastIndexByte(version, '-'); i >= 0 {
		version = version[:i] // without the package's own revision
	}
	switch manager {
	case "dpkg":
		return upstreamDebian(version)
	case "apk":
		base, suffix, _ := strings.Cut(version, "_")
		for _, pre := range [...]string{"alpha", "beta", "pre", "rc"} {
			if strings.HasPrefix(suffix, pre) {
				return ""
			}
		}
		return base
	case "rpm":
		version, _, _ = strings.Cut(version, "^") // a later snapshot
		if strings.Contains(version, "~") {
			return ""
		}
	}
	return version
}

// upstreamDebian takes off what Debian's packagers put behind a version: that
// something was left out of the archive (+dfsg, ~ds1, .repack), a snapshot, or
// another archive (+git, +~cs), a version that had to go back (2.0+really1.9).
func upstreamDebian(version string) string {
	if _, rest, ok := strings.Cut(version, "+really"); ok {
		version = strings.TrimLeft(rest, "+.~")
	}
	version, _, _ = strings.Cut(version, "+")
	base, suffix, pre := strings.Cut(version, "~")
	if pre {
		for _, same := range [...]string{"dfsg", "ds", "repack", "bpo", "deb", "ubuntu"} {
			pre = pre && !strings.HasPrefix(suffix, same)
		}
		if pre {
			return ""
		}
	}
	for _, mark := range [...]string{"dfsg", "ds", "repack"} {
		if i := strings.LastIndex(base, mark); i > 0 && strings.Trim(base[i+len(mark):], "0123456789.") == "" {
			base = strings.TrimRight(base[:i], ".")
		}
	}
	return base
}
