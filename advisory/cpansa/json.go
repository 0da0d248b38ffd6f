package cpansa

import (
	"encoding/json"
	"io"

	"nacre/fault"
)

// decoder reads JSON as a tree of texts, a value at a time.
type decoder struct {
	dec *json.Decoder
	b   budget
}

func newDecoder(r io.Reader) *decoder {
	d := &decoder{dec: json.NewDecoder(r)}
	d.dec.UseNumber() // 1.10 stays 1.10
	return d
}

// token reads one token; the end of the document is an error.
func (d *decoder) token() (json.Token, error) {
	t, err := d.dec.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read JSON at byte %d", d.dec.InputOffset())
	}
	return t, nil
}

// value reads the value that begins with the next token.
func (d *decoder) value(depth int) (value, error) {
	t, err := d.token()
	if err != nil {
		return value{}, err
	}
	return d.from(t, depth)
}

func (d *decoder) from(t json.Token, depth int) (value, error) {
	text := ""
	switch t := t.(type) {
	case string:
		text = t
	case json.Number:
		text = t.String()
	case bool:
		if text = "false"; t {
			text = "true"
		}
	}
	if err := d.b.spend(depth, text); err != nil {
		return value{}, fault.Wrap(fault.Invalid, err, "byte %d", d.dec.InputOffset())
	}
	switch t {
	case nil:
		return value{kind: null}, nil
	case json.Delim('['):
		v := value{kind: list}
		for d.dec.More() {
			e, err := d.value(depth + 1)
			if err != nil {
				return value{}, err
			}
			v.list = append(v.list, e)
		}
		_, err := d.token()
		return v, err
	case json.Delim('{'):
		v := value{kind: mapping}
		err := d.each(depth, func(key string) error {
			e, err := d.value(depth + 1)
			if err != nil {
				return err
			}
			// each has seen to it that the key stands once.
			v.keys, v.vals = append(v.keys, key), append(v.vals, e)
			return nil
		})
		return v, err
	}
	return value{kind: scalar, text: text}, nil
}

// each calls f for each key of the map whose opening brace was read; f reads
// the value.
func (d *decoder) each(depth int, f func(key string) error) error {
	seen := map[string]bool{}
	for d.dec.More() {
		t, err := d.token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return fault.New(fault.Invalid, "read JSON at byte %d: a key is expected", d.dec.InputOffset())
		}
		if err := d.b.spend(depth, key); err != nil {
			return err
		}
		if seen[key] {
			return fault.New(fault.Invalid, "read JSON at byte %d: key %.60q stands twice", d.dec.InputOffset(), key)
		}
		seen[key] = true
		if err := f(key); err != nil {
			return err
		}
	}
	_, err := d.token()
	return err
}

// open reads the opening brace of a map.
func (d *decoder) open(what string) error {
	t, err := d.token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return fault.New(fault.Invalid, "%s is not a map", what)
	}
	return nil
}
