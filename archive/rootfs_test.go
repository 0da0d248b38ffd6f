package archive_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"nacre/archive"
	"nacre/fault"
)

// disk makes a root file system in a folder: "name=contents", "name -> link",
// "name/".
func disk(t *testing.T, lines ...string) fs.FS {
	t.Helper()
	dir := t.TempDir()
	for _, line := range lines {
		name, body, isFile := strings.Cut(line, "=")
		link, target, isLink := strings.Cut(line, " -> ")
		var err error
		switch {
		case isLink:
			os.MkdirAll(filepath.Dir(filepath.Join(dir, link)), 0o777)
			err = os.Symlink(target, filepath.Join(dir, link))
		case isFile:
			os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777)
			err = os.WriteFile(filepath.Join(dir, name), []byte(body), 0o666)
		default:
			err = os.MkdirAll(filepath.Join(dir, name), 0o777)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root.FS()
}

// A folder on disk and a tar of it lead to the same files.
func TestRootFS(t *testing.T) {
	lines := []string{
		"etc/alternatives/perl -> /usr/bin/perl5.36",
		"usr/bin/perl -> /etc/alternatives/perl",
		"usr/bin/perl5.36=ELF",
		"usr/lib/perl5/Foo.pm=package Foo;",
		"lib -> usr/lib",
		"bin -> /usr/bin/",
		"usr/lib/up -> ../../../../../usr/lib/perl5",
		"top -> /",
		"loop -> /loop2", "loop2 -> loop",
		"gone -> /nothing",
		"outside -> ../../../../../../../../etc/hostname",
		"etc/hostname=inside",
		"long -> " + strings.Repeat("etc/../", 500) + "etc/again",
		"etc/again -> " + strings.Repeat("../etc/", 500) + "hostname",
	}
	cases := map[string]string{
		"usr/bin/perl":                 "ELF",
		"bin/perl":                     "ELF",
		"lib/perl5/Foo.pm":             "package Foo;",
		"lib/up/Foo.pm":                "package Foo;",
		"top/lib/up/Foo.pm":            "package Foo;",
		"top/top/top/usr/bin/perl5.36": "ELF",
		"outside":                      "inside",
		"loop":                         "open loop: too many links (limit: 40 in one path)",
		"gone":                         "open gone: file does not exist",
		"lib/none":                     "open lib/none: file does not exist",
		"usr/bin/perl/x":               "open usr/bin/perl/x: is below something that is no folder",
		"../x":                         "open ../x: invalid argument",
	}
	var entries []entry
	for _, line := range lines {
		if name, target, isLink := strings.Cut(line, " -> "); isLink {
			entries = append(entries, entry{name: name, link: target})
		} else {
			name, body, _ := strings.Cut(line, "=")
			entries = append(entries, entry{name: name, body: body})
		}
	}
	for what, fsys := range map[string]fs.FS{
		"disk":        archive.RootFS(disk(t, lines...)),
		"tar":         mustOpen(t, tarOf(entries...), "root.tar", archive.Options{}),
		"tar wrapped": archive.RootFS(mustOpen(t, tarOf(entries...), "root.tar", archive.Options{})),
	} {
		for range 2 { // the second time with what was remembered
			for name, want := range cases {
				b, err := fs.ReadFile(fsys, name)
				if err != nil {
					b = []byte(err.Error())
					if p, ok := err.(*fs.PathError); !ok || p.Path != name {
						t.Errorf("%s: %s: %#v", what, name, err)
					}
				}
				// What Linux says of files that are not there.
				got := strings.NewReplacer("no such file or directory", "file does not exist", "not a directory", "is below something that is no folder").Replace(string(b))
				if got != want {
					t.Errorf("%s: %s: %s, want %s", what, name, got, want)
				}
			}
		}
		if info, err := fs.Stat(fsys, "usr/bin/perl"); err != nil || info.Size() != 3 {
			t.Errorf("%s: %v %v", what, info, err)
		}
		if info, err := fs.Lstat(fsys, "bin/perl"); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s: %v %v", what, info, err)
		}
		if target, err := fs.ReadLink(fsys, "top/bin/perl"); err != nil || target != "/etc/alternatives/perl" {
			t.Errorf("%s: %s %v", what, target, err)
		}
		if list, err := fs.ReadDir(fsys, "top/bin"); err != nil || len(list) != 2 {
			t.Errorf("%s: %v %v", what, list, err)
		}
	}
}

func TestRootFSIsFS(t *testing.T) {
	fsys := archive.RootFS(disk(t, "a/b=1", "a/c -> /a/b", "d -> /a"))
	if err := fstest.TestFS(fsys, "a/b", "a/c", "d"); err != nil {
		t.Error(err)
	}
}

// A link out of the folder on disk is not one to the machine's own files, even
// where what lies below would follow it.
func TestRootFSStaysInside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, target := range map[string]string{"file": outside, "dir": filepath.Dir(outside)} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	fsys := archive.RootFS(os.DirFS(dir))
	for _, name := range []string{"file", "dir/secret"} {
		if b, err := fs.ReadFile(fsys, name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %s %v", name, b, err)
		}
	}
}

