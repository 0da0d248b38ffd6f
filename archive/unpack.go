package archive

import (
	"bufio"
	"compress/bzip2"
	"context"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// unpack gives what a packed stream holds. Its errors are those of the
// decoders, but for limits, which are named.
func unpack(ctx context.Context, p packing, r io.Reader) (io.ReadCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch p {
	case gzipped:
		return newGzip(r)
	case bzipped:
		return io.NopCloser(bzip2.NewReader(r)), nil
	case xzipped:
		return io.NopCloser(newXZ(r)), nil
	case zstandard:
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return zstdReader{d}, nil
	}
	return io.NopCloser(r), nil
}

// zstdReader names the limit of windows.
type zstdReader struct{ d *zstd.Decoder }

func (z zstdReader) Read(p []byte) (int, error) {
	n, err := z.d.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) {
		err = exceeded("zstd window", "needs a window of more than %d bytes", maxWindow)
	}
	return n, err
}

func (z zstdReader) Close() error {
	z.d.Close()
	return nil
}

// gzipReader reads gzip streams one after the other. It looks for itself where
// the next one begins: the library cannot tell a few bytes behind the last one
// from one that is cut short.
//
// Source: RFC 1952, section 2.2.
type gzipReader struct {
	*gzip.Reader
	in *bufio.Reader
}

func newGzip(r io.Reader) (*gzipReader, error) {
	in := bufio.NewReader(r)
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	z.Multistream(false)
	return &gzipReader{z, in}, nil
}

func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.Reader.Read(p)
		if err != io.EOF || n > 0 {
			if err == io.EOF {
				err = nil // and again at the next call
			}
			return n, err
		}
		magic, err := g.in.Peek(2)
		switch {
		case len(magic) == 0, err != nil && err != io.EOF:
			return 0, err
		case string(magic) != "\x1f\x8b":
			return 0, errTrailing
		}
		if err := g.Reset(g.in); err != nil {
			return 0, err
		}
		g.Multistream(false)
	}
}

// errTrailing is the error of bytes behind a whole gzip stream, which are no
// further one.
var errTrailing = errors.New("bytes follow the end of the packed data")
