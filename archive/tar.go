package archive

import (
	"archive/tar"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"nacre/fault"
)

// tarStream is an unpacked tar that knows how far it was read.
type tarStream interface {
	io.Reader
	pos() int64
}

// marked watches the bytes of a tar: one that ends without blocks of zeros may
// have been cut between two files.
type marked struct {
	tarStream
	zeros int // in a row, up to where it was read
}

func (m *marked) Read(p []byte) (int, error) {
	n, err := m.tarStream.Read(p)
	i := n
	for i > 0 && p[i-1] == 0 {
		i--
	}
	if i > 0 {
		m.zeros = 0
	}
	m.zeros += n - i
	return n, err
}

// markedSeeker is marked over what can be skipped in.
type markedSeeker struct {
	marked
	io.Seeker
}

// readTar reads a tar's entries into the tree. Where the bytes at position p of
// the stream are those at base+p of at, contents stay there; at is nil else.
func (u *unpacker) readTar(in tarStream, at io.ReaderAt, base int64) error {
	m := &marked{tarStream: in}
	var r io.Reader = m
	if s, ok := in.(io.Seeker); ok {
		ms := &markedSeeker{marked: marked{tarStream: in}, Seeker: s}
		r, m = ms, &ms.marked
	}
	tr := tar.NewReader(r)
	u.sparse = 0
	last := ""
	for {
		hdr, err := tr.Next()
		if err == io.EOF {
			if m.zeros < 512 {
				u.notes = append(u.notes, "the tar has no end mark; if it was cut between two files, nothing tells")
			}
			return nil
		}
		if err != nil && !errors.Is(err, tar.ErrInsecurePath) { // names are checked here
			if errors.Is(err, tar.ErrFieldTooLong) {
				return exceeded("tar header", "has a header with more than %d bytes after entry %s", 1<<20, fault.Quote(last))
			}
			return after(err, last)
		}
		last = hdr.Name
		if err := u.count(); err != nil {
			return err
		}
		if err := u.entry(tr, hdr, at, base+in.pos()); err != nil {
			return err
		}
	}
}

// after says behind which entry a tar cannot be read.
func after(err error, last string) error {
	if isTold(err) || last == "" {
		return err
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return damaged(err, "after entry %s", fault.Quote(last))
}

// entry adds one entry, whose contents are next in r, and at pos in at.
func (u *unpacker) entry(r io.Reader, hdr *tar.Header, at io.ReaderAt, pos int64) error {
	switch hdr.Typeflag {
	case tar.TypeXGlobalHeader: // what git archive writes first
		return nil
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse, tar.TypeDir, tar.TypeSymlink, tar.TypeLink,
		tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
	default:
		u.odd.add(hdr.Name)
		return nil
	}
	e, err := u.parse(hdr.Name)
	if err != nil {
		return err
	}
	if e.base == "" {
		return nil // the root, whose own properties matter to nobody
	}
	if u.image && strings.HasPrefix(e.base, whiteout) {
		return u.hide(hdr.Name, e)
	}
	if u.image && strings.Contains("/"+e.dir, "/"+whiteout) {
		return nil // below a name that is none
	}
	s, err := u.spot(hdr.Name, e)
	if err != nil {
		return err
	}
	n := &node{mode: fs.FileMode(hdr.Mode) & fs.ModePerm, mtime: hdr.ModTime.Unix()}
	switch hdr.Typeflag {
	case tar.TypeDir:
		n.mode, n.kids = n.mode|fs.ModeDir, map[string]*node{}
	case tar.TypeSymlink:
		if n, err = u.link(s, hdr.Linkname); err != nil {
			return err
		}
		n.mtime = hdr.ModTime.Unix()
	case tar.TypeLink:
		if n, err = u.hardLink(s, hdr.Linkname); err != nil {
			return err
		}
	case tar.TypeChar:
		n.mode |= fs.ModeDevice | fs.ModeCharDevice
	case tar.TypeBlock:
		n.mode |= fs.ModeDevice
	case tar.TypeFifo:
		n.mode |= fs.ModeNamedPipe
	default:
		n.size = hdr.Size
		if err := u.contents(r, hdr, s.path, n, at, pos); err != nil {
			return err
		}
	}
	u.put(s, n)
	return nil
}

// contents keeps those of a plain file, or notes that it does not.
func (u *unpacker) contents(r io.Reader, hdr *tar.Header, name string, n *node, at io.ReaderAt, pos int64) error {
	wanted, err := u.keep(name, n.size)
	if err != nil {
		return err
	}
	sparse := isSparse(hdr)
	if at != nil && !sparse {
		n.at, n.off = at, pos
	}
	if !wanted {
		n.lack = notKept
	}
	if !wanted || n.at != nil {
		return nil
	}
	if sparse { // its holes cost nothing in the archive
		if err := u.spend(n.size); err != nil {
			return err
		}
		u.sparse += n.size
		if err := u.ratio(u.sparse, pos); err != nil {
			return err
		}
	}
	n.at = u.spool
	if n.off, err = u.store(r, n.size); err != nil {
		return after(err, hdr.Name)
	}
	return nil
}

func isSparse(hdr *tar.Header) bool {
	if hdr.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range hdr.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// hardLink gives a second name's node. What it names must be there already, and
// is named from the root.
func (u *unpacker) hardLink(s spot, target string) (*node, error) {
	e, err := u.parse(target)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "entry %s: its hard link", fault.Quote(s.path))
	}
	if e.absolute {
		u.suspect(refuse("entry %s: its hard link %s is absolute", fault.Quote(s.path), fault.Quote(target)))
	}
	old, err := find(u.root, path.Join(e.dir, e.base), false)
	if err != nil || old.mode.IsDir() {
		return nil, refuse("entry %s: is a hard link to %s, which is no file of the archive", fault.Quote(s.path), fault.Quote(target))
	}
	n := *old
	if n.lack == notKept && n.at != nil { // ostree has every file by its digest first
		wanted, err := u.keep(s.path, n.size)
		if err != nil {
			return nil, err
		}
		if wanted {
			n.lack = nothing
		}
	}
	return &n, nil
}
