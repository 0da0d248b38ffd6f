package advisory

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"strings"

	"nacre/fault"
	"nacre/limit"
)

// maxDocuments is the most records of a folder; the whole CVE list has some
// 330,000.
const maxDocuments = 500_000

// Documents are the records of a format that keeps each in a JSON document of
// its own.
type Documents struct {
	Source Source // of the whole; errors use its name
	Max    int64  // bytes of one record
	Hint   string // what to do where there are none
	Keep   bool   // keep the documents of records in Item.Document
	// Parse makes a record of a document. It sets the item's Native and adds
	// its doubts, also where it returns an error.
	Parse func(data []byte, item *Item) (*Record, error)
}

// ReadFS reads every .json file below fsys as one record; Where is its path.
// A file that cannot be read as one is a refused item, and so is a .json.gz. The batch's time is the
// day on which the newest record was modified. An error is returned where there
// is no such file, or fsys cannot be read.
func (d *Documents) ReadFS(fsys fs.FS) (Batch, error) {
	b := Batch{Source: d.Source}
	err := fs.WalkDir(fsys, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		packed := strings.HasSuffix(file, ".json.gz")
		if e.IsDir() || path.Ext(file) != ".json" && !packed {
			return nil
		}
		if len(b.Items) >= maxDocuments {
			return fault.New(fault.Invalid, "more than %d records (limit: records)", maxDocuments)
		}
		if packed {
			b.Items = append(b.Items, Item{Where: file, Refused: fault.New(fault.Invalid, "read %s: is packed", file).
				WithHint("unpack it with gzip -d")})
			return nil
		}
		f, err := fsys.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		item, err := d.read(f, file)
		b.Items = append(b.Items, item)
		if item.Record != nil && item.Record.Modified.Time().After(b.Source.Time) {
			b.Source.Time = item.Record.Modified.Time()
		}
		return err
	})
	if err != nil {
		return Batch{}, err
	}
	if len(b.Items) == 0 {
		return Batch{}, fault.New(fault.NotFound, "no %s records here", d.Source.Name).WithHint("%s", d.Hint)
	}
	return b, nil
}

// Read reads one record. where names it in the item and in errors.
func (d *Documents) Read(r io.Reader, where string) Item {
	item, _ := d.read(r, where)
	return item
}

// read is Read with the error of the reader itself, where there was one.
func (d *Documents) read(r io.Reader, where string) (Item, error) {
	item := Item{Where: where}
	data, ioErr := limit.ReadAll(r, d.Max, d.Source.Name+" record size")
	err := ioErr
	if fault.KindOf(ioErr) == fault.Invalid {
		ioErr = nil // a bound of ours, not the medium's failure
	}
	if err == nil {
		item.Record, err = d.Parse(data, &item)
	}
	if err == nil {
		err = item.Record.Check()
	}
	if err == nil && d.Keep {
		var whole bytes.Buffer
		if err = json.Compact(&whole, data); err == nil {
			item.Document = whole.Bytes()
		}
	}
	if err != nil {
		item.Record, item.Refused = nil, fault.Wrap(fault.KindOf(err), err, "read %s", where)
	}
	return item, ioErr
}
