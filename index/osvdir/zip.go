package osvdir

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"time"

	"github.com/klauspost/compress/flate"

	"nacre/advisory"
	"nacre/index"
)

// archive gives all records in one zip, each under its name, with the time of its
// change: those of advisories in order of ids, and then those of ids that lead
// elsewhere.
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
	add := func(id advisory.ID, modified time.Time, data []byte, err error) error {
		if err != nil {
			return err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: string(id) + ".json", Method: zip.Deflate, Modified: modified})
		if err != nil {
			return err
		}
		_, err = w.Write(data)
		return err
	}
	for _, a := range m.Advisories {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		data, err := encoded(m, a)
		if err := add(a.ID, a.Modified, data, err); err != nil {
			return nil, err
		}
	}
	for i := range m.Renamed {
		r := Renamed(m, &m.Renamed[i])
		data, err := r.Encode()
		if err := add(m.Renamed[i].ID, r.Modified, data, err); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return b.Bytes(), err
}
