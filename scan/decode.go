package scan

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"nacre/advisory"
	"nacre/fault"
	"nacre/limit"
)

// Bounds on a recorded stream. A finding is some kilobytes; the largest scans
// have some ten thousand.
const (
	maxLine   = 4 << 20
	maxStream = 256 << 20
)

// Decode reads a recorded stream and hands it over, message by message. It
// checks the schema and the order, and that the stream is whole: one that
// ends without a summary is an error, after everything before it was handed
// over. Fields that it does not know are passed over, because later versions
// may add some; a message that it does not know is an error.
func Decode(r io.Reader, h Handler) error {
	br := bufio.NewReaderSize(limit.Reader(r, maxStream, "recorded scan"), 64<<10)
	d := decoder{h: h}
	for {
		line, err := d.line(br)
		if err != nil && !errors.Is(err, io.EOF) {
			return fault.Wrap(fault.KindOf(err), err, "recorded scan, line %d", d.n+1)
		}
		end := err != nil
		if d.n++; len(bytes.TrimSpace(line)) > 0 {
			if err := d.message(line); err != nil {
				return err
			}
		}
		if end {
			break
		}
	}
	switch d.place {
	case 0:
		return fault.New(fault.Invalid, "recorded scan: there is nothing in it").
			WithHint("record one with nacre scan --format json -o FILE")
	case placeSummary:
		return nil
	}
	return fault.New(fault.Invalid, "recorded scan: it ends after line %d without a summary", d.last).
		WithHint("the recording was cut off; record it again")
}

// decoder knows how far a stream has come.
type decoder struct {
	h     Handler
	n     int // lines read
	last  int // the last line with a message
	place int // of the last message, 0 before the first
}

// The places of messages in the stream.
const (
	placeConfig = iota + 1
	placeFinding
	placeFix
	placeNotice
	placeSummary
)

// line reads one line, at most maxLine bytes.
func (d *decoder) line(br *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := br.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			return nil, fault.New(fault.Invalid, "longer than %d bytes (limit: line of a recorded scan)", maxLine)
		}
		if err == nil && line == nil {
			return part, nil
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// message decodes one line.
func (d *decoder) message(line []byte) error {
	var m Message
	if err := json.Unmarshal(line, &m); err != nil {
		return d.fail("%v", err).WithHint("give a file that nacre scan --format json wrote")
	}
	place, fields := 0, 0
	for i, set := range [...]bool{m.Config != nil, m.Finding != nil, m.Fix != nil, m.Notice != nil, m.Summary != nil} {
		if set {
			place = i + 1
			fields++
		}
	}
	switch {
	case fields != 1:
		return d.fail("no message of %s", Schema).WithHint("give a file that nacre scan --format json wrote")
	case d.place == 0 && m.Config == nil:
		return d.fail("the first message is not the configuration").WithHint("give a file that nacre scan --format json wrote")
	case m.Config != nil && m.Config.Schema != Schema:
		return d.schema(m.Config.Schema)
	case place < d.place || place == d.place && (m.Config != nil || m.Summary != nil):
		return d.fail("a message that must come earlier")
	case m.Finding != nil && (m.Finding.Verdict.IsClean() || m.Finding.Advisory.ID == ""):
		return d.fail("a finding without a verdict or an advisory")
	case m.Finding != nil && m.Finding.Verdict > advisory.StatusAffected:
		return d.fail("a finding with an unknown verdict")
	}
	d.place, d.last = place, d.n
	return d.h.Handle(m)
}

func (d *decoder) fail(format string, args ...any) *fault.Error {
	e := fault.New(fault.Invalid, format, args...)
	return fault.Wrap(fault.Invalid, e, "recorded scan, line %d", d.n)
}

// schema is the error of a stream of another kind.
func (d *decoder) schema(s string) error {
	if strings.HasPrefix(s, "nacre.scan/") {
		return d.fail("schema %.40q is not %s", s, Schema).WithHint("it was recorded by a newer nacre; use that one to read it")
	}
	return d.fail("schema %.40q is not %s", s, Schema).WithHint("give a file that nacre scan --format json wrote")
}
