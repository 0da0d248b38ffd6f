package meta

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/fault"
	"nacre/jsondoc"
)

func TestReadDocument(t *testing.T) {
	for _, c := range []struct {
		name, text   string
		refused, err string // parts of them; "" for none
		version      string
	}{
		{"META.json", `{"version": 1.10}`, "", "", "1.10"},
		{"META.yml", "---\nversion: 1.10\n", "", "", "1.10"},
		{"a.yaml", "version: 1.10\n", "", "", "1.10"},
		{"-", "\n {\"version\": \"1\"}", "", "", "1"},
		{"-", "version: 1\n", "", "", "1"},
		{"-", "--- {}\n", "", "", ""},
		{"META.json", "null", "", "", ""},
		{"META.yml", "", "", "", ""},
		{"META.yml", "a: 1\n---\nversion: 2\n", "", "", "2"},
		{"META.yml", "version: 1\nrequires: {Moo: 1}\n", "line 2: ", "", "1"},
		{"META.yml", `{"version": "1"}`, "line 1: ", "", "1"},
		{"META.json", "\ufeff{\"version\":\"1\"}", "byte order mark", "", "1"},
		{"META.json", "{\"version\":\"1\",\"author\":\"\xc9ric\"}", "not UTF-8", "", "1"},
		{"META.json", `{"version":"1","a":"\ud83d\ude00"}`, "", "", "1"},
		{"META.json", `{"version":"1","a":"\\ud83d"}`, "", "", "1"},
		{"META.json", `{"version":"1","a":"\ud83d"}`, "half a character", "", "1"},
		{"META.json", `{"version":"1","a":"\ude00\ud83d"}`, "half a character", "", "1"},
		{"META.json", `{"version":"1","a":"\ud83d\u0041"}`, "half a character", "", "1"},
		{"META.json", "[]", "", "line 1: is a list, not a map", ""},
		{"META.json", `"x"`, "", "line 1: is a single value, not a map", ""},
		{"META.yml", "- x\n", "", "is a list, not a map", ""},
		{"META.json", "---\n", "", "no JSON", ""},
		{"META.yml", "a: 'b\n", "", "no YAML", ""},
		{"META.json", strings.Repeat("[", 600), "", "deeper than 512 (limit: metadata depth)", ""},
		{"META.yml", strings.Repeat("-\n", 300_001), "", "300000 values (limit: metadata values)", ""},
		{"META.json", `"` + strings.Repeat("x", 5<<20) + `"`, "", "larger than 5242880 bytes (limit: metadata file size)", ""},
	} {
		d, err := ReadDocument(c.name, strings.NewReader(c.text))
		text := fmt.Sprintf("%s %.40q", c.name, c.text)
		if c.err != "" || err != nil {
			if err == nil || c.err == "" || !strings.Contains(err.Error(), c.err) || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: error %v; want one with %q", text, err, c.err)
			}
			continue
		}
		if got := fmt.Sprint(d.Refused); (d.Refused == nil) != (c.refused == "") || !strings.Contains(got, c.refused) {
			t.Errorf("%s: refused %s; want %q", text, got, c.refused)
		}
		if got := single(d.Tree.Get("version")); got != c.version {
			t.Errorf("%s: version %q; want %q", text, got, c.version)
		}
		if problems := d.Check(); c.refused != "" && (len(problems) != 1 || !strings.Contains(problems[0].Message, c.refused)) {
			t.Errorf("%s: problems %v; want the refusal", text, problems)
		}
	}
}

