package advisory

import (
	"io"
	"io/fs"
	"path"

	"nacre/fault"
	"nacre/limit"
)

// maxDocuments is the most records of a folder; the whole CVE list has some
// 330,000.
const maxDocuments = 500_000

// Documents are the records of a format that keeps each in a JSON document of
// its own.
type Documents struct {
	Name string // of the format, in errors: "CVE"
	Max  int64  // bytes of one record
	Hint string // what to do where there are none
	// Parse makes a record of a document. It sets the item's Native and adds
	// its doubts, also where it returns an error.
	Parse func(data []byte, item *Item) (*Record, error)
}

// ReadFS reads every .json file below fsys as one record; Where is its path.
// A file that cannot be read as one is a refused item. An error is returned
// where there is no such file, or fsys cannot be read.
func (d *Documents) ReadFS(fsys fs.FS) ([]Item, error) {
	var items []Item
	err := fs.WalkDir(fsys, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() || path.Ext(file) != ".json" {
			return nil
		}
		if len(items) >= maxDocuments {
			return fault.New(fault.Invalid, "more than %d records (limit: records)", maxDocuments)
		}
		f, err := fsys.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		item, err := d.ReadOne(f, file)
		items = append(items, item)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, fault.New(fault.NotFound, "no %s records here", d.Name).WithHint("%s", d.Hint)
	}
	return items, nil
}

// ReadOne reads one record. where names it in the item and in errors. An item
// is refused for whatever is wrong; an error is returned beside it where r
// failed.
func (d *Documents) ReadOne(r io.Reader, where string) (Item, error) {
	item := Item{Where: where}
	data, ioErr := limit.ReadAll(r, d.Max, d.Name+" record size")
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
	if err != nil {
		item.Record, item.Refused = nil, fault.Wrap(fault.KindOf(err), err, "read %s", where)
	}
	return item, ioErr
}
