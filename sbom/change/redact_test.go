package change_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
	"nacre/bom/spdx"
	"nacre/sbom/change"
)

var update = flag.Bool("update", false, "write what comes out to testdata")

func full(t testing.TB) *bom.Bill {
	t.Helper()
	b, err := os.ReadFile("testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	bill, err := cyclonedx.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return bill
}

func everyRule() change.Rules {
	return change.Rules{Personal: true, Components: []string{"Acme-Secret"}, Paths: true, URLs: true, Sharing: "GREEN"}
}

// TestRedact writes a bill without what every rule takes out. The result is
// beside the bill, for people to read.
func TestRedact(t *testing.T) {
	for _, c := range []struct {
		golden string
		rules  change.Rules
	}{
		{"redacted.json", everyRule()},
		{"personal.json", change.Rules{Personal: true, Keep: []string{"jane@acme.example", "Jane Quux"}}},
	} {
		b := full(t)
		if _, err := change.Redact(b, c.rules); err != nil {
			t.Fatal(err)
		}
		got, _, err := cyclonedx.Write(b, "1.6")
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", c.golden)
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s: -want +got\n%s", golden, d)
		}
		again, err := cyclonedx.Read(got)
		if err != nil {
			t.Fatal(err)
		}
		if p, err := schema.Check(again.Raw, again.Format); err != nil || len(p) > 0 {
			t.Errorf("%s breaks its schema: %v, %v", golden, p, err)
		}
	}
}

// TestRedactLeavesNothing holds that what was taken out stands nowhere in what is
// written, in whatever format.
func TestRedactLeavesNothing(t *testing.T) {
	for _, rules := range []change.Rules{
		everyRule(),
		{Personal: true},
		{URLs: true},
		{URLs: true, Hosts: []string{"example.org"}},
		{Paths: true},
		{Components: []string{"Acme-*", "acme-*"}},
		{Components: []string{"Foo-*"}},
		{Components: []string{"*"}},
	} {
		b := full(t)
		report, err := change.Redact(b, rules)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Taken) == 0 || report.Marked == 0 || len(report.Left) > 0 {
			t.Errorf("%+v: %+v", rules, report)
		}
		for name, write := range map[string]func() ([]byte, []bom.Loss, error){
			"CycloneDX 1.6": func() ([]byte, []bom.Loss, error) { return cyclonedx.Write(b, "1.6") },
			"CycloneDX 1.7": func() ([]byte, []bom.Loss, error) { return cyclonedx.Write(b, "1.7") },
			"SPDX 3.0.1":    func() ([]byte, []bom.Loss, error) { return spdx.Write(b, bom.Format{Version: "3.0.1"}) },
			"SPDX 2.3":      func() ([]byte, []bom.Loss, error) { return spdx.Write(b, bom.Format{Version: "2.3"}) },
		} {
			out, _, err := write()
			if err != nil {
				t.Fatal(err)
			}
			for _, taken := range report.Taken {
				if strings.Contains(string(out), taken) {
					t.Errorf("%+v: %s still has %q", rules, name, taken)
				}
			}
		}
	}
}

// TestRedactTwice holds that there is nothing left to take out of a result.
func TestRedactTwice(t *testing.T) {
	b := full(t)
	if _, err := change.Redact(b, everyRule()); err != nil {
		t.Fatal(err)
	}
	report, err := change.Redact(b, everyRule())
	if err != nil || len(report.Taken) > 0 {
		t.Errorf("a second time took %q, %v", report.Taken, err)
	}
}

func TestRedactRevision(t *testing.T) {
	for serial, want := range map[string]int{"": 5, "urn:uuid:00000000-0000-4000-8000-000000000009": 1} {
		b := full(t)
		if _, err := change.Redact(b, change.Rules{Paths: true, Serial: serial}); err != nil {
			t.Fatal(err)
		}
		if b.Revision != want || serial != "" && b.Serial != serial {
			t.Errorf("serial %q: %s, revision %d", serial, b.Serial, b.Revision)
		}
	}
}

