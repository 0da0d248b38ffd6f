package output

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/openvex/go-vex/pkg/vex"

	"nacre/internal/testkit/document"
	"nacre/scan"
)

// The checks that every stream's output passes, whatever is in its strings.

// checks holds the check of each format.
var checks = map[string]func(testing.TB, []byte){
	"text":            document.Text,
	"json":            func(t testing.TB, b []byte) { checkJSONLines(t, b) },
	"sarif":           document.SARIF,
	"openvex":         checkOpenVEX,
	"cyclonedx":       checkCycloneDX,
	"csaf":            checkCSAF,
	"junit":           checkJUnit,
	"csv":             checkCSV,
	"html":            checkHTML,
	"markdown":        checkMarkdown,
	"github":          checkGitHub,
	"gitlab":          checkGitLab,
	"cpan-audit":      document.Terminal,
	"cpan-audit-json": checkCPANAuditJSON,
}

// sgr are the codes that the text formats write where colour is allowed.
var sgr = regexp.MustCompile(`\x1b\[(0|1|2|31|32|33|1;31|39;1)m`)

func checkJSONLines(t testing.TB, b []byte) []json.RawMessage {
	t.Helper()
	var all []json.RawMessage
	for line := range strings.Lines(string(b)) {
		if i := strings.IndexFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
		}); i >= 0 {
			t.Errorf("a raw %q in %s", line[i:i+1], line)
		}
		if !json.Valid([]byte(line)) {
			t.Fatalf("not JSON: %s", line)
		}
		all = append(all, json.RawMessage(line))
	}
	return all
}

func checkOpenVEX(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	doc, err := vex.Parse(b)
	if err != nil {
		t.Fatalf("go-vex: %v", err)
	}
	if doc.ID == "" || doc.Author == "" || doc.Timestamp == nil || doc.Version != 1 {
		t.Errorf("document without id, author, timestamp or version: %+v", doc.Metadata)
	}
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if err := st.Validate(); err != nil {
			t.Errorf("statement %d: %v", i, err)
		}
		if len(st.Products) != 1 || len(st.Products[0].Subcomponents) != 1 {
			t.Errorf("statement %d is not about one component of one product", i)
		}
	}
}

func checkCycloneDX(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	document.CycloneDX(t, b)
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(strings.NewReader(string(b)), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatalf("cyclonedx-go: %v", err)
	}
	refs := map[string]bool{}
	for _, c := range *bom.Components {
		refs[c.BOMRef] = true
	}
	for _, v := range *bom.Vulnerabilities {
		for _, a := range *v.Affects {
			if !refs[a.Ref] {
				t.Errorf("%s affects %q, which no component is called", v.ID, a.Ref)
			}
		}
	}
}

// ownTags are the tags that the Markdown writer writes itself.
var ownTags = strings.NewReplacer("<code>", "", "</code>", "", "<details>", "", "</details>", "", "<summary>", "", "</summary>", "",
	// "> " of the two quotations that stand above all.
	"\n> **", "\n**")

// targets finds the targets of links.
var targets = regexp.MustCompile(`\]\([^()\s]*\)`)

// linked finds what Markdown, or a service that shows it, makes a link of. A word
// is one only with an address right behind it: "mailto: affected", where the
// writer puts a colon after a name from outside, is none.
var linked = regexp.MustCompile(`\]\(|://|(?:www\.|mailto:|xmpp:)[^\s.,;:)]`)

func checkMarkdown(t testing.TB, b []byte) {
	t.Helper()
	// U+200B is the one invisible character, written as a number.
	document.Terminal(t, b)
	if len(b) > 65_536 {
		t.Errorf("%d bytes", len(b))
	}
	fence := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		trimmed := strings.TrimLeft(line, " ")
		ticks := trimmed[:len(trimmed)-len(strings.TrimLeft(trimmed, "`"))]
		switch {
		case fence != "": // code: nothing is acted upon but the end of it
			if len(ticks) >= len(fence) {
				if trimmed != fence {
					t.Errorf("the fence %s is closed by %s", fence, line)
				}
				fence = ""
			} else if !strings.HasPrefix(line, "  ") {
				t.Errorf("code leaves its item: %s", line)
			}
			continue
		case len(ticks) >= 3:
			fence = ticks
			continue
		}
		for _, target := range targets.FindAllString(line, -1) {
			if !strings.HasPrefix(target, "](https://") && !strings.HasPrefix(target, "](http://") || strings.ContainsAny(target, "<>`\\$|") {
				t.Errorf("a link to %s in %s", target, line)
			}
		}
		plain := strings.ToLower(targets.ReplaceAllString(ownTags.Replace("\n"+line), "]"))
		if i := strings.IndexAny(plain, "<>`\\@$~"); i >= 0 {
			t.Errorf("a raw %q in %s", plain[i], line)
		}
		if bad := linked.FindString(plain); bad != "" {
			t.Errorf("a raw %s in %s", bad, line)
		}
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != 6 {
			t.Errorf("a row of %d cells: %s", strings.Count(line, "|")-1, line)
		}
	}
	if fence != "" {
		t.Errorf("code is not closed")
	}
	for _, tag := range []string{"details", "summary", "code"} {
		if open, end := strings.Count(string(b), "<"+tag+">"), strings.Count(string(b), "</"+tag+">"); open != end && !strings.Contains(string(b), "```") {
			t.Errorf("%d <%s> and %d </%s>", open, tag, end, tag)
		}
	}
}

func checkCPANAuditJSON(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	if n := len(checkJSONLines(t, b)); n != 1 {
		t.Errorf("%d lines", n)
	}
}

