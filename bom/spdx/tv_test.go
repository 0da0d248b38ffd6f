package spdx_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spdx/tools-golang/tagvalue"
	"nacre/bom"
	"nacre/bom/spdx"
)

func TestTV(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/spdx/tools-golang").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(dir))
	var files []string
	for _, g := range []string{"/examples/sample-docs/json/*.json", "/json/test_fixtures/*.json", "/examples/sample-docs/tv/*", "/examples/*/*.spdx", "/testdata/*/*.spdx"} {
		m, _ := filepath.Glob(root + g)
		files = append(files, m...)
	}
	for _, f := range files {
		text, _ := os.ReadFile(f)
		b, err := spdx.Read(text)
		if err != nil {
			t.Logf("%s: %v", f, err)
			continue
		}
		tv, losses, err := spdx.Write(b, bom.Format{Version: b.Format.Version, Encoding: "tag-value"})
		if err != nil {
			t.Fatal(err)
		}
		again, err := spdx.Read(tv)
		if err != nil {
			t.Errorf("%s: %v\n%s", f, err, tv)
			continue
		}
		t.Log(filepath.Base(f), b.Format, losses, len(b.Components))
		if b.Format.Encoding == "tag-value" && !again.Raw.Equal(b.Raw) {
			t.Errorf("%s differs", f)
			os.WriteFile("/tmp/nacre/F4/a.json", b.Raw.Append(nil), 0o644)
			os.WriteFile("/tmp/nacre/F4/b.json", again.Raw.Append(nil), 0o644)
		}
		tv2, _, err := spdx.Write(again, again.Format)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(tv, tv2) {
			t.Errorf("%s: second differs", f)
		}
		js, _, _ := spdx.Write(again, bom.Format{Version: b.Format.Version})
		os.WriteFile("/tmp/nacre/F4/"+filepath.Base(f)+".tv", tv, 0o644)
		os.WriteFile("/tmp/nacre/F4/"+filepath.Base(f)+".js", js, 0o644)
		doc, err := tagvalue.Read(bytes.NewReader(tv))
		if err != nil {
			t.Errorf("%s tools: %v", f, err)
			continue
		}
		t.Log(len(doc.Packages), len(doc.Relationships), len(doc.Files), len(doc.Snippets), len(doc.Annotations))
	}
}
