package advisory

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The kinds of a reference, in OSV's words.
const (
	KindAdvisory = "ADVISORY"
	KindArticle  = "ARTICLE"
	KindEvidence = "EVIDENCE"
	KindFix      = "FIX"
	KindPackage  = "PACKAGE"
	KindReport   = "REPORT"
	KindWeb      = "WEB"
)

// maxURL is the longest reference that is kept, in bytes: what servers and
// browsers agree on.
const maxURL = 2048

// ParseReference reads a link of a source. Links are kept as they are spelled,
// but for blanks around them; ok is false for what is no link that a person
// can follow (empty, over 2048 bytes, with blanks or control characters in it,
// or of a scheme other than http, https and ftp). doubt says why it is not
// kept, or that it is kept without a scheme.
func ParseReference(kind, url string) (ref Reference, doubt string, ok bool) {
	url = strings.TrimSpace(url)
	switch {
	case url == "":
		return ref, "a reference is empty", false
	case len(url) > maxURL:
		return ref, fmt.Sprintf("reference %.60q... is longer than %d bytes and left out", url, maxURL), false
	case !utf8.ValidString(url) || strings.ContainsFunc(url, func(r rune) bool { return unicode.IsSpace(r) || acts(r) || r == '\n' || r == '\t' }):
		return ref, fmt.Sprintf("reference %.60q is not a link and left out", url), false
	}
	ref = Reference{Kind: kind, URL: url}
	colon := strings.IndexAny(url, ":/?#")
	if colon < 0 || url[colon] != ':' || strings.Contains(url[:colon], ".") {
		return ref, fmt.Sprintf("reference %.60q has no scheme", url), true
	}
	switch scheme := strings.ToLower(url[:colon]); scheme {
	case "http", "https", "ftp":
		if strings.HasPrefix(url[colon:], "://") && len(url) > colon+3 {
			return ref, "", true
		}
	}
	return Reference{}, fmt.Sprintf("reference %.60q is not http, https or ftp and left out", url), false
}

// AddReference adds a reference unless the record has the link already; a
// kind that says more than WEB replaces WEB. A record that has more than Check
// allows takes no further ones, so that a hostile source costs no more.
func (r *Record) AddReference(ref Reference) {
	if len(r.References) > MaxReferences {
		return
	}
	for i := range r.References {
		if r.References[i].URL == ref.URL {
			if r.References[i].Kind == KindWeb {
				r.References[i].Kind = ref.Kind
			}
			return
		}
	}
	r.References = append(r.References, ref)
}
