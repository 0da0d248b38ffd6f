package sarif

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxText is how long a text should be, in characters: services refuse or cut
// longer ones.
const MaxText = 1000

// Clip shortens a text to n characters, the last three of them dots.
func Clip(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	at := 0
	for range n - 3 {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return s[:at] + "..."
}

// Unlinked keeps viewers from taking a part of a message for a link (3.11.6).
func Unlinked(s string) string {
	if !strings.Contains(s, "](") {
		return s
	}
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s)
}

// FileURI is a slash path as a relative URI: all but what RFC 3986 calls
// unreserved is percent-encoded.
func FileURI(name string) string {
	if strings.HasPrefix(name, "//") { // which would begin with a host
		name = "/" + strings.TrimLeft(name, "/")
	}
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// CWETag is a weakness of CWE, by its number, as code scanning services want it
// among a rule's tags.
func CWETag(n uint64) string { return fmt.Sprintf("external/cwe/cwe-%03d", n) }
