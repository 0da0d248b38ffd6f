package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"nacre/archive"
	"nacre/audit"
	"nacre/fault"
	"nacre/limit"
	"nacre/perlsrc/facts"
	"nacre/release"
)

// audited is what an audit reads.
type audited struct {
	fsys    fs.FS
	files   []string
	links   []string // that lead out of the folder, or to nothing
	release release.Options
	dir     string      // of the files, where they are in one
	base    string      // dir, as it stands before the names of files
	one     bool        // a single file that somebody named
	stdin   *audit.File // standard input, in place of all of the above
	close   func() error
}

// openAudited opens a folder, a release, a file of source, or standard input.
func openAudited(ctx context.Context, env *Env, where string) (*audited, error) {
	if where == "-" {
		src, err := limit.ReadAll(env.Stdin, audit.MaxFile, "file size")
		if err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "read %s", stdinName)
		}
		return &audited{stdin: audit.NewFile(stdinName, audit.Program, src), close: func() error { return nil }}, nil
	}
	if info, err := os.Stat(where); err == nil && info.Mode().IsRegular() {
		if a, err := openOneSource(where); a != nil || err != nil {
			return a, err
		}
	}
	p, err := openPlace(ctx, env, where, pick{whole: true})
	if err != nil {
		return nil, err
	}
	if p.FS == nil || p.container {
		return nil, errors.Join(noSource(where), p.Close())
	}
	a := &audited{fsys: p.FS, close: p.Close}
	if p.archive {
		a.release.File = releaseName(where, p.top)
	} else {
		a.dir, a.base = where, baseOf(where)
	}
	if err = a.list(ctx); err != nil {
		return nil, errors.Join(inFolder(where, err), p.Close())
	}
	p.watch.end()
	return a, nil
}

func noSource(where string) error {
	return fault.New(fault.Invalid, "audit: %s holds no source", where).WithHint("name a folder, a release, or a file of Perl, C or XS")
}

// openOneSource opens a single file of Perl, C or XS; nil for an archive.
func openOneSource(where string) (*audited, error) {
	// A link that somebody names is followed, wherever it leads.
	real, err := filepath.EvalSymlinks(where)
	if err != nil {
		return nil, unopened(where, err)
	}
	dir, name := filepath.Split(real)
	root, err := os.OpenRoot(cmp.Or(dir, "."))
	if err != nil {
		return nil, unopened(where, err)
	}
	head := make([]byte, sniffed)
	f, err := root.Open(name)
	if err != nil {
		return nil, errors.Join(unopened(where, err), root.Close())
	}
	n, err := io.ReadFull(f, head)
	f.Close()
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(unopened(where, err), root.Close())
	}
	head = head[:n]
	switch {
	case audit.RoleOf(name, nil) == audit.Native, facts.IsPerl(name, head[:min(n, facts.Head)]):
	case archive.Detect(head, name) == archive.Unknown:
		return nil, errors.Join(noSource(where), root.Close())
	default:
		return nil, root.Close()
	}
	return &audited{fsys: root.FS(), files: []string{name}, dir: cmp.Or(dir, "."), base: baseOf(dir), one: true, close: root.Close}, nil
}

// baseOf is a folder as it stands before the names of its files; "" for this one.
func baseOf(dir string) string {
	if dir = filepath.ToSlash(filepath.Clean(dir)); dir != "." {
		return dir
	}
	return ""
}

// list lists the regular files of a folder, but for those of version control, of
// builds, and of modules installed into it. A link within the folder is passed
// over, since what it leads to is read by its own name.
func (a *audited) list(ctx context.Context) error {
	err := fs.WalkDir(a.fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && name == ".":
			return err
		case ctx.Err() != nil:
			return fault.Wrap(fault.Canceled, ctx.Err(), "audit")
		case err != nil:
			a.files = append(a.files, name) // reading it says why
			return nil
		case entry.IsDir() && name != "." && (strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"blib", "local", "node_modules"}, name)):
			return fs.SkipDir
		case entry.Type().IsRegular():
			a.files = append(a.files, name)
		case entry.Type()&fs.ModeSymlink != 0 && mayBeSource(name):
			if _, err := fs.Stat(a.fsys, name); err != nil {
				a.links = append(a.links, name)
			}
		}
		return nil
	})
	slices.Sort(a.files)
	slices.Sort(a.links)
	return err
}

// mayBeSource reports whether a link of that name may lead to source, or to a
// folder of it.
func mayBeSource(name string) bool {
	return path.Ext(name) == "" || facts.ByName(name) || audit.RoleOf(name, nil) == audit.Native
}

// tellLinks says which links were not followed.
func (a *audited) tellLinks(yield func(audit.Result) bool) bool {
	for _, name := range a.links {
		if !yield(audit.Result{File: name, Notes: []audit.Note{{File: name, What: "a link that leads out of here, or to nothing, is not followed"}}}) {
			return false
		}
	}
	return true
}
