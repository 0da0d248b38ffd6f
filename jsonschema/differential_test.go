package jsonschema_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	oracle "github.com/santhosh-tekuri/jsonschema/v6"

	"nacre/jsondoc"
	"nacre/jsonschema"
	thirdparty "nacre/third_party"
)

// both are one schema, as ours and as the complete library's.
type both struct {
	ours   *jsonschema.Schema
	theirs *oracle.Schema
}

var compiled = sync.OnceValues(func() (map[string]both, error) {
	all := map[string]both{}
	for _, name := range published() {
		ours, err := jsonschema.Compile(thirdparty.Schema, name)
		if err != nil {
			return nil, err
		}
		c := oracle.NewCompiler()
		c.AssertFormat()
		c.UseRegexpEngine(engine)
		c.UseLoader(loader{})
		theirs, err := c.Compile("http://cyclonedx.org/schema/" + name)
		if err != nil {
			return nil, err
		}
		all[name] = both{ours, theirs}
	}
	return all, nil
})

// loader gives the embedded schemas by the last part of their address.
type loader struct{}

func (loader) Load(address string) (any, error) {
	name := strings.TrimPrefix(address, "http://cyclonedx.org/schema/")
	if path.Dir(name) == "." { // as a schema's own $id makes it
		name = "cyclonedx/" + name
	}
	b, err := thirdparty.Schema(name)
	if err != nil {
		return nil, err
	}
	return oracle.UnmarshalJSON(bytes.NewReader(b))
}

// engine is Go's, with the one pattern that looks ahead taken apart.
func engine(s string) (oracle.Regexp, error) {
	if s == `^(?!_:).+:.+` {
		return notBlank{regexp.MustCompile(`^.+:.+`)}, nil
	}
	return regexp.Compile(s)
}

type notBlank struct{ *regexp.Regexp }

func (n notBlank) MatchString(s string) bool {
	return !strings.HasPrefix(s, "_:") && n.Regexp.MatchString(s)
}

// compare checks a document by both.
func compare(t testing.TB, name string, doc []byte) (valid bool) {
	t.Helper()
	all, err := compiled()
	if err != nil {
		t.Fatal(err)
	}
	n, err := jsondoc.Parse(doc, jsondoc.Limits{Unique: true, Depth: 100})
	if err != nil {
		return false
	}
	v, err := oracle.UnmarshalJSON(bytes.NewReader(doc))
	if err != nil {
		return false
	}
	problems, err := all[name].ours.Check(n, 1000)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	theirs := all[name].theirs.Validate(v)
	if (len(problems) == 0) != (theirs == nil) {
		t.Errorf("%s: we say %v, the library %v, of\n%s", name, problems, theirs, doc)
	}
	for _, p := range problems {
		if p.Keyword != "additionalProperties" && p.Keyword != "unevaluatedProperties" && n.Find(p.Pointer) == nil && !strings.Contains(p.Pointer, "~") {
			t.Errorf("%s: %v is at no place of\n%s", name, p, doc)
		}
	}
	return theirs == nil
}

// examples are documents of all kinds, with the schema that each is of.
func examples(t testing.TB) map[string]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]string{}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "testdata", "*.json"))
	if err != nil || len(files) < 30 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	own, err := filepath.Glob("testdata/*.json")
	if err != nil || len(own) < 3 {
		t.Fatalf("%d examples of our own: %v", len(own), err)
	}
	for _, name := range append(files, own...) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		docs[string(b)] = schemaOf(string(b))
	}
	return docs
}

func schemaOf(doc string) string {
	switch {
	case strings.Contains(doc, "SPDX-2.2"):
		return "spdx-2/spdx-2.2.schema.json"
	case strings.Contains(doc, "SPDX-2.3"):
		return "spdx-2/spdx-2.3.schema.json"
	case strings.Contains(doc, "@graph"):
		return "spdx-3.0.1/spdx-export.schema.json"
	}
	m := regexp.MustCompile(`"specVersion": *"(1\.[2-7])"`).FindStringSubmatch(doc)
	return fmt.Sprintf("cyclonedx/bom-%s.schema.json", m[1])
}

