package scan

import (
	"bytes"
	"encoding/json"
	"io"

	"nacre/terminal"
)

// Encoder writes a stream as JSON Lines. Characters that a terminal or an
// editor acts on are always escaped ([terminal.Inert]), so that a line can be
// looked at wherever it came from.
type Encoder struct {
	w   io.Writer
	buf bytes.Buffer
	enc *json.Encoder
}

// flushAt is how much is gathered before it is written, in bytes.
const flushAt = 32 << 10

// NewEncoder writes to w.
func NewEncoder(w io.Writer) *Encoder {
	e := &Encoder{w: terminal.Inert(w)}
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false)
	return e
}

// Handle writes one message.
func (e *Encoder) Handle(m Message) error {
	if err := e.enc.Encode(m); err != nil {
		return err
	}
	if e.buf.Len() < flushAt && m.Summary == nil {
		return nil
	}
	return e.Close()
}

// Close writes what is gathered.
func (e *Encoder) Close() error {
	if e.buf.Len() == 0 {
		return nil
	}
	_, err := e.w.Write(e.buf.Bytes())
	e.buf.Reset()
	return err
}
