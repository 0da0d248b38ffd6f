package cpan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"nacre/fault"
	"nacre/limit"
)

// Bounds of the archive's index files, beside limit.Index for the whole.
const (
	maxLine        = 64 << 10 // bytes of one line
	maxHeaderLines = 100
	maxBadLines    = 1000 // a file with more of them is another kind of file
)

// Header is what stands above the entries of an index file, in order.
type Header []HeaderField

// HeaderField is one field of a Header; a value that goes over several lines
// has a blank where they were joined.
type HeaderField struct{ Name, Value string }

// Get gives the value of the first field of that name, or "".
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// LineError is the error of one line of an index file. The reading goes on
// after it; any other error is the last.
type LineError struct {
	Line int // counted from 1, header included
	Err  error
}

// Error gives "line 12: cause".
func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap gives the cause.
func (e *LineError) Unwrap() error { return e.Err }

// lines reads an index file line by line, unpacking it where its first bytes
// are those of gzip.
type lines struct {
	name string // of the file, for errors
	scan *bufio.Scanner
	n    int // lines read
	used bool
}

func newLines(r io.Reader, name string) (*lines, error) {
	plain, err := unpacked(r)
	if err != nil {
		return nil, readError(err, name)
	}
	scan := bufio.NewScanner(limit.Reader(plain, limit.Index, "index file size"))
	scan.Buffer(make([]byte, 0, maxLine), maxLine)
	return &lines{name: name, scan: scan}, nil
}

// openIndex reads the header of an index file, and stops before its entries.
func openIndex(r io.Reader, name string) (Header, *lines, error) {
	l, err := newLines(r, name)
	if err != nil {
		return nil, nil, err
	}
	h, err := l.header()
	return h, l, err
}

// unpacked gives r, unpacked where it is gzipped.
func unpacked(r io.Reader) (io.Reader, error) {
	br := bufio.NewReaderSize(r, 32<<10)
	if magic, _ := br.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return br, nil // an error of Peek comes back with the next read
	}
	return gzip.NewReader(br)
}

// next gives the next line without its end.
func (l *lines) next() (string, bool) {
	if !l.scan.Scan() {
		return "", false
	}
	l.n++
	return l.scan.Text(), true
}

// err gives what ended the lines, or nil at the end of the file.
func (l *lines) err() error {
	err := l.scan.Err()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, bufio.ErrTooLong):
		err = fault.New(fault.Invalid, "line %d: longer than %d bytes (limit: index line length)", l.n+1, maxLine)
	case isDamage(err):
		err = fmt.Errorf("after line %d: %w", l.n, err)
	}
	return readError(err, l.name)
}

const damagedHint = "the file is damaged or cut short; fetch it again"

// readError is the error of a file that could not be read to its end: of the
// file itself, or of whatever it is read from.
func readError(err error, name string) error {
	if isDamage(err) {
		return fault.Wrap(fault.Invalid, err, "read %s", name).WithHint(damagedHint)
	}
	return fault.Wrap(fault.KindOf(err), err, "read %s", name)
}

// isDamage says whether err is that of a gzip stream that is broken or cut.
func isDamage(err error) bool {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return true
	}
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt
}

// header reads the fields above the first empty line.
func (l *lines) header() (Header, error) {
	var h Header
	for {
		line, ok := l.next()
		if !ok {
			if err := l.err(); err != nil {
				return nil, err
			}
			return nil, l.noHeader("ends within its header")
		}
		if line == "" {
			if len(h) == 0 {
				return nil, l.noHeader("has no header")
			}
			return h, nil
		}
		if l.n > maxHeaderLines {
			return nil, l.noHeader(fmt.Sprintf("has more than %d header lines (limit: index header lines)", maxHeaderLines))
		}
		if (line[0] == ' ' || line[0] == '\t') && len(h) > 0 {
			h[len(h)-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") != "" || value != "" && value[0] != ' ' && value[0] != '\t' {
			return nil, l.noHeader("is no header line: " + fault.Quote(line))
		}
		h = append(h, HeaderField{Name: name, Value: strings.TrimSpace(value)})
	}
}

func (l *lines) noHeader(why string) error {
	return fault.New(fault.Invalid, "read %s: line %d: %s", l.name, l.n, why).
		WithHint("the file begins with lines like \"File: %s\", then an empty line; check that it is the right one", l.name)
}

// lineCount gives the number of entries that the header promises, or -1.
func lineCount(h Header) int {
	n, err := strconv.Atoi(h.Get("Line-Count"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// entries gives what parse makes of each line that is left; promised is the
// number of lines that there should be, or -1.
func entries[T any](l *lines, promised int, parse func(string) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if l.used {
			yield(none, fault.New(fault.Invalid, "read %s: its entries were read before", l.name))
			return
		}
		l.used = true
		count, bad := 0, 0
		for {
			line, ok := l.next()
			if !ok {
				break
			}
			if line == "" {
				continue
			}
			count++
			e, err := parse(line)
			if err != nil {
				if bad++; bad > maxBadLines {
					yield(none, fault.New(fault.Invalid, "read %s: more than %d lines cannot be read (limit: bad index lines)", l.name, maxBadLines).
						WithHint("check that the file is a %s", l.name))
					return
				}
				err = &LineError{Line: l.n, Err: err}
			}
			if !yield(e, err) {
				return
			}
		}
		if err := l.err(); err != nil {
			yield(none, err)
			return
		}
		if promised >= 0 && count != promised {
			yield(none, fault.New(fault.Invalid, "read %s: its header promises %d entries, and there are %d", l.name, promised, count).
				WithHint(damagedHint))
		}
	}
}
