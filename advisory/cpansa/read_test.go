package cpansa_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
)

// Each case of testdata is a folder and what is read of it.
func TestRead(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) != 5 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		t.Run(filepath.Base(c), func(t *testing.T) {
			ar, err := txtar.ParseFile(c)
			if err != nil {
				t.Fatal(err)
			}
			folder, want := fstest.MapFS{}, ""
			for _, f := range ar.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					folder[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			var batch advisory.Batch
			if index := folder["index.json"]; index != nil {
				batch, err = cpansa.ReadJSON(strings.NewReader(string(index.Data)))
			} else {
				batch, err = cpansa.ReadDir(folder)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, render(&batch)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// render writes a batch as the cases have it.
func render(b *advisory.Batch) string {
	var w strings.Builder
	for _, it := range b.Items {
		fmt.Fprintf(&w, "%s\n", strings.TrimSpace(it.Where+" "+it.Native))
		if it.Refused != nil {
			// A library's words for what is wrong with a text are its own.
			text := it.Refused.Error()
			if i := strings.Index(text, "read YAML: "); i >= 0 {
				text = text[:i] + "read YAML"
			}
			fmt.Fprintf(&w, "  refused: %s\n", text)
		}
		if it.Record != nil {
			record(&w, it.Record)
		}
		for _, warning := range it.Warnings {
			fmt.Fprintf(&w, "  ! %s\n", warning)
		}
	}
	for _, d := range slices.Sorted(maps.Keys(b.Main)) {
		fmt.Fprintf(&w, "main %s %s\n", d, b.Main[d])
	}
	for _, m := range slices.Sorted(maps.Keys(b.Owners)) {
		fmt.Fprintf(&w, "owner %s %s\n", m, b.Owners[m])
	}
	for _, d := range slices.Sorted(maps.Keys(b.Releases)) {
		for _, k := range b.Releases[d] {
			fmt.Fprintf(&w, "release %s %q", d, k.Version)
			if !k.Date.IsZero() {
				fmt.Fprintf(&w, " %s", advisory.DateOf(k.Date))
			}
			if k.Perl != "" {
				fmt.Fprintf(&w, " perl %s", k.Perl)
			}
			w.WriteString("\n")
		}
	}
	for _, warning := range b.Warnings {
		fmt.Fprintf(&w, "warning %s\n", warning)
	}
	return w.String()
}

func record(w *strings.Builder, r *advisory.Record) {
	fmt.Fprintf(w, "  %s", r.ID)
	for i, a := range r.Aliases {
		if i == 0 {
			w.WriteString(" also")
		}
		fmt.Fprintf(w, " %s", a)
	}
	fmt.Fprintf(w, "\n  %s", r.Severity)
	if !r.Reported.IsZero() {
		fmt.Fprintf(w, " reported %s", r.Reported)
	}
	w.WriteString("\n")
	if r.Description != "" {
		fmt.Fprintf(w, "  text %q\n", r.Description)
	}
	for _, ref := range r.References {
		fmt.Fprintf(w, "  link %s\n", ref.URL)
	}
	for _, a := range r.Affected {
		fmt.Fprintf(w, "  %s", a.Dist)
		if a.Darkpan {
			w.WriteString(" darkpan")
		}
		for _, s := range a.Statements {
			w.WriteString(" affected" + quoted(s.CPANSA.Affected))
			if len(s.CPANSA.Fixed) > 0 {
				w.WriteString(" fixed" + quoted(s.CPANSA.Fixed))
			}
			fmt.Fprintf(w, " by %s", s.Entry)
		}
		w.WriteString("\n")
		if l := a.Library; l != nil {
			fmt.Fprintf(w, "  library %s", l.Name)
			if len(l.Affected) > 0 {
				w.WriteString(" affected" + quoted(l.Affected))
			}
			for _, row := range l.Bundled {
				fmt.Fprintf(w, " %q=%q", row.Releases, row.Version)
			}
			w.WriteString("\n")
		}
	}
	if s := r.Sources[0]; s.Commit != "" {
		fmt.Fprintf(w, "  of %s %s\n", s.Commit, advisory.DateOf(s.Time))
	}
}

func quoted(texts []string) string {
	out := ""
	for _, s := range texts {
		out += fmt.Sprintf(" %q", s)
	}
	return out
}
