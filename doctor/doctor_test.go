package doctor_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advice"
	"nacre/advisory"
	"nacre/cpan"
	"nacre/doctor"
	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/meta/directory"
	"nacre/policy"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

var now = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// known is what a case's advisory data says.
type known struct {
	owners   map[cpan.Module]cpan.Dist
	releases map[cpan.Dist][]advisory.Known
	records  map[cpan.Dist][]advisory.Record
}

// readKnown reads one fact a line:
//
//	module Foo::Bar Foo-Bar
//	releases Foo-Bar 1.0 1.1 1.2
//	flaw CVE-2099-0001 Foo-Bar <1.2
func readKnown(t *testing.T, text string) *known {
	k := &known{map[cpan.Module]cpan.Dist{}, map[cpan.Dist][]advisory.Known{}, map[cpan.Dist][]advisory.Record{}}
	for l := range strings.Lines(text) {
		f := strings.Fields(l)
		switch {
		case len(f) == 3 && f[0] == "module":
			k.owners[cpan.Module(f[1])] = cpan.Dist(f[2])
		case len(f) > 2 && f[0] == "releases":
			for _, v := range f[2:] {
				k.releases[cpan.Dist(f[1])] = append(k.releases[cpan.Dist(f[1])], advisory.Known{Version: v})
			}
		case len(f) == 4 && f[0] == "flaw":
			d := cpan.Dist(f[2])
			k.records[d] = append(k.records[d], advisory.Record{
				ID: advisory.ID(f[1]), Title: "it is made up", Affected: []advisory.Affected{{
					Dist: d, Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{Affected: []string{f[3]}}}},
				}},
			})
		default:
			t.Fatalf("known: %q", l)
		}
	}
	return k
}

func (k *known) ForDist(_ context.Context, d cpan.Dist) ([]advisory.Record, error) {
	return k.records[d], nil
}

func (k *known) Releases(_ context.Context, d cpan.Dist) ([]advisory.Known, error) {
	return k.releases[d], nil
}

func (k *known) OwnerOf(_ context.Context, m cpan.Module) (cpan.Dist, error) { return k.owners[m], nil }

func (k *known) OwnersOf(_ context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	var out []cpan.Dist
	for _, m := range modules {
		out = append(out, k.owners[m])
	}
	return out, nil
}

func (k *known) Main(context.Context, cpan.Dist) (cpan.Module, error) { return "", nil }

func (k *known) Spelled(_ context.Context, names []string) ([][]cpan.Dist, error) {
	return make([][]cpan.Dist, len(names)), nil
}

// examine examines the files of a case. Its first lines may name the archive that
// they come from, as in "archive Acme-Demo-1.02.tar.gz", and the areas that are
// to be told, as in "areas metadata licence"; all others are left out.
func examine(t *testing.T, ar *txtar.Archive) (doctor.Report, fstest.MapFS, []string) {
	opt := doctor.Options{Now: now}
	areas := doctor.Areas()
	for l := range strings.Lines(string(ar.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(l, "# ")), " ")
		switch key {
		case "archive":
			opt.Archive = value
		case "areas":
			areas = strings.Split(value, ", ")
		}
	}
	data := &known{}
	fsys := fstest.MapFS{}
	for _, f := range ar.Files {
		switch f.Name {
		case "want":
		case "known":
			data = readKnown(t, string(f.Data))
		default:
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	opt.Data = data
	r, err := doctor.Examine(context.Background(), fsys, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r, fsys, areas
}

// TestExamine runs the cases.
func TestExamine(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		r, _, areas := examine(t, ar)
		var b strings.Builder
		told := " " + strings.Join(areas, ",") + ","
		for _, f := range r.Findings {
			if f.Why == "" || f.How == "" || f.Area == "" {
				t.Errorf("%s: no why, no how, or no area", f.ID)
			}
			if !strings.Contains(told, f.Area+",") {
				continue
			}
			at := f.File
			if f.Line > 0 {
				at += fmt.Sprintf(":%d", f.Line)
			}
			fmt.Fprintf(&b, "%s %s %s: %s\n  %s\n%s", f.ID, f.Level, at, f.Title, f.How, f.Patch)
		}
		for _, n := range r.Notices {
			fmt.Fprintf(&b, "notice %v: %s\n", n.Partial, n.Text)
		}
		if b.Len() == 0 {
			return "in good health\n"
		}
		return b.String()
	})
}

// TestWithoutData holds that silence about advisories is not taken for an answer
// where there is nobody to ask.
func TestWithoutData(t *testing.T) {
	r, err := doctor.Examine(context.Background(), fstest.MapFS{"cpanfile": {Data: []byte("requires 'Acme::Old';\n")}}, doctor.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if !r.IsPartial() {
		t.Error("the answer is whole")
	}
}

// TestUnread holds that a policy that is too long is said to be unread, and that
// the rest is looked at all the same.
func TestUnread(t *testing.T) {
	r, err := doctor.Examine(context.Background(), fstest.MapFS{
		"META.json":   {Data: []byte(`{"name": "Acme-Demo", "version": "1.0"}`)},
		"SECURITY.md": {Data: []byte(strings.Repeat("Write to us.\n", 10_000))},
	}, doctor.Options{Now: now, Data: &known{}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(r.Notices, func(n inventory.Notice) bool {
		return n.Partial && strings.HasPrefix(n.Text, "the security policy was not looked at: ")
	}) {
		t.Errorf("no notice says so: %v", r.Notices)
	}
	if !slices.ContainsFunc(r.Findings, func(f advice.Finding) bool { return f.ID == "I01" }) {
		t.Error("the rest was not looked at")
	}
}

// TestPatch holds that git takes the patch of each case, and that what had a
// proposal of its own alone is mended by it.
func TestPatch(t *testing.T) {
	git := testkit.Need(t, "git")
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	applied := 0
	for _, file := range files {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, fsys, _ := examine(t, ar)
		if r.Patch == "" {
			continue
		}
		applied++
		dir := t.TempDir()
		if err := os.CopyFS(dir, fsys); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(git, "apply", "--whitespace=nowarn", "-")
		c.Dir, c.Stdin = dir, strings.NewReader(r.Patch)
		c.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+dir, "GIT_DIR="+filepath.Join(dir, "none"))
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s\n%s", file, err, out, r.Patch)
			continue
		}
		after, err := doctor.Examine(context.Background(), os.DirFS(dir), doctor.Options{Now: now, Data: &known{}})
		if err != nil {
			t.Fatal(err)
		}
		if after.Patch != "" && r.Left == 0 {
			t.Errorf("%s: it still proposes\n%s", file, after.Patch)
		}
	}
	if applied == 0 {
		t.Error("no case has a patch")
	}
}

// TestDocs holds that the page about the check-up lists each rule as it is.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "doctor.md"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, r := range doctor.Rules() {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", r.ID, r.Level, r.What))
	}
	for _, r := range directory.Rules() {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", r.ID, r.Level, r.What))
	}
	for _, row := range rows {
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/doctor.md has no row %s", row)
		}
	}
	if len(policy.Rules()) == 0 || !strings.Contains(string(page), "security-policy.md") {
		t.Error("docs/doctor.md does not lead to the rules of policies")
	}
}
