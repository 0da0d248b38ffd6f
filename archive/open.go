package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"nacre/fault"
)

// Open opens an archive of the given size, reading it from front to end. The
// name is for errors, and tells the format where the contents do not. r and the
// spool must stay open as long as the archive is read from.
func Open(ctx context.Context, r io.ReaderAt, size int64, name string, opt Options) (*FS, error) {
	f, err := inTime(ctx, opt.Limits, func(ctx context.Context) (*FS, error) { return open(ctx, r, size, name, opt) })
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "open %s", name)
	}
	return f, nil
}

func open(ctx context.Context, r io.ReaderAt, size int64, name string, opt Options) (*FS, error) {
	head := make([]byte, min(size, headSize))
	if n, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.Wrap(fault.KindOf(err), err, "read")
	} else {
		head = head[:n]
	}
	u := newUnpacker(ctx, opt)
	format := Detect(head, name)
	var err error
	switch format {
	case Unknown:
		return nil, fault.New(fault.Invalid, "is no archive that can be read").
			WithHint("these can: tar, tar.gz, tar.bz2, tar.xz, tar.zst, zip, and images that docker save or an OCI tool wrote")
	case Zip:
		err = u.readZip(r, size)
	case Tar:
		u.parts = isPart
		err = u.readTar(cursor{ctx, io.NewSectionReader(r, 0, size)}, r, 0)
		if err != nil && !isTold(err) {
			err = damaged(err, "read the tar")
		}
	default:
		u.parts = isPart
		err = u.readPacked(packingOf(head), io.NewSectionReader(r, 0, size))
	}
	if err != nil {
		return nil, err
	}
	if format != Zip {
		outer := &FS{root: u.root}
		if kind := imageKind(outer); kind != Unknown {
			return u.readImage(outer, kind)
		}
	}
	if u.doubt != nil && !isSystem(u.root) {
		return nil, u.doubt
	}
	u.noteCounts()
	return &FS{root: u.root, format: format, notes: u.notes}, nil
}

// OpenLayout opens the image in a folder: an OCI layout, or what docker save
// wrote and somebody unpacked. Contents that are wanted go to the spool.
func OpenLayout(ctx context.Context, fsys fs.FS, opt Options) (*FS, error) {
	kind := imageKind(fsys)
	if kind == Unknown {
		return nil, fault.New(fault.NotFound, "no image here: neither index.json nor a manifest.json of docker save").
			WithHint("name the folder that index.json and oci-layout are in")
	}
	return inTime(ctx, opt.Limits, func(ctx context.Context) (*FS, error) { return newUnpacker(ctx, opt).readImage(fsys, kind) })
}

// readPacked reads a packed tar to its end, so that its checksums are compared.
func (u *unpacker) readPacked(p packing, r io.Reader) error {
	packed := &meter{ctx: u.ctx, r: r, raw: true}
	in, err := unpack(u.ctx, p, packed)
	if err != nil {
		return why(err, packed)
	}
	defer in.Close()
	out := &meter{ctx: u.ctx, r: in, check: u.unpacked(packed)}
	if err := u.readTar(out, nil, 0); err != nil {
		return why(err, packed, out)
	}
	return u.drain(out, packed)
}

// drain reads what follows the end of a tar.
func (u *unpacker) drain(out, packed *meter) error {
	if u.buf == nil {
		u.buf = make([]byte, 128<<10)
	}
	_, err := io.CopyBuffer(onlyWriter{io.Discard}, out, u.buf)
	if err == nil {
		return nil
	}
	if errors.Is(err, errTrailing) {
		u.notes = append(u.notes, "bytes follow the end of the packed tar; they are not read")
		return nil
	}
	return why(err, packed, out)
}

// onlyWriter hides that io.Discard reads by itself, in small pieces.
type onlyWriter struct{ io.Writer }

// isPart reports whether a file at the top of a packed tar may be part of an
// image, so that it has to be kept until the image is read.
func isPart(name string) bool {
	switch name {
	case ociLayout, ociIndex, dockerManifest:
		return true
	}
	dir, base, below := strings.Cut(name, "/")
	switch {
	case dir == "blobs":
		return true
	case !below: // a configuration, or podman's layers
		return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".tar") || strings.HasSuffix(name, ".tar.gz")
	}
	return base == "layer.tar" // docker's, before version 25
}

// IsLayout reports whether OpenLayout opens a folder.
func IsLayout(fsys fs.FS) bool { return imageKind(fsys) != Unknown }

// imageKind tells what image a folder holds.
func imageKind(fsys fs.FS) Format {
	if b, err := head(fsys, ociLayout); err == nil && bytes.Contains(b, []byte("imageLayoutVersion")) {
		if _, err := fs.Stat(fsys, ociIndex); err == nil {
			return OCILayout
		}
	}
	b, err := head(fsys, dockerManifest)
	if err == nil && bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("[")) && bytes.Contains(b, []byte(`"Layers"`)) {
		return DockerImage
	}
	return Unknown
}

// head reads the beginning of a file of an image.
func head(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errIrregular
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, headSize))
}

// plural writes a number of things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
