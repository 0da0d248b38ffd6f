package directory

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/internal/testkit"
	"nacre/limit"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// TestCheck runs the cases: the files of a release of Acme-Demo.
func TestCheck(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		fsys := fstest.MapFS{}
		for _, f := range ar.Files {
			if f.Name != "want" {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		r, err := Check(context.Background(), fsys, Facts{Dist: "Acme-Demo"})
		if err != nil {
			return err.Error() + "\n"
		}
		var b strings.Builder
		for _, f := range r.Findings {
			fmt.Fprintf(&b, "%s %s %s:%d %s\n  %s\n", f.ID, f.Level, f.File, f.Line, f.Title, f.How)
		}
		if b.Len() == 0 {
			return fmt.Sprintf("sound, exists %v\n", r.Exists)
		}
		return b.String()
	})
}

// TestTemplatesPass holds that each template passes the check, and that the one
// that is discouraged says so.
func TestTemplatesPass(t *testing.T) {
	for _, tpl := range Templates() {
		text, err := New(tpl.Name, "Acme-Demo", "AI_POLICY.md")
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, f := range CheckAutomation(AutomationPolicy, text, Facts{Dist: "Acme-Demo"}) {
			ids = append(ids, f.ID)
		}
		want := ""
		if tpl.Name == FullAutomation {
			want = "V11"
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %q, want %q\n%s", tpl.Name, got, want, text)
		}
	}
	if _, err := New("full", "", ""); err == nil {
		t.Error("there is a template full")
	}
}

// TestWorkflowsUnread: what is not looked at is said to be unknown.
func TestWorkflowsUnread(t *testing.T) {
	text, err := New(NoAutomation, "Acme-Demo", "")
	if err != nil {
		t.Fatal(err)
	}
	large, many := fstest.MapFS{}, fstest.MapFS{}
	large[".github/workflows/large.yml"] = &fstest.MapFile{Data: make([]byte, limit.Metadata+1)}
	for i := range maxWorkflows + 1 {
		many[fmt.Sprintf(".github/workflows/%03d.yml", i)] = &fstest.MapFile{}
	}
	for want, fsys := range map[string]fstest.MapFS{
		".github/workflows/large.yml cannot be read, and what it does is not known":      large,
		".github/workflows has more than 200 files, and what the others do is not known": many,
	} {
		fsys["CPAN-META/automation-policy.json"] = &fstest.MapFile{Data: text}
		r, err := Check(context.Background(), fsys, Facts{})
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Title != want || r.Findings[0].Level != "note" {
			t.Errorf("%v, %v; want %s", err, r.Findings, want)
		}
	}
}

// FuzzCheckAutomation holds that any text can be checked, and that what has no
// error is readable and has the three levels.
func FuzzCheckAutomation(f *testing.F) {
	for _, tpl := range Templates() {
		text, err := New(tpl.Name, "Acme-Demo", "AI_POLICY.md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"version":"1","code_generation":["toolchain"],"automated_actions":"issues","x":null,}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, x := range CheckAutomation("f", text, Facts{}) {
			if x.Level == "error" {
				return
			}
		}
		for _, l := range ladders {
			if !strings.Contains(string(text), `\`) && !strings.Contains(string(text), l.key) {
				t.Errorf("no error, and no %s", l.key)
			}
		}
	})
}
