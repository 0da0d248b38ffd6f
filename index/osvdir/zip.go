package osvdir

import (
	"archive/zip"
	"bytes"
	"context"
	"io"

	"github.com/klauspost/compress/flate"

	"nacre/index"
)

// archive gives all records in one zip, each under its name, in order of ids,
// with the time of its change.
func archive(ctx context.Context, m *index.Model) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	deflate, err := flate.NewWriter(nil, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	// One entry is closed before the next is opened, so they take turns with it: to
	// make a compressor takes longer than a record takes to compress.
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		deflate.Reset(w)
		return deflate, nil
	})
	for _, a := range m.Advisories {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := encoded(m, a)
		if err != nil {
			return nil, err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: string(a.ID) + ".json", Method: zip.Deflate, Modified: a.Modified})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return b.Bytes(), err
}
