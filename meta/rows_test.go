package meta

import (
	"fmt"
	"strings"
	"testing"

	"nacre/jsondoc"
)

// spec14 and spec2 are valid documents; a row replaces keys of one.
const (
	spec14 = `{"meta-spec":{"version":"1.4","url":"http://module-build.sourceforge.net/META-spec-v1.4.html"},
		"name":"Foo-Bar","version":"1.10","abstract":"demo","author":["A. U. Thor <author@example.org>"],
		"license":"perl","generated_by":"hand"}`
	spec2 = `{"meta-spec":{"version":"2"},"name":"Foo-Bar","version":"1.10","abstract":"demo",
		"author":["A. U. Thor <author@example.org>"],"license":["perl_5"],"generated_by":"hand",
		"dynamic_config":1,"release_status":"stable"}`
	spec11 = `{"meta-spec":{"version":"1.1"},"name":"Foo-Bar","version":"1.10","license":"perl","generated_by":"hand"}`
)

// with replaces and adds keys.
func with(base, keys string) string {
	n, err := jsondoc.Parse([]byte(base), jsondoc.Limits{})
	if err != nil {
		panic(err)
	}
	more, err := jsondoc.Parse([]byte("{"+keys+"}"), jsondoc.Limits{})
	if err != nil {
		panic(err)
	}
	for _, m := range more.Members {
		n.Remove(m.Key)
		n.Members = append(n.Members, m)
	}
	return string(n.Append(nil))
}

