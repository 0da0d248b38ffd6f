package archive

import (
	"path"
	"strings"
	"unicode/utf8"

	"nacre/fault"
)

// entryName is a name as an archive has it, brought into the form of fs.FS
// without being taken apart by links.
type entryName struct {
	dir, base string // base is "" for the root
	absolute  bool
	mended    bool // it was no UTF-8
}

// parse checks a name.
func (u *unpacker) parse(name string) (entryName, error) {
	var e entryName
	if len(name) > u.limits.Name {
		return e, exceeded("name length", "entry %s: its name has %d bytes, more than %d", fault.Quote(name), len(name), u.limits.Name)
	}
	if strings.ContainsRune(name, 0) {
		return e, refuse("entry %s: has a NUL byte in its name", fault.Quote(name))
	}
	e.absolute = strings.HasPrefix(name, "/")
	clean := name
	if !utf8.ValidString(name) {
		clean, e.mended = strings.ToValidUTF8(name, "\ufffd"), true
	}
	depth := 0
	for part := range strings.SplitSeq(clean, "/") {
		switch part {
		case "", ".":
			continue
		case "..":
			return e, refuse("entry %s: leads out of the archive", fault.Quote(name))
		}
		if depth++; depth > u.limits.Depth {
			return e, exceeded("depth", "entry %s: its name has more than %d elements", fault.Quote(name), u.limits.Depth)
		}
	}
	if depth == 0 {
		return e, nil
	}
	clean = strings.TrimPrefix(path.Clean("/"+clean), "/")
	e.dir, e.base = path.Split(clean)
	return e, nil
}

// leadsOut reports whether a symbolic link in a folder says a path that is not
// below the root, by its text.
func leadsOut(dir, target string) bool {
	if strings.HasPrefix(target, "/") {
		return true
	}
	p := path.Join(dir, target)
	return p == ".." || strings.HasPrefix(p, "../")
}
