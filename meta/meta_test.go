package meta_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/meta"
)

// lines writes prerequisites one a line:
// "line: phase relation Module range [feature] !error".
func lines(prereqs []meta.Prereq) string {
	var b strings.Builder
	for _, p := range prereqs {
		fmt.Fprintf(&b, "%d: %s %s %s %q", p.Line, p.Phase, p.Relation, p.Module, p.Range)
		if p.Feature != "" {
			fmt.Fprintf(&b, " [%s]", p.Feature)
		}
		if p.Err != nil {
			fmt.Fprintf(&b, " !%v", p.Err)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const metaJSON2 = `{
   "name" : "Foo-Bar",
   "version" : 1.10,
   "release_status" : "testing",
   "dynamic_config" : 0,
   "meta-spec" : { "version" : "2" },
   "author" : [ "nobody" ],
   "prereqs" : {
      "runtime" : {
         "requires" : {
            "perl" : "5.010",
            "Moo" : ">= 2.0, < 3",
            "Number" : 1.50,
            "Nothing" : null,
            "Empty" : "",
            "Nonsense" : "latest",
            "not a module" : "1"
         },
         "conflicts" : { "Bad" : "< 1.2" },
         "x_likes" : { "Other" : "0" }
      },
      "test" : { "requires" : { "Test::More" : "v0.98.1" } },
      "x_later" : { "suggests" : { "Late" : 1 } }
   },
   "optional_features" : {
      "fast" : {
         "description" : "speed",
         "prereqs" : { "runtime" : { "recommends" : { "Foo::XS" : 0 } } }
      }
   },
   "provides" : {
      "Foo::Bar" : { "file" : "lib/Foo/Bar.pm", "version" : "1.10" },
      "Foo::Bar::X" : { "file" : "lib/Foo/Bar/X.pm" },
      "in valid" : { "file" : "x" }
   },
   "x_anything" : { "requires" : { "Ignored" : "1" } }
}`

func TestReadJSON(t *testing.T) {
	m, err := meta.ReadJSON(strings.NewReader(metaJSON2))
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "Foo-Bar" || m.Version != "1.10" || m.ReleaseStatus != "testing" || m.DynamicConfig {
		t.Errorf("head: %+v", m)
	}
	want := `11: runtime requires perl "5.010"
12: runtime requires Moo ">= 2.0, < 3"
13: runtime requires Number "1.50"
14: runtime requires Nothing ""
15: runtime requires Empty ""
16: runtime requires Nonsense "latest" !`
	got := lines(m.Prereqs)
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for _, want := range []string{
		`17: runtime requires  "1" !`,
		"19: runtime conflicts Bad \"< 1.2\"\n",
		"20: runtime x_likes Other \"0\"\n",
		"22: test requires Test::More \"v0.98.1\"\n",
		"23: x_later suggests Late \"1\"\n",
		"28: runtime recommends Foo::XS \"0\" [fast]\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n != 12 {
		t.Errorf("%d prerequisites, want 12", n)
	}
	if p := fmt.Sprint(m.Provides); p != "[{Foo::Bar lib/Foo/Bar.pm 1.10 32} {Foo::Bar::X lib/Foo/Bar/X.pm  33}]" {
		t.Errorf("provides %s", p)
	}
	if len(m.Warnings) != 1 || !strings.HasPrefix(m.Warnings[0], "line 34: ") {
		t.Errorf("warnings %q", m.Warnings)
	}
	if r := m.Prereqs[1].Requirement.String(); r != ">= 2.0, < 3" {
		t.Errorf("requirement %s", r)
	}
}

// Spec 1.x, as YAML.
const metaYAML1 = `--- #YAML:1.0
name:               Foo-Bar
version:            1.10
abstract:           ~
license:            perl
generated_by:	    tab before the value
requires:
    perl:   5.006
    Moo:    1.20
    Null:   0
    Quoted: '>= 1.0, != 1.5'
    Tilde:  ~
build_requires:
    ExtUtils::MakeMaker:  0
configure_requires: {}
test_requires: {Test::More: 0.88}
recommends:
conflicts:
    Bad: '< 2'
optional_features:
  - colour:
      description: colours
      requires:
        Term::ANSIColor: 2.02
  - speed:
      requires: {Foo::XS: 1_000}
provides:
  Foo::Bar:
    file: lib/Foo/Bar.pm
    version: !!perl/hash:version
      original: v1.2.0
      qv: 1
meta-spec:
    url:      http://module-build.example/META-spec-v1.4.html
    version:  1.4
`

func TestReadYAML(t *testing.T) {
	m, err := meta.ReadYAML(strings.NewReader(metaYAML1))
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "Foo-Bar" || m.Version != "1.10" || !m.DynamicConfig || len(m.Warnings) > 0 {
		t.Errorf("head: %+v", m)
	}
	want := `8: runtime requires perl "5.006"
9: runtime requires Moo "1.20"
10: runtime requires Null "0"
11: runtime requires Quoted ">= 1.0, != 1.5"
12: runtime requires Tilde ""
14: build requires ExtUtils::MakeMaker "0"
16: test requires Test::More "0.88"
19: runtime conflicts Bad "< 2"
24: runtime requires Term::ANSIColor "2.02" [colour]
26: runtime requires Foo::XS "1_000" [speed]`
	got := lines(m.Prereqs)
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if p := fmt.Sprint(m.Provides); p != "[{Foo::Bar lib/Foo/Bar.pm v1.2.0 28}]" {
		t.Errorf("provides %s", p)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ src, name, warning string }{
		{`{"name":"Foo-Bar"}`, "Foo-Bar", ""},
		{`{"name":"Foo::Bar"}`, "", "is a module's name"},
		{`{"name":""}`, "", "line 1: "},
		{`{}`, "", ""},
	} {
		m, err := meta.ReadJSON(strings.NewReader(c.src))
		if w := strings.Join(m.Warnings, ""); err != nil || string(m.Name) != c.name || !strings.Contains(w, c.warning) || (w == "") != (c.warning == "") {
			t.Errorf("%s: name %q, warnings %q, %v", c.src, m.Name, w, err)
		}
	}
}

func TestDynamicConfig(t *testing.T) {
	for src, want := range map[string]bool{
		`{}`: true, `{"dynamic_config":null}`: true, `{"dynamic_config":1}`: true, `{"dynamic_config":"1"}`: true,
		`{"dynamic_config":true}`: true, `{"dynamic_config":0}`: false, `{"dynamic_config":"0"}`: false,
		`{"dynamic_config":""}`: false, `{"dynamic_config":false}`: false, `{"dynamic_config":[]}`: true,
	} {
		for name, read := range map[string]func(string) (meta.Meta, error){
			"JSON": func(s string) (meta.Meta, error) { return meta.ReadJSON(strings.NewReader(s)) },
			"YAML": func(s string) (meta.Meta, error) { return meta.ReadYAML(strings.NewReader(s)) },
		} {
			if m, err := read(src); err != nil || m.DynamicConfig != want {
				t.Errorf("%s as %s: %v, %v; want %v", src, name, m.DynamicConfig, err, want)
			}
		}
	}
}

// What has the wrong shape is a requirement that nobody can read.
func TestWrongShapes(t *testing.T) {
	for src, want := range map[string]string{
		`{"requires":["Foo"]}`:                        "runtime requires: is a list, not a map of modules",
		`{"requires":"Foo"}`:                          "runtime requires: is a single value, not a map of modules",
		`{"prereqs":[]}`:                              "prereqs: is a list, not a map of modules",
		`{"prereqs":{"test":1}}`:                      "phase test: is a single value, not a map of modules",
		`{"prereqs":{"test":{"requires":[]}}}`:        "test requires: is a list, not a map of modules",
		`{"requires":{"Foo":["1"]}}`:                  "requirement of Foo: is a list, not a version range",
		`{"requires":{"Foo":{"version":"1"}}}`:        "requirement of Foo: is a map, not a version range",
		`{"optional_features":{"x":{"requires":[]}}}`: "runtime requires: is a list, not a map of modules",
		`{"optional_features":{"x":["Foo"]}}`:         "feature x: is a list, not a map of modules",
	} {
		m, err := meta.ReadJSON(strings.NewReader(src))
		if err != nil || len(m.Prereqs) != 1 || m.Prereqs[0].Err == nil || m.Prereqs[0].Err.Error() != want {
			t.Errorf("%s: got %s %v; want %q", src, lines(m.Prereqs), err, want)
		}
	}
	for _, src := range []string{`{"requires":null,"prereqs":{"test":{"requires":{}}}}`, `{"optional_features":[]}`} {
		if m, err := meta.ReadJSON(strings.NewReader(src)); err != nil || len(m.Prereqs) > 0 {
			t.Errorf("%s: got %s %v; want nothing", src, lines(m.Prereqs), err)
		}
	}
}

func TestRefuses(t *testing.T) {
	deep := strings.Repeat("[", 10000)
	for _, c := range []struct{ format, name, src, err string }{
		{"JSON", "empty", "", "line 1: no JSON: unexpected EOF"},
		{"JSON", "cut off", "{\n\"name\":\n", "line 2: no JSON: unexpected EOF"},
		{"JSON", "YAML", "---\nname: Foo\n", "line 1: no JSON: invalid character"},
		{"JSON", "a list", "\n[1]", "line 2: is a list, not a map of keys and values"},
		{"JSON", "two documents", "{}\n{}", "text after the end of the JSON document"},
		{"JSON", "deep", deep, "nested deeper than 64 (limit: metadata depth)"},
		{"JSON", "many values", "[" + strings.Repeat("1,", 300_000) + "1]", "more than 300000 values (limit: metadata values)"},
		{"JSON", "many requirements", `{"requires":{"A":"1"` + strings.Repeat(`,"A":"1"`, 20_000) + `}}`, "more than 20000 requirements (limit: metadata requirements)"},
		{"JSON", "large", `"` + strings.Repeat("x", 5<<20) + `"`, "larger than 5242880 bytes (limit: metadata file size)"},
		{"YAML", "empty", "", "no YAML: the file is empty"},
		{"YAML", "only lists", "---\n- x\n---\n- y\n", "line 2: is a list, not a map of keys and values"},
		{"YAML", "an indent of tabs", "requires:\n\tFoo: 1\n", "at L2.C"},
		{"YAML", "a bare range", "requires:\n  Foo: >= 1\n", "at L2.C"},
		{"YAML", "no anchor", "name: *x\n", "unknown anchor"},
		{"YAML", "deep", deep, "exceeded max depth of 64"},
		{"YAML", "a ring", "name: &x [*x]\n", "nested deeper than 64 (limit: metadata depth)"},
		{"YAML", "laughs", laughs(), "more than 300000 values (limit: metadata values)"},
		{"YAML", "many values", strings.Repeat("-\n", 300_001), "more than 300000 values (limit: metadata values)"},
		{"YAML", "large", strings.Repeat("#", 5<<20+1), "larger than 5242880 bytes (limit: metadata file size)"},
	} {
		read := meta.ReadJSON
		if c.format == "YAML" {
			read = meta.ReadYAML
		}
		_, err := read(strings.NewReader(c.src))
		if err == nil || !strings.Contains(err.Error(), c.err) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s, %s: error = %.200v, want one with %q", c.format, c.name, err, c.err)
		}
		if strings.HasSuffix(c.err, "(limit: metadata depth)") && fault.HintOf(err) == "" {
			t.Errorf("%s, %s: no hint: %.200v", c.format, c.name, err)
		}
	}
}

// laughs is a document of a few lines that stands for 9^9 values.
func laughs() string {
	s := "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 9; i++ {
		s += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9))
	}
	return s
}

