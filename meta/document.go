package meta

import (
	"bytes"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"nacre/fault"
	"nacre/jsondoc"
	"nacre/limit"
)

// Document is one META or MYMETA file as it is: every key in its place, every
// number in its digits.
type Document struct {
	Tree *jsondoc.Node // an object
	// Refused is why CPAN::Meta's own readers do not take the text; nil where
	// they do. It was read all the same.
	Refused error
	// Warnings say what was read with a doubt.
	Warnings []string
}

// maxLevels is how deep the lists and maps of a document may be in one
// another: what JSON::PP takes, and eight times what ReadJSON asks for.
const maxLevels = 512

// ReadDocument reads one file, at most limit.Metadata bytes to the end of r.
// The name's ending says what it is: .json, .yml, .yaml; of any other the text
// does.
func ReadDocument(name string, r io.Reader) (*Document, error) {
	b, err := limit.ReadAll(r, limit.Metadata, "metadata file size")
	if err != nil {
		return nil, err
	}
	return ParseDocument(name, b)
}

// ParseDocument is ReadDocument of bytes, which the caller bounds.
func ParseDocument(name string, b []byte) (*Document, error) {
	d := &Document{}
	var err error
	if isJSON(name, b) {
		err = d.readJSON(b)
	} else {
		err = d.readYAML(b)
	}
	switch {
	case err != nil:
		return nil, err
	case !isTrue(d.Tree): // as CPAN::Meta has it, nothing is an empty map
		d.Tree = jsondoc.Object()
		d.warn("the file holds nothing")
	case !d.Tree.Is(jsondoc.KindObject):
		return nil, fault.New(fault.Invalid, "line %d: is %s, not a map of keys and values", d.Tree.Line, shape(d.Tree)).
			WithHint("check that the file is distribution metadata")
	}
	return d, nil
}

// NewDocument makes a document of a tree, which it keeps; what is no object is
// an error.
func NewDocument(tree *jsondoc.Node) (*Document, error) {
	if !tree.Is(jsondoc.KindObject) {
		return nil, fault.New(fault.Invalid, "metadata is %s, not a map of keys and values", shape(tree))
	}
	return &Document{Tree: tree}, nil
}

func (d *Document) warn(text string) { d.Warnings = append(d.Warnings, text) }

// isJSON tells the two formats apart as Parse::CPAN::Meta does.
func isJSON(name string, b []byte) bool {
	switch path.Ext(name) {
	case ".json":
		return true
	case ".yml", ".yaml":
		return false
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	return !bytes.HasPrefix(b, []byte("---")) && bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n\f\v"), []byte("{"))
}

// notUTF8 is what is said of text in another encoding.
const notUTF8 = "the file is not UTF-8; what is not was replaced"

func (d *Document) readJSON(b []byte) (err error) {
	switch {
	case !utf8.Valid(b):
		d.warn(notUTF8)
		d.Refused = fault.New(fault.Invalid, "the file is not UTF-8").WithHint("save it as UTF-8")
	case bytes.HasPrefix(b, []byte("\ufeff")):
		d.Refused = fault.New(fault.Invalid, "line 1: a byte order mark stands before the JSON").WithHint("save the file without it")
	case hasHalf(b):
		d.Refused = fault.New(fault.Invalid, "an escape \\u stands for half a character").WithHint("write the character itself")
	}
	d.Tree, err = jsondoc.Parse(b, jsondoc.Limits{Depth: maxLevels, Values: maxValues, Name: "metadata"})
	return err
}

// hasHalf says that JSON text has an escape of half a character without the
// other half.
func hasHalf(b []byte) bool {
	s := string(b)
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 >= len(s) {
			return false
		}
		kind, rest := s[i+1], s[i+2:]
		if kind == 'u' && len(rest) >= 4 {
			switch half := strings.ToLower(rest[:2]); {
			case half >= "d8" && half <= "db":
				if !strings.HasPrefix(rest[4:], `\u`) || len(rest) < 10 {
					return true
				}
				if low := strings.ToLower(rest[6:8]); low < "dc" || low > "df" {
					return true
				}
				rest = rest[10:]
			case half >= "dc" && half <= "df":
				return true
			}
		}
		s = rest
	}
}

// readYAML reads the text as CPAN::Meta::YAML does, and where that does not
// take it, as YAML.
func (d *Document) readYAML(b []byte) error {
	if !utf8.Valid(b) {
		d.warn(notUTF8)
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	if d.Tree, d.Refused = parseTinyYAML(b); d.Refused == nil {
		return nil
	}
	var err error
	if d.Tree, err = parseYAML(b); err != nil { // the first reader's reason is the plainer one
		return fault.Wrap(fault.Invalid, d.Refused, "no YAML that can be read").WithHint("%s", fault.HintOf(d.Refused))
	}
	return nil
}
