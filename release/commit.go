package release

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/limit"
)

// commit finds the revision of a checkout, as its files for git say, or that
// which META names in an x_git key.
func (r *reader) commit() error {
	f := r.facts
	if m := f.Meta; m != nil {
		for _, c := range m.Custom {
			if !strings.HasPrefix(strings.ToLower(c.Key), "x_git") {
				continue
			}
			for _, value := range []string{c.Value.Str(), c.Value.Get("commit").Str(), c.Value.Get("sha").Str(), c.Value.Get("sha1").Str()} {
				if isHash(value) {
					f.Commit = Text{value, Meta, f.MetaFile, c.Line}
				}
			}
		}
	}
	head, ok := r.git(".git/HEAD")
	if !ok {
		return nil
	}
	if isHash(head) {
		f.Commit = Text{Value: head, Origin: Computed, File: ".git/HEAD"}
		return nil
	}
	ref, ok := strings.CutPrefix(head, "ref: ")
	if !ok || !strings.HasPrefix(ref, "refs/") || !fs.ValidPath(ref) {
		return nil
	}
	if id, ok := r.git(".git/" + ref); ok && isHash(id) {
		f.Commit = Text{Value: id, Origin: Computed, File: ".git/" + ref}
		return nil
	}
	packed, err := r.read1(".git/packed-refs", 64<<20)
	if err != nil {
		return nil
	}
	line := 0
	for row := range bytes.Lines(packed) {
		line++
		id, name, ok := strings.Cut(strings.TrimSpace(string(row)), " ")
		if ok && name == ref && isHash(id) {
			f.Commit = Text{id, Computed, ".git/packed-refs", line}
		}
	}
	return nil
}

// git reads a small file of git's; ok is false where there is none.
func (r *reader) git(name string) (text string, ok bool) {
	b, err := r.read1(name, 4<<10)
	return strings.TrimSpace(string(b)), err == nil
}

// read1 reads a plain file that a checkout may have.
func (r *reader) read1(name string, n int64) ([]byte, error) {
	info, err := fs.Stat(r.fsys, name)
	if err == nil && !info.Mode().IsRegular() {
		err = fault.New(fault.Invalid, "read %s: is not a plain file", name)
	}
	if err != nil {
		return nil, err
	}
	b, err := limit.ReadFile(r.fsys, name, n, "size of a file of git")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.note("%v", err)
	}
	return b, err
}

// isHash reports whether s is the name of a commit: 40 or 64 hex digits.
func isHash(s string) bool {
	return slices.Contains([]int{40, 64}, len(s)) && strings.Trim(s, "0123456789abcdef") == ""
}
