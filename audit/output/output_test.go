package output

import (
	"bytes"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"nacre/audit"
	"nacre/internal/testkit"
	"nacre/internal/testkit/browser"
	"nacre/internal/testkit/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

type messages []audit.Message

func (m *messages) Handle(msg audit.Message) error {
	*m = append(*m, msg)
	return nil
}

func recording(t testing.TB) []audit.Message {
	t.Helper()
	f, err := os.Open("testdata/everything.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all messages
	if err := audit.Decode(f, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// known is the file of a rule.
func known(id string) (*audit.Doc, bool) {
	return &audit.Doc{
		ID: id, Title: "a title", CWE: []string{"CWE-338"}, What: "What `" + id + "` looks for.\n\nIn two\nparagraphs, and\n\n- an item\n- another\n\n    my $code = 1;\n\n    my $more;",
		Why: "Because.", Fix: "Use this:\n\n```perl\nuse Crypt::URandom;\n```", References: []string{"CVE-2099-0001"},
		Insecure: audit.Case{Files: nil}, Secure: audit.Case{Files: nil},
	}, id != "XXX99"
}

func print(t testing.TB, format string, o Options, stream []audit.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	h, err := New(format, &b, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range stream {
		if err := h.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestGolden prints a recorded stream in every format. testdata/NAME.golden is
// what came out when somebody last looked; go test -update writes it anew.
func TestGolden(t *testing.T) {
	for name, o := range map[string]Options{
		"text": {Width: 80}, "text color": {Width: 80, Color: true}, "text narrow": {Width: 50}, "json": {}, "sarif": {}, "html": {},
	} {
		format, _, _ := strings.Cut(name, " ")
		o.Doc = known
		got := print(t, format, o, recording(t))
		file := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".golden")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New("xml", nil, Options{}); err == nil {
		t.Error("no error")
	}
}

// check holds a stream's output to what its format asks for.
func check(t testing.TB, stream []audit.Message) {
	t.Helper()
	o := Options{Doc: known}
	document.Text(t, print(t, "text", o, stream))
	document.SARIF(t, print(t, "sarif", o, stream))
	document.Terminal(t, print(t, "html", o, stream))
}

func TestEarlyEnd(t *testing.T) {
	all := recording(t)
	for n := 1; n < len(all); n++ {
		check(t, all[:n])
		if text := string(print(t, "text", Options{}, all[:n])); !strings.Contains(text, "INCOMPLETE") {
			t.Errorf("after %d messages nothing says that it is incomplete:\n%s", n, text)
		}
	}
}

// TestPrivately holds that every form for people and services says whom to tell.
func TestPrivately(t *testing.T) {
	for _, format := range []string{"text", "sarif", "html"} {
		if b := strings.ToLower(string(print(t, format, Options{Doc: known}, recording(t)))); !strings.Contains(b, "report privately") {
			t.Errorf("%s does not ask to report privately", format)
		}
	}
}

// filled is the recorded stream with a text in every string but those that the
// reader of a stream checks.
func filled(t testing.TB, text string) []audit.Message {
	all := recording(t)
	var fill func(v reflect.Value, name string)
	fill = func(v reflect.Value, name string) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				fill(v.Elem(), name)
			}
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i), v.Type().Field(i).Name)
			}
		case reflect.Slice:
			for i := range v.Len() {
				fill(v.Index(i), name)
			}
		case reflect.String:
			switch name {
			case "Rule", "Confidence", "Severity", "Schema", "Fingerprint":
			default:
				v.SetString(text + v.String() + text)
			}
		}
	}
	for i := range all {
		fill(reflect.ValueOf(&all[i]), "")
	}
	return all
}

func FuzzFormats(f *testing.F) {
	for _, text := range []string{"<b>", "\x1b[31m", "\u202e", "](x)", "\xff", strings.Repeat("long", 500), "a\nb", "%", "//", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<16 {
			t.Skip("long")
		}
		check(t, filled(t, text))
	})
}

func TestBlocks(t *testing.T) {
	var got []string
	d, _ := known("RND01")
	for b := range blocks(d.What + "\n" + d.Fix) {
		got = append(got, fmt.Sprintf("%v %q", b.code, b.text))
	}
	want := []string{
		"false \"What `RND01` looks for.\"", `false "In two paragraphs, and"`, `false "- an item"`, `false "- another"`,
		`true "my $code = 1;\n\nmy $more;"`, `false "Use this:"`, `true "use Crypt::URandom;"`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestBrowser looks pages over in a browser, on a phone and a desk, in light and
// in dark, with what is hostile in every text, too.
func TestBrowser(t *testing.T) {
	exe, axe := testkit.Need(t, "chromium"), testkit.NeedAxe(t)
	dir := t.TempDir()
	w := browser.Start(t, exe).Window(t, (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String())
	for name, stream := range map[string][]audit.Message{
		"everything": recording(t), "cut": recording(t)[:4], "hostile": filled(t, "<script>alert(1)</script>\"'\u202e"+strings.Repeat("x", 300)),
		"clean": {{Config: &audit.Config{Path: "shop"}}, {Summary: &audit.Summary{Files: 3}}},
	} {
		file := filepath.Join(dir, name+".html")
		if err := os.WriteFile(file, print(t, "html", Options{Doc: known}, stream), 0o644); err != nil {
			t.Fatal(err)
		}
		at := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
		for _, width := range []int64{360, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				w.Run(t, browser.Size(width, scheme), chromedp.Navigate(at))
				w.LookOver(t, axe)
				w.Quiet(t)
				w.Picture(t, fmt.Sprintf("audit-%s-%d-%s", name, width, scheme))
			}
		}
	}
}
