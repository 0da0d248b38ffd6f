package main

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// heavy are modules, or beginnings of their paths, that must not get into the
// program however they are asked for: it starts at once and carries little.
var heavy = []string{
	"github.com/riverqueue/", "github.com/jackc/pgx", "github.com/pressly/goose",
	"github.com/danielgtaylor/huma", "github.com/minio/", "github.com/yuin/goldmark",
	"github.com/microcosm-cc/bluemonday", "github.com/santhosh-tekuri/jsonschema",
	"github.com/gocsaf/", "modernc.org/", "github.com/mattn/go-sqlite3",
	"github.com/lib/pq", "github.com/go-sql-driver/",
}

// TestLinkedModules holds that nacre links the modules of testdata/modules.list
// and no others, on any system.
func TestLinkedModules(t *testing.T) {
	linked := map[string]bool{}
	for _, system := range []string{"linux", "darwin", "windows"} {
		c := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".")
		c.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		c.Stderr = os.Stderr
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, module := range strings.Fields(string(out)) {
			linked[module] = true
		}
	}
	text, err := os.ReadFile("testdata/modules.list")
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Fields(string(text))
	for module := range linked {
		if !slices.Contains(listed, module) {
			t.Errorf("nacre links %s, which testdata/modules.list does not list", module)
		}
		if slices.ContainsFunc(heavy, func(p string) bool { return strings.HasPrefix(module, p) }) {
			t.Errorf("nacre links %s, which is too much for it", module)
		}
	}
	for _, module := range listed {
		if !linked[module] {
			t.Errorf("testdata/modules.list lists %s, which nacre does not link", module)
		}
	}
}
