package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"nacre/fault"
)

func put(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

// folder lists a folder's files with their contents.
func folder(t *testing.T, dir string) string {
	t.Helper()
	var s string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		s += fmt.Sprintf("%s=%s\n", e.Name(), b)
	}
	return s
}

func TestReplaceNew(t *testing.T) {
	dir := t.TempDir()
	if err := Replace(filepath.Join(dir, "new"), put("one")); err != nil {
		t.Fatal(err)
	}
	if got := folder(t, dir); got != "new=one\n" {
		t.Errorf("folder holds\n%s", got)
	}
}

func TestReplaceOld(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	if err := os.WriteFile(name, []byte("old, and longer"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Replace(name, put("new")); err != nil {
		t.Fatal(err)
	}
	if got := folder(t, dir); got != "f=new\n" {
		t.Errorf("folder holds\n%s", got)
	}
	if info, _ := os.Stat(name); runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, want the old file's 0600", info.Mode().Perm())
	}
}

func TestReplaceKeepsTheOldFileOnError(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "f")
	if err := os.WriteFile(name, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	err := Replace(name, func(w io.Writer) error {
		if err := put("half")(w); err != nil {
			return err
		}
		return stop
	})
	if err != stop {
		t.Errorf("error is %v, want the writer's own", err)
	}
	if got := folder(t, dir); got != "f=old\n" {
		t.Errorf("folder holds\n%s", got)
	}
}

func TestReplaceFollowsLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "real"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Skip("SKIPPED: no links here:", err)
	}
	if err := Replace(filepath.Join(dir, "link"), put("new")); err != nil {
		t.Fatal(err)
	}
	if got := folder(t, dir); got != "link=new\nreal=new\n" {
		t.Errorf("folder holds\n%s", got)
	}
	if info, _ := os.Lstat(filepath.Join(dir, "link")); info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
}

func TestReplaceRefusesALinkToNothing(t *testing.T) {
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink("nothing", link); err != nil {
		t.Skip("SKIPPED: no links here:", err)
	}
	if err := Replace(link, put("x")); fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
		t.Errorf("error is %v", err)
	}
}

func TestReplaceRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]fault.Kind{
		dir:                             fault.Invalid,
		filepath.Join(dir, "none", "f"): fault.NotFound,
	} {
		if err := Replace(name, put("x")); fault.KindOf(err) != want {
			t.Errorf("Replace(%s): %v, want kind %v", name, err, want)
		}
	}
	if got := folder(t, dir); got != "" {
		t.Errorf("folder holds\n%s", got)
	}
}

func TestDataFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: the expected paths are written with slashes")
	}
	for _, test := range []struct {
		goos string
		env  map[string]string
		want string
	}{
		{"linux", map[string]string{"HOME": "/h"}, "/h/.local/share/nacre"},
		{"linux", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/x/nacre"},
		{"linux", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "x"}, "/h/.local/share/nacre"},
		{"linux", map[string]string{"HOME": "/h", "NACRE_DATA": "d"}, "d"},
		{"freebsd", map[string]string{"HOME": "/h"}, "/h/.local/share/nacre"},
		{"darwin", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/x"}, "/h/Library/Application Support/nacre"},
		{"windows", map[string]string{"LocalAppData": "/l", "HOME": "/h"}, "/l/nacre"},
		{"linux", nil, ""},
		{"windows", map[string]string{"HOME": "/h"}, ""},
	} {
		got, err := DataFolder(test.goos, func(k string) string { return test.env[k] })
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("DataFolder(%s, %v) = %q, %v; want %q", test.goos, test.env, got, err, test.want)
		}
		if err != nil && fault.HintOf(err) == "" {
			t.Errorf("DataFolder(%s, %v): no hint", test.goos, test.env)
		}
	}
}