func TestFields(t *testing.T) {
	for name, text := range map[string]string{
		"META.json": `{"meta-spec":{"version":2},"name":"Foo-Bar","version":1.10,"abstract":"demo","description":"longer",
"author":["A. U. Thor <author@example.org>"],"license":["perl_5","unknown"],"x_spdx_expression":"MIT","generated_by":"hand",
"release_status":"stable","dynamic_config":0,"x_static_install":1,"keywords":["toys"],
"resources":{"homepage":"http://example.org/","license":["http://example.org/l"],"bugtracker":{"web":"http://example.org/b","mailto":"b@example.org"},
 "repository":{"url":"git://example.org/r","web":"http://example.org/r","type":"git"},"x_IRC":"irc://example.org/"},
"no_index":{"directory":["t"],"namespace":["Foo::Private"]},
"optional_features":{"fast":{"description":"speed","prereqs":{"runtime":{"requires":{"XS":"1"}}}}},
"provides":{"Foo::Bar":{"file":"lib/Foo/Bar.pm","version":"1.10"}},
"prereqs":{"runtime":{"requires":{"Moo":"latest"}}}}`,
	} {
		d, err := ParseDocument(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		f := d.Fields()
		got := fmt.Sprintln(
			f.Spec, f.Name, f.Version, f.Abstract, f.Description, f.Authors, f.Licenses, f.SPDX, f.GeneratedBy, f.ReleaseStatus,
			f.DynamicConfig, f.StaticInstall, f.Keywords, f.NoIndex, f.Features, f.IsUpgraded, f.IsConvertible, len(f.Custom), f.Warnings,
		)
		want := "2 Foo-Bar 1.10 demo longer [A. U. Thor <author@example.org>] [perl_5] MIT hand stable " +
			"false true [toys] {[] [t] [] [Foo::Private]} [{fast speed}] false true 2 []\n"
		if got != want {
			t.Errorf("fields\n%s\nwant\n%s", got, want)
		}
		r := f.Resources
		if got := fmt.Sprintln(r.Homepage, r.Licenses, r.BugtrackerWeb, r.BugtrackerTo, r.RepositoryURL, r.RepositoryWeb, r.RepositoryVCS, r.Custom[0].Key); got !=
			"http://example.org/ [http://example.org/l] http://example.org/b b@example.org git://example.org/r http://example.org/r git x_IRC\n" {
			t.Errorf("resources %s", got)
		}
		if len(f.Prereqs) != 2 || f.Prereqs[0].Feature != "fast" || f.Prereqs[1].Err == nil || f.Prereqs[1].Range != "latest" {
			t.Errorf("prereqs %+v; want that of the feature, and one that cannot be read", f.Prereqs)
		}
		if len(f.Provides) != 1 || f.Provides[0].Version != "1.10" {
			t.Errorf("provides %+v", f.Provides)
		}
	}
}

// What a document does not state is not made up, also where an upgrade has to.
func TestFieldsOfLittle(t *testing.T) {
	d, err := ParseDocument("META.yml", []byte("name: Foo\nversion: 1_0\nlicense: gpl\nauthor: unknown\nabstract: unknown\nrequires:\n  - x\n"))
	if err != nil {
		t.Fatal(err)
	}
	f := d.Fields()
	if f.Spec != Spec10 || !f.IsUpgraded || !f.IsConvertible || f.Authors != nil || f.Abstract != "" || f.ReleaseStatus != "" ||
		f.GeneratedBy != "" || !f.DynamicConfig || cmp.Diff(f.Licenses, []string{"open_source"}) != "" {
		t.Errorf("%+v", f)
	}
	// What cannot be converted is read as far as it goes.
	d, err = ParseDocument("META.json", []byte(with(spec2, `"prereqs":{"runtime":{"requires":{"A":"== 1, == 2"}}},"keywords":"one","resources":{"homepage":"no address"}`)))
	if err != nil {
		t.Fatal(err)
	}
	f = d.Fields()
	if f.IsConvertible || f.Name != "Foo-Bar" || cmp.Diff(f.Keywords, []string{"one"}) != "" || f.Resources.Homepage != "" || len(f.Prereqs) != 1 {
		t.Errorf("%+v", f)
	}
}

func TestConvertNamesTheStep(t *testing.T) {
	for _, c := range []struct{ base, keys, step, path string }{
		{`{"version":"1"}`, `"name":null`, "1.1 to 1.2", "name"},
		{spec11, `"requires":{"A":"== 1, == 2"}`, "1.1 to 1.2", "requires -> A"},
		{spec14, `"resources":[]`, "1.4 to 2", "resources"},
		{spec2, `"version":"x"`, "2", "version"},
	} {
		d, err := ParseDocument("META.json", []byte(with(c.base, c.keys)))
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = d.Convert(ConvertOptions{})
		e, ok := errors.AsType[*ConvertError](err)
		if !ok || e.Step != c.step || e.Problems[0].At() != c.path || !strings.HasPrefix(err.Error(), "convert spec "+c.step+": "+c.path) {
			t.Errorf("%s: %v; want step %s, path %s", c.keys, err, c.step, c.path)
		}
	}
}

// What a conversion leaves out is listed.
func TestLosses(t *testing.T) {
	for _, c := range []struct {
		base, keys string
		to         Spec
		want       string
	}{
		{spec14, `"distribution_type":"module","private":{"file":["x"]}`, Spec2, "1.4 to 2 distribution_type, 1.4 to 2 private"},
		{spec11, `"private":{"file":["x"]},"license_url":"http://example.org/"`, Spec2, ""},
		{spec11, `"private":{"file":["x"]},"no_index":{"file":["y"]}`, Spec2, "1.1 to 1.2 private"},
		{spec14, `"prereqs":{"test":{"requires":{"A":"1"}}}`, Spec2, "1.4 to 2 prereqs"},
		{spec14, `"requires":{"A":"1","not one":"2"}`, Spec2, "1.4 to 2 requires -> not one"},
		{spec14, `"requires":{"A":"B","C":"1a"}`, Spec2, "1.4 to 2 requires -> A, 1.4 to 2 requires -> C"},
		{spec14, `"provides":{"A":{"file":"a","version":"x"}}`, Spec2, "1.4 to 2 provides -> A -> version"},
		{spec14, `"foo":1,"xfoo":2`, Spec2, "1.4 to 2 xfoo"},
		{spec2, `"requires":{"A":"1"}`, Spec2, "2 requires"},
		{spec2, `"requires":{}`, Spec2, ""},
		{spec2, `"license":["nonsense"]`, Spec2, "2 license"},
		{spec2, `"no_index":{"dir":["t"],"directory":["u"]}`, Spec2, "2 no_index -> directory"},
		{
			spec2, `"description":"d","prereqs":{"develop":{"requires":{"A":"1"}},"runtime":{"suggests":{"B":"1"},"requires":{"C":"1"}}}`, Spec14,
			"2 to 1.4 description, 2 to 1.4 prereqs -> develop -> requires, 2 to 1.4 prereqs -> runtime -> suggests",
		},
	} {
		d, err := ParseDocument("META.json", []byte(with(c.base, c.keys)))
		if err != nil {
			t.Fatal(err)
		}
		_, losses, err := d.Convert(ConvertOptions{To: c.to})
		var got []string
		for _, l := range losses {
			got = append(got, l.Step+" "+l.At())
		}
		if g := strings.Join(got, ", "); err != nil || g != c.want {
			t.Errorf("%s: %q, %v; want %q", c.keys, g, err, c.want)
		}
	}
}

func TestConvertDepth(t *testing.T) {
	for containers, ok := range map[int]bool{1024: true, 1025: false, 100_000: false} {
		inner := jsondoc.Array()
		for range containers - 2 {
			inner = jsondoc.Array(inner)
		}
		d, err := ParseDocument("META.json", []byte(spec2))
		if err != nil {
			t.Fatal(err)
		}
		d.Tree.Set("x_deep", inner)
		_, _, err = d.Convert(ConvertOptions{})
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "nested deeper than 1024 (limit: metadata depth)") {
			t.Errorf("%d lists and maps in one another: %v; want it converted: %v", containers, err, ok)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{`{}`, `{}`, ""},
		{`{"version":"1.10"}`, `{"version":"1.1"}`, "version ="},
		{`{"version":"1.10"}`, `{"version":1.10}`, ""},
		{`{"version":"v1.2.0"}`, `{"version":"1.002"}`, "version ="},
		{`{"name":"A"}`, `{"name":"B"}`, "name !"},
		{`{"dynamic_config":true}`, `{"dynamic_config":1}`, ""},
		{`{"generated_by":"a","x_serialization_backend":"a"}`, `{"generated_by":"b"}`, ""},
		{`{"keywords":["a","b"]}`, `{"keywords":["b","a"]}`, "keywords ="},
		{`{"keywords":["a","b"]}`, `{"keywords":["a"]}`, "keywords !"},
		{`{"x_a":{"b":[1]}}`, `{"x_a":{"b":[{}]}}`, "x_a b !"},
		{`{"x_a":{}}`, `{}`, ""},
		{`{"prereqs":{"test":{"requires":{}}}}`, `{}`, ""},
		{`{"prereqs":{"test":{"requires":{"A":">= 1.0, < 2"}}}}`, `{"prereqs":{"test":{"requires":{"A":"<2,1"}}}}`, "prereqs test requires A ="},
		{`{"prereqs":{"test":{"requires":{"A":"0"}}}}`, `{}`, "prereqs !"},
		{`{"provides":{"A":{"file":"a","version":"1.50"}}}`, `{"provides":{"A":{"file":"b","version":"1.5"}}}`, "provides A file !, provides A version ="},
	} {
		var docs [2]*Document
		for i, text := range []string{c.a, c.b} {
			var err error
			if docs[i], err = ParseDocument("META.json", []byte(with(`{"meta-spec":{"version":"2"},"name":"Foo-Bar","dynamic_config":1}`, strings.Trim(text, "{")[:len(strings.Trim(text, "{"))-1]))); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		for _, x := range Diff(docs[0], docs[1]).Differences {
			mark := "!"
			if x.IsSpelling {
				mark = "="
			}
			got = append(got, strings.Join(x.Path, " ")+" "+mark)
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("%s and %s: %q; want %q", c.a, c.b, g, c.want)
		}
	}
}

// What cannot be read may differ, and is told.
func TestDiffUnread(t *testing.T) {
	const contrary = `{"prereqs":{"test":{"requires":{"Moo":">= 3, < 2"}}}}`
	for _, c := range []struct{ a, b, want string }{
		{contrary, `{}`, "a prereqs -> test -> requires -> Moo"},
		{`{}`, contrary, "b prereqs -> test -> requires -> Moo"},
		{contrary, contrary, ""},
		{`{"prereqs":{"test":{"requires":{"Foo-Bar":1}}},"x_b":1}`, `{"x_b":1}`, "a prereqs -> test -> requires -> Foo-Bar"},
		{`{"resources":{"homepage":"nowhere"}}`, `{}`, "a resources -> homepage"},
		{`{"meta-spec":{"version":"1.4"},"distribution_type":"module"}`, `{}`, ""},
	} {
		var docs [2]*Document
		for i, text := range []string{c.a, c.b} {
			var err error
			if docs[i], err = ParseDocument("META.json", []byte(with(`{"meta-spec":{"version":"2"}}`, text[1:len(text)-1]))); err != nil {
				t.Fatal(err)
			}
		}
		d := Diff(docs[0], docs[1])
		var got []string
		for _, u := range d.Unread {
			in := "a "
			if u.InB {
				in = "b "
			}
			got = append(got, in+u.At())
		}
		if g := strings.Join(got, ", "); g != c.want || len(d.Differences) > 0 {
			t.Errorf("%s and %s: %q, %v; want %q", c.a, c.b, g, d.Differences, c.want)
		}
	}
}

func TestMerge(t *testing.T) {
	var all []Prereq
	for _, p := range [][2]string{{"B", "1"}, {"A", ">= 1.2, != 1.5"}, {"A", "< 2"}, {"C", "== 1"}, {"C", "2"}, {"D", "latest"}, {"D", "1"}, {"no module", "1"}} {
		all = append(all, NewPrereq(Prereq{}, p[0], p[1]))
	}
	var got []string
	for _, m := range Merge(all) {
		s := fmt.Sprintf("%s %s %v", m.Module, m.Requirement, m.From)
		if m.Err != nil {
			s = fmt.Sprintf("%s %v ! %v", m.Module, m.From, m.Err)
		}
		got = append(got, s)
	}
	want := []string{
		` [7] ! module`,
		`A >= 1.2, < 2, != 1.5 [1 2]`,
		`B 1 [0]`,
		`C [3 4] ! no version of C meets all: `,
		`D [5 6] ! requirement of D: `,
	}
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], w) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			break
		}
	}
}

