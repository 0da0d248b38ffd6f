package ospkg

import (
	"bufio"
	"errors"
	"io"
	"io/fs"

	"nacre/fault"
	"nacre/inventory"
	"nacre/limit"
)

// errTooMany is the limit of what a system may hold.
var errTooMany = fault.New(fault.Invalid, "more than %d packages, or %d modules (limit: packages)", maxPackages, maxModules)

// maxLine is more than any line has that matters; the dependencies of a package
// may be longer, and are not read.
const maxLine = 8 << 10

var tooLong = []byte(" ")

// lines gives the lines of a list with their numbers, without their ends. A
// line that is longer than maxLine is given as a blank: none that long matters.
func lines(r io.Reader, take func(n int, line []byte) error) error {
	in := bufio.NewReaderSize(limit.Reader(r, maxNames, "package database size"), maxLine)
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			line = tooLong
			_, err = in.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 && line[len(line)-1] == '\n' {
			line = line[:len(line)-1]
		}
		if len(line) > 0 || err == nil {
			if e := take(n, line); e != nil {
				return e
			}
		}
		if err != nil {
			return nil
		}
	}
}

// list reads a file into the buffer.
func (s *system) list(file string) ([]byte, error) {
	f, found, err := inventory.Open(s.fsys, file)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fs.ErrNotExist
	}
	return s.whole(f, file)
}

// open is list of what is known to be a plain file. There are as many lists as
// packages, and each look at one costs.
func (s *system) open(file string) ([]byte, error) {
	f, err := s.fsys.Open(file)
	if err != nil {
		return nil, err
	}
	return s.whole(f, file)
}

func (s *system) whole(f fs.File, file string) ([]byte, error) {
	defer f.Close()
	more, err := s.fill(f, 0, maxList+1)
	if more {
		return nil, fault.New(fault.Invalid, "read %s: larger than %d bytes (limit: package file list size)", file, maxList)
	}
	return s.buf, err
}

// fill reads into the buffer, behind the bytes that it has already, until it
// has size bytes; more tells whether that many are there.
func (s *system) fill(r io.Reader, have, size int) (more bool, err error) {
	s.buf = s.buf[:have]
	for len(s.buf) < size {
		if len(s.buf) == cap(s.buf) {
			s.buf = append(make([]byte, 0, max(64<<10, 2*cap(s.buf))), s.buf...)
		}
		n, err := r.Read(s.buf[len(s.buf):min(cap(s.buf), size)])
		s.buf = s.buf[:len(s.buf)+n]
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
