package legacy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/cpan"
	"nacre/index"
	"nacre/index/legacy"
	"nacre/index/sample"
	"nacre/internal/testkit"
)

// built is the path of the built file.
const built = "cpan-security-advisory.json"

// builtFile holds what the reader of the original makes of the file to the
// verdicts of the index.
func builtFile(t *testing.T, m *index.Model, data []byte) {
	batch, err := cpansa.ReadJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	said := map[cpan.Dist][]*advisory.Record{}
	for _, it := range batch.Items {
		if it.Refused != nil {
			t.Errorf("%s: %v", it.Where, it.Refused)
			continue
		}
		d := it.Record.Affected[0].Dist
		said[d] = append(said[d], it.Record)
	}
	verdicts := 0
	for _, d := range m.Dists {
		if n := len(batch.Releases[d.Name]); len(said[d.Name]) > 0 && n != len(d.Releases) {
			t.Errorf("%s has %d releases, and %d are there", d.Name, len(d.Releases), n)
		}
		judges := make([]advisory.Judge, len(said[d.Name]))
		for i, r := range said[d.Name] {
			judges[i] = r.Affected[0].Compile()
		}
		for i, r := range d.Releases {
			if r.Parsed.IsZero() {
				continue
			}
			want, got := 0, 0
			for _, of := range d.Advisories {
				if of.Status[i].IsAffected() && !of.Darkpan {
					want++
				}
			}
			for _, j := range judges {
				if j.Status(r.Parsed) == advisory.StatusAffected {
					got++
				}
			}
			verdicts++
			if got != want {
				t.Errorf("%s %s: %d affect it, and the file says %d", d.Name, r.Version, want, got)
			}
		}
	}
	if verdicts == 0 {
		t.Error("nothing was compared")
	}
}

// auditWith writes the module that docs/formats/cpan-security-advisory.md has,
// and the file that it is to read, and gives the environment to run with.
func auditWith(t *testing.T, data []byte) []string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "formats", "cpan-security-advisory.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, module, ok := strings.Cut(string(doc), "```perl\n")
	module, _, ok2 := strings.Cut(module, "```\n")
	if !ok || !ok2 {
		t.Fatal("the document has no module")
	}
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "CPAN", "Audit"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"CPAN/Audit/DB.pm": module, "built.json": string(data)} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return append(os.Environ(), "PERL5LIB="+dir, "CPAN_AUDIT_JSON="+filepath.Join(dir, "built.json"))
}

// cpan-audit of Debian finds what the index says, and nothing else.
func TestCPANAudit(t *testing.T) {
	audit := testkit.Need(t, "cpan-audit")
	ar, err := txtar.ParseFile("testdata/releases.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var env []string
	for _, f := range sample.Ordered(t, sample.Case(t, ar), legacy.Formats()) {
		if f.Path == built {
			env = auditWith(t, f.Data)
		}
	}
	for version, want := range map[string]string{
		"1.1": "CPANSA-Foo-Bar-2099-01 CPANSA-Foo-Bar-2099-02",
		"1.2": "CPANSA-Foo-Bar-2099-01",
		"1.3": "",
	} {
		cmd := exec.Command(audit, "--no-color", "dist", "Foo-Bar", "=="+version)
		cmd.Env = env
		out, _ := cmd.CombinedOutput() // its status is the number of findings
		var got []string
		for _, word := range strings.Fields(string(out)) {
			word, _, _ = strings.Cut(word, "\x1b") // it is coloured all the same
			if strings.HasPrefix(word, "CPANSA-") {
				got = append(got, word)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s:\n%s", version, got, want, out)
		}
	}
}

// auditQueries asks the queries of Debian's CPAN::Audit about every version of the
// small distributions.
func auditQueries(t *testing.T, m *index.Model, data []byte) {
	perl := testkit.NeedPerl(t, "CPAN::Audit::Query")
	var questions, want strings.Builder
	n := 0
	var file map[string]map[string]any
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, d := range m.Dists {
		if len(d.Releases) > 10 {
			delete(file["dists"], string(d.Name)) // JSON::PP takes its time
			continue
		}
		for i, r := range d.Releases {
			if r.Parsed.IsZero() || i > 0 && d.Releases[i-1].Parsed.Equal(r.Parsed) || i+1 < len(d.Releases) && d.Releases[i+1].Parsed.Equal(r.Parsed) {
				continue // it is asked about equal ones as one
			}
			ids := map[string]bool{}
			for _, of := range d.Advisories {
				if of.Status[i].IsAffected() && !of.Darkpan {
					ids[string(of.Advisory.ID)] = true
				}
			}
			n++
			fmt.Fprintf(&questions, "%s %s\n", d.Name, r.Version)
			fmt.Fprintf(&want, "%s %s %d\n", d.Name, r.Version, len(ids))
		}
	}
	cmd := exec.Command(perl, "-MCPAN::Audit::DB", "-MCPAN::Audit::Query", "-e", `
		my $q = CPAN::Audit::Query->new(db => CPAN::Audit::DB->db);
		while (<STDIN>) {
			my ($dist, $version) = split;
			my @found = $q->advisories_for($dist, "==$version");
			print "$dist $version ", scalar @found, "\n";
		}`)
	small, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Env = auditWith(t, small)
	cmd.Stdin = strings.NewReader(questions.String())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(out) != want.String() {
		got, asked := strings.Split(string(out), "\n"), strings.Split(want.String(), "\n")
		for i := range asked {
			if i >= len(got) || got[i] != asked[i] {
				t.Fatalf("of %d answers number %d is %q, want %q", n, i+1, got[min(i, len(got)-1)], asked[i])
			}
		}
	}
	t.Logf("%d answers", n)
}
