package bill

import (
	"bytes"
	"context"
	"io"
	"strings"

	"nacre/fault"
	"nacre/inventory"
)

// Is reports whether a file that begins so may be a bill of materials in JSON.
// Keys may stand in any order, so the more of the file, the better: 64 KiB are
// enough for what programs write.
func Is(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if !bytes.HasPrefix(head, []byte("{")) {
		return false
	}
	for _, mark := range []string{`"bomFormat"`, `"spdxVersion"`, `"SPDXID"`, `spdx.org/rdf/3`} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// reader gathers what a bill says.
type reader struct {
	*document
	file  string
	inv   *inventory.Inventory
	start int // the first component that is this bill's

	format  string // "CycloneDX", "SPDX"
	version string // of the format
	name    string
	items   int // components, packages

	kept    map[key]int    // components of inv, by what they are
	refs    map[string]int // and by the references of the bill
	project map[string]bool
	edges   []relation
	seen    map[arc]bool

	others     map[string]int // by ecosystem
	nameless   []nameless     // without a package URL
	packages   int            // of operating systems
	incomplete int            // what the bill says it does not know whole
	unread     int            // package URLs that may be of CPAN
	at         map[string]int // lines of the first of these
}

// nameless is what has no package URL: a part of the project, as like as not.
type nameless struct {
	ref     string
	line    int
	library bool // the bill says so: it may be one of Perl
}

// relation says that one thing needs others, by the references of the bill.
type relation struct {
	from, to string
	scope    inventory.Scope
	scoped   bool // scope says something; else it is that of the component
	contains bool // it only holds them
	line     int
}

// arc is what makes two edges the same.
type arc struct {
	from, to int
	scope    inventory.Scope
}

// Read adds what a bill lists to inv. The file's name is for evidence and
// errors; an error names the line.
func Read(ctx context.Context, r io.Reader, file string, inv *inventory.Inventory) error {
	b := &reader{
		document: newDocument(ctx, r), file: file, inv: inv, start: len(inv.Components),
		kept: map[key]int{}, refs: map[string]int{}, project: map[string]bool{}, seen: map[arc]bool{},
		others: map[string]int{}, at: map[string]int{},
	}
	if err := b.read(); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "read %s", file)
	}
	return nil
}

func (b *reader) read() error {
	if err := b.object(nil, b.top); err != nil {
		return err
	}
	if _, err := b.dec.Token(); err != io.EOF {
		return fault.New(fault.Invalid, "line %d: text after the end of the JSON document", b.line()).WithHint("check that the file is whole")
	}
	if b.format == "" {
		return fault.New(fault.Invalid, "is no bill of materials: neither CycloneDX nor SPDX").
			WithHint("give a CycloneDX or an SPDX document in JSON")
	}
	b.link()
	b.notices()
	if b.inv.Name == "" {
		b.inv.Name = b.name
	}
	return nil
}

// top reads a field of the document itself. The formats share no name.
func (b *reader) top(field string) (bool, error) {
	switch field {
	case "bomFormat":
		return true, b.string(&b.format)
	case "specVersion":
		return true, b.string(&b.version)
	case "metadata":
		return true, b.object(nil, b.metadata)
	case "components":
		return true, b.components("components", 0)
	case "dependencies":
		return true, b.list(b.dependency)
	case "compositions":
		return true, b.list(b.composition)
	case "spdxVersion":
		b.format = "SPDX"
		err := b.string(&b.version)
		b.version = strings.TrimPrefix(b.version, "SPDX-")
		return true, err
	case "name":
		return true, b.string(&b.name)
	case "packages":
		return true, b.list(b.spdxPackage)
	case "documentDescribes":
		var roots texts
		err := b.value(&roots)
		for _, r := range roots {
			b.project[string(r)] = true
		}
		return true, err
	case "relationships":
		return true, b.list(b.relationship)
	case "@context":
		return true, b.context()
	case "@graph":
		return true, b.list(b.element)
	}
	return false, nil
}

// take counts a component of whatever ecosystem.
func (b *reader) take() error {
	if b.items++; b.items > maxComponents {
		return b.many(maxComponents, "components")
	}
	return b.ctx.Err()
}

func (b *reader) relate(r relation) error {
	if len(b.edges) == maxRelations {
		return b.many(maxRelations, "relations")
	}
	b.edges = append(b.edges, r)
	return nil
}

// first remembers the first line of something that is counted.
func (b *reader) first(what string, line int) {
	if b.at[what] == 0 {
		b.at[what] = line
	}
}