func TestTolerates(t *testing.T) {
	for _, c := range []struct{ name, src string }{
		{"a byte order mark", "\ufeffname: Foo\n"},
		{"CRLF", "name: Foo\r\nversion: 1\r\n"},
		{"the first document is a list", "---\n- x\n---\nname: Foo\n"},
		{"what follows the document", "name: Foo\n---\nname: Bar\n"},
		{"an alias", "x: &x Foo\nname: *x\n"},
		{"JSON in it", `{"name": "Foo"}`},
		{"a key twice: the last counts", "name: Bar\nname: Foo\n"},
	} {
		if m, err := meta.ReadYAML(strings.NewReader(c.src)); err != nil || m.Name != "Foo" || len(m.Warnings) > 0 {
			t.Errorf("%s: %+v, %v", c.name, m, err)
		}
	}
	m, err := meta.ReadYAML(strings.NewReader("author: \xc9ric\nname: Foo\n"))
	if err != nil || m.Name != "Foo" || len(m.Warnings) != 1 {
		t.Errorf("Latin-1: %+v, %v", m, err)
	}
	if m, err := meta.ReadJSON(strings.NewReader("\ufeff{\"name\":\"Foo\"}\r\n")); err != nil || m.Name != "Foo" {
		t.Errorf("JSON with a byte order mark: %+v, %v", m, err)
	}
}

