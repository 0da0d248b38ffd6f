package cpan

import (
	"errors"
	"io"
	"iter"
	"strings"

	"nacre/fault"
)

// ModuleIndex reads 02packages.details.txt, the list of every module that is
// indexed and the release that holds its latest version:
//
//	File:         02packages.details.txt
//	Columns:      package name, version, path
//	Line-Count:   2
//
//	Foo::Bar        1.23   A/AU/AUTHOR/Foo-Bar-1.23.tar.gz
//	Foo::Bar::Baz   undef  A/AU/AUTHOR/Foo-Bar-1.23.tar.gz
//
// Developer releases, and modules that were deleted or renamed, are not in it.
type ModuleIndex struct {
	Header Header
	lines  *lines
}

// PackageEntry is one line of the module index.
type PackageEntry struct {
	Module  Module
	Version string // the module's own, as spelled; "" where the index says undef
	Path    string // below authors/id
}

// Release reads the entry's path. It costs more than reading the line, so a
// caller that wants few entries asks for few releases.
func (e PackageEntry) Release() Release { return ParsePath(e.Path) }

// ReadModuleIndex reads the header of a module index, plain or gzipped, of at
// most limit.Index bytes unpacked.
func ReadModuleIndex(r io.Reader) (*ModuleIndex, error) {
	h, l, err := openIndex(r, "02packages.details.txt")
	if err != nil {
		return nil, err
	}
	return &ModuleIndex{Header: h, lines: l}, nil
}

// Entries gives the entries in the order of the file, once. A line that cannot
// be read gives a *LineError and the reading goes on; any other error is the
// last, and one of those says that the header promised another number of lines.
func (x *ModuleIndex) Entries() iter.Seq2[PackageEntry, error] {
	return entries(x.lines, lineCount(x.Header), parsePackage)
}

// Owners reads all entries into a map from module to distribution. Modules of
// files that are no archives are left out. What could not be read is in
// skipped, line by line; err is an error that ended the reading.
func (x *ModuleIndex) Owners() (owners *Owners, skipped []*LineError, err error) {
	owners = NewOwners()
	path, dist := "", Dist("") // modules of one release often stand together
	for e, err := range x.Entries() {
		if line, ok := errors.AsType[*LineError](err); ok {
			skipped = append(skipped, line)
			continue
		}
		if err != nil {
			return nil, skipped, err
		}
		if e.Path != path {
			path, dist = e.Path, e.Release().Dist
		}
		if dist != "" {
			owners.Add(e.Module, dist)
		}
	}
	return owners, skipped, nil
}

func parsePackage(line string) (PackageEntry, error) {
	name, rest := cutField(line)
	version, rest := cutField(rest)
	path, rest := cutField(rest)
	if path == "" || rest != "" {
		return PackageEntry{}, fault.New(fault.Invalid, "is not module, version and path: %s", fault.Quote(line))
	}
	m, err := ParseModule(name)
	if err != nil {
		return PackageEntry{}, err
	}
	if !safePath(path) {
		return PackageEntry{}, fault.New(fault.Invalid, "path %s: is not one below authors/id", fault.Quote(path))
	}
	if version == "undef" {
		version = ""
	}
	return PackageEntry{Module: m, Version: version, Path: path}, nil
}

// cutField cuts the first field off s, and the blanks that follow it.
func cutField(s string) (field, rest string) {
	i := 0
	for i < len(s) && s[i] != ' ' && s[i] != '\t' {
		i++
	}
	field = s[:i]
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return field, s[i:]
}

// safePath says whether path names something, and stays below the folder that it is joined to.
func safePath(path string) bool {
	if path == "" || path[0] == '/' {
		return false
	}
	for i := range len(path) {
		if c := path[i]; c < ' ' || c == 0x7f || c == '\\' {
			return false
		}
	}
	if !strings.Contains(path, "..") {
		return true
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == ".." {
			return false
		}
	}
	return true
}