// TestRemove takes components out altogether.
func TestRemove(t *testing.T) {
	b := small()
	b.Components = append(b.Components, &bom.Component{Ref: "end", Name: "End"})
	b.Edges = append(b.Edges, bom.Edge{From: "demo", To: "end"})
	report, err := change.Redact(b, change.Rules{Components: []string{"Acme-Demo"}, Remove: true})
	if err != nil {
		t.Fatal(err)
	}
	want := `root root
bar: Foo-Bar 1.2 scope=required supplier=false licenses=[MIT] hashes=1 unknown=[]
end: End  scope= supplier=false licenses=[] hashes=0 unknown=[]
root needs bar (depends on)
bar needs end (test)
complete: dependencies of root, assemblies of 
incomplete: dependencies of bar, assemblies of 
`
	if got := lines(b); got != want {
		t.Errorf("got\n%s", got)
	}
	if !slices.Equal(b.Components[0].Redacted, []string{"dependencies"}) || report.Marked != 1 {
		t.Errorf("marks %q, %d marked", b.Components[0].Redacted, report.Marked)
	}
}

// TestRemoveRefuses holds that nothing is removed that the document speaks of
// elsewhere, and nothing is changed then.
func TestRemoveRefuses(t *testing.T) {
	for pattern, want := range map[string]string{
		"Acme-Secret": "/annotations speaks of a component",
		"acme-shop":   "cannot be removed",
		"[":           "cannot be read",
	} {
		b := full(t)
		_, err := change.Redact(b, change.Rules{Components: []string{pattern}, Remove: true})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", pattern, err, want)
		}
		if len(change.Diff(full(t), b)) > 0 {
			t.Errorf("%s: the bill was changed", pattern)
		}
	}
}

// TestRedactHidden holds that addresses are found where formats hide them: escaped
// in package URLs wherever those stand, in versions, in refs with a number behind,
// and in letters of any script.
func TestRedactHidden(t *testing.T) {
	const private = "pkg:cpan/Foo-Bar@1.2?repository_url=https:%2F%2Fdarkpan.corp.internal%2F"
	b, err := cyclonedx.Read([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
	"metadata":{"component":{"bom-ref":"root","type":"application","name":"acme","version":"git+ssh://git.corp.internal/acme.git#abc"}},
	"components":[
	{"bom-ref":"` + private + `#2","type":"library","name":"Foo-Bar","version":"1.2","purl":"` + private + `",
	 "description":"ask jürgen@müller.example, ann@bücher.example or ann.o'hara@example.org",
	 "evidence":{"identity":[{"field":"purl","concludedValue":"` + private + `"}]},
	 "pedigree":{"descendants":[{"type":"library","name":"X","purl":"` + private + `"}]}},
	{"bom-ref":"bad","type":"library","name":"Bad","purl":"pkg:cpan/Foo::Bar@1.2?repository_url=https:%2F%2Fdarkpan.corp.internal%2F"},
	{"bom-ref":"u","type":"library","name":"U","version":"1","purl":"pkg:cpan/U@1?vcs_url=git%2Bssh:%2F%2Fann%40git.corp.internal%2Fu.git",
	 "swid":{"tagId":"https://swid.corp.internal/u","name":"U"}},
	{"bom-ref":"v","type":"library","name":"V","properties":[{"name":"made","value":"of lib/Acme/Internal.pm"},{"name":"https://git.corp.internal/ns","value":"1"}]},
	{"bom-ref":"i","type":"library","name":"Acme-Internal","version":"2","purl":"pkg:cpan/Acme-Internal@2"}
	],"dependencies":[{"ref":"` + private + `#2","dependsOn":["u"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := change.Redact(b, change.Rules{Personal: true, URLs: true, Components: []string{"Acme-*"}}); err != nil {
		t.Fatal(err)
	}
	out, _, err := cyclonedx.Write(b, "1.6")
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"internal", "Internal", "jürgen", "müller", "ücher", "hara", "ann"} {
		if strings.Contains(string(out), secret) {
			t.Errorf("%s is still there:\n%s", secret, out)
		}
	}
	again, err := cyclonedx.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := schema.Check(again.Raw, again.Format); err != nil || len(p) > 0 {
		t.Errorf("it breaks its schema: %v, %v", p, err)
	}
	if !slices.Contains(again.Root.Redacted, "version") {
		t.Errorf("the version of the root went without a mark: %v", again.Root.Redacted)
	}
}
