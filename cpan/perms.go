package cpan

import (
	"io"
	"iter"
	"strings"

	"nacre/fault"
)

// Permission is what an author may do with a module's name on PAUSE, as the
// letter that 06perms.txt has for it.
type Permission byte

// The permissions that PAUSE gives.
const (
	ModuleList Permission = 'm' // registered in the old module list
	FirstCome  Permission = 'f' // the first who uploaded it, or to whom it was handed
	Admin      Permission = 'a' // may hand it on
	CoMaint    Permission = 'c' // may upload it
)

// Permissions reads 06perms.txt, the list of who may upload which module:
//
//	File:        06perms.txt
//	Columns:     package,userid,best-permission
//	Line-Count:  1
//
//	Foo::Bar,AUTHOR,f
type Permissions struct {
	Header Header
	lines  *lines
}

// PermissionEntry is one line of Permissions.
type PermissionEntry struct {
	Module     Module
	Author     Author
	Permission Permission
}

// ReadPermissions reads the header of a permission list, plain or gzipped, of
// at most limit.Index bytes unpacked.
func ReadPermissions(r io.Reader) (*Permissions, error) {
	h, l, err := openIndex(r, "06perms.txt")
	if err != nil {
		return nil, err
	}
	return &Permissions{Header: h, lines: l}, nil
}

// Entries gives the entries in the order of the file, once, with errors as in
// ModuleIndex.Entries.
func (p *Permissions) Entries() iter.Seq2[PermissionEntry, error] {
	return entries(p.lines, lineCount(p.Header), parsePermission)
}

func parsePermission(line string) (PermissionEntry, error) {
	name, rest, _ := strings.Cut(line, ",")
	id, letter, ok := strings.Cut(rest, ",")
	if !ok {
		return PermissionEntry{}, fault.New(fault.Invalid, "is not module,author,permission: %s", fault.Quote(line))
	}
	m, err := ParseModule(name)
	if err != nil {
		return PermissionEntry{}, err
	}
	a, err := ParseAuthor(id)
	if err != nil {
		return PermissionEntry{}, err
	}
	switch letter {
	case "m", "f", "a", "c":
		return PermissionEntry{Module: m, Author: a, Permission: Permission(letter[0])}, nil
	}
	return PermissionEntry{}, fault.New(fault.Invalid, "permission %s: is none of m, f, a, c", fault.Quote(letter))
}
