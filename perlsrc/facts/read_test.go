package facts

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write the expected facts of testdata/read anew")

// readCase is a source and the facts that are expected of it, a line each.
type readCase struct{ file, name, src, want string }

// readCases reads testdata/read/*.txtar: files NAME.pl, each followed by its
// facts.
func readCases(t testing.TB) []readCase {
	t.Helper()
	files, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata/read", err)
	}
	var cases []readCase
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(a.Files); i += 2 {
			cases = append(cases, readCase{file, a.Files[i].Name, string(a.Files[i].Data), string(a.Files[i+1].Data)})
		}
	}
	return cases
}

// lines writes facts as a line each: the kind, and what is set as JSON.
func lines(t *testing.T, f *File) string {
	t.Helper()
	var whole bytes.Buffer
	e := json.NewEncoder(&whole)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(whole.Bytes(), &fields); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, kind := range []string{"shebang", "taint", "packages", "loads", "subs", "exports", "pod", "dynamic", "broken"} {
		raw, ok := fields[kind]
		if !ok {
			continue
		}
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			list = []json.RawMessage{raw}
		}
		for _, one := range list {
			b.WriteString(kind + " " + string(one) + "\n")
		}
	}
	return b.String()
}

func TestRead(t *testing.T) {
	got := map[string]*txtar.Archive{}
	for _, c := range readCases(t) {
		t.Run(strings.TrimSuffix(filepath.Base(c.file), ".txtar")+"/"+c.name, func(t *testing.T) {
			now := lines(t, Read([]byte(c.src)))
			if got[c.file] == nil {
				got[c.file], _ = txtar.ParseFile(c.file)
			}
			for i := range got[c.file].Files {
				if f := &got[c.file].Files[i]; f.Name == c.name {
					got[c.file].Files[i+1].Data = []byte(now)
				}
			}
			if diff := cmp.Diff(c.want, now); diff != "" && !*update {
				t.Errorf("(- expected, + read):\n%s", diff)
			}
		})
	}
	if *update {
		for file, a := range got {
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
