// Package testkit is what Nacre's tests share; only tests import it.
package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// required says whether NACRE_REQUIRE, a comma-separated list, names what.
func required(what string) bool {
	for r := range strings.SplitSeq(os.Getenv("NACRE_REQUIRE"), ",") {
		if strings.TrimSpace(r) == what {
			return true
		}
	}
	return false
}

// missing skips the test and says what it wanted, or fails it where
// NACRE_REQUIRE names it.
func missing(t testing.TB, what, wanted string) {
	t.Helper()
	if required(what) {
		t.Fatalf("NACRE_REQUIRE names %s, and it is not here: %s", what, wanted)
	}
	t.Skipf("SKIPPED: %s is not here: %s", what, wanted)
}

// Root is the project's root folder.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test's folder")
		}
		dir = up
	}
}

// Data is the folder of real data: NACRE_TESTDATA, or ../shared/data beside
// the project. Without it the test skips, and says so.
func Data(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("NACRE_TESTDATA")
	if dir == "" {
		dir = filepath.Join(filepath.Dir(Root(t)), "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "cpansa")); err != nil {
		missing(t, "testdata", "set NACRE_TESTDATA to the folder of real advisory data")
	}
	return dir
}

// Need gives the path of a program on PATH, and skips the test without it.
// The name is also what NACRE_REQUIRE calls it.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing(t, program, "install it, or run make test, which does")
	}
	return path
}

// NeedTool gives the path of a program that tools.mod lists, which go builds when
// it is first asked for, and skips the test where it cannot. The name is also what
// NACRE_REQUIRE calls it.
func NeedTool(t testing.TB, program string) string {
	t.Helper()
	find := exec.Command("go", "tool", "-modfile=tools.mod", "-n", program)
	find.Dir = Root(t)
	path, err := find.Output()
	if err != nil {
		missing(t, program, "go could not build it; it needs the modules of tools.mod")
	}
	return strings.TrimSpace(string(path))
}

// NeedPerl gives the path of perl, and skips the test where perl lacks one of
// the modules: require name "perl".
func NeedPerl(t testing.TB, modules ...string) string {
	t.Helper()
	perl := Need(t, "perl")
	for _, m := range modules {
		if err := exec.Command(perl, "-M"+m, "-e", "1").Run(); err != nil {
			missing(t, "perl", "the Perl module "+m+"; make test installs it")
		}
	}
	return perl
}

// NeedPPI gives the path of a perl that has PPI, the reader of Perl source
// that ours is compared with, and skips the test without: require name "ppi".
func NeedPPI(t testing.TB) string {
	t.Helper()
	perl, err := exec.LookPath("perl")
	if err == nil {
		err = exec.Command(perl, "-MPPI", "-e", "1").Run()
	}
	if err != nil {
		missing(t, "ppi", "Debian's libppi-perl; make test installs it")
	}
	return perl
}
