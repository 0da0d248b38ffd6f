package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/internal/testkit"
)

func none(string) string { return "" }

func TestSettings(t *testing.T) {
	s, err := readServeSettings(strings.NewReader("index: site\nsources: [a, https://example.org/b]\nevery: 30m\nproxies: 192.0.2.1\nmetrics: false\n"), func(name string) string {
		return map[string]string{"NACRED_EVERY": "5m", "NACRED_LOG_ADDRESSES": "off", "NACRED_SOURCES": " c  d "}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.index != "site" || strings.Join(s.sources, " ") != "c d" || s.every.String() != "5m0s" || s.proxies[0].String() != "192.0.2.1/32" || s.metrics || s.addresses != "off" || s.limits.Burst != 200 {
		t.Errorf("%+v", s)
	}
}

func TestSettingsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "index is not set",
		"# nothing":                            "index is not set",
		"index: a\nidnex: b\n":                 `line 2: no setting is called "idnex"`,
		"index: a\nindex: b\n":                 "index stands there twice",
		"index: [a, b]\n":                      "line 1: index: it has one value",
		"index: {a: b}\n":                      "line 1: index: a value is a word",
		"index: a\nevery: often\n":             `line 2: every: "often" is no duration`,
		"index: a\nevery: -1s\n":               "no duration",
		"index: a\nmetrics: maybe\n":           "neither true nor false",
		"index: a\nrate: NaN\n":                "no number",
		"index: a\nburst: 0\n":                 "no number",
		"index: a\nmax_loss: 2\n":              "no share",
		"index: a\nmax_upload: 1e9\n":          "no whole number",
		"index: a\nproxies: [example.org]\n":   "no network",
		"index: a\nlog_addresses: some\n":      "no way to log",
		"index: a\nurl: https://example.org\n": "no slash",
		"index: a\nkey: k\n":                   "there are no sources",
		"- index\n":                            "no map of keys",
		"index: a\n---\nindex: b\n":            "more than one document",
		"index: 'a\n":                          "no YAML",
		"index: \xff\n":                        "UTF-8",
		"a: &a [*a]\n":                         "no setting is called",
	} {
		_, err := readServeSettings(strings.NewReader(text), none)
		if err == nil || !strings.Contains(err.Error(), want) || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("%q: %v, hint %q; want %s", text, err, fault.HintOf(err), want)
		}
	}
}

// The document names every setting with its variable and what is usual, and the
// example sets no other.
func TestSettingsAreDocumented(t *testing.T) {
	root := testkit.Root(t)
	text, err := os.ReadFile(filepath.Join(root, "docs", "serve.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\| (.*?) \\| (.*) \\|$")
	var got, want []string
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		got = append(got, strings.Join(m[1:], " | "))
	}
	for _, s := range serveSettings() {
		usual := "`" + s.usual + "`"
		if s.usual == "" {
			usual = "none"
		}
		want = append(want, s.key+" | "+usual+" | "+s.text)
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("docs/serve.md has\n%s\n\nand the settings are\n%s", g, w)
	}
	example, err := os.Open(filepath.Join(root, "examples", "nacred.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	defer example.Close()
	if _, err := readServeSettings(example, none); err != nil {
		t.Error(err)
	}
}

func FuzzSettings(f *testing.F) {
	f.Add("index: site\nsources: [a]\nproxies:\n - 192.0.2.0/24\n", "1h")
	f.Add("index: &a b\ntitle: *a\n", "")
	f.Add("? [x]\n: y\n", "x")
	f.Fuzz(func(t *testing.T, text, variable string) {
		s, err := readServeSettings(strings.NewReader(text), func(name string) string {
			if name == "NACRED_EVERY" {
				return variable
			}
			return ""
		})
		if err == nil && (s.index == "" || s.every < 0 || s.limits.Connections < 1) {
			t.Errorf("accepted: %+v", s)
		}
		if err != nil && fault.HintOf(err) == "" {
			t.Errorf("no hint: %v", err)
		}
	})
}