// upgrades are the rows of what an upgrade does, each with the keys of the
// document, and what stands at a path of the result; "" is nothing.
var upgrades = []struct{ base, keys, path, want string }{
	{spec14, ``, "meta-spec", `{"version":"2","url":"http://search.cpan.org/perldoc?CPAN::Meta::Spec"}`},
	{spec14, `"abstract":""`, "abstract", `"unknown"`},
	{spec14, `"abstract":null`, "abstract", `"unknown"`},
	{spec14, `"author":"AUTHOR"`, "author", `["AUTHOR"]`},
	{spec14, `"author":["",null,"A"]`, "author", `["unknown","unknown","A"]`},
	{spec14, `"author":[]`, "author", `["unknown"]`},
	{spec11, ``, "author", `["unknown"]`},
	{spec14, ``, "generated_by", `"hand, CPAN::Meta::Converter version 2.150010"`},
	{spec14, `"generated_by":"x, CPAN::Meta::Converter version 2.150010, y"`, "generated_by", `"x, CPAN::Meta::Converter version 2.150010, y"`},
	{`{"version":"1"}`, `"name":"Foo"`, "generated_by", `"CPAN::Meta::Converter version 2.150010"`},
	{spec14, `"license":"apache"`, "license", `["apache_2_0"]`},
	{spec14, `"license":"artistic"`, "license", `["artistic_1"]`},
	{spec14, `"license":"artistic2"`, "license", `["artistic_2"]`},
	{spec14, `"license":"gpl"`, "license", `["open_source"]`},
	{spec14, `"license":"lgpl"`, "license", `["open_source"]`},
	{spec14, `"license":"mozilla"`, "license", `["open_source"]`},
	{spec14, `"license":"PERL"`, "license", `["perl_5"]`},
	{spec14, `"license":"restrictive"`, "license", `["restricted"]`},
	{spec11, `"license":"Artistic2"`, "license", `["artistic_2"]`},
	{spec11, `"license":"gpl_2"`, "license", `["unknown"]`},
	{spec14, `"license":"gpl_2"`, "license", `["gpl_2"]`},
	{spec2, `"license":["perl_5","nonsense"]`, "license", `["perl_5"]`},
	{spec2, `"license":"mit"`, "license", `["mit"]`},
	{spec2, `"license":[]`, "license", `["unknown"]`},
	{spec14, ``, "name", `"Foo-Bar"`},
	{spec14, ``, "version", `"1.10"`},
	{spec14, `"dynamic_config":null`, "dynamic_config", `1`},
	{spec14, `"dynamic_config":"0"`, "dynamic_config", `"0"`},
	{spec14, `"version":"1.2_3"`, "release_status", `"testing"`},
	{spec14, `"version":"1.2-TRIAL"`, "release_status", `"stable"`},
	{spec14, `"release_status":"unstable"`, "release_status", `"unstable"`},
	{spec14, `"keywords":["a"],"description":"d"`, "keywords", `["a"]`},
	{spec14, `"keywords":["a"],"description":"d"`, "description", `"d"`},
	{spec14, `"build_requires":{"A":1}`, "prereqs", `{"build":{"requires":{"A":"1"}}}`},
	{spec14, `"configure_requires":{"A":"1"}`, "prereqs", `{"configure":{"requires":{"A":"1"}}}`},
	{
		spec14, `"requires":{"A":"1"},"recommends":{"B":"2"},"conflicts":{"C":"< 3"}`, "prereqs",
		`{"runtime":{"requires":{"A":"1"},"recommends":{"B":"2"},"conflicts":{"C":"< 3"}}}`,
	},
	{spec14, `"prereqs":{"test":{"requires":{"A":"1"}}}`, "prereqs", `{}`},
	{spec11, `"private":{"directory":["t"]}`, "no_index", `{"directory":["t"]}`},
	{spec11, `"private":{"package":["t"]},"no_index":{"package":["u"]}`, "no_index", `{"package":["u"]}`},
	{spec14, `"private":{"package":["t"]}`, "no_index", ``},
	{spec14, `"no_index":"t"`, "no_index", `{"directory":["t"],"file":["t"]}`},
	{spec14, `"no_index":["t","u"]`, "no_index", `{"directory":["t","u"],"file":["t","u"]}`},
	{spec14, `"no_index":{"dir":["t"],"files":["f"],"modules":["M"]}`, "no_index", `{"directory":["t"],"file":["f"],"x_module":["M"]}`},
	{spec14, `"no_index":{"file":"f","other":1}`, "no_index", `{"file":["f"],"x_other":1}`},
	{spec14, `"optional_features":[{"f":{"description":"d","requires":{"A":"1"}}}]`, "", `no`},
	{
		with(spec14, `"meta-spec":{"version":"1.3","url":"http://module-build.sourceforge.net/META-spec-v1.3.html"}`),
		`"optional_features":[{"f":{"description":"d","requires":{"A":"1"},"requires_os":"x"}}]`, "optional_features",
		`{"f":{"description":"d","prereqs":{"runtime":{"requires":{"A":"1"}}}}}`,
	},
	{
		spec14, `"optional_features":{"f":{"description":"d","configure_requires":{"A":"1"},"foo":1}}`, "optional_features",
		`{"f":{"description":"d","prereqs":{}}}`,
	},
	{spec14, `"provides":{"A":{"file":"a","version":" .5 "}}`, "provides", `{"A":{"file":"a","version":"0.5"}}`},
	{spec14, `"provides":{"A":{"file":"a","version":"undef","foo":1}}`, "provides", `{"A":{"file":"a","version":0,"x_foo":1}}`},
	{spec14, `"provides":{"A":{"file":"a","version":"1.2.3"}}`, "provides", `{"A":{"file":"a","version":"v1.2.3"}}`},
	{spec14, `"provides":{"A":{"file":"a","version":"x"}}`, "provides", `{"A":{"file":"a","version":0}}`},
	{spec14, `"resources":{"license":"http://example.org/l"}`, "resources", `{"license":["http://example.org/l"]}`},
	{spec2, `"resources":{"homepage":"example.org"}`, "resources", `{}`},
	{spec14, `"resources":{"bugtracker":"mailto:bugs@example.org"}`, "resources", `{"bugtracker":{"mailto":"bugs@example.org"}}`},
	{spec14, `"resources":{"bugtracker":"http://example.org/b"}`, "resources", `{"bugtracker":{"web":"http://example.org/b"}}`},
	{spec14, `"resources":{"bugtracker":"here"}`, "resources", `{}`},
	{spec14, `"resources":{"repository":"git://example.org/r"}`, "resources", `{"repository":{"url":"git://example.org/r"}}`},
	{spec14, `"resources":{"IRC":"irc://example.org/#x"}`, "resources", `{"x_IRC":"irc://example.org/#x"}`},
	{spec11, `"license_url":"http://example.org/l"`, "resources", `{"license":["http://example.org/l"]}`},
	{spec11, `"license_uri":"http://example.org/l"`, "x_license_uri", `"http://example.org/l"`},
	{spec11, `"license_uri":"http://example.org/l"`, "resources", ``},
	{spec14, `"distribution_type":"module"`, "distribution_type", ``},
	{spec14, `"xfoo":1`, "x_foo", `1`},
	{spec14, `"X-foo":1`, "x_foo", `1`},
	{spec14, `"foo":1`, "x_foo", `1`},
	{spec14, `"X_foo":1`, "X_foo", `1`},
	{spec14, `"foo":2,"x_foo":1`, "x_foo", `1`},

	// Requirements.
	{spec14, `"requires":{"0A":"1","A-B":"1","A'B":"1","A::B":"1"}`, "prereqs", `{"runtime":{"requires":{"A::B":"1"}}}`},
	{
		spec2, `"prereqs":{"runtime":{"requires":{"A":null,"B":"","C":"undef","D":"<undef>"}}}`, "prereqs",
		`{"runtime":{"requires":{"A":"0","B":"0","C":"0","D":"0"}}}`,
	},
	{spec14, `"requires":{"A":"B::C"}`, "prereqs", `{"runtime":{"requires":{"A":"0","B::C":"0"}}}`},
	{spec14, `"requires":{"A":"1.5alpha","B":"x y"}`, "prereqs", `{"runtime":{"requires":{"A":"1.5","B":"0"}}}`},
	{spec14, `"requires":["A","B"]`, "prereqs", `{"runtime":{"requires":{"A":"0","B":"0"}}}`},
	{spec14, `"requires":"A"`, "prereqs", `{"runtime":{"requires":{"A":0}}}`},
	{spec14, `"requires":{"A":"<3, >= 1.20,!=2"}`, "prereqs", `{"runtime":{"requires":{"A":">= 1.20, < 3, != 2"}}}`},
	{spec14, `"requires":{"A":"1.2.3"}`, "prereqs", `{"runtime":{"requires":{"A":"v1.2.3"}}}`},
	{spec14, `"requires":{"A":"== 1, == 2"}`, "", `no`},
	{spec14, `"configure_requires":{"A":".5"}`, "prereqs", `{"configure":{"requires":{"A":"0.5"}}}`},
	// On the way through 1.4 it is kept as it is, and is no version there.
	{
		with(spec14, `"meta-spec":{"version":"1.3","url":"http://module-build.sourceforge.net/META-spec-v1.3.html"}`),
		`"configure_requires":{"A":".5"}`, "", `no`,
	},

	// The clean-up of spec 2.
	{spec2, `"resources":{"license":["x","http://example.org/l"]}`, "resources", `{"license":["http://example.org/l"]}`},
	{spec2, `"resources":{"bugtracker":"http://example.org/b","repository":"x"}`, "resources", `{}`},
	{spec2, `"resources":{"repository":{"url":"git://example.org/r"}}`, "resources", `{"repository":{"url":"git://example.org/r","type":"git"}}`},
	{spec2, `"prereqs":{"later":{},"runtime":{"wants":{"A":"1"}}}`, "prereqs", `{"x_later":{},"runtime":{"x_wants":{"A":"1"}}}`},
	{spec2, `"optional_features":{}`, "optional_features", ``},
	{spec2, `"optional_features":{"f":{"description":"d","foo":1}}`, "optional_features", `{"f":{"description":"d","x_foo":1}}`},
	{spec2, `"version":"1.2_3"`, "", `no`},
	{spec2, `"resources":{"homepage":"mailto:a@example.org"}`, "", `no`},

	// Which version it is.
	{`{"version":"1"}`, `"name":"Foo","requires":{"A":1}`, "prereqs", `{"runtime":{"requires":{"A":"1"}}}`},
	{spec2, `"meta-spec":{"version":"2.0"}`, "meta-spec", `{"version":"2","url":"http://search.cpan.org/perldoc?CPAN::Meta::Spec"}`},
	{spec2, `"meta-spec":{"version":"3"},"prereqs":{"test":{}}`, "prereqs", `{"test":{}}`},
	{spec14, `"meta-spec":{},"configure_requires":{"A":"1"}`, "prereqs", `{"configure":{"requires":{"A":"1"}}}`},
	{spec14, `"meta-spec":{"version":"x"},"no_index":{"dir":["t"]}`, "no_index", `{"directory":["t"]}`},
}

