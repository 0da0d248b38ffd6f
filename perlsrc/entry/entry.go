// Package entry finds the files of a project that are its own programs, its own
// library and its tests: where reading what it loads begins.
//
//	bin/shop, script/shop.pl, app.psgi      programs
//	lib/Acme/Shop.pm, Shop.pm               library, the modules Acme::Shop and Shop
//	t/shop.t, xt/pod.t, test.pl             tests
//	t/lib/Fake.pm, t/helper.pl              parts of tests
//
// Promised: programs come in order of path, the others in the order of a walk
// by name; the same files give the same answer. What is installed into a
// project (local, blib, lib/perl5) is none of its own, nor are folders that
// begin with a dot. A limit that is hit is told.
//
// Not promised: that everything of these is ever started, or that a project has
// nothing elsewhere.
//
// In the root of a system, programs are what is Perl in its folders of programs,
// and in what people put there themselves: opt, srv, home, var/www, app and the
// like.
//
// Sources: the layouts of ExtUtils::MakeMaker (EXE_FILES, lib, t),
// Module::Build (bin, script) and Catalyst (script), and hier(7) for systems.
package entry

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/archive"
	"nacre/cpan"
)

// Where entry points are. Programs of a system's own folders count where they
// are Perl by their first line.
var (
	programs    = []string{"bin", "script", "scripts", "sbin", "cgi-bin", "usr/local/bin", "usr/local/sbin", "usr/bin", "usr/sbin", "usr/games"}
	libraries   = []string{"lib"}
	testFolders = []string{"t", "xt"}
)

// Max bounds the files of each kind.
const Max = 20_000

// Points are where reading begins, as slash paths from the root.
type Points struct {
	Programs, Libraries, Tests []string
	// Parts are what lies beside tests and is none itself: t/lib/Fake.pm.
	Parts []string
	// Modules are the modules that the libraries are, by path.
	Modules map[string]cpan.Module
	// Cut is set where there are more than Max of a kind.
	Cut bool
	// Closed is a folder or file that may be an entry point, or hold one, and
	// that could not be read; "" for none.
	Closed string
}

// Find finds the entry points of a project, and apart from them its tests.
func Find(ctx context.Context, fsys fs.FS) (Points, error) {
	e := Points{Modules: map[string]cpan.Module{}}
	add := func(into *[]string, p string) {
		if len(*into) == Max {
			e.Cut = true
			return
		}
		*into = append(*into, p)
	}
	walk := func(dir string, take func(p string) *[]string) error {
		return fs.WalkDir(fsys, dir, func(p string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				e.closed(p, err)
				return fs.SkipDir // mostly, it is not there
			case d.IsDir() && p != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "perl5" || d.Name() == "auto"):
				return fs.SkipDir
			case !d.IsDir():
				if into := take(p); into != nil {
					add(into, p)
				}
			}
			return nil
		})
	}
	top, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return e, err
	}
	for _, entry := range top {
		name := entry.Name()
		switch {
		case entry.IsDir(), name == "Makefile.PL", name == "Build.PL":
		case name == "test.pl":
			add(&e.Tests, name)
		case path.Ext(name) == ".pm": // an old layout, for modules of one folder
			add(&e.Libraries, name)
		case isNamed(name), path.Ext(name) == "" && e.isPerl(fsys, name):
			add(&e.Programs, name)
		}
	}
	system := archive.IsSystem(fsys)
	for _, dir := range programs {
		if err := walk(dir, func(p string) *[]string {
			if isNamed(p) || e.isPerl(fsys, p) {
				return &e.Programs
			}
			return nil
		}); err != nil {
			return e, err
		}
	}
	if system {
		for _, dir := range applications(top) {
			if err := walk(dir, func(p string) *[]string {
				if isNamed(p) || slices.Contains(programs, path.Base(path.Dir(p))) && e.isPerl(fsys, p) {
					return &e.Programs
				}
				return nil
			}); err != nil {
				return e, err
			}
		}
	}
	for _, dir := range libraries {
		if system {
			continue // its lib is no project's
		}
		if err := walk(dir, func(p string) *[]string {
			if path.Ext(p) == ".pm" {
				return &e.Libraries
			}
			return nil
		}); err != nil {
			return e, err
		}
	}
	for _, dir := range testFolders {
		if err := walk(dir, func(p string) *[]string {
			switch path.Ext(p) {
			case ".t":
				return &e.Tests
			case ".pm", ".pl", ".psgi":
				return &e.Parts
			}
			return nil
		}); err != nil {
			return e, err
		}
	}
	for _, p := range e.Libraries {
		rel := strings.TrimPrefix(p, "lib/")
		e.Modules[p] = cpan.Module(strings.ReplaceAll(strings.TrimSuffix(rel, ".pm"), "/", "::"))
	}
	slices.Sort(e.Programs)
	return e, nil
}

// applications are the folders of a system that hold what people put there
// themselves: those that hier(7) leaves to them, and those that it does not know,
// such as /app.
func applications(top []fs.DirEntry) []string {
	dirs := []string{"var/www", "usr/src", "usr/lib/cgi-bin"}
	for _, e := range top {
		switch name := e.Name(); name {
		case "bin", "boot", "cdrom", "dev", "etc", "lib", "lib32", "lib64", "libx32", "lost+found", "media", "mnt", "proc", "run", "sbin", "sys", "tmp", "usr", "var":
		default:
			if e.IsDir() && name[0] != '.' && !slices.Contains(programs, name) {
				dirs = append(dirs, name)
			}
		}
	}
	return dirs
}

// closed notes what may not be read.
func (e *Points) closed(p string, err error) {
	if errors.Is(err, fs.ErrPermission) && e.Closed == "" {
		e.Closed = p
	}
}

// IsProgram reports whether a file is a program of Perl, by its name or its first
// line.
func IsProgram(fsys fs.FS, name string) bool {
	return isNamed(name) || (&Points{}).isPerl(fsys, name)
}

// isNamed recognises programs by their names.
func isNamed(name string) bool {
	ext := path.Ext(name)
	return ext == ".pl" || ext == ".psgi" || ext == ".cgi"
}

// isPerl reports whether a file's first line asks for perl.
func (e *Points) isPerl(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() {
		e.closed(name, err)
		return false
	}
	f, err := fsys.Open(name)
	if err != nil {
		e.closed(name, err)
		return false
	}
	defer f.Close()
	line, err := bufio.NewReaderSize(io.LimitReader(f, 256), 256).ReadString('\n')
	if err != nil && err != io.EOF || !strings.HasPrefix(line, "#!") {
		return false
	}
	return strings.Contains(line, "perl")
}
