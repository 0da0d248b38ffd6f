package archive

import (
	"io"

	"nacre/fault"
)

// Spool is where unpacked contents go: a temporary file, as a rule, that is
// empty, belongs to one archive, and lives as long as the archive is read from.
// It is written from offset 0 on, each byte once.
type Spool interface {
	io.ReaderAt
	io.WriterAt
}

// memory is the spool of who gives none.
type memory struct{ b []byte }

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if int64(len(m.b)) != off || off+int64(len(p)) > maxMemory {
		return 0, exceeded("kept contents", "unpacks to more than %d bytes that are to be kept in memory", int64(maxMemory))
	}
	m.b = append(m.b, p...)
	return len(p), nil
}

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(m.b)) {
		return 0, io.EOF
	}
	n := copy(p, m.b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// store copies size bytes of r to the spool and gives their offset.
func (u *unpacker) store(r io.Reader, size int64) (int64, error) {
	off := u.spooled
	w := &spoolWriter{spool: u.spool, off: off}
	if u.buf == nil {
		u.buf = make([]byte, 128<<10)
	}
	n, err := io.CopyBuffer(w, io.LimitReader(r, size), u.buf)
	u.spooled += n
	switch {
	case w.err != nil:
		return 0, w.err
	case err != nil:
		return 0, err
	case n < size:
		return 0, io.ErrUnexpectedEOF
	}
	return off, nil
}

// spoolWriter appends to a spool and remembers why it could not.
type spoolWriter struct {
	spool Spool
	off   int64
	err   error
}

func (w *spoolWriter) Write(p []byte) (int, error) {
	n, err := w.spool.WriteAt(p, w.off)
	w.off += int64(n)
	if err != nil {
		if w.err = err; !isTold(err) {
			w.err = fault.Wrap(fault.KindOf(err), err, "keep unpacked contents").
				WithHint("it takes room for what is unpacked; TMPDIR names the folder for that")
		}
	}
	return n, err
}
