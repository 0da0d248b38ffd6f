package sources

import (
	"archive/zip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/db"
	"nacre/advisory/osv"
	"nacre/fault"
	"nacre/limit"
)

func (s *reading) path(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		s.progress(name)
		return s.file(name, info)
	}
	found, err := s.folder(plainFS{os.DirFS(name)}, name, 0)
	if err == nil && !found {
		err = unknownSource()
	}
	return err
}

func (s *reading) file(name string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return unknownSource()
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	start := make([]byte, 8)
	n, err := f.ReadAt(start, 0)
	if strings.HasPrefix(string(start[:n]), "PK\x03\x04") {
		s.files = append(s.files, f)
		return s.zip(f, info.Size(), name)
	}
	f.Close()
	if err != nil && err != io.EOF {
		return err
	}
	if string(start[:n]) == "nacredb\n" {
		return s.database(name)
	}
	fsys, base := os.DirFS(filepath.Dir(name)), filepath.Base(name)
	switch form, err := formOf(fsys, base); {
	case err != nil:
		return err
	case form == formIndex:
		return s.index(fsys, base, name)
	case form == formCVE:
		b, err := cve.ReadFS(oneFile{fsys, base})
		return s.add(KindCVE, name, b, err)
	case form == formOSV:
		b, err := osv.ReadFS(oneFile{fsys, base})
		return s.add(KindOSV, name, b, err)
	case form == formVendorOSV:
		s.vendor(oneFile{fsys, base}, base, name, form)
		return nil
	case form != formUnknown:
		s.vendor(fsys, base, name, form)
		return nil
	}
	return unknownSource()
}

// Bounds of a zip, which is read as a folder.
const (
	maxZipFiles = 500_000
	maxZipSize  = limit.Feed
)

const hintZip = "if you trust it, unpack it and name the folder"

func (s *reading) zip(f io.ReaderAt, size int64, name string) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "open zip")
	}
	if len(z.File) > maxZipFiles {
		return fault.New(fault.Invalid, "has %d files, more than %d (limit: files in a zip)", len(z.File), maxZipFiles).WithHint(hintZip)
	}
	var total uint64
	for _, file := range z.File {
		if total += min(file.UncompressedSize64, maxZipSize+1); total > maxZipSize {
			return fault.New(fault.Invalid, "unpacks to more than %d bytes (limit: zip size)", maxZipSize).WithHint(hintZip)
		}
	}
	found, err := s.folder(z, name, 0)
	if err == nil && !found {
		err = unknownSource()
	}
	return err
}

// index reads the built JSON of CPANSA.
func (s *reading) index(fsys fs.FS, name, where string) error {
	in, err := open(fsys, name)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := cpansa.ReadJSON(in)
	return s.add(KindCPANSA, where, b, err)
}

// database takes a database as a source.
func (s *reading) database(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	d, err := db.Open(f, info.Size())
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "open database %s", name)
	}
	if s.hasBase {
		return fault.New(fault.Invalid, "is a second database").WithHint("name one database, or the sources that they were built from")
	}
	set, err := d.Set(context.Background())
	if err != nil {
		return err
	}
	s.base, s.age = &set, d.Info().Built
	s.parts = append(s.parts, Part{Path: name, Kind: KindDatabase, Time: s.age, Entries: len(set.Records)})
	return nil
}
