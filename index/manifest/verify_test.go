package manifest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/fault"
)

func TestVerify(t *testing.T) {
	f := newFolder(t)
	f["more.html"] = strings.Repeat("x", 200_000)
	f.finish(t, 42, nil, nil)
	x, err := Load(context.Background(), f.open, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(f folder)
		want   string
	}{
		{"whole", func(folder) {}, ""},
		{"one is missing", func(f folder) { delete(f, "index.html") }, "index.html: missing"},
		{"one has other bytes", func(f folder) { f["index.html"] = "hellO" }, "index.html: changed, it has another digest than the one that is listed"},
		{"one is shorter", func(f folder) { f["index.html"] = "hell" }, "index.html: changed, it has 4 bytes, and 5 are listed"},
		{"one is longer", func(f folder) { f["index.html"] = "hello!!" }, "index.html: changed, it has more than the 5 bytes that are listed"},
		{"one cannot be read", func(f folder) { f["index.html"] = "BROKEN" }, "index.html: unread, broken"},
		{"one is a folder", func(f folder) { f["index.html"] = "FOLDER" }, "index.html: changed, it is a folder"},
		{"one is not listed", func(f folder) { f["new.html"] = "" }, "new.html: unlisted"},
		{"two, by path", func(f folder) { delete(f, "index.html"); delete(f, DatabaseName) }, "index.html: missing; nacre.db: missing"},
	} {
		now := maps.Clone(f)
		c.change(now)
		for _, workers := range []int{0, 1, 7} {
			calls := 0
			found, err := x.Manifest.Verify(context.Background(), now.openOrBreak, workers, func(int64) { calls++ })
			if err != nil || calls != len(x.Manifest.Files) {
				t.Errorf("%s: %v after %d files", c.name, err, calls)
			}
			found = append(found, x.Manifest.Unlisted(maps.Keys(now))...)
			var got []string
			for _, f := range found {
				got = append(got, strings.TrimSuffix(fmt.Sprintf("%s: %s, %s", f.Path, f.Problem, f.Detail), ", "))
			}
			if s := strings.Join(got, "; "); s != c.want {
				t.Errorf("%s, %d workers: %q, want %q", c.name, workers, s, c.want)
			}
		}
	}
}

// openOrBreak gives a folder, or a file that cannot be read to the end, where its
// text asks for that.
func (f folder) openOrBreak(ctx context.Context, path string) (io.ReadCloser, error) {
	switch f[path] {
	case "FOLDER":
		return fstest.MapFS{"x/y": {}}.Open("x")
	case "BROKEN":
		r, w := io.Pipe()
		w.CloseWithError(errors.New("broken"))
		return r, nil
	}
	return f.open(ctx, path)
}

func TestVerifyIsInterrupted(t *testing.T) {
	f := newFolder(t)
	x, err := Load(context.Background(), f.open, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	found, err := x.Manifest.Verify(ctx, f.open, 2, nil)
	if fault.KindOf(err) != fault.Canceled || len(found) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
}
