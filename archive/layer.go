package archive

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"strings"

	"nacre/fault"
)

// layer is one layer of an image: a tar, packed or not, that changes what the
// layers below it left.
type layer struct {
	file     string
	packed   string // digest of the file; "" not stated
	unpacked string // digest of the tar; "" not stated
}

// readLayers applies an image's layers, the lowest first.
func (u *unpacker) readLayers(fsys fs.FS, layers []layer, img *Image) error {
	if len(layers) > u.limits.Layers {
		return exceeded("layers", "has %d layers, more than %d", len(layers), u.limits.Layers)
	}
	img.Layers = len(layers)
	for i, l := range layers {
		u.layer, u.pruned = int32(i), map[*node]bool{}
		if err := u.readLayer(fsys, l); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "layer %d (%s)", i+1, l.file)
		}
	}
	return nil
}

func (u *unpacker) readLayer(fsys fs.FS, l layer) error {
	if l.unpacked != "" {
		if _, err := blobName(l.unpacked); err != nil {
			return err
		}
	}
	info, err := fs.Stat(fsys, l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NotFound, "is not there").WithHint("save the image again, with all its layers")
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return refuse("is no plain file")
	}
	f, err := fsys.Open(l.file)
	if err != nil {
		return err
	}
	defer f.Close()
	packed := &meter{ctx: u.ctx, r: f, raw: true}
	if l.packed != "" {
		packed.sum = newHash(l.packed)
	}
	buffered := bufio.NewReaderSize(packed, 64<<10)
	head, err := buffered.Peek(8)
	if err != nil && err != io.EOF {
		return why(err, packed)
	}
	p := packingOf(head)
	in, err := unpack(u.ctx, p, buffered)
	if err != nil {
		return why(err, packed)
	}
	defer in.Close()
	out := &meter{ctx: u.ctx, r: in, check: u.unpacked(packed)}
	if l.unpacked != "" {
		out.sum = newHash(l.unpacked)
	}
	var at io.ReaderAt
	var base int64
	if own, ok := f.(*file); ok && p == plain { // its bytes stay where they are
		at, base, _ = own.Outer()
	}
	if err := u.readTar(out, at, base); err != nil {
		return why(err, packed, out)
	}
	if err := u.drain(out, packed); err != nil {
		return err
	}
	if _, err := io.CopyBuffer(onlyWriter{io.Discard}, buffered, u.buf); err != nil { // what is behind the packed stream
		return why(err, packed)
	}
	if packed.sum != nil {
		if err := checkDigest(l.file, l.packed, packed.sum); err != nil {
			return err
		}
	}
	if out.sum != nil {
		return checkDigest(l.file, l.unpacked, out.sum)
	}
	return nil
}

// Source: OCI image specification 1.1, "Image Layer Filesystem Changeset",
// section "Representing Changes". Other names that begin with two whiteouts are
// left-overs of aufs, and mean nothing.
const (
	whiteout = ".wh."
	opaque   = ".wh..wh..opq"
)

// hide removes what a white-out says of the layers below: one file or folder, or
// all that is in the white-out's own folder. What this layer states itself
// stays, wherever in the layer it stands.
func (u *unpacker) hide(raw string, e entryName) error {
	if e.base != opaque && strings.HasPrefix(e.base, whiteout+whiteout) {
		return nil
	}
	name := strings.TrimPrefix(e.base, whiteout)
	if name == "" || name == "." || name == ".." {
		return refuse("entry %s: is a white-out of no file", fault.Quote(raw))
	}
	w := walk{stack: []*node{u.root}}
	dir, err := w.to(e.dir, true)
	if err != nil || !dir.mode.IsDir() {
		return nil // there is nothing to hide
	}
	if e.base == opaque {
		u.prune(dir)
		return nil
	}
	n := dir.kids[name]
	switch {
	case n == nil:
	case n.mode.IsDir():
		u.prune(n)
		if n.layer < u.layer && len(n.kids) == 0 {
			delete(dir.kids, name)
		}
	case n.layer < u.layer:
		delete(dir.kids, name)
	}
	return nil
}

// prune empties a folder of what lower layers put there, once in a layer.
func (u *unpacker) prune(dir *node) {
	if !u.pruned[dir] {
		u.pruned[dir] = true
		dir.prune(u.layer)
	}
}
