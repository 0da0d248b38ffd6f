package archive

import (
	"archive/zip"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"nacre/fault"
)

// readZip reads a zip's entries into the tree.
func (u *unpacker) readZip(r io.ReaderAt, size int64) error {
	index := &budget{r: r, left: maxZipIndex}
	zr, err := zip.NewReader(index, size)
	if index.err != nil {
		return index.err
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // names are checked here
		return damaged(err, "read the directory of the zip")
	}
	index.left = size + 1<<62 // the contents have limits of their own
	if len(zr.File) > u.limits.Entries {
		return exceeded("entries", "has %d entries, more than %d", len(zr.File), u.limits.Entries)
	}
	if err := u.zipSizes(zr.File, size); err != nil {
		return err
	}
	for _, f := range zr.File {
		if err := u.ctx.Err(); err != nil {
			return err
		}
		if err := u.count(); err != nil {
			return err
		}
		if err := u.zipEntry(f); err != nil {
			return err
		}
	}
	return nil
}

// budget reads a file as long as it asks for no more than is left: the
// directory of a zip is kept in memory, and its size is told by itself.
type budget struct {
	r    io.ReaderAt
	left int64
	err  error
}

func (b *budget) ReadAt(p []byte, off int64) (int, error) {
	n, err := b.r.ReadAt(p, off)
	if b.left -= int64(n); b.left < 0 {
		b.err = exceeded("zip directory", "its directory has more than %d bytes", maxZipIndex)
		return 0, b.err
	}
	return n, err
}

// zipSizes checks what the directory says, before anything is unpacked: sizes,
// and that no two entries share their bytes.
func (u *unpacker) zipSizes(files []*zip.File, size int64) error {
	type span struct {
		from, to int64
		name     string
	}
	spans := make([]span, 0, len(files))
	unpacked := int64(0)
	for i, f := range files {
		if i%1024 == 0 && u.ctx.Err() != nil {
			return u.ctx.Err()
		}
		if f.CompressedSize64 > uint64(size) || f.UncompressedSize64 > 1<<62 {
			return refuse("entry %s: says that it has more bytes than there are", fault.Quote(f.Name))
		}
		if err := u.spend(int64(f.UncompressedSize64)); err != nil {
			return err
		}
		unpacked += int64(f.UncompressedSize64)
		if f.CompressedSize64 == 0 {
			continue
		}
		from, err := f.DataOffset()
		if err != nil {
			return damaged(err, "entry %s", fault.Quote(f.Name))
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64), f.Name})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return refuse("entries %s and %s: are packed in the same bytes", fault.Quote(spans[i-1].name), fault.Quote(spans[i].name))
		}
	}
	return u.ratio(unpacked, size)
}

func (u *unpacker) zipEntry(f *zip.File) error {
	if strings.Contains(f.Name, `\`) {
		return refuse("entry %s: has a backslash in its name", fault.Quote(f.Name))
	}
	e, err := u.parse(f.Name)
	if err != nil || e.base == "" {
		return err
	}
	s, err := u.spot(f.Name, e)
	if err != nil {
		return err
	}
	mode := f.Mode()
	n := &node{mode: mode.Perm(), mtime: f.Modified.Unix(), size: int64(f.UncompressedSize64)}
	switch {
	case mode.IsDir():
		n.mode, n.kids, n.size = n.mode|fs.ModeDir, map[string]*node{}, 0
	case mode&fs.ModeSymlink != 0:
		var target []byte
		if f.UncompressedSize64 > uint64(u.limits.Name) {
			return exceeded("name length", "entry %s: its link has %d bytes, more than %d", fault.Quote(f.Name), f.UncompressedSize64, u.limits.Name)
		}
		if target, err = readZipLink(f); err != nil {
			return damaged(err, "entry %s", fault.Quote(f.Name))
		}
		if n, err = u.link(s, string(target)); err != nil {
			return err
		}
	case !mode.IsRegular():
		n.mode |= mode.Type()
	default:
		if err := u.zipContents(f, s.path, n); err != nil {
			return err
		}
	}
	u.put(s, n)
	return nil
}

func readZipLink(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := make([]byte, f.UncompressedSize64)
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, err
	}
	_, err = r.Read(make([]byte, 1)) // compares the checksum
	if err == io.EOF {
		err = nil
	}
	return b, err
}

func (u *unpacker) zipContents(f *zip.File, name string, n *node) error {
	wanted, err := u.keep(name, n.size)
	switch {
	case err != nil:
		return err
	case f.Flags&1 != 0:
		n.lack = encrypted
	case f.Method != zip.Store && f.Method != zip.Deflate:
		n.lack = unknownPacking
	case !wanted:
		n.lack = notKept
	}
	if n.lack != nothing {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return damaged(err, "entry %s", fault.Quote(f.Name))
	}
	defer r.Close()
	in := &meter{ctx: u.ctx, r: r}
	n.at = u.spool
	if n.off, err = u.store(in, n.size); err == nil {
		if _, err = in.Read(make([]byte, 1)); err == io.EOF { // it has read, and compared, the checksum
			return nil
		}
		if err == nil {
			return refuse("entry %s: has more bytes than the %d that it says", fault.Quote(f.Name), n.size)
		}
	}
	if isTold(err) {
		return err
	}
	return damaged(err, "entry %s", fault.Quote(f.Name))
}
