package ospkg_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/inventory/ospkg"
)

var update = flag.Bool("update", false, "make the sample in testdata anew")

// TestAgainstRPM has RPM make the database of the sample: what RPM writes today
// reads as the sample does.
func TestAgainstRPM(t *testing.T) {
	rpm, build := testkit.Need(t, "rpm"), testkit.Need(t, "rpmbuild")
	dir := t.TempDir()
	run := func(program string, args ...string) {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8", "SOURCE_DATE_EPOCH=1704067200")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", program, err, out)
		}
	}
	for _, spec := range []string{"perl", "apart"} {
		run(build, "--define", "_topdir "+dir, "--define", "_buildhost localhost", "-bb", "--quiet", "testdata/"+spec+".spec")
	}
	packages, err := filepath.Glob(dir + "/RPMS/*/*.rpm")
	if err != nil || len(packages) != 6 {
		t.Fatalf("rpmbuild made %v: %v", packages, err)
	}
	run(rpm, append([]string{
		"--dbpath", dir, "--define", "_db_backend sqlite", "--justdb", "--nodeps", "--ignorearch", "-i",
	}, packages...)...)
	b, err := os.ReadFile(filepath.Join(dir, "rpmdb.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("testdata/perl.sqlite.gz", pack(b), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	read := func(b []byte) string {
		fsys := fstest.MapFS{"usr/share/rpm/rpmdb.sqlite": {Data: bytes.Clone(b)}}
		var inv inventory.Inventory
		if _, err := (ospkg.System{}).Find(context.Background(), fsys, &inv); err != nil {
			t.Fatal(err)
		}
		return describe(&inv, fsys)
	}
	if diff := cmp.Diff(read(sample(t, "perl.sqlite")), read(b)); diff != "" {
		t.Errorf("-sample +made\n%s", diff)
	}
}
