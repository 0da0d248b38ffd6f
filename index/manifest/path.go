package manifest

import (
	"strings"

	"nacre/fault"
)

// CheckPath says whether a path can be that of a file of an index: relative,
// with slashes, at most 1024 bytes and 255 in each part, out of ASCII's letters,
// digits and "-._~+@,=()!'", no part being "." or "..". Such a path is the same
// in a folder of every system, in an address, and in a bucket.
func CheckPath(s string) error {
	if s == "" || len(s) > 1024 {
		return fault.New(fault.Invalid, "path %.60q has %d bytes, not 1 to 1024", s, len(s))
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || part == "." || part == ".." || len(part) > 255 {
			return fault.New(fault.Invalid, "path %.200q has a part that names no file", s)
		}
	}
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case strings.IndexByte("/-._~+@,=()!'", c) >= 0:
		default:
			return fault.New(fault.Invalid, "path %.200q has %q in it", s, c)
		}
	}
	return nil
}
