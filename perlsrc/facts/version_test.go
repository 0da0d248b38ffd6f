package facts

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// parseVersion asks ExtUtils::MakeMaker for the versions of files.
func parseVersion(t testing.TB, files []string) map[string]string {
	t.Helper()
	c := exec.Command(testkit.NeedPerl(t, "ExtUtils::MakeMaker"), "testdata/parse_version.pl")
	c.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{}
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		file, version, ok := strings.Cut(sc.Text(), "\t")
		if ok {
			says[file] = version
		}
	}
	return says
}

// verdictOf is a version as parse_version says it.
func verdictOf(v Version) string {
	switch {
	case v.Dynamic:
		return "dynamic"
	case !v.Stated(), v.Invalid:
		return "undef"
	}
	return v.Text
}

func TestTryAll(t *testing.T) {
	list, err := os.ReadFile(os.Getenv("FILES"))
	if err != nil {
		t.Skip()
	}
	files := strings.Fields(string(list))
	says := parseVersion(t, files)
	same, dyn := 0, 0
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		p := ReadVersion(src, "")
		got := verdictOf(p.Version)
		switch {
		case got == "dynamic":
			dyn++
			t.Logf("DYN  %-12s %s: %s", says[f], filepath.Base(f), p.Version.Source)
		case got == says[f]:
			same++
		default:
			t.Logf("DIFF mm %-12s ours %-12s %s:%d %s %s", says[f], got, f, p.Version.Line, p.Name, p.Version.Source)
		}
	}
	t.Logf("%d files, %d same, %d dynamic", len(files), same, dyn)
}
