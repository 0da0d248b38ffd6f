package output

import (
	"strings"

	"nacre/advisory"
	"nacre/scan"
)

// maxLink is the longest address that is passed on, in bytes.
const maxLink = 2000

// link makes an address of the web from outside fit for a document: http or
// https with a plain host, and everything that RFC 3986 does not allow in a URI
// or that Markdown or HTML could act upon percent-encoded. Other addresses are
// "".
func link(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	scheme = strings.ToLower(scheme)
	if !ok || scheme != "http" && scheme != "https" || len(s) > maxLink {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	if !isHost(rest[:end]) {
		return ""
	}
	path, fragment, _ := strings.Cut(rest[end:], "#")
	out := scheme + "://" + rest[:end] + encode(path, "/?&=+,;:@")
	if fragment != "" {
		out += "#" + encode(fragment, "/?&=+,;:@")
	}
	return out
}

// isHost reports whether s is a host's name or IPv4 address, with or without a
// port, and without a user.
func isHost(s string) bool {
	host, port, has := strings.Cut(s, ":")
	if host == "" || has && port == "" {
		return false
	}
	for _, c := range []byte(host) {
		if !isUnreserved(c) || c == '~' || c == '_' {
			return false
		}
	}
	return strings.Trim(port, "0123456789") == ""
}

// encode percent-encodes what is not unreserved in a URI, but for the bytes of
// keep and for what is encoded already.
func encode(s, keep string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if isUnreserved(c) || strings.IndexByte(keep, c) >= 0 ||
			c == '%' && keep != "" && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// isUnreserved is RFC 3986, 2.3.
func isUnreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// home is the page about an advisory: that of its CVE or GHSA id, else the
// first usable link that a source calls an advisory, else the first usable
// one. "" is none.
func home(a *scan.Advisory) string {
	if a.ID.IsCVE() {
		return "https://www.cve.org/CVERecord?id=" + string(a.ID)
	}
	if isGHSA(a.ID) {
		return "https://github.com/advisories/" + encode(string(a.ID), "")
	}
	first := ""
	for _, r := range a.References {
		switch uri := link(r.URL); {
		case uri != "" && r.Kind == "ADVISORY":
			return uri
		case first == "":
			first = uri
		}
	}
	return first
}

func isGHSA(id advisory.ID) bool { return strings.HasPrefix(id.Key(), "ghsa-") }

// purlOf is the package URL by which documents about vulnerabilities name a
// component: of a given one its selector form, without the author, who may
// change; else one made of distribution and version; "" without either.
func purlOf(c *scan.Component) string {
	if c.PURL == "" {
		if c.Dist == "" {
			return ""
		}
		purl := "pkg:cpan/" + encode(string(c.Dist), "")
		if c.Version != "" {
			purl += "@" + encode(c.Version, "")
		}
		return purl
	}
	front, subpath, has := strings.Cut(c.PURL, "#")
	front, _, _ = strings.Cut(front, "?")
	if has {
		front += "#" + subpath
	}
	return front
}
