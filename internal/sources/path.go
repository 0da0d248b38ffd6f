package sources

import (
	"archive/zip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nacre/advisory/cve"
	"nacre/advisory/cvelist"
	"nacre/advisory/db"
	"nacre/advisory/osv"
	"nacre/fault"
	"nacre/limit"
)

// path reads what lies at s.at. It goes by the source's name wherever it is
// spoken of.
func (s *reading) path() error {
	info, err := os.Stat(s.at)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		s.progress(s.name)
		return s.file(info)
	}
	if commitAbove(s.at) {
		s.commit = commitOf(os.DirFS(filepath.Dir(s.at)))
	}
	found, err := s.folder(plainFS{os.DirFS(s.at)}, s.name, 0)
	if err == nil && !found {
		err = unknownSource()
	}
	return err
}

func (s *reading) file(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return unknownSource()
	}
	f, err := os.Open(s.at)
	if err != nil {
		return err
	}
	fsys, base, name := os.DirFS(filepath.Dir(s.at)), filepath.Base(s.at), s.name
	if is, all := cvelist.IsZip(base); is {
		f.Close()
		s.listZip(fsys, base, name, all)
		return nil
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
		return s.database()
	}
	if form, ok := releaseFile(base); ok {
		s.releases(fsys, base, name, form)
		return nil
	}
	switch form, err := formOf(fsys, base); {
	case err != nil:
		return err
	case form == formIndex:
		return s.index(fsys, base, name)
	case form.isReleases():
		s.releases(fsys, base, name, form)
		return nil
	case form == formCVE:
		return s.take(KindCVE, name)(cve.ReadFS(oneFile{fsys, base}))
	case form == formOSV:
		return s.take(KindOSV, name)(osv.ReadFS(oneFile{fsys, base}))
	case form == formVendorOSV:
		s.vendor(oneFile{fsys, base}, base, name, form)
		return nil
	case form != formUnknown:
		s.vendor(fsys, base, name, form)
		return nil
	case isIndexName(base):
		return notTheIndex(name)
	}
	return unknownSource()
}

// Bounds of a zip, which is read as a folder.
const (
	maxZipFiles = 500_000
	maxZipSize  = limit.Feed
)

const hintZip = "if you trust it, unpack it and name the folder"

// checkZip holds a zip to what it may hold.
func checkZip(z *zip.Reader, most uint64) error {
	if len(z.File) > maxZipFiles {
		return fault.New(fault.Invalid, "has %d files, more than %d (limit: files in a zip)", len(z.File), maxZipFiles).WithHint(hintZip)
	}
	var total uint64
	for _, file := range z.File {
		if total += min(file.UncompressedSize64, most+1); total > most {
			return fault.New(fault.Invalid, "unpacks to more than %d bytes (limit: zip size)", most).WithHint(hintZip)
		}
	}
	return nil
}

func (s *reading) zip(f io.ReaderAt, size int64, name string) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "open zip")
	}
	if err := checkZip(z, maxZipSize); err != nil {
		return err
	}
	s.zipped, s.commit = true, commitID(z.Comment)
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
	return s.take(KindCPANSA, where)(s.cpansa().ReadJSON(in))
}

// database takes a database as a source.
func (s *reading) database() error {
	f, err := os.Open(s.at)
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
		return fault.Wrap(fault.KindOf(err), err, "open database %s", s.name)
	}
	if s.hasBase {
		return fault.New(fault.Invalid, "is a second database").WithHint("name one database, or the sources that they were built from")
	}
	set, err := d.Set(context.Background())
	if err != nil {
		return err
	}
	s.base, s.age = &set, d.Info().Built
	s.parts = append(s.parts, Part{Path: s.name, Kind: KindDatabase, Time: s.age, Entries: len(set.Records)})
	return nil
}
