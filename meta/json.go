package meta

import (
	"bytes"
	"encoding/json"
	"io"

	"nacre/fault"
	"nacre/limit"
)

// ReadJSON reads META.json or MYMETA.json: at most limit.Metadata bytes, to
// the end of r.
func ReadJSON(r io.Reader) (Meta, error) {
	b, err := limit.ReadAll(r, limit.Metadata, "metadata file size")
	if err != nil {
		return Meta{}, err
	}
	doc, err := parseJSON(b)
	if err != nil {
		return Meta{}, err
	}
	return readTree(doc)
}

// jsonReader turns JSON into nodes.
type jsonReader struct {
	src   []byte
	dec   *json.Decoder
	line  int   // of offset at
	at    int64 // how far line feeds were counted
	nodes budget
}

func parseJSON(b []byte) (*node, error) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	r := &jsonReader{src: b, dec: json.NewDecoder(bytes.NewReader(b)), line: 1}
	r.dec.UseNumber() // a version's text is what counts: 1.10 is not 1.1
	tok, err := r.next()
	if err != nil {
		return nil, err
	}
	doc, err := r.value(tok, 0)
	if err != nil {
		return nil, err
	}
	if _, err := r.dec.Token(); err != io.EOF {
		return nil, fault.New(fault.Invalid, "line %d: text after the end of the JSON document", r.lineNow())
	}
	return doc, nil
}

// lineNow gives the line where the last token ended.
func (r *jsonReader) lineNow() int {
	end := r.dec.InputOffset()
	r.line += bytes.Count(r.src[r.at:end], []byte("\n"))
	r.at = end
	return r.line
}

func (r *jsonReader) next() (json.Token, error) {
	tok, err := r.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "line %d: no JSON", r.lineNow()).
			WithHint("check that the file is whole")
	}
	return tok, nil
}

// value reads the value that begins with tok.
func (r *jsonReader) value(tok json.Token, depth int) (*node, error) {
	n := &node{line: r.lineNow()}
	if depth > maxDepth {
		return nil, errDeep(n.line)
	}
	if err := r.nodes.take(); err != nil {
		return nil, err
	}
	switch v := tok.(type) {
	case nil:
	case string:
		n.kind, n.text = textKind, v
	case json.Number:
		n.kind, n.text = textKind, v.String()
	case bool:
		n.kind, n.text = textKind, "false"
		if v {
			n.text = "true"
		}
	case json.Delim:
		return n, r.fill(n, v, depth)
	}
	return n, nil
}

// fill reads the rest of an array or object.
func (r *jsonReader) fill(n *node, open json.Delim, depth int) error {
	n.kind = listKind
	if open == '{' {
		n.kind = mapKind
	}
	for {
		tok, err := r.next()
		if err != nil {
			return err
		}
		if d, ok := tok.(json.Delim); ok && (d == ']' || d == '}') {
			return nil
		}
		p := pair{line: r.lineNow()}
		if n.kind == mapKind {
			p.key = tok.(string) // the decoder lets nothing else stand there
			if tok, err = r.next(); err != nil {
				return err
			}
		}
		if p.value, err = r.value(tok, depth+1); err != nil {
			return err
		}
		if n.kind == mapKind {
			n.pairs = append(n.pairs, p)
		} else {
			n.items = append(n.items, p.value)
		}
	}
}
