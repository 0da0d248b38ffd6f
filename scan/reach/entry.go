package reach

import (
	"bufio"
	"context"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
)

// Where entry points are. Programs of a system's own folders count where they
// are Perl by their first line.
var (
	programs    = []string{"bin", "script", "scripts", "sbin", "cgi-bin", "usr/local/bin", "usr/local/sbin", "usr/bin", "usr/sbin", "usr/games"}
	libraries   = []string{"lib"}
	testFolders = []string{"t", "xt"}
)

// maxEntries bounds the entry points.
const maxEntries = 20_000

// entryPoints are where reading begins.
type entryPoints struct {
	programs, libraries, tests []string
	modules                    map[string]cpan.Module // that the libraries are
}

// entries finds the entry points of a project, and apart from them its tests.
func entries(ctx context.Context, fsys fs.FS) (entryPoints, error) {
	e := entryPoints{modules: map[string]cpan.Module{}}
	walk := func(dir string, take func(p string) bool, into *[]string) error {
		err := fs.WalkDir(fsys, dir, func(p string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				return fs.SkipDir // not there, or closed to us
			case d.IsDir() && p != dir && (strings.HasPrefix(d.Name(), ".") || d.Name() == "perl5" || d.Name() == "auto"):
				return fs.SkipDir
			case !d.IsDir() && len(*into) < maxEntries && take(p):
				*into = append(*into, p)
			}
			return nil
		})
		return err
	}
	top, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return e, err
	}
	for _, entry := range top {
		name := entry.Name()
		switch {
		case entry.IsDir(), name == "Makefile.PL", name == "Build.PL":
		case path.Ext(name) == ".psgi", path.Ext(name) == ".pl", path.Ext(name) == ".cgi", path.Ext(name) == "" && isPerl(fsys, name):
			e.programs = append(e.programs, name)
		}
	}
	for _, dir := range programs {
		if err := walk(dir, func(p string) bool { return path.Ext(p) == ".pl" || path.Ext(p) == ".psgi" || isPerl(fsys, p) }, &e.programs); err != nil {
			return e, err
		}
	}
	for _, dir := range libraries {
		if system(dir) && isSystem(fsys) {
			continue
		}
		if err := walk(dir, func(p string) bool { return path.Ext(p) == ".pm" }, &e.libraries); err != nil {
			return e, err
		}
	}
	for _, dir := range testFolders {
		if err := walk(dir, func(p string) bool { return path.Ext(p) == ".t" }, &e.tests); err != nil {
			return e, err
		}
	}
	for _, p := range e.libraries {
		_, rel, _ := strings.Cut(p, "/")
		e.modules[p] = cpan.Module(strings.ReplaceAll(strings.TrimSuffix(rel, ".pm"), "/", "::"))
	}
	slices.Sort(e.programs)
	return e, nil
}

// isSystem tells the root of an operating system from a project.
func isSystem(fsys fs.FS) bool {
	for _, name := range []string{"etc/os-release", "usr/lib/os-release", "usr/bin"} {
		if _, err := fs.Stat(fsys, name); err == nil {
			return true
		}
	}
	return false
}

// isPerl reports whether a file's first line asks for perl.
func isPerl(fsys fs.FS, name string) bool {
	if info, err := fs.Stat(fsys, name); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	line, err := bufio.NewReaderSize(io.LimitReader(f, 256), 256).ReadString('\n')
	if err != nil && err != io.EOF || !strings.HasPrefix(line, "#!") {
		return false
	}
	return strings.Contains(line, "perl")
}
