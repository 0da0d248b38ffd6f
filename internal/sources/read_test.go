package sources_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/sources"
)

// told writes down what was read.
func told(res *sources.Result) string {
	var b strings.Builder
	for _, h := range res.Health {
		fmt.Fprintf(&b, "%s: %d entries, %d refused, of %s", h.Name, h.Entries, h.Refused, h.Time.Format(time.DateOnly))
		if h.Problem != "" {
			fmt.Fprintf(&b, ", %s", h.Problem)
		}
		fmt.Fprintln(&b)
		for _, p := range h.Parts {
			fmt.Fprintf(&b, "  %s %s: %d entries, %d refused, %d others, of %s", p.Kind, p.Path, p.Entries, p.Refused, p.Others, p.Time.Format(time.DateOnly))
			if p.Commit != "" {
				fmt.Fprintf(&b, " at %.7s", p.Commit)
			}
			fmt.Fprintln(&b)
		}
	}
	for _, batch := range res.Batches {
		for _, item := range batch.Items {
			if item.Record == nil {
				fmt.Fprintf(&b, "%s: %v\n", item.Where, item.Refused)
			}
		}
	}
	for _, batch := range res.Batches {
		for _, d := range slices.Sorted(maps.Keys(batch.Releases)) {
			for _, k := range batch.Releases[d] {
				fmt.Fprintf(&b, "release %s %s\n", d, k.Version)
			}
		}
	}
	for _, m := range res.Missing {
		fmt.Fprintf(&b, "missing %s: %s\n", m.ID, m.Reason)
	}
	for _, r := range res.Review {
		fmt.Fprintf(&b, "review %s: %s\n", r.ID, r.Why)
	}
	for _, s := range res.Skipped {
		fmt.Fprintf(&b, "skipped %s\n", s)
	}
	return b.String()
}

// unpack writes the files of an archive into a folder, which becomes the
// current one.
func unpack(t *testing.T, ar *txtar.Archive) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, f := range ar.Files {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			unpack(t, ar)
			var r sources.Reader
			var names []string
			want := ""
			for _, f := range ar.Files {
				text := string(f.Data)
				switch f.Name {
				case "names":
					names = strings.Fields(text)
				case "want":
					want = strings.ReplaceAll(text, "DAY", time.Now().UTC().Format(time.DateOnly))
				case "about":
					r.About = []cpan.Dist{cpan.Dist(strings.TrimSpace(text))}
				case "allow":
					for line := range strings.Lines(text) {
						id, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
						r.Allow = append(r.Allow, sources.Allowed{ID: advisory.ID(id), Reason: reason})
					}
				}
			}
			res, err := r.Read(t.Context(), names)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Close()
			if diff := cmp.Diff(want, told(res)); diff != "" {
				t.Error(diff)
			}
			for _, h := range res.Health {
				if h.Problem != "" && h.Err == nil {
					t.Errorf("%s: a problem without an error", h.Name)
				}
			}
			r.Stop = true
			_, err = r.Read(t.Context(), names)
			first := slices.IndexFunc(res.Health, func(h sources.Health) bool { return h.Problem != "" })
			if (err != nil) != (first >= 0) || err != nil && err.Error() != res.Health[first].Err.Error() {
				t.Errorf("the reader that stops: %v", err)
			}
		})
	}
}

// An interrupt ends the reading, and nothing is given that is read in part.
func TestInterrupt(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "find-ls")
	if err := os.WriteFile(name, []byte("authors/id/A/AU/AUTHOR/Foo-Bar-1.1.tar.gz\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r := sources.Reader{Say: func(what string) {
		if what == name {
			cancel() // when the list is about to be read
		}
	}}
	res, err := r.Read(ctx, []string{name})
	if res != nil || fault.KindOf(err) != fault.Canceled {
		t.Errorf("%v, %v", res, err)
	}
}
