package reach

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Where entry points are. Programs of a system's own folders count where they
// are Perl by their first line.
var (
	programs  = []string{"bin", "script", "scripts", "sbin", "cgi-bin", "usr/local/bin", "usr/local/sbin", "usr/bin", "usr/sbin", "usr/games"}
	libraries = []string{"lib"}
	testing   = []string{"t", "xt"}
)

// maxEntries bounds the entry points.
const maxEntries = 20_000

var errMany = errors.New("too many")

// entries finds the entry points of a project, and apart from them its tests.
func entries(ctx context.Context, fsys fs.FS) (run, tests []string, err error) {
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
		return nil, nil, err
	}
	for _, e := range top {
		name := e.Name()
		switch {
		case e.IsDir(), name == "Makefile.PL", name == "Build.PL":
		case path.Ext(name) == ".psgi", path.Ext(name) == ".pl", path.Ext(name) == ".cgi", path.Ext(name) == "" && isPerl(fsys, name):
			run = append(run, name)
		}
	}
	for _, dir := range programs {
		if err := walk(dir, func(p string) bool { return path.Ext(p) == ".pl" || path.Ext(p) == ".psgi" || isPerl(fsys, p) }, &run); err != nil {
			return nil, nil, err
		}
	}
	for _, dir := range libraries {
		if system(dir) && isSystem(fsys) {
			continue
		}
		if err := walk(dir, func(p string) bool { return path.Ext(p) == ".pm" }, &run); err != nil {
			return nil, nil, err
		}
	}
	for _, dir := range testing {
		if err := walk(dir, func(p string) bool { return path.Ext(p) == ".t" }, &tests); err != nil {
			return nil, nil, err
		}
	}
	slices.Sort(run)
	slices.Sort(tests)
	return slices.Compact(run), tests, nil
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
