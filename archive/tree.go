package archive

import (
	"errors"
	"io"
	"io/fs"
	"strings"
)

// node is a file, a folder or a link.
type node struct {
	mode  fs.FileMode
	lack  lack  // of a plain file
	layer int32 // the last one that stated it, from 0
	mtime int64 // seconds since 1970
	size  int64
	at    io.ReaderAt // holds the contents from off on
	off   int64
	link  string           // what a symbolic link says
	kids  map[string]*node // of a folder
}

// lack is why a plain file cannot be opened.
type lack uint8

const (
	nothing lack = iota
	notKept
	encrypted
	unknownPacking
)

var (
	errNotKept   = errors.New("its contents were not asked for and are not kept")
	errEncrypted = errors.New("is encrypted")
	errPacking   = errors.New("is packed in a way that is not read")
	errIrregular = errors.New("is a device, a pipe or a socket")
	errLoop      = errors.New("too many links (limit: 40 in one path)")
	errNotDir    = errors.New("is below something that is no folder")
	errIsDir     = errors.New("is a folder")
	errLong      = errors.New("too long a way through links (limit: 1024 elements, 8192 bytes)")
	errDeep      = errors.New("leads deeper than the limit of path elements")
)

func (l lack) err() error {
	return [...]error{nil, errNotKept, errEncrypted, errPacking}[l]
}

func newFolder(layer int32) *node {
	return &node{mode: fs.ModeDir | 0o755, layer: layer, kids: map[string]*node{}}
}

func (n *node) isLink() bool { return n.mode&fs.ModeSymlink != 0 }

// walk is a way from a root down, as a system takes it: links are followed
// wherever they stand, those that are absolute from the root, and ".." at the
// root stays there.
type walk struct {
	stack  []*node  // the root, and the folders below it that were reached
	names  []string // of those below the root
	hops   int
	steps  int
	linked bool // a link was followed
	// make gives a folder for where there is nothing; a nil make makes none.
	make func(name string) (*node, error)
	deep int // how many elements below the root are allowed, where folders are made
}

// to goes to a path and gives what is there: a folder, which is then the last
// of the stack, or something else, which is in that folder. A link at the end
// is followed where last is set.
func (w *walk) to(rest string, last bool) (*node, error) {
	for rest != "" {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		rest = strings.TrimLeft(rest, "/")
		if w.steps++; w.steps > maxSteps || len(rest) > maxRest {
			return nil, errLong
		}
		here := w.stack[len(w.stack)-1]
		switch name {
		case "", ".":
			continue
		case "..":
			if len(w.stack) > 1 {
				w.stack = w.stack[:len(w.stack)-1]
				w.names = w.names[:len(w.names)-1]
			}
			continue
		}
		n := here.kids[name]
		switch {
		case n == nil && w.make == nil:
			return nil, fs.ErrNotExist
		case n == nil:
			if len(w.stack) > w.deep {
				return nil, errDeep
			}
			var err error
			if n, err = w.make(name); err != nil {
				return nil, err
			}
			here.kids[strings.Clone(name)] = n
		case n.isLink() && (rest != "" || last):
			if w.hops++; w.hops > maxHops {
				return nil, errLoop
			}
			w.linked = true
			if strings.HasPrefix(n.link, "/") {
				w.stack, w.names = w.stack[:1], w.names[:0]
			}
			if rest == "" {
				rest = n.link
			} else {
				rest = n.link + "/" + rest
			}
			if n.link == "" {
				return nil, fs.ErrNotExist
			}
			continue
		case !n.mode.IsDir() && rest != "":
			return nil, errNotDir
		case !n.mode.IsDir():
			return n, nil
		}
		w.stack, w.names = append(w.stack, n), append(w.names, name)
	}
	return w.stack[len(w.stack)-1], nil
}

// find gives what a path of an fs.FS leads to.
func find(root *node, name string, last bool) (*node, error) {
	n := root
	for part := range strings.SplitSeq(name, "/") { // without links, the common case
		if part == "." {
			continue
		}
		if n = n.kids[part]; n == nil || n.isLink() {
			w := walk{stack: []*node{root}}
			return w.to(name, last)
		}
	}
	return n, nil
}

// prune removes what layers below the given one put into a folder, and reports
// whether something is left in it.
func (n *node) prune(layer int32) bool {
	for name, kid := range n.kids {
		if kid.layer < layer && !kid.prune(layer) {
			delete(n.kids, name)
		} else if kid.layer == layer {
			kid.prune(layer)
		}
	}
	return len(n.kids) > 0
}

// isSystem reports whether a tree is a system's root.
func isSystem(root *node) bool {
	for _, name := range [...]string{"etc", "usr"} {
		if n := root.kids[name]; n == nil || !n.mode.IsDir() {
			return false
		}
	}
	return true
}