// Whole examples and some thousand changed ones get the verdict that the
// complete implementation gives.
func TestVerdictIsTheLibrarys(t *testing.T) {
	const changes = 40
	valid, invalid := 0, 0
	for doc, name := range examples(t) {
		if !compare(t, name, []byte(doc)) {
			t.Logf("not valid by %s: %.80q", name, doc)
		}
		r := rand.New(rand.NewPCG(1, uint64(len(doc))))
		for range changes {
			n, err := jsondoc.Parse([]byte(doc), jsondoc.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for range 1 + r.IntN(2) {
				change(r, n)
			}
			if compare(t, name, n.Append(nil)) {
				valid++
			} else {
				invalid++
			}
		}
	}
	if valid < 100 || invalid < 100 {
		t.Errorf("%d valid, %d not: too few of one kind to compare", valid, invalid)
	}
}

// change takes away, repeats or replaces one random value of a document.
func change(r *rand.Rand, doc *jsondoc.Node) {
	var all []*jsondoc.Node
	var collect func(n *jsondoc.Node)
	collect = func(n *jsondoc.Node) {
		if len(n.Items)+len(n.Members) > 0 {
			all = append(all, n)
		}
		for _, item := range n.Items {
			collect(item)
		}
		for _, m := range n.Members {
			collect(m.Value)
		}
	}
	collect(doc)
	if len(all) == 0 {
		return
	}
	n := all[r.IntN(len(all))]
	if len(n.Items) > 0 {
		i := r.IntN(len(n.Items))
		switch r.IntN(3) {
		case 0:
			n.Items = append(n.Items[:i:i], n.Items[i+1:]...)
		case 1:
			n.Items = append(n.Items, n.Items[i])
		default:
			n.Items[i] = value(r, doc)
		}
		return
	}
	i := r.IntN(len(n.Members))
	switch r.IntN(4) {
	case 0:
		n.Remove(n.Members[i].Key)
	case 1:
		n.Set([]string{"x-other", "name", "type", "version", "isExternal", "versionRange", "expression", "url"}[r.IntN(8)], value(r, doc))
	default:
		n.Members[i].Value = value(r, doc)
	}
}

// value makes one, or takes one from elsewhere in the document.
func value(r *rand.Rand, doc *jsondoc.Node) *jsondoc.Node {
	texts := []string{
		"", "MIT", "library", "SHA-256", "2026-01-02T03:04:05Z", "2026-13-02T03:04:05Z", "2016-12-31T23:59:60Z", "2026-01-02",
		"2026-01-02T03:04:05.5+02:00", "https://example.org/ä b", "http://[::1]/", "http://a:b", `a\b`, "%zz", "a@example.org",
		"SPDXRef-1", "_:b", "x:y", "application/json", "urn:uuid:00000000-0000-4000-8000-000000000000", strings.Repeat("é", 1024), strings.Repeat("é", 1025),
	}
	switch r.IntN(8) {
	case 0:
		return jsondoc.Number([]string{"0", "1", "-1", "1.0", "1e0", "0.5", "1.00000000000000000001", "10e-1", "1e400", "2"}[r.IntN(10)])
	case 1:
		return jsondoc.Bool(r.IntN(2) == 0)
	case 2:
		return &jsondoc.Node{}
	case 3:
		return jsondoc.Array()
	case 4:
		return jsondoc.Object()
	case 5:
		if len(doc.Members) > 0 {
			return doc.Members[r.IntN(len(doc.Members))].Value.Clone()
		}
	}
	return jsondoc.String(texts[r.IntN(len(texts))])
}

func FuzzCheck(f *testing.F) {
	names := published()
	for doc, name := range examples(f) {
		if len(doc) < 1500 {
			for i := range names {
				if names[i] == name {
					f.Add(uint8(i), []byte(doc))
				}
			}
		}
	}
	large := regexp.MustCompile(`[eE][-+]?[0-9]{4}`) // which the library writes out
	f.Fuzz(func(t *testing.T, which uint8, doc []byte) {
		if !large.Match(doc) {
			compare(t, names[int(which)%len(names)], doc)
		}
	})
}
