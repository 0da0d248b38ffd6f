// Package single is one file that tells components, without the folder that it
// came from: a lock, a META, a bill of materials, a list that somebody posted or
// that came through a pipe.
//
//	switch kind := single.Kind(head, "cpanfile.snapshot"); kind {
//	case single.Bill, single.List: // all.ReadBill, all.ReadList
//	case "":                       // nothing that is known
//	default:
//		inv, err := all.Read(ctx, single.Folder(kind, text), all.Options{})
//	}
//
// The name is only compared with those of the files that are known, so that a
// name of somebody's choice never becomes one of a file. Where it says nothing, the
// first bytes do.
package single

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"nacre/bom/formats"
)

// Kinds that are no name of a project's file.
const (
	Bill = "bill" // a bill of materials
	List = "list" // lines of Dist==Version
)

// Sniffed is how many of the first bytes tell what a file is.
const Sniffed = 64 << 10

// ByteOrderMark is what editors of Windows begin a file with. It is dropped before
// Kind looks.
const ByteOrderMark = "\xef\xbb\xbf"

// Files that are told by their name, and by how they begin.
var (
	byName = []string{"cpanfile.snapshot", "cpanfile", "META.json", "META.yml", "MYMETA.json", "MYMETA.yml", "Makefile.PL", "Build.PL", "dist.ini", "minil.toml"}

	lockHead = []byte("# carton snapshot format")
	maker    = regexp.MustCompile(`(?m)^\s*(?:use\s+inc::Module::Install\b|WriteMakefile1?\s*\()`)
	builder  = regexp.MustCompile(`(?m)^\s*use\s+Module::Build\b`)
	pinned   = regexp.MustCompile(`(?m)^\s*[A-Za-z][\w-]*==`)
	required = regexp.MustCompile(`(?m)^\s*(requires|recommends|suggests|conflicts|on|feature|test_requires|build_requires|configure_requires)\b[ (]*['"]?\w`)
)

// Kind gives "bill", "list", or the name of the project file that the bytes
// are; "" for nothing that is known.
func Kind(head []byte, name string) string {
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case slices.Contains(byName, name):
		return name
	case formats.Is(head):
		return Bill
	case bytes.HasPrefix(text, lockHead):
		return "cpanfile.snapshot"
	case bytes.HasPrefix(text, []byte("{")) && bytes.Contains(text, []byte(`"meta-spec"`)):
		return "META.json"
	case bytes.HasPrefix(text, []byte("---")) && bytes.Contains(text, []byte("meta-spec:")):
		return "META.yml"
	case maker.Match(head):
		return "Makefile.PL"
	case builder.Match(head):
		return "Build.PL"
	case strings.HasSuffix(name, ".txt"), pinned.Match(head), len(text) == 0:
		return List
	case required.Match(head):
		return "cpanfile"
	}
	return ""
}
