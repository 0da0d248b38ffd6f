package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
)

// Format is what a file is.
type Format uint8

// The formats.
const (
	Unknown Format = iota
	Tar
	TarGzip
	TarBzip2
	TarXz
	TarZstd
	Zip
	DockerImage // what docker save writes: manifest.json
	OCILayout   // oci-layout, index.json and blobs
)

// String gives the format's name, as in "tar.gz".
func (f Format) String() string {
	if int(f) < len(formatNames) {
		return formatNames[f]
	}
	return formatNames[Unknown]
}

var formatNames = [...]string{
	Unknown: "unknown", Tar: "tar", TarGzip: "tar.gz", TarBzip2: "tar.bz2", TarXz: "tar.xz", TarZstd: "tar.zst",
	Zip: "zip", DockerImage: "docker image", OCILayout: "OCI layout",
}

// packing is how a stream is packed.
type packing uint8

const (
	plain packing = iota
	gzipped
	bzipped
	xzipped
	zstandard
)

// tars says which format a tar of each packing is, and which endings its names
// have.
var tars = [...]struct {
	format Format
	magic  string
	ends   []string
}{
	plain:     {Tar, "", []string{".tar"}},
	gzipped:   {TarGzip, "\x1f\x8b\x08", []string{".tar.gz", ".tgz"}},
	bzipped:   {TarBzip2, "BZh", []string{".tar.bz2", ".tbz", ".tbz2"}},
	xzipped:   {TarXz, "\xfd7zXZ\x00", []string{".tar.xz", ".txz"}},
	zstandard: {TarZstd, "\x28\xb5\x2f\xfd", []string{".tar.zst", ".tzst"}},
}

// packingOf tells how a stream that begins with head is packed.
func packingOf(head []byte) packing {
	for p, t := range tars {
		if t.magic != "" && bytes.HasPrefix(head, []byte(t.magic)) {
			return packing(p)
		}
	}
	return plain
}

// headSize is how much of a file's beginning tells best what it is.
const headSize = 64 << 10

// Detect tells a file's format from its first bytes, and from its name where
// they leave it open. 64 KiB are enough but for bzip2 and zstd, whose first block
// may be longer: what is packed by them is taken for a tar then. A tar that holds
// an image is a tar here: only reading it tells, see [FS.Format].
func Detect(head []byte, name string) Format {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")) {
		return Zip
	}
	if isTar(head) {
		return Tar
	}
	name = strings.ToLower(name)
	p := packingOf(head)
	if p == plain {
		if strings.HasSuffix(name, ".zip") {
			return Zip // what unpacks itself begins with a program
		}
		if strings.HasSuffix(name, ".tar") {
			return Tar
		}
		return Unknown
	}
	for _, end := range tars[p].ends {
		if strings.HasSuffix(name, end) {
			return tars[p].format
		}
	}
	block := make([]byte, 512)
	r, err := unpack(context.Background(), p, bytes.NewReader(head))
	if err == nil {
		_, err = io.ReadFull(r, block)
		r.Close()
	}
	cut := errors.Is(err, io.ErrUnexpectedEOF) && len(head) >= headSize
	if cut || err == nil && isTar(block) {
		return tars[p].format
	}
	return Unknown
}

// isTar reports whether b begins with a tar's header: one with a right
// checksum, because the format of 1979 has no other mark. An empty tar is two
// blocks of zeros.
func isTar(b []byte) bool {
	if len(b) < 512 {
		return false
	}
	b = b[:512]
	sum, zero := 0, true
	for i, c := range b {
		zero = zero && c == 0
		if i >= 148 && i < 156 {
			c = ' '
		}
		sum += int(c)
	}
	if zero {
		return true
	}
	stated, digits := 0, 0
	for _, c := range bytes.Trim(b[148:156], " \x00") {
		if c < '0' || c > '7' {
			return false
		}
		stated, digits = stated*8+int(c-'0'), digits+1
	}
	return digits > 0 && stated == sum
}