// Opening a pipe would wait for its writer.
func TestRootFSPipe(t *testing.T) {
	fsys := archive.RootFS(fstest.MapFS{"a/pipe": {Mode: fs.ModeNamedPipe}})
	if _, err := fsys.Open("a/pipe"); err == nil || !strings.Contains(err.Error(), "is a device, a pipe or a socket") {
		t.Errorf("%v", err)
	}
}

func TestWalk(t *testing.T) {
	ctx := context.Background()
	system := fstest.MapFS{"etc/x": {}, "usr/lib/sys/y": {}, "proc/1/mem": {}, "sys/z": {}, "dev/null": {}}
	project := fstest.MapFS{"etc/x": {}, "proc/1": {}, "lib/a.pm": {}}
	for _, c := range []struct {
		fsys  fs.FS
		limit archive.Limits
		skip  string
		want  string
		err   string
	}{
		{fsys: system, want: ". etc etc/x usr usr/lib usr/lib/sys usr/lib/sys/y"},
		{fsys: project, want: ". etc etc/x lib lib/a.pm proc proc/1"},
		{fsys: project, skip: "etc", want: ". etc lib lib/a.pm proc proc/1"},
		{fsys: project, skip: "lib/a.pm", want: ". etc etc/x lib lib/a.pm proc proc/1"},
		{fsys: project, limit: archive.Limits{Entries: 5}, want: ". etc etc/x lib lib/a.pm proc", err: "has more than 5 files and folders (limit: entries)"},
		{fsys: project, limit: archive.Limits{Depth: 1}, want: ". etc etc", err: `folder "etc": has files more than 1 elements deep (limit: depth)`},
		{fsys: fstest.MapFS{}, want: "."},
	} {
		var got []string
		err := archive.Walk(ctx, c.fsys, c.limit, func(name string, d fs.DirEntry, err error) error {
			got = append(got, name)
			if name == c.skip {
				return fs.SkipDir
			}
			return err
		})
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("got %s, want %s", s, c.want)
		}
		if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err) || fault.KindOf(err) != fault.Invalid) {
			t.Errorf("%v, want %s", err, c.err)
		}
	}
}

func TestWalkStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	n := 0
	err := archive.Walk(ctx, fstest.MapFS{"a/b": {}, "c": {}}, archive.Limits{}, func(string, fs.DirEntry, error) error {
		n++
		cancel()
		return nil
	})
	if fault.KindOf(err) != fault.Canceled || n != 1 {
		t.Errorf("%v after %d", err, n)
	}
	err = archive.Walk(context.Background(), fstest.MapFS{"a/b": {}, "c": {}}, archive.Limits{}, func(string, fs.DirEntry, error) error {
		return fs.SkipAll
	})
	if err != nil {
		t.Error(err)
	}
	own := errors.New("mine")
	err = archive.Walk(context.Background(), fstest.MapFS{"a": {}}, archive.Limits{}, func(string, fs.DirEntry, error) error { return own })
	if err != own {
		t.Error(err)
	}
}

// A folder of a million files is given up early.
func TestWalkHugeFolder(t *testing.T) {
	n := 0
	err := archive.Walk(context.Background(), endless{&n}, archive.Limits{Entries: 5000}, func(string, fs.DirEntry, error) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "(limit: entries)") || n > 7000 {
		t.Errorf("%v after %d", err, n)
	}
}

// endless is a folder without an end.
type endless struct{ n *int }

func (e endless) Open(name string) (fs.File, error) {
	if name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return e, nil
}
func (e endless) Stat() (fs.FileInfo, error) { return e, nil }
func (e endless) Read([]byte) (int, error)   { return 0, fs.ErrInvalid }
func (e endless) Close() error               { return nil }
func (e endless) Name() string               { return fmt.Sprint("f", *e.n) }
func (e endless) Size() int64                { return 0 }
func (e endless) Mode() fs.FileMode          { return fs.ModeDir }
func (e endless) ModTime() time.Time         { return time.Time{} }
func (e endless) IsDir() bool                { return true }
func (e endless) Sys() any                   { return nil }

func (e endless) ReadDir(n int) ([]fs.DirEntry, error) {
	var list []fs.DirEntry
	for range n {
		*e.n++
		list = append(list, fs.FileInfoToDirEntry(e))
	}
	return list, nil
}

// A folder that may not be read is told, and the walk goes on.
func TestWalkUnreadable(t *testing.T) {
	var told []string
	err := archive.Walk(context.Background(), locked{fstest.MapFS{"a/x": {}, "b": {}}}, archive.Limits{}, func(name string, _ fs.DirEntry, err error) error {
		if err != nil {
			name += ": " + err.Error()
		}
		told = append(told, name)
		return nil
	})
	if got := strings.Join(told, "; "); got != ".; a; a: open a: permission denied; b" || err != nil {
		t.Error(got, err)
	}
}

// locked has a folder a that may not be read.
type locked struct{ fstest.MapFS }

func (l locked) Open(name string) (fs.File, error) {
	if name == "a" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.MapFS.Open(name)
}
