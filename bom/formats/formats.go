// Package formats is the list of formats that bills of materials are read from
// and written in.
//
//	bill, err := formats.Read(text) // whatever it is
//	f, err := formats.Parse("spdx-2.3")
//	out, losses, err := formats.Write(bill, f)
//
// The names, as --format and --to take them; without a version the default one:
//
//	cyclonedx, cyclonedx-1.2 ... cyclonedx-1.7    JSON; 1.6
//	cyclonedx-xml, cyclonedx-xml-1.2 ... -1.7     XML; 1.6
//	spdx, spdx-2.2, spdx-2.3, spdx-3.0.1          JSON, of 3.0.1 JSON-LD; 2.3
//	spdx-tag-value, spdx-tag-value-2.2, -2.3      tag-value; 2.3
//
// Promised: what a document says of itself decides how it is read, never its
// name. Not promised: YAML and RDF of SPDX, CycloneDX before 1.2 and its
// Protocol Buffers; they are refused by name where they can be told.
package formats

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/spdx"
	"nacre/fault"
)

// format is one line of the list.
type format struct {
	name     string // without the version
	in       string
	encoding string
	versions []string // the default first
}

var list = [...]format{
	{"cyclonedx", "CycloneDX", "json", []string{"1.6", "1.7", "1.5", "1.4", "1.3", "1.2"}},
	{"cyclonedx-xml", "CycloneDX", "xml", []string{"1.6", "1.7", "1.5", "1.4", "1.3", "1.2"}},
	{"spdx", "SPDX", "json", []string{"2.3", "2.2", "3.0.1"}},
	{"spdx-tag-value", "SPDX", "tag-value", []string{"2.3", "2.2"}},
}

const known = "use cyclonedx-1.2 to -1.7, cyclonedx-xml-1.2 to -1.7, spdx-2.2, -2.3 or -3.0.1, or spdx-tag-value-2.2 or -2.3"

// Names gives the names of all formats, with their versions, for the list that
// a person is shown.
func Names() []string {
	var names []string
	for _, f := range list {
		sorted := slices.Sorted(slices.Values(f.versions))
		for _, v := range sorted {
			names = append(names, f.name+"-"+v)
		}
	}
	return names
}

// Parse reads a format's name: "cyclonedx-1.6", "spdx", "spdx-tag-value".
func Parse(name string) (bom.Format, error) {
	lower := strings.ToLower(name)
	for _, f := range list {
		if lower == f.name {
			return bom.Format{Name: f.in, Version: f.versions[0], Encoding: f.encoding}, nil
		}
		if v, ok := strings.CutPrefix(lower, f.name+"-"); ok && slices.Contains(f.versions, v) {
			return bom.Format{Name: f.in, Version: v, Encoding: f.encoding}, nil
		}
	}
	return bom.Format{}, fault.New(fault.Invalid, "%s is no format of bills", fault.Quote(name)).
		WithHint(known)
}

// Read reads a bill of whatever format it is.
func Read(b []byte) (*bom.Bill, error) {
	if len(b) > bom.MaxSize {
		return nil, fault.New(fault.Invalid, "the file has more than %d bytes (limit: bill size)", bom.MaxSize).
			WithHint("a bill of materials is far smaller; check that it is the right file")
	}
	switch kind, hint := tell(b); kind {
	case "cyclonedx":
		return cyclonedx.Read(b)
	case "spdx":
		return spdx.Read(b)
	default:
		return nil, fault.New(fault.Invalid, "%s", kind).WithHint("%s", hint)
	}
}

// Is reports whether a file that begins so may be a bill of materials. Keys may
// stand in any order, so the more of the file, the better: 64 KiB are enough for
// what programs write.
func Is(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n")
	if bytes.HasPrefix(text, []byte("<")) {
		return bytes.Contains(text, []byte("cyclonedx.org/schema/bom"))
	}
	kind, _ := tell(head)
	return kind == "cyclonedx" || kind == "spdx"
}

const readable = "CycloneDX as JSON or XML, and SPDX as JSON, tag-value or JSON-LD are read"

// The keys that a JSON document tells its format by; the document is parsed by
// that format's reader.
var (
	cyclonedxKey = regexp.MustCompile(`"bomFormat"\s*:|"specVersion"\s*:\s*"1\.[0-9]+"`)
	spdxKey      = regexp.MustCompile(`"spdxVersion"\s*:|"SPDXID"\s*:|"@context"\s*:|"spdxId"\s*:`)
	tagLine      = regexp.MustCompile(`(?m)^SPDXVersion:`)
	yamlKey      = regexp.MustCompile(`(?m)^["']?(spdxVersion|SPDXID|bomFormat)["']?:`)
)

// tell gives the reader of a document, or what is wrong with it and a hint.
func tell(b []byte) (kind, hint string) {
	text := bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	switch {
	case len(text) == 0:
		return "the file is empty", readable
	case text[0] == '{':
		c, s := cyclonedxKey.FindIndex(text), spdxKey.FindIndex(text)
		switch {
		case c != nil && (s == nil || c[0] < s[0]):
			return "cyclonedx", ""
		case s != nil:
			return "spdx", ""
		}
		return "the file is JSON, but no bill of materials", "a bill has \"bomFormat\": \"CycloneDX\", \"spdxVersion\", or the \"@context\" of SPDX 3; " + readable
	case text[0] == '<':
		if bytes.Contains(text[:min(len(text), 4096)], []byte("spdx.org/rdf")) {
			return "SPDX as RDF is not read", readable
		}
		return "cyclonedx", ""
	case tagLine.Match(text):
		return "spdx", ""
	case yamlKey.Match(text):
		return "bills in YAML are not read", "convert it to JSON, which says the same; " + readable
	}
	return "the file is no bill of materials", readable
}

// Write writes a bill in a format, and lists what the format could not take
// over.
func Write(b *bom.Bill, f bom.Format) ([]byte, []bom.Loss, error) {
	switch {
	case f.Name == "CycloneDX" && f.Encoding == "xml":
		return cyclonedx.WriteXML(b, f.Version)
	case f.Name == "CycloneDX":
		return cyclonedx.Write(b, f.Version)
	case f.Name == "SPDX":
		return spdx.Write(b, f)
	}
	return nil, nil, fault.New(fault.Invalid, "%s is no format of bills", fault.Quote(f.String())).
		WithHint(known)
}
