package manifest

import (
	"context"
	"io"
	"os"
	"testing"
)

// An index of each version that was ever released can be verified.
func TestSamples(t *testing.T) {
	const dir = "testdata/nacre.manifest-1"
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	open := func(_ context.Context, path string) (io.ReadCloser, error) { return root.Open(path) }
	x, err := Load(context.Background(), open, []string{sampleKey})
	if err != nil {
		t.Fatal(err)
	}
	found, err := x.Manifest.Verify(context.Background(), open, 2, nil)
	if err != nil || len(found) != 0 || len(x.Manifest.Files) != 2 {
		t.Errorf("%d files, found %v, %v", len(x.Manifest.Files), found, err)
	}
	if x.Manifest.Sources[0].Commit != "abc123" || x.Manifest.Skipped["no range"] != 1 || x.Manifest.Counts.Releases != 3 {
		t.Errorf("read %+v", x.Manifest)
	}
}