// refill puts other strings into a stream, one after the other, into every
// field that holds one. What decides how a document is made (schema, time)
// stays.
func refill(v reflect.Value, next func(string) string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			refill(v.Elem(), next)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case !f.IsExported(), f.Name == "Schema", f.Name == "Time":
			default:
				refill(v.Field(i), next)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			refill(v.Index(i), next)
		}
	case reflect.String:
		v.SetString(next(v.String()))
	}
}

// filled is the recorded stream of everything, and of what is loaded and packaged,
// with other strings in it.
func filled(t testing.TB, next func(string) string) []scan.Message {
	stream := recording(t, "everything.jsonl")
	for _, m := range reachedAndPackaged() {
		if m.Finding != nil {
			stream = slices.Insert(stream, 1, m)
		}
	}
	for i := range stream {
		refill(reflect.ValueOf(&stream[i]), next)
	}
	return stream
}

// nasty are strings that people who mean ill, and broken files, hold.
var nasty = map[string]string{
	"nothing":               "",
	"escape sequence":       "\x1b[31mred\x1b[0m\x1b]8;;https://example.org/\x07link\x1b]8;;\x07",
	"C1 controls":           "\u009b31mred \u009d0;title\u009c",
	"raw C1 bytes":          "\x9b31mred\x9d0;title\x9c",
	"new lines":             "one\ntwo\r\nthree\rfour\u2028five\u2029six\n\n# heading\n- item\n> quote\n```\n",
	"bars and ticks":        "a|b||c`d``e```f````g\\|h",
	"markup":                "<script>alert(1)</script><img src=x onerror=alert(1)></details></code>&lt;&#60;",
	"Markdown":              "[x](javascript:alert(1)) ![y](https://example.org/y.png) **b** _i_ ~~s~~ $m$ <!-- c -->",
	"mentions and links":    "@somebody #1 www.example.org https://example.org/ mailto:a@example.org",
	"a name before a colon": "mailto",
	"right to left":         "abc\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c",
	"invisible":             "a\u200bb\u200cc\u200dd\ufeffe\u00adf\U000e0041g\u3164",
	"NUL":                   "a\x00b\x00",
	"not UTF-8":             "a\xffb\xc3\x28c\xed\xa0\x80d",
	"a long title":          strings.Repeat("long ", 2000),
	"a long word":           strings.Repeat("x", 10_000),
	"wide":                  strings.Repeat("真珠層", 200),
	"emoji":                 strings.Repeat("👩‍👩‍👧‍👦🏳️‍🌈🇩🇪", 50),
	"combining":             "e" + strings.Repeat("\u0301", 300),
	"JSON":                  `","x":{"y":["z\u0000"]},"a":"`,
	"URI":                   "https://user:pw@example.org:99/ä b?<c>=\"d\"#é%zz",
	"URI of code":           "javascript:alert(1)//https://example.org/",
	"absolute file":         "/etc/../../x y:z%2f#?.pm",
	"file of another drive": `C:\Perl\lib\x.pm`,
	"blanks":                "   a     b   ",
	"formula":               `=cmd|' /C calc'!A0;=1;"+2`,
	"commands":              "::error::x%0A::warning::y ##[error]z ]]>",
	"placeholders":          "{0} {{1}} %s %d $1 ${x}",
}

func TestHostileStrings(t *testing.T) {
	for what, s := range nasty {
		t.Run(what, func(t *testing.T) {
			all := filled(t, func(string) string { return s })
			mixed := filled(t, func(old string) string { return old + s })
			for format, check := range checks {
				check(t, print(t, format, Options{}, all))
				check(t, print(t, format, Options{}, mixed))
			}
			for _, format := range []string{"text", "cpan-audit"} {
				colored := print(t, format, Options{Color: true}, mixed)
				checks[format](t, sgr.ReplaceAll(colored, nil))
			}
			for _, width := range []int{1, 41, 500} {
				document.Text(t, print(t, "text", Options{Width: width}, mixed))
			}
		})
	}
}

func TestRecordingsAreValid(t *testing.T) {
	for _, name := range []string{"everything.jsonl", "starter.jsonl"} {
		stream := recording(t, name)
		for format, check := range checks {
			t.Run(name+"/"+format, func(t *testing.T) { check(t, print(t, format, Options{}, stream)) })
		}
	}
}

// fuzz puts two strings into a stream by turns, alone and behind what was
// there, and checks the format.
func fuzz(f *testing.F, format string) {
	for _, s := range nasty {
		if len(s) < 500 {
			f.Add(s, "x", uint8(3))
		}
	}
	f.Fuzz(func(t *testing.T, a, b string, turn uint8) {
		n := 0
		stream := filled(t, func(old string) string {
			n++
			switch n * int(turn) % 5 {
			case 0:
				return a
			case 1:
				return old + b
			case 2:
				return a + b
			case 3:
				return b
			}
			return old
		})
		checks[format](t, print(t, format, Options{Width: int(turn)}, stream))
	})
}

func FuzzText(f *testing.F)          { fuzz(f, "text") }
func FuzzJSON(f *testing.F)          { fuzz(f, "json") }
func FuzzSARIF(f *testing.F)         { fuzz(f, "sarif") }
func FuzzOpenVEX(f *testing.F)       { fuzz(f, "openvex") }
func FuzzCycloneDX(f *testing.F)     { fuzz(f, "cyclonedx") }
func FuzzMarkdown(f *testing.F)      { fuzz(f, "markdown") }
func FuzzCPANAudit(f *testing.F)     { fuzz(f, "cpan-audit") }
func FuzzCPANAuditJSON(f *testing.F) { fuzz(f, "cpan-audit-json") }