func TestUpgradeRows(t *testing.T) {
	for _, row := range upgrades {
		src := with(row.base, row.keys)
		d, err := ParseDocument("META.json", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		made, _, err := d.Convert(ConvertOptions{})
		if row.want == "no" || err != nil {
			if (row.want == "no") != (err != nil) {
				t.Errorf("%s: %v; want %s", row.keys, err, row.want)
			}
			continue
		}
		if got := flatJSON(made.Tree.At(strings.Fields(row.path)...)); got != row.want {
			t.Errorf("%s: %s is %s; want %s", row.keys, row.path, got, row.want)
		}
		if string(d.Tree.Append(nil)) != src {
			t.Errorf("%s: the document itself was changed", row.keys)
		}
	}
}

// flatJSON writes a tree without white space.
func flatJSON(n *jsondoc.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for l := range strings.Lines(string(n.Append(nil))) {
		b.WriteString(strings.Replace(strings.TrimSpace(l), `": `, `":`, 1))
	}
	return b.String()
}

// laxities are the rows of what the Validator does not see: each with the keys
// of the document, whether it is valid all the same, and the level and place
// of what the text of the spec says; "" is nothing.
var laxities = []struct {
	base, keys string
	valid      bool
	strict     string
}{
	{spec2, ``, true, ""},
	{spec14, ``, true, ""},
	{spec11, ``, true, ""},
	{spec2, `"author":[]`, true, "error author"},
	{spec2, `"license":[]`, true, "error license"},
	{spec2, `"abstract":{"a":1}`, true, "error abstract"},
	{spec2, `"author":[["A"]]`, true, "error author -> 0"},
	{spec2, `"version":""`, true, "error version"},
	{spec2, `"version":"1.2-TRIAL"`, true, "error version"},
	{spec2, `"version":"1.2.3"`, true, "error version"},
	{spec2, `"version":"v1.2.3"`, true, ""},
	{spec2, `"version":"1.2_3","release_status":"testing"`, true, ""},
	{spec2, `"version":">= 1"`, true, "error version"},
	{spec2, `"version":"x1"`, false, ""},
	{spec2, `"version":1.10`, true, "error version"},
	{spec2, `"prereqs":{"thex_":{}}`, true, "error prereqs -> thex_"},
	{spec2, `"prereqs":{"x_the":{}}`, true, ""},
	{spec2, `"prereqs":{"the":{}}`, false, ""},
	{spec2, `"prereqs":{"test":{"thex_":{}}}`, true, "error prereqs -> test -> thex_"},
	{spec2, `"prereqs":{"test":{"requires":{"0Foo":"1"}}}`, true, "error prereqs -> test -> requires -> 0Foo"},
	{spec2, `"prereqs":{"test":{"requires":{"Foo-Bar":"1"}}}`, false, ""},
	{spec2, `"prereqs":{"test":{"requires":{"Foo":"1, < 2beta"}}}`, true, "error prereqs -> test -> requires -> Foo"},
	{spec2, `"prereqs":{"test":{"requires":{"Foo":">= 3, < 2"}}}`, true, "error prereqs -> test -> requires -> Foo"},
	{
		with(spec14, `"meta-spec":{"version":"1.2","url":"http://module-build.sourceforge.net/META-spec-v1.2.html"}`),
		`"no_index":{"file":"x"}`, true, "error no_index -> file",
	},
	{spec14, `"no_index":{"file":"x"}`, false, ""},
	{spec2, `"keywords":["a b"]`, true, "error keywords -> 0"},
	{spec2, `"provides":{"A":{"file":"/lib/A.pm"}}`, true, "error provides -> A -> file"},
	{spec2, `"provides":{"A":{"file":"lib/../../A.pm"}}`, true, "error provides -> A -> file"},
	{spec2, `"provides":{"A":{"file":""}}`, true, "error provides -> A -> file"},
	{spec2, `"optional_features":{"f":{"prereqs":{"configure":{}}}}`, true, "error optional_features -> f -> prereqs"},
	{spec2, `"resources":{"repository":{"url":"git://example.org/","type":"Git"}}`, true, "warning resources -> repository -> type"},
	{spec2, `"resources":{"repository":{"url":"git://example.org/"}}`, true, "warning resources -> repository"},
	{spec2, `"meta-spec":{"version":"2","url":"http://example.org/spec"}`, true, "note meta-spec -> url"},
	{spec2, `"resources":{"homepage":"mailto:a@example.org"}`, false, ""},
	{spec2, `"resources":{"homepage":"http://"}`, false, ""},
	{spec2, `"meta-spec":{"version":"2.0"}`, false, ""},
	{spec2, `"meta-spec":{"version":2.0}`, true, "error meta-spec -> version"},
	{spec14, `"resources":{"Other":"x"}`, true, ""},
	{spec14, `"resources":{"other":"x"}`, false, ""},
	{spec14, `"anything":["goes"]`, true, ""},
	{spec2, `"anything":["goes"]`, false, ""},
	{spec14, `"meta-spec":{"version":"1.4"}`, false, ""},
	{spec11, `"license":"gpl_2"`, false, ""},
}

func TestLaxRows(t *testing.T) {
	for _, row := range laxities {
		d, err := ParseDocument("META.json", []byte(with(row.base, row.keys)))
		if err != nil {
			t.Fatal(err)
		}
		problems := d.Check()
		if (len(problems) == 0) != row.valid {
			t.Errorf("%s: problems %v; want valid %v", row.keys, problems, row.valid)
		}
		got := ""
		if row.valid {
			for _, r := range d.Strict("") {
				got += fmt.Sprintf("%s %s", r.Level, r.At())
			}
		}
		if got != row.strict {
			t.Errorf("%s: strictly %q; want %q", row.keys, got, row.strict)
		}
	}
}

func TestTrialNeedsAStatus(t *testing.T) {
	d, err := ParseDocument("META.json", []byte(spec2))
	if err != nil {
		t.Fatal(err)
	}
	if r := d.Strict("Foo-Bar-1.10-TRIAL"); len(r) != 1 || r[0].At() != "release_status" || r[0].Level != "warning" {
		t.Errorf("remarks %v; want a warning at release_status", r)
	}
}

// TestRowsLikePerl holds that perl says the same of all rows, but for the one
// where two keys become one: which of them counts is chance in perl, and a
// number that is written with a zero at its end.
func TestRowsLikePerl(t *testing.T) {
	var files []candidate
	for _, row := range upgrades {
		if row.keys != `"foo":2,"x_foo":1` {
			files = append(files, candidate{"json", with(row.base, row.keys)})
		}
	}
	for _, row := range laxities {
		files = append(files, candidate{"json", with(row.base, row.keys)})
	}
	report(t, files, judge(t, files))
}

// What is JSON, and what perl makes of it, are the same on both sides.
func TestJSONLikePerl(t *testing.T) {
	var files []candidate
	for _, text := range []string{
		`{}`, `null`, `[]`, `"x"`, `0`, `false`, `""`, `true`, ``, ` `, `{"version":"1",}`, `{"version":"1"} x`, `{"version":"1"}{}`,
		`{"version":01}`, `{"version":1.}`, `{"version":.5}`, `{"version":+1}`, `{"version":-1}`, `{"version":1e0}`, `{"version":1E400}`,
		`{version:1}`, `{'version':1}`, "{\"version\":\"1\t2\"}", `{"version":"1\x"}`, `{"version":"1\u0000"}`, `{"version":"1\u00e9"}`,
		`{"version":"1","version":null}`, `{"version":null,"version":"1"}`, `{"version":"1","name":"a","name":{"b":1}}`,
		`{"version":true}`, `{"version":"1","dynamic_config":1.0}`, `{"version":"1","dynamic_config":0e5}`, `{"version":"1","dynamic_config":"1\n"}`,
		`{"version":99999999999999999999}`, `{"version":123456789012345678901234567890}`, `{"version":"1","x":NaN}`, `{"version":"1" /* x */}`,
		"\ufeff{\"version\":\"1\"}", "{\"version\":\"1\",\"x\":\"\xe9\"}", `{"version":"1","x":"\ud83d"}`, `{"version":"1","x":"\ud83d\ude00"}`,
		`{"version":"1","x":` + strings.Repeat("[", 511) + strings.Repeat("]", 511) + `}`,
		`{"version":"1","x":` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + `}`,
		`{"meta-spec":null,"version":"1"}`, `{"meta-spec":[],"version":"1"}`, `{"meta-spec":{"version":0},"version":"1"}`, `{"meta-spec":{"version":{}},"version":"1"}`,
		`{"meta-spec":{"version":"1.0"},"version":"1"}`, `{"meta-spec":{"version":1.0},"version":"1"}`, `{"meta-spec":{"version":1.10},"version":"1","name":"a"}`,
	} {
		files = append(files, candidate{"json", text})
	}
	report(t, files, judge(t, files))
}
