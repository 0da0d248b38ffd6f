package cli

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path"

	"nacre/archive"
	"nacre/bundled"
	"nacre/cpan"
	"nacre/cpan/mirror"
	"nacre/fault"
	"nacre/release"
	"nacre/sbom"
)

// mirrored is a mirror as the maker of a bill asks it.
type mirrored struct {
	mirror *mirror.Mirror
	index  *mirror.Index // nil where the mirror has none
	spool  func() (*os.File, error)
}

func newMirrored(m *mirror.Mirror, spool func() (*os.File, error)) (*mirrored, error) {
	x, err := m.Index()
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	return &mirrored{m, x, spool}, nil
}

// OwnerOf gives the distribution that the index has for a module.
func (m *mirrored) OwnerOf(module cpan.Module) (cpan.Dist, bool) {
	if m.index == nil {
		return "", false
	}
	return m.index.OwnerOf(module)
}

// Releases gives the archives of a distribution.
func (m *mirrored) Releases(d cpan.Dist) []cpan.Release {
	if m.index == nil {
		return nil
	}
	var out []cpan.Release
	for _, r := range m.index.Releases(d) {
		out = append(out, r.Release)
	}
	return out
}

// Sums gives what CHECKSUMS says of a path.
func (m *mirrored) Sums(file string) (cpan.FileSums, bool) {
	if file == "" {
		return cpan.FileSums{}, false
	}
	s, err := m.mirror.Checksums(file)
	return s, err == nil
}

// Release reads the archive at a path, where the mirror has it.
func (m *mirrored) Release(ctx context.Context, file string) (sbom.Release, error) {
	var out sbom.Release
	if s, ok := m.Sums(file); ok {
		out.Sums = &s
	}
	if a, err := m.mirror.Author(cpan.ParsePath(file).Author); err == nil {
		out.Uploader = &a
	}
	f, err := m.mirror.OpenArchive(file)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return out, nil
	case err != nil:
		return out, err
	}
	defer f.Close()
	return out, m.read(ctx, &out, file, f)
}

// read reads an archive into what is known of its release.
func (m *mirrored) read(ctx context.Context, out *sbom.Release, file string, f io.Reader) (err error) {
	at, ok := f.(io.ReaderAt)
	if !ok {
		return fault.New(fault.Invalid, "read %s: it is no plain file", file)
	}
	a, b := sha256.New(), sha512.New()
	size, err := io.Copy(io.MultiWriter(a, b), f)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "read %s", file)
	}
	spool, err := m.spool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, spool.Close()) }()
	unpacked, err := archive.Open(ctx, at, size, path.Base(file), archive.Options{Spool: spool})
	if err != nil {
		return err
	}
	fsys, _ := unpacked.Root()
	out.Archive = &sbom.Archive{File: path.Base(file), Path: file, SHA256: hex.EncodeToString(a.Sum(nil)), SHA512: hex.EncodeToString(b.Sum(nil))}
	if out.Facts, err = release.Read(ctx, fsys, release.Options{File: path.Base(file)}); err != nil {
		return err
	}
	found, err := bundled.Find(ctx, fsys, bundled.Options{Dist: cpan.ParsePath(file).Dist, Owner: m})
	if err == nil {
		out.Bundled = &found
	}
	return err
}
