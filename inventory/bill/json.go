package bill

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"nacre/fault"
	"nacre/limit"
)

// Bounds of a bill. The largest in use, of whole images with every file listed,
// have some 30 MB.
const (
	maxSize       = 64 << 20 // bytes
	maxComponents = 200_000  // of all ecosystems
	maxDepth      = 64       // components in components
	maxRelations  = 2_000_000
	maxNotices    = 20 // of one kind
)

const hintLarge = "the file is far larger than its kind ever is; check that it is the right one"

// document reads JSON from front to end, and knows the line. What is of no use
// is passed over and not kept.
type document struct {
	ctx context.Context
	in  lines
	dec *json.Decoder
	buf []byte
}

// lines counts line feeds. It reads in small pieces, so that few of them are
// ahead of the decoder.
type lines struct {
	r     io.Reader
	feeds int
}

const piece = 16 << 10

func (l *lines) Read(p []byte) (int, error) {
	n, err := l.r.Read(p[:min(len(p), piece)])
	l.feeds += bytes.Count(p[:n], []byte("\n"))
	return n, err
}

func newDocument(ctx context.Context, r io.Reader) *document {
	b := bufio.NewReaderSize(limit.Reader(r, maxSize, "bill size"), piece)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		b.Discard(3)
	}
	d := &document{ctx: ctx, in: lines{r: b}, buf: make([]byte, piece)}
	d.dec = json.NewDecoder(&d.in)
	return d
}

// line is the line where what was read last ends.
func (d *document) line() int {
	ahead := 0
	rest := d.dec.Buffered()
	for {
		n, err := rest.Read(d.buf)
		ahead += bytes.Count(d.buf[:n], []byte("\n"))
		if err != nil {
			return d.in.feeds - ahead + 1
		}
	}
}

// fail is an error at the current line.
func (d *document) fail(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	if err := d.ctx.Err(); err != nil {
		return err
	}
	if strings.Contains(err.Error(), "exceeded max depth") {
		return d.deep()
	}
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	if !errors.As(err, &syntax) && !errors.As(err, &typ) && err != io.ErrUnexpectedEOF {
		return err // the file cannot be read
	}
	return fault.Wrap(fault.Invalid, err, "line %d: no bill", d.line()).
		WithHint("check that the file is whole, and a CycloneDX or SPDX document")
}

func (d *document) deep() error {
	return fault.New(fault.Invalid, "line %d: nested too deep (limit: bill depth)", d.line()).WithHint(hintLarge)
}

// many is the error of a count that is above its limit.
func (d *document) many(n int, what string) error {
	return fault.New(fault.Invalid, "line %d: more than %d %s (limit: bill %s)", d.line(), n, what, what).WithHint(hintLarge)
}

// object reads an object, calling field for each key; what it returns false for
// is passed over. Where something else stands, that is passed over whole. The
// line where the object begins is put into line, unless that is nil.
func (d *document) object(line *int, field func(key string) (known bool, err error)) error {
	tok, err := d.dec.Token()
	if err != nil {
		return d.fail(err)
	}
	if tok != json.Delim('{') {
		return d.rest(tok)
	}
	if line != nil {
		*line = d.line()
	}
	for d.dec.More() {
		if err := d.ctx.Err(); err != nil {
			return err
		}
		key, err := d.dec.Token()
		if err != nil {
			return d.fail(err)
		}
		known, err := field(key.(string)) // the decoder lets nothing else stand there
		if err == nil && !known {
			err = d.skip()
		}
		if err != nil {
			return err
		}
	}
	_, err = d.dec.Token()
	if err != nil {
		return d.fail(err)
	}
	return nil
}

// list reads a list, calling item before each of its values, which item has to
// read. Where something else stands, that is passed over.
func (d *document) list(item func(i int) error) error {
	tok, err := d.dec.Token()
	if err != nil {
		return d.fail(err)
	}
	if tok != json.Delim('[') {
		return d.rest(tok)
	}
	for i := 0; d.dec.More(); i++ {
		if err := item(i); err != nil {
			return err
		}
	}
	if _, err = d.dec.Token(); err != nil {
		return d.fail(err)
	}
	return nil
}

// rest passes over the rest of a value whose first token was read.
func (d *document) rest(tok json.Token) error {
	if open, ok := tok.(json.Delim); !ok || open != '{' && open != '[' {
		return nil
	}
	for d.dec.More() {
		if tok == json.Delim('{') {
			if _, err := d.dec.Token(); err != nil { // the key
				return d.fail(err)
			}
		}
		if err := d.skip(); err != nil {
			return err
		}
	}
	if _, err := d.dec.Token(); err != nil {
		return d.fail(err)
	}
	return nil
}

// passed takes any value and keeps nothing.
type passed struct{}

func (passed) UnmarshalJSON([]byte) error { return nil }

func (d *document) skip() error {
	var nothing passed
	return d.value(&nothing)
}

// value reads a value.
func (d *document) value(v any) error {
	if err := d.dec.Decode(v); err != nil {
		return d.fail(err)
	}
	return nil
}

// text is a string; anything else is "".
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	if b[0] != '"' {
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}

// texts is a list of strings, or one.
type texts []text

func (t *texts) UnmarshalJSON(b []byte) error {
	*t = nil
	if b[0] == '[' {
		return json.Unmarshal(b, (*[]text)(t))
	}
	var one text
	if err := json.Unmarshal(b, &one); err != nil || one == "" {
		return err
	}
	*t = texts{one}
	return nil
}

// string reads a string.
func (d *document) string(to *string) error {
	var t text
	err := d.value(&t)
	*to = string(t)
	return err
}
