package thirdparty_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"

	thirdparty "nacre/third_party"
)

// Each README.md has a digest for each file, and each folder a licence.
func TestDigests(t *testing.T) {
	names := thirdparty.Schemas()
	if len(names) < 14 {
		t.Errorf("%d schemas", len(names))
	}
	for _, name := range names {
		text, err := thirdparty.Schema(name)
		if err != nil {
			t.Error(err)
			continue
		}
		readme, err := os.ReadFile(path.Join(path.Dir(name), "README.md"))
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha256.Sum256(text)
		row := fmt.Sprintf("| `%s` | `%x` |", path.Base(name), sum)
		if !strings.Contains(string(readme), "\n"+row) {
			t.Errorf("%s/README.md does not say that %s has SHA-256 %x", path.Dir(name), path.Base(name), sum)
		}
		if _, err := os.Stat(path.Join(path.Dir(name), "LICENSE")); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := thirdparty.Schema("cyclonedx/bom-0.1.schema.json"); err == nil {
		t.Error("a schema that is not there was found")
	}
}