// sane fails where a result breaks its own promises.
func sane(t *testing.T, prereqs []meta.Prereq) {
	for _, p := range prereqs {
		if p.Module == "" && p.Err == nil || p.Line < 1 {
			t.Fatalf("%+v: no module and no reason, or no line", p)
		}
		if p.Err != nil && fault.KindOf(p.Err) != fault.Invalid {
			t.Fatalf("%+v: kind", p)
		}
	}
}

func FuzzReadJSON(f *testing.F) {
	f.Add(metaJSON2)
	f.Add(`{"requires":["x"],"optional_features":[{"a":{"requires":{"B":[1]}}}],"provides":{"A":1}}`)
	f.Fuzz(func(t *testing.T, s string) {
		m, err := meta.ReadJSON(strings.NewReader(s))
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("kind of %v", err)
		}
		sane(t, m.Prereqs)
	})
}

func FuzzReadYAML(f *testing.F) {
	f.Add(metaYAML1)
	f.Add(laughs())
	f.Add("a: &x [*x]\n<<: *x\n? [b]\n: c\n")
	f.Fuzz(func(t *testing.T, s string) {
		m, err := meta.ReadYAML(strings.NewReader(s))
		if err != nil && fault.KindOf(err) != fault.Invalid {
			t.Fatalf("kind of %v", err)
		}
		sane(t, m.Prereqs)
	})
}

func TestALongRequirementIsNotRead(t *testing.T) {
	text := "!= 1" + strings.Repeat(",!= 1", 1000)
	m, err := meta.ReadJSON(strings.NewReader(`{"requires":{"Foo":"` + text + `"}}`))
	if err != nil || len(m.Prereqs) != 1 {
		t.Fatalf("%d requirements, %v", len(m.Prereqs), err)
	}
	p := m.Prereqs[0]
	if want := "requirement of Foo: longer than 4096 bytes (limit: requirement length)"; p.Module != "Foo" || p.Err == nil || p.Err.Error() != want {
		t.Errorf("module %q, error %v; want it kept, with %s", p.Module, p.Err, want)
	}
}
