package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"nacre/archive"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/files"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/inventory/single"
	"nacre/limit"
)

// placeHelp says what PATH can be.
const placeHelp = `PATH is what to look at, here if it is left out:
  a project's folder, with a cpanfile.snapshot, META, MYMETA, cpanfile,
      Makefile.PL, Build.PL or dist.ini, and what is installed in local/
  a folder of installed modules, or the root of a whole system
  a release: .tar.gz, .tgz, .tar.bz2, .tar.xz, .tar.zst, .zip
  an image that docker or podman saved, or one in OCI layout
  a bill of materials in CycloneDX or SPDX
  one of a project's files, or a list of Dist==Version lines
  - for standard input, where it begins like one of these`

// place is what a command looks at: a folder, an archive, an image, a bill of
// materials, a list or a single file. Close frees what it holds.
type place struct {
	path string
	pick pick
	// FS is what is to be looked through; nil for a bill and a list.
	FS fs.FS
	// read makes the inventory of it.
	read func(ctx context.Context, opt all.Options) (inventory.Inventory, error)
	// starts is what the place says it runs.
	starts starts
	// archive is set where FS is unpacked from one file, and top is the folder
	// in it that FS is, "" for its root.
	archive bool
	top     string
	// bytes are those of the archive, and container is set where it is an image.
	bytes     *io.SectionReader
	container bool

	watch   *watch
	closers []func() error
}

// pick names the image of several in one file, and what of an archive is read.
type pick struct {
	image, platform string
	whole           bool // every file, not those alone that components are told from
}

// flags adds the flags that name an image.
func (p *pick) flags(flags *pflag.FlagSet) {
	flags.StringVar(&p.image, "image", "", "of several images in PATH the one with this `NAME`, a tag or a digest")
	flags.StringVar(&p.platform, "platform", "", "of an image for several the one for this `PLATFORM`, as in linux/arm64 (default linux/amd64, else the first)")
}

// options are what an archive of the place is opened with.
func (p *place) options(spool *os.File) archive.Options {
	opt := archive.Options{Spool: spool, Keep: all.Keep, Image: p.pick.image, Platform: p.pick.platform}
	if p.pick.whole {
		opt.Keep = nil
	}
	return opt
}

// Close frees what the place holds; the first error counts.
func (p *place) Close() error {
	p.watch.clear()
	var first error
	for _, c := range slices.Backward(p.closers) {
		if err := c(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// sniffed is how much of a file tells what it is.
const sniffed = 64 << 10

// stdinName is what evidence calls standard input.
const stdinName = "standard input"

// openPlace opens a path, or standard input for "-".
func openPlace(ctx context.Context, env *Env, path string, pick pick) (*place, error) {
	p := &place{path: path, pick: pick, watch: newWatch(env, path)}
	err := p.open(ctx, env)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *place) open(ctx context.Context, env *Env) error {
	if p.path == "-" {
		in := bufio.NewReaderSize(env.Stdin, sniffed)
		head, err := in.Peek(sniffed)
		if err != nil && !errors.Is(err, io.EOF) {
			return fault.Wrap(fault.KindOf(err), err, "read %s", stdinName)
		}
		return p.openBytes(ctx, head, in, stdinName)
	}
	info, err := os.Stat(p.path)
	switch {
	case err != nil:
		return unopened(p.path, err)
	case info.IsDir():
		return p.openDir(ctx)
	case !info.Mode().IsRegular():
		return fault.New(fault.Invalid, "%s is neither a folder nor a file", p.path).
			WithHint("name a folder or a file; what comes from a pipe is read as -")
	}
	return p.openFile(ctx, info.Size())
}

// openDir opens a folder: a project, an installed tree, the root of a system,
// or an image in OCI layout.
func (p *place) openDir(ctx context.Context) error {
	tree, err := files.OpenTree(p.path)
	if err != nil {
		return unopened(p.path, err)
	}
	p.closers = append(p.closers, tree.Close)
	fsys := p.watch.tree(archive.RootFS(tree))
	if archive.IsLayout(fsys) {
		spool, err := p.spool()
		if err != nil {
			return err
		}
		img, err := archive.OpenLayout(ctx, fsys, p.options(spool))
		if err != nil {
			return inFolder(p.name(), err)
		}
		p.image(img)
		return nil
	}
	at, err := filepath.Abs(p.path)
	if err != nil {
		return unopened(p.path, err)
	}
	p.tree(fsys, strings.TrimPrefix(filepath.ToSlash(at[len(filepath.VolumeName(at)):]), "/"))
	return nil
}

// tree makes the place a folder, whose path is at; "" where it has none.
func (p *place) tree(fsys fs.FS, at string) {
	p.FS = fsys
	p.read = func(ctx context.Context, opt all.Options) (inventory.Inventory, error) {
		opt.At = at
		inv, err := all.Read(ctx, fsys, opt)
		p.watch.clear()
		return inv, inFolder(p.name(), err)
	}
}

// image makes the place an archive that is open, or an image.
func (p *place) image(a *archive.FS) {
	inside, top := a.Root()
	fsys := p.watch.tree(inside)
	p.archive, p.top, p.container = true, top, a.Image() != nil
	p.starts = startsOf(fsys, a.Image())
	p.FS = fsys
	p.read = func(ctx context.Context, opt all.Options) (inventory.Inventory, error) {
		opt.At = top
		if a.Image() == nil && !a.IsSystem() {
			opt.Release = releaseName(p.path, top)
		}
		inv, err := all.Read(ctx, fsys, opt)
		p.watch.clear()
		for _, n := range a.Notes() {
			inv.Notices = append(inv.Notices, inventory.Notice{Text: n, At: inventory.Evidence{File: p.path, How: "archive"}})
		}
		return inv, inFolder(p.name(), err)
	}
}

// openFile opens a file by what its first bytes say.
func (p *place) openFile(ctx context.Context, size int64) error {
	f, err := os.Open(p.path)
	if err != nil {
		return unopened(p.path, err)
	}
	p.closers = append(p.closers, f.Close)
	in := bufio.NewReaderSize(io.NewSectionReader(f, 0, size), sniffed)
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return unopened(p.path, err)
	}
	if archive.Detect(head, filepath.Base(p.path)) == archive.Unknown {
		return p.openBytes(ctx, head, in, p.path)
	}
	return p.openArchive(ctx, f, size)
}

func (p *place) openArchive(ctx context.Context, r io.ReaderAt, size int64) error {
	spool, err := p.spool()
	if err != nil {
		return err
	}
	a, err := archive.Open(ctx, p.watch.archive(r), size, p.name(), p.options(spool))
	if err != nil {
		return err
	}
	p.image(a)
	p.bytes = io.NewSectionReader(r, 0, size)
	return nil
}

// spool gives a temporary file. It has no name any more where the system lets
// an open file be without one, so that nothing of it stays behind whatever ends
// the program: a signal, a pipe that is closed, a crash. Elsewhere it is removed
// when the place is closed.
func (p *place) spool() (*os.File, error) {
	f, err := os.CreateTemp("", "nacre-*")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "make a temporary file").WithHint("set TMPDIR to a folder with room")
	}
	if os.Remove(f.Name()) == nil {
		p.closers = append(p.closers, f.Close)
	} else {
		p.closers = append(p.closers, func() error { return errors.Join(f.Close(), os.Remove(f.Name())) })
	}
	return f, nil
}

