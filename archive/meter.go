package archive

import (
	"context"
	"errors"
	"hash"
	"io"

	"nacre/fault"
)

// meter counts what is read through it, ends with its context, and remembers
// why it stopped: a decompressor above it may not pass the error on.
type meter struct {
	ctx   context.Context
	r     io.Reader
	n     int64
	sum   hash.Hash           // of what was read; nil for none
	check func(n int64) error // is asked after each read; nil for none
	raw   bool                // r is a file: its errors are not damage
	err   error               // the first error but io.EOF
}

func (m *meter) Read(p []byte) (int, error) {
	if m.err != nil {
		return 0, m.err
	}
	if m.err = m.ctx.Err(); m.err != nil {
		return 0, m.err
	}
	n, err := m.r.Read(p)
	m.n += int64(n)
	if m.sum != nil {
		m.sum.Write(p[:n])
	}
	if m.check != nil {
		if m.err = m.check(m.n); m.err != nil {
			return 0, m.err
		}
	}
	if err != nil && err != io.EOF {
		if m.raw {
			err = fault.Wrap(fault.KindOf(err), err, "read")
		}
		m.err = err
	}
	return n, err
}

// pos is how far the stream was read.
func (m *meter) pos() int64 { return m.n }

// cursor reads a part of a file that need not be read whole; archive/tar skips
// contents with Seek.
type cursor struct {
	ctx context.Context
	*io.SectionReader
}

func (c cursor) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.SectionReader.Read(p)
	if err != nil && err != io.EOF {
		err = fault.Wrap(fault.KindOf(err), err, "read")
	}
	return n, err
}

func (c cursor) pos() int64 {
	n, _ := c.Seek(0, io.SeekCurrent) // a SectionReader knows, and cannot fail
	return n
}

// unpacked makes the check of a meter over unpacked bytes: the ratio to those
// that packed has counted, and the total, to which it adds.
func (u *unpacker) unpacked(packed *meter) func(n int64) error {
	before := int64(0)
	return func(n int64) error {
		if err := u.spend(n - before); err != nil {
			return err
		}
		before = n
		return u.ratio(n, packed.n)
	}
}

// spend counts unpacked bytes.
func (u *unpacker) spend(n int64) error {
	if u.total += n; u.total > u.limits.Total || n < 0 {
		return exceeded("total size", "unpacks to more than %d bytes", u.limits.Total)
	}
	return nil
}

// ratio refuses what unpacks to a multiple that no text reaches.
func (u *unpacker) ratio(unpacked, packed int64) error {
	if unpacked > ratioFree && (unpacked-ratioFree)/int64(u.limits.Ratio) > packed {
		return exceeded("ratio", "unpacks to more than %d times its size", u.limits.Ratio)
	}
	return nil
}

// isTold reports whether an error says what is wrong itself: it is one of ours,
// or somebody asked to stop. Those of decoders are damage.
func isTold(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) || fault.KindOf(err) == fault.Canceled
}

// why turns an error of a decoder above meters into what is to be reported: why
// a meter stopped, where one did for a reason of its own, and damage else.
func why(err error, meters ...*meter) error {
	for _, m := range meters {
		if m.err != nil && isTold(m.err) {
			return m.err
		}
	}
	if isTold(err) {
		return err
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return damaged(err, "unpack")
}
