package scan

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"
)

// Encoder writes a stream as JSON Lines. Characters that a terminal or an
// editor acts on (controls, and those that turn the writing direction) are
// always escaped, so that a line can be looked at wherever it came from.
type Encoder struct {
	w   io.Writer
	buf bytes.Buffer
	enc *json.Encoder
}

// flushAt is how much is gathered before it is written, in bytes.
const flushAt = 32 << 10

// NewEncoder writes to w.
func NewEncoder(w io.Writer) *Encoder {
	e := &Encoder{w: w}
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
	_, err := e.w.Write(escape(e.buf.Bytes()))
	e.buf.Reset()
	return err
}

const hex = "0123456789abcdef"

// escape writes the characters that act on a terminal as \uXXXX. In JSON they
// stand inside of strings only; those below U+0020 are escaped already.
func escape(line []byte) []byte {
	var out []byte
	kept := 0
	for i := 0; i < len(line); {
		if line[i] < 0x7f {
			i++
			continue
		}
		c, n := utf8.DecodeRune(line[i:])
		if c == 0x7f || 0x80 <= c && c <= 0x9f || 0x200e <= c && c <= 0x200f || 0x2028 <= c && c <= 0x202e ||
			0x2066 <= c && c <= 0x2069 || c == 0x061c || c == 0xfeff {
			out = append(out, line[kept:i]...)
			out = append(out, '\\', 'u', hex[c>>12&15], hex[c>>8&15], hex[c>>4&15], hex[c&15])
			kept = i + n
		}
		i += n
	}
	if kept == 0 {
		return line
	}
	return append(out, line[kept:]...)
}