// openBytes tells what a file that is no archive is.
func (p *place) openBytes(ctx context.Context, head []byte, in io.Reader, name string) error {
	if archive.Detect(head, "") != archive.Unknown { // from standard input: it must be read in any order
		spool, err := p.spool()
		if err != nil {
			return err
		}
		n, err := io.Copy(spool, limit.Reader(in, archive.DefaultLimits().Total, name))
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "read %s", name).
				WithHint("%s", cmp.Or(fault.HintOf(err), "it takes room for what is read; TMPDIR names the folder for that"))
		}
		return p.openArchive(ctx, spool, n)
	}
	if bytes.HasPrefix(head, []byte(single.ByteOrderMark)) { // editors of Windows write it
		if _, err := io.CopyN(io.Discard, in, int64(len(single.ByteOrderMark))); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "read %s", name)
		}
		head = head[len(single.ByteOrderMark):]
	}
	switch kind := single.Kind(head, filepath.Base(name)); kind {
	case "":
		return fault.New(fault.Invalid, "%s is nothing that components are read from", name).
			WithHint("name a project's folder, a release, an image, a CycloneDX or SPDX bill, or a list of Dist==Version lines")
	case single.Bill:
		p.read = func(ctx context.Context, opt all.Options) (inventory.Inventory, error) {
			return all.ReadBill(ctx, in, name, opt)
		}
	case single.List:
		p.read = func(ctx context.Context, opt all.Options) (inventory.Inventory, error) {
			return all.ReadList(ctx, in, name, opt)
		}
	default:
		text, err := limit.ReadAll(in, limit.Metadata, "metadata file size")
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "read %s", name)
		}
		p.tree(single.Folder(kind, text), "")
	}
	return nil
}

// name is what errors call the place.
func (p *place) name() string {
	if p.path == "-" {
		return stdinName
	}
	return p.path
}

// releaseName is the name that a release of CPAN has: that of the file, or,
// where that tells no version, is Debian's (libfoo-perl_1.2.orig.tar.gz) or came
// through a pipe, of its one folder.
func releaseName(path, top string) string {
	name := filepath.Base(path)
	if v := cpan.ParsePath(name).Version; top == "" || v != "" && !strings.HasSuffix(v, ".orig") {
		return name
	}
	return top + ".tar.gz"
}
