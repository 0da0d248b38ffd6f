package osvdir_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/merge"
	readosv "nacre/advisory/osv"
	"nacre/index"
	"nacre/index/osvdir"
	"nacre/index/sample"
	"nacre/internal/testkit"
)

var update = flag.Bool("update", false, "write what the cases want")

// Each case is a folder of reports, and the records and lists made of them.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		return sample.Listing(t, sample.Ordered(t, sample.Case(t, ar), osvdir.Formats()), func(path string) bool {
			return strings.HasSuffix(path, ".json") && !strings.HasPrefix(path, "vulndb/ID/")
		})
	})
}

// schema is the published one, with CPAN among its ecosystems and CPANSA among
// the beginnings of ids.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	packed, err := os.Open(filepath.Join(testkit.Root(t), "third_party", "osv", "schema.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(testkit.Root(t), "third_party", "osv", "README.md"))
	if err != nil || !strings.Contains(string(readme), fmt.Sprintf("%x", sha256.Sum256(text))) {
		t.Errorf("README.md has not the digest of the schema, %x; %v", sha256.Sum256(text), err)
	}
	for _, with := range []struct{ old, new string }{
		{`"^(AlmaLinux|`, `"^(CPAN|AlmaLinux|`},
		{`"^(x_|(ASB-A|`, `"^(x_|(CPANSA|ASB-A|`},
	} {
		if strings.Count(string(text), with.old) != 1 {
			t.Fatalf("the schema has not one %s", with.old)
		}
		text = []byte(strings.Replace(string(text), with.old, with.new, 1))
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("osv.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("osv.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRealData(t *testing.T) {
	m := sample.Model(t, os.DirFS(testkit.Data(t)))
	t.Run("records", func(t *testing.T) { records(t, m) })
	t.Run("fixed", func(t *testing.T) { fixedIsLast(t, m) })
	t.Run("archive", func(t *testing.T) { archive(t, m) })
}

// records holds every record to the schema, and what is read back of it to the
// verdicts of the index.
func records(t *testing.T, m *index.Model) {
	schema := schema(t)
	records, verdicts, ranges, listed := 0, 0, 0, 0
	for _, a := range m.Advisories {
		r, err := osvdir.Record(m, a)
		if err != nil {
			t.Fatal(err)
		}
		data, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", a.ID, err)
		}
		item := readosv.Read(bytes.NewReader(data), string(a.ID))
		if item.Refused != nil {
			t.Fatal(item.Refused)
		}
		if item.Record.ID != a.ID || item.Record.Severity != a.Severity || item.Record.IsWithdrawn() != a.IsWithdrawn() {
			t.Errorf("%s is read back as %s, %s", a.ID, item.Record.ID, item.Record.Severity)
		}
		records++
		for i, of := range a.Dists {
			if len(r.Affected[i].Ranges) > 0 {
				ranges++
			}
			listed += len(r.Affected[i].Versions)
			back := item.Record.For(of.Dist.Name)
			if back == nil {
				t.Errorf("%s says nothing about %s", a.ID, of.Dist.Name)
				continue
			}
			if a.IsWithdrawn() {
				continue
			}
			judge := back.Compile()
			for k, release := range of.Dist.Releases {
				if release.Parsed.IsZero() || of.Status[k] == advisory.StatusUnknown {
					continue
				}
				verdicts++
				want := of.Status[k].IsAffected()
				got := judge.Judge(release.Parsed)
				// A package without any version is unknown to whoever reads it back.
				none := len(r.Affected[i].Ranges)+len(r.Affected[i].Versions) == 0
				if (got.Status == advisory.StatusAffected) != want || got.Status == advisory.StatusUnknown && !none {
					t.Errorf("%s on %s %s: %s, read back %s: %s", a.ID, of.Dist.Name, release.Version, of.Status[k], got.Status, got.Reason)
				}
				if slices.Contains(r.Affected[i].Versions, release.Version) != want {
					t.Errorf("%s on %s %s: %s, and its text says otherwise", a.ID, of.Dist.Name, release.Version, of.Status[k])
				}
			}
		}
	}
	t.Logf("%d records, %d packages with a range, %d versions listed, %d verdicts", records, ranges, listed, verdicts)
	if records == 0 || verdicts == 0 || ranges == 0 {
		t.Error("nothing was checked")
	}
}

// TestWithdrawnWarns holds that nothing is said of the versions of a withdrawn
// record, of which none counts.
func TestWithdrawnWarns(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/ordinary.txtar")
	if err != nil {
		t.Fatal(err)
	}
	m := sample.Case(t, ar)
	doubted := 0
	for _, a := range m.Advisories {
		if len(a.Dists) == 0 {
			continue
		}
		a.Doubts = []merge.Contradiction{{Kind: merge.MatchAll, Dist: a.Dists[0].Dist.Name, Text: "all known releases are affected"}}
		r, err := osvdir.Record(m, a)
		if err != nil {
			t.Fatal(err)
		}
		data, err := r.Encode()
		if err != nil {
			t.Fatal(err)
		}
		doubted++
		if warns := bytes.Contains(data, []byte("all known releases are affected")); warns == a.IsWithdrawn() {
			t.Errorf("%s, withdrawn %v: %s", a.ID, a.IsWithdrawn(), data)
		}
	}
	if doubted < 2 {
		t.Errorf("%d records", doubted)
	}
}