func TestNumbersAsPerlPrintsThem(t *testing.T) {
	for literal, want := range map[string]string{
		"1.10": "1.1", "1.0": "1", "1e3": "1000", "1.5e-7": "1.5e-07", "0.0001": "0.0001", "0.00001": "1e-05", "-0": "0", "-0.0": "0",
		"1e15": "1000000000000000", "123456789012345.6": "123456789012346", "18446744073709551615": "18446744073709551615",
		"18446744073709551616": "1.84467440737096e+19", "123456789012345678901": "123456789012345678901", "1e20": "1e+20",
		"1E400": "Inf", "-1e400": "-Inf", "-9223372036854775809": "-9.22337203685478e+18", "0.1": "0.1", "1e-400": "0",
	} {
		if got := perlNumber(literal); got != want {
			t.Errorf("%s: %s; want %s", literal, got, want)
		}
	}
}

// Joining ends at a limit.
func TestMergeLimit(t *testing.T) {
	clauses := func(n int) string { return strings.TrimSuffix(strings.Repeat("!= 1, ", n), ", ") }
	for n, want := range map[int]string{maxClauses / 2: "", maxClauses/2 + 1: "limit: clauses of a module"} {
		var all []Prereq
		for range 2 {
			var p Prereq
			for at := 0; at < n; at += 100 {
				all = append(all, NewPrereq(p, "Moo", clauses(min(100, n-at))))
			}
		}
		m := Merge(all)
		if len(m) != 1 || (m[0].Err == nil) != (want == "") || m[0].Err != nil && !strings.Contains(m[0].Err.Error(), want) {
			t.Errorf("%d clauses: %+v, want %q", 2*n, m, want)
		}
	}
}
