package jsondoc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"nacre/fault"
)

// Limits bound a document. Zero fields are the defaults.
type Limits struct {
	Depth  int // of objects and arrays in one another; 64
	Values int // 20,000,000
	// Name is what errors call the limits: "bill" gives "limit: bill depth".
	// "document" where it is empty.
	Name string
	// Unique refuses an object that has a key twice: readers disagree which of
	// the two counts.
	Unique bool
}

const (
	defaultDepth  = 64
	defaultValues = 20_000_000
)

// Parse reads one document, and nothing behind it but white space. A byte order
// mark in front is passed over. The size of b is the caller's to bound.
func Parse(b []byte, limits Limits) (*Node, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	limits.Depth = cmp.Or(limits.Depth, defaultDepth)
	limits.Values = cmp.Or(limits.Values, defaultValues)
	limits.Name = cmp.Or(limits.Name, "document")
	p := &parser{src: b, limits: limits, line: 1, dec: json.NewDecoder(bytes.NewReader(b))}
	p.dec.UseNumber() // the digits count: 1.10 is not 1.1
	tok, err := p.next()
	if err != nil {
		return nil, err
	}
	doc, err := p.value(tok, 0)
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "line %d: text after the end of the JSON document", p.lineNow())
	}
	return doc, nil
}

type parser struct {
	src    []byte
	dec    *json.Decoder
	limits Limits
	values int
	line   int   // of offset at
	at     int64 // how far line feeds were counted
}

// lineNow gives the line where the last token ended.
func (p *parser) lineNow() int {
	end := p.dec.InputOffset()
	p.line += bytes.Count(p.src[p.at:end], []byte("\n"))
	p.at = end
	return p.line
}

func (p *parser) next() (json.Token, error) {
	tok, err := p.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "line %d: no JSON", p.lineNow()).
			WithHint("check that the file is whole")
	}
	return tok, nil
}

// value reads the value that begins with tok.
func (p *parser) value(tok json.Token, depth int) (*Node, error) {
	n := &Node{Line: p.lineNow()}
	if depth > p.limits.Depth {
		return nil, fault.New(fault.Invalid, "line %d: nested deeper than %d (limit: %s depth)", n.Line, p.limits.Depth, p.limits.Name).
			WithHint("nothing of its kind goes so deep; check that it is the right file")
	}
	if p.values++; p.values > p.limits.Values {
		return nil, exceeded("line %d: more than %d values (limit: %s values)", n.Line, p.limits.Values, p.limits.Name)
	}
	switch v := tok.(type) {
	case string:
		n.Kind, n.Text = KindString, v
	case json.Number:
		n.Kind, n.Text = KindNumber, v.String()
	case bool:
		n.Kind, n.Text = KindBool, Bool(v).Text
	case json.Delim:
		if v == '{' {
			return n, p.object(n, depth)
		}
		return n, p.array(n, depth)
	}
	return n, nil
}

func (p *parser) array(n *Node, depth int) error {
	n.Kind = KindArray
	for {
		tok, err := p.next()
		if err != nil {
			return err
		}
		if tok == json.Delim(']') {
			return nil
		}
		item, err := p.value(tok, depth+1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
}

func (p *parser) object(n *Node, depth int) error {
	n.Kind = KindObject
	for {
		tok, err := p.next()
		if err != nil {
			return err
		}
		if tok == json.Delim('}') {
			break
		}
		m := Member{Key: tok.(string), Line: p.lineNow()} // the decoder lets nothing else stand there
		if tok, err = p.next(); err != nil {
			return err
		}
		if m.Value, err = p.value(tok, depth+1); err != nil {
			return err
		}
		n.Members = append(n.Members, m)
	}
	if p.limits.Unique {
		return unique(n)
	}
	return nil
}

// unique refuses an object that has a key twice.
func unique(n *Node) error {
	byKey := slices.Clone(n.Members)
	slices.SortFunc(byKey, func(a, b Member) int { return cmp.Compare(a.Key, b.Key) })
	for i := 1; i < len(byKey); i++ {
		if m := byKey[i]; m.Key == byKey[i-1].Key {
			return fault.New(fault.Invalid, "line %d: key %s: stands twice in one object", max(m.Line, byKey[i-1].Line), fault.Quote(m.Key)).
				WithHint("readers disagree which of the two counts; keep one")
		}
	}
	return nil
}
