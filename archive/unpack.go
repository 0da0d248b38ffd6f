package archive

import (
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
		return gzip.NewReader(r)
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

// isTrailing reports whether an error is that of bytes behind a whole gzip
// stream, which are no further one.
func isTrailing(err error) bool { return errors.Is(err, gzip.ErrHeader) }
