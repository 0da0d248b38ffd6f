package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// say runs a command with so much on standard input, and gives its output.
func say(t *testing.T, in string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	env := &Env{
		Stdin: strings.NewReader(in), Stdout: &out, Stderr: io.Discard,
		Getenv: func(string) string { return "" }, IsTerminal: func(io.Writer) bool { return false },
	}
	cmd := Program().Root(env)
	cmd.SetArgs(args)
	if err := cmd.Execute(); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out.String()
}

// compact is a JSON value with its keys in order and without blanks.
func compact(t *testing.T, raw []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// officialCase is one case of package-url/purl-spec.
type officialCase struct {
	Description string          `json:"description"`
	Type        string          `json:"test_type"`
	Input       json.RawMessage `json:"input"`
	Want        json.RawMessage `json:"expected_output"`
	Fails       bool            `json:"expected_failure"`
}

// The verbs answer the official cases as they are written: parse and build one
// line each, and validate as parse, whose answer is handed to make.
func TestPurlOfficialCases(t *testing.T) {
	folder := filepath.Join(testkit.Data(t), "purl")
	for file, n := range map[string]int{"cpan": 35, "deb": 19, "generic": 9, "github": 10} {
		b, err := os.ReadFile(filepath.Join(folder, file+"-test.json"))
		if err != nil {
			t.Fatal(err)
		}
		var suite struct {
			Tests []officialCase `json:"tests"`
		}
		if err := json.Unmarshal(b, &suite); err != nil {
			t.Fatal(err)
		}
		if len(suite.Tests) != n {
			t.Errorf("%s: %d cases, want %d", file, len(suite.Tests), n)
		}
		for _, c := range suite.Tests {
			checkCase(t, file+": "+c.Description, c)
		}
	}
}

// The same for types without official cases at hand.
func TestPurlOtherTypes(t *testing.T) {
	for _, c := range []struct{ in, parts string }{
		{"pkg:apk/alpine/perl-foo-bar@1.20-r0?arch=x86_64", `{"type":"apk","namespace":"alpine","name":"perl-foo-bar","version":"1.20-r0","qualifiers":{"arch":"x86_64"},"subpath":null}`},
		{"pkg:rpm/fedora/perl-Foo-Bar@1.20-3.fc42?arch=noarch&distro=fedora-42&epoch=2", `{"type":"rpm","namespace":"fedora","name":"perl-Foo-Bar","version":"1.20-3.fc42","qualifiers":{"arch":"noarch","distro":"fedora-42","epoch":"2"},"subpath":null}`},
		{"pkg:npm/jquery@3.5.1", `{"type":"npm","namespace":null,"name":"jquery","version":"3.5.1","qualifiers":null,"subpath":null}`},
		{"pkg:npm/%40acme/demo@1.0.0#dist/demo.js", `{"type":"npm","namespace":"@acme","name":"demo","version":"1.0.0","qualifiers":null,"subpath":"dist/demo.js"}`},
	} {
		in, err := json.Marshal(c.in)
		if err != nil {
			t.Fatal(err)
		}
		checkCase(t, c.in, officialCase{Type: "parse", Input: in, Want: []byte(c.parts)})
		checkCase(t, c.in, officialCase{Type: "build", Input: []byte(c.parts), Want: in})
		checkCase(t, c.in, officialCase{Type: "validate", Input: in, Want: in})
	}
}

func checkCase(t *testing.T, name string, c officialCase) {
	t.Helper()
	got := ""
	if c.Type == "build" {
		got = say(t, compact(t, c.Input)+"\n", "purl", "make", "--batch")
	} else {
		var in string
		if err := json.Unmarshal(c.Input, &in); err != nil {
			t.Fatal(err)
		}
		got = say(t, in+"\n", "purl", "parse", "--batch")
		if c.Type == "validate" {
			got = say(t, got, "purl", "make", "--batch")
		}
	}
	var answer struct {
		OK    *bool   `json:"ok"`
		Purl  string  `json:"purl"`
		Error *string `json:"error"`
	}
	if err := json.Unmarshal([]byte(got), &answer); err != nil {
		t.Fatalf("%s: %s: %v", name, got, err)
	}
	failed := answer.Error != nil || answer.OK != nil && !*answer.OK
	switch {
	case failed != c.Fails:
		t.Errorf("%s: %s %s: got %s", name, c.Type, c.Input, got)
	case failed:
	case c.Type == "parse":
		var all map[string]json.RawMessage
		if err := json.Unmarshal([]byte(got), &all); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"input", "ok", "error"} {
			delete(all, key)
		}
		parts, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		if want := compact(t, c.Want); compact(t, parts) != want {
			t.Errorf("%s: got %s, want %s", name, parts, want)
		}
	default:
		if purl, err := json.Marshal(answer.Purl); err != nil || compact(t, purl) != compact(t, c.Want) {
			t.Errorf("%s: got %s, want %s", name, answer.Purl, c.Want)
		}
	}
}

// Every line of a batch has one answer, which is one JSON object; and what
// parse takes apart, make puts together, so that parse says the same again.
func FuzzPurlBatch(f *testing.F) {
	f.Add("pkg:cpan/AUTHOR/Foo-Bar@1.20?ext=tar.gz\npkg:cpan/Foo::Bar\n\npkg:cpan/Foo#a/../b")
	f.Add("{\"type\":\"cpan\",\"name\":\"Foo\"}\n{\"name\":1}\nnull\n[]\n{}{}\n{\"input\":\"\",\"ok\":false}")
	f.Add("\x00\xff\u202e\r\npkg:npm/@a/b@1\nFoo::Bar\nHTTP::Tiny\nstrict")
	verbs := []string{"parse", "make", "lint", "normalise", "convert", "resolve", "explain", "from-module"}
	f.Fuzz(func(t *testing.T, in string) {
		lines := strings.Count(in, "\n")
		if in != "" && !strings.HasSuffix(in, "\n") {
			lines++
		}
		for _, verb := range verbs {
			out := say(t, in, "purl", verb, "--batch")
			if n := strings.Count(out, "\n"); n != lines {
				t.Fatalf("%s: %d lines, %d answers:\n%s", verb, lines, n, out)
			}
			for answer := range strings.Lines(out) {
				var object map[string]any
				if err := json.Unmarshal([]byte(answer), &object); err != nil || object == nil {
					t.Fatalf("%s: %s: %v", verb, answer, err)
				}
			}
		}
		for answer := range strings.Lines(say(t, in, "purl", "parse", "--batch")) {
			var first, again map[string]any
			made := struct{ Purl, Error string }{}
			for _, x := range []struct {
				text string
				into any
			}{{answer, &first}, {say(t, answer, "purl", "make", "--batch"), &made}} {
				if err := json.Unmarshal([]byte(x.text), x.into); err != nil {
					t.Fatal(err)
				}
			}
			if first["ok"] != true {
				if made.Error == "" {
					t.Fatalf("%s: made %s", answer, made.Purl)
				}
				continue
			}
			if err := json.Unmarshal([]byte(say(t, made.Purl, "purl", "parse", "--batch")), &again); err != nil {
				t.Fatal(err)
			}
			delete(first, "input")
			delete(again, "input")
			a, errA := json.Marshal(first)
			b, errB := json.Marshal(again)
			if errA != nil || errB != nil || string(a) != string(b) {
				t.Fatalf("%s, and %s again: %s", a, made.Purl, b)
			}
		}
	})
}
