package archive

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"nacre/fault"
)

// Options are what an archive is opened with.
type Options struct {
	Limits Limits
	// Spool takes the contents that are packed; nil keeps them in memory, at
	// most 256 MiB, which does for releases.
	Spool Spool
	// Keep says of a plain file, by its path without links, whether its
	// contents are wanted; nil keeps all. The others are listed with their
	// size, and opening them fails. Of a file under several names (hard
	// links) each one counts where contents are not packed, else the first.
	Keep func(name string, size int64) bool
	// Image names the image of several in one file: a tag ("shop:1.2"), or
	// a digest or the beginning of one ("sha256:1f2e"). "" is the first.
	Image string
	// Platform is that of the image where there are several:
	// "linux/arm64". "" is linux/amd64, and the first where there is none.
	Platform string
}

// unpacker fills a tree from archives.
type unpacker struct {
	ctx     context.Context
	limits  Limits
	opt     Options
	spool   Spool
	spooled int64 // bytes in spool
	entries int
	total   int64 // unpacked bytes
	sparse  int64 // those of files with holes, of one tar
	names   int   // bytes of names and links that are kept
	buf     []byte
	notes   []string

	root               *node
	image              bool              // root is an image's, not a release's
	layer              int32             // of an image, from 0
	pruned             map[*node]bool    // folders that hold nothing of lower layers any more
	parts              func(string) bool // files that are kept besides those of opt.Keep
	doubt              error             // why root can be no release's
	twice, mended, odd counted
}

// counted counts what a note tells of, and remembers the first.
type counted struct {
	n     int
	first string
}

func (c *counted) add(name string) {
	if c.n++; c.n == 1 {
		c.first = name
	}
}

func newUnpacker(ctx context.Context, opt Options) *unpacker {
	u := &unpacker{ctx: ctx, limits: opt.Limits.orDefault(), opt: opt, spool: opt.Spool, root: newFolder(0)}
	if u.spool == nil {
		u.spool = &memory{}
	}
	return u
}

// count counts an entry, or a folder that only a name implies: one name of an
// archive can make a hundred of them.
func (u *unpacker) count() error {
	if u.entries++; u.entries > u.limits.Entries {
		return exceeded("entries", "has more than %d entries", u.limits.Entries)
	}
	return nil
}

// folder makes one that no entry has stated so far.
func (u *unpacker) folder(name string) (*node, error) {
	if err := u.count(); err != nil {
		return nil, err
	}
	return newFolder(u.layer), u.remember(name)
}

// remember counts text that stays in memory.
func (u *unpacker) remember(name string) error {
	if u.names += len(name); u.names > maxNames {
		return exceeded("names", "has more than %d bytes of names and links", maxNames)
	}
	return nil
}

// spot is where an entry goes.
type spot struct {
	dir  *node // nil for the root itself
	base string
	path string // without links, for Options.Keep
}

// spot finds the folder of an entry, and makes it where it is not there.
func (u *unpacker) spot(raw string, e entryName) (spot, error) {
	if e.absolute {
		u.suspect(refuse("entry %s: its name is absolute", fault.Quote(raw)))
	}
	if e.mended {
		u.mended.add(raw)
	}
	w := walk{
		stack: append(make([]*node, 0, 16), u.root), names: make([]string, 0, 16),
		make: u.folder, deep: u.limits.Depth,
	}
	dir, err := w.to(e.dir, true)
	if err == nil && !dir.mode.IsDir() {
		err = errNotDir
	}
	if err == nil && len(w.names) >= u.limits.Depth {
		err = errDeep
	}
	if isTold(err) {
		return spot{}, err
	}
	if err == errDeep {
		return spot{}, exceeded("depth", "entry %s: leads deeper than %d elements", fault.Quote(raw), u.limits.Depth)
	}
	if err != nil {
		return spot{}, refuse("entry %s: %v", fault.Quote(raw), err)
	}
	if w.linked {
		u.suspect(refuse("entry %s: goes through a symbolic link", fault.Quote(raw)))
	}
	if err := u.remember(e.base); err != nil {
		return spot{}, err
	}
	return spot{dir: dir, base: e.base, path: path.Join(strings.Join(w.names, "/"), e.base)}, nil
}

// suspect remembers what a release must not have.
func (u *unpacker) suspect(err error) {
	if u.doubt == nil && !u.image {
		u.doubt = err
	}
}

// put puts a node where it belongs. A folder keeps what is in it; anything else
// takes the place of what was there.
func (u *unpacker) put(s spot, n *node) {
	n.layer = u.layer
	old := s.dir.kids[s.base]
	if old != nil && old.mode.IsDir() && n.mode.IsDir() {
		old.mode, old.mtime, old.layer = n.mode, n.mtime, n.layer
		return
	}
	if old != nil && old.layer == n.layer {
		u.twice.add(s.path)
	}
	s.dir.kids[strings.Clone(s.base)] = n
}

// link checks what a symbolic link says, and makes its node.
func (u *unpacker) link(s spot, target string) (*node, error) {
	if len(target) > u.limits.Name {
		return nil, exceeded("name length", "entry %s: its link has %d bytes, more than %d", fault.Quote(s.path), len(target), u.limits.Name)
	}
	if strings.ContainsRune(target, 0) {
		return nil, refuse("entry %s: has a NUL byte in its link", fault.Quote(s.path))
	}
	if err := u.remember(target); err != nil {
		return nil, err
	}
	if leadsOut(path.Dir(s.path), target) {
		u.suspect(refuse("entry %s: its link %s leads out of the archive", fault.Quote(s.path), fault.Quote(target)))
	}
	return &node{mode: fs.ModeSymlink | 0o777, size: int64(len(target)), link: strings.Clone(target)}, nil
}

// keep reports whether the contents of a file are wanted, and whether it may
// have so many.
func (u *unpacker) keep(name string, size int64) (bool, error) {
	if u.parts != nil && u.parts(name) {
		return true, nil
	}
	if u.opt.Keep != nil && !u.opt.Keep(name, size) {
		return false, nil
	}
	if size > u.limits.File {
		return false, exceeded("file size", "entry %s: has %d bytes, more than %d", fault.Quote(name), size, u.limits.File)
	}
	return true, nil
}
