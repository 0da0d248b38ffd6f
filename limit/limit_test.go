package limit_test

import (
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"nacre/fault"
	"nacre/limit"
)

func TestReadAllStopsAtTheBound(t *testing.T) {
	for _, c := range []struct {
		in   string
		max  int64
		want string
		err  string
	}{
		{"", 0, "", ""},
		{"abc", 3, "abc", ""},
		{"abcd", 3, "abc", "larger than 3 bytes (limit: lock file size)"},
		{"abcd", math.MaxInt64, "abcd", ""},
		{"a", 0, "", "larger than 0 bytes (limit: lock file size)"},
	} {
		for name, r := range map[string]io.Reader{
			"at once":      strings.NewReader(c.in),
			"byte by byte": iotest.OneByteReader(strings.NewReader(c.in)),
			"data and EOF": iotest.DataErrReader(strings.NewReader(c.in)),
		} {
			got, err := limit.ReadAll(r, c.max, "lock file size")
			msg := ""
			if err != nil {
				msg = err.Error()
				if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
					t.Errorf("%q %s: error without kind or hint: %v", c.in, name, err)
				}
			}
			if string(got) != c.want || msg != c.err {
				t.Errorf("%q max %d %s: got %q, %q; want %q, %q", c.in, c.max, name, got, msg, c.want, c.err)
			}
		}
	}
}

func TestReadFileNamesTheFileOnce(t *testing.T) {
	fsys := fstest.MapFS{"META.json": {Data: []byte("{}")}}
	if b, err := limit.ReadFile(fsys, "META.json", 2, "metadata file size"); err != nil || string(b) != "{}" {
		t.Errorf("got %q, %v", b, err)
	}
	_, err := limit.ReadFile(fsys, "META.json", 1, "metadata file size")
	if err == nil || err.Error() != "read META.json: larger than 1 bytes (limit: metadata file size)" {
		t.Errorf("error = %v", err)
	}
	if _, err := limit.ReadFile(os.DirFS(t.TempDir()), ".", 1, "metadata file size"); err == nil || strings.Count(err.Error(), "read") != 1 {
		t.Errorf("a folder: %v", err)
	}
	if _, err := limit.ReadFile(fsys, "none", 1, "metadata file size"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("missing file: %v", err)
	}
}
