package cyclonedx_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/bom/cyclonedx"
	"nacre/jsondoc"
)

// examples gives the official example documents, which the CycloneDX library
// carries, by name.
func examples(t testing.TB, ending string) map[string][]byte {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "testdata", "*"+ending))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	docs := map[string][]byte{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		docs[filepath.Base(name)] = b
	}
	return docs
}

func TestOfficialExamplesLoseNothing(t *testing.T) {
	for name, text := range examples(t, ".json") {
		b, err := cyclonedx.Read(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, losses, err := cyclonedx.Write(b, b.Format.Version)
		if err != nil || len(losses) > 0 {
			t.Errorf("%s: %v %v", name, losses, err)
			continue
		}
		if again, _ := jsondoc.Parse(out, jsondoc.Limits{}); !again.Equal(b.Raw) {
			t.Errorf("%s is not what was read:\n%s", name, out)
		}
	}
}
