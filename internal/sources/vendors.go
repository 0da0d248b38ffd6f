package sources

import (
	"io/fs"

	"nacre/advisory/vendor"
)

// vendor puts a vendor's data off until it is read.
func (s *reading) vendor(fsys fs.FS, name, path string, form form) {
	s.parts = append(s.parts, Part{Path: path, Kind: KindVendor})
	s.later = append(s.later, later{s.source, func(keep vendor.Keep) (vendor.Batch, error) {
		s.progress(path)
		b, err := readVendor(fsys, name, form, keep)
		if err != nil {
			err = unread(path, err)
		}
		return b, err
	}})
}

// readVendor reads a vendor's data: the file of a name, or of OSV the folder.
func readVendor(fsys fs.FS, name string, form form, keep vendor.Keep) (vendor.Batch, error) {
	if form == formVendorOSV {
		return vendor.ReadOSV(fsys, keep)
	}
	in, err := open(fsys, name)
	if err != nil {
		return vendor.Batch{}, err
	}
	defer in.Close()
	if form == formAlpine {
		return vendor.ReadAlpine(in, keep)
	}
	return vendor.ReadDebian(in, keep)
}
