package cyclonedx

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"nacre/fault"
)

// element is one element of a document.
type element struct {
	name       xml.Name
	attributes []xml.Attr // without those that declare namespaces
	text       string     // all of its own, where nothing but white space stands between elements
	elements   []*element
	content    []any // texts and elements in turn, where texts stand between elements
	line       int
}

// parseElements reads a document of XML with at most most elements and attributes.
// Comments and processing instructions
// are passed over; a document type is refused, since it can define entities.
func parseElements(b []byte, most int) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(b))
	var stack []*element
	var root *element
	count := 0
	for {
		tok, err := d.Token()
		if err == io.EOF && root != nil && len(stack) == 0 {
			return root, nil
		}
		line, _ := d.InputPos()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, fault.Wrap(fault.Invalid, err, "line %d: no XML", line).WithHint("check that the file is whole, and in UTF-8")
		}
		switch t := tok.(type) {
		case xml.Directive:
			return nil, fault.New(fault.Invalid, "line %d: a document type is not read", line).
				WithHint("take the line that begins with <! away; a bill needs none")
		case xml.StartElement:
			if count += 1 + len(t.Attr); count > most {
				return nil, exceeded("line %d: more than %d elements (limit: bill values)", line, most)
			}
			if len(stack) > limits.Depth {
				return nil, exceeded("line %d: nested deeper than %d (limit: bill depth)", line, limits.Depth)
			}
			e := &element{name: t.Name, line: line}
			seen := make(map[xml.Name]bool, len(t.Attr))
			for _, a := range t.Attr {
				if seen[a.Name] {
					return nil, fault.New(fault.Invalid, "line %d: attribute %s: stands twice in one element", line, fault.Quote(a.Name.Local)).
						WithHint("readers disagree which of the two counts; keep one")
				}
				seen[a.Name] = true
				if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
					e.attributes = append(e.attributes, a)
				}
			}
			if len(stack) > 0 {
				in := stack[len(stack)-1]
				in.elements = append(in.elements, e)
				in.content = append(in.content, e)
			} else if root != nil {
				return nil, fault.New(fault.Invalid, "line %d: a second document in the file", line)
			} else {
				root = e
			}
			stack = append(stack, e)
		case xml.CharData:
			if len(stack) > 0 {
				in := stack[len(stack)-1]
				in.content = append(in.content, string(t))
			}
		case xml.EndElement:
			stack[len(stack)-1].close()
			stack = stack[:len(stack)-1]
		}
	}
}

// close sorts out the texts of an element.
func (e *element) close() {
	var b strings.Builder
	for _, c := range e.content {
		if s, ok := c.(string); ok {
			b.WriteString(s)
		}
	}
	if len(e.elements) == 0 {
		e.text = b.String()
		e.content = nil
	} else if strings.TrimSpace(b.String()) == "" {
		e.content = nil
	}
}

// trimmed gives the text without the line feeds that a writer put around it.
func (e *element) trimmed() string {
	s := e.text
	body := strings.TrimLeft(s, " \t\r\n")
	before := s[:len(s)-len(body)]
	inner := strings.TrimRight(body, " \t\r\n")
	if strings.Contains(before, "\n") && (inner == "" || strings.Contains(body[len(inner):], "\n")) {
		return inner
	}
	return s
}

const xmlSpace = "http://cyclonedx.org/schema/bom/"

// xmlVersion gives the version that the root's namespace names.
func xmlVersion(root *element) (string, error) {
	version, ok := strings.CutPrefix(root.name.Space, xmlSpace)
	if !ok || root.name.Local != "bom" {
		return "", fault.New(fault.Invalid, "no CycloneDX document: its root is %s of %s", fault.Quote(root.name.Local), fault.Quote(root.name.Space)).
			WithHint("a bill in CycloneDX XML begins with <bom xmlns=\"%s1.6\">", xmlSpace)
	}
	return version, known(version)
}
