package audit_test

import (
	"encoding/json"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"nacre/audit"
)

// told collects a stream as JSON Lines.
func told(t *testing.T, s audit.Sift, src string) (audit.Summary, string) {
	t.Helper()
	var b strings.Builder
	e := audit.NewEncoder(&b)
	f := audit.NewFile("lib/Foo.pm", audit.Library, []byte(src))
	sum, err := s.Tell(audit.Config{Schema: audit.Schema, Rules: []string{"TST01"}}, e, func(yield func(audit.Result) bool) error {
		yield(audit.Check(f, &audit.Release{}, audit.Options{Rules: rules(t)}))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sum, b.String()
}

func TestSift(t *testing.T) {
	const src = "bad(1);\nbad($x);\nbad(3); ## nacre: allow TST01 so be it\n"
	s := audit.Sift{Confidence: audit.Likely, Severity: audit.Low, FailOn: audit.Low}
	sum, text := told(t, s, src)
	if sum.High != 2 || sum.Allowed != 1 || sum.Status != 1 {
		t.Errorf("%+v", sum)
	}
	base := audit.Baseline{}
	if err := audit.Decode(strings.NewReader(text), base); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*audit.Sift)
		want   audit.Summary
	}{
		"only certain":   {func(s *audit.Sift) { s.Confidence = audit.Certain }, audit.Summary{High: 1, Allowed: 1, Below: 1, Status: 1}},
		"only critical":  {func(s *audit.Sift) { s.Severity = audit.Critical }, audit.Summary{Below: 3}},
		"never fail":     {func(s *audit.Sift) { s.FailOn = 0 }, audit.Summary{High: 2, Allowed: 1}},
		"baseline":       {func(s *audit.Sift) { s.Baseline = base }, audit.Summary{Known: 2, Allowed: 1}},
		"line 90 is new": {func(s *audit.Sift) { s.IsNew = func(_ string, n int) bool { return n == 90 } }, audit.Summary{High: 1, Old: 2, Status: 1}},
		"line 2 is new":  {func(s *audit.Sift) { s.IsNew = func(_ string, n int) bool { return n == 2 } }, audit.Summary{High: 1, Old: 2, Status: 1}},
	} {
		s := s
		c.change(&s)
		c.want.Files, c.want.Bytes = 1, int64(len(src))
		if got, _ := told(t, s, src); got != c.want {
			t.Errorf("%s: %+v, not %+v", name, got, c.want)
		}
	}
	// A second finding of the same code is no old one.
	if sum, _ := told(t, audit.Sift{Confidence: audit.Likely, FailOn: audit.Low, Baseline: base}, "bad(1);\nbad(1);\n"); sum.Known != 1 || sum.High != 1 {
		t.Errorf("one more: %+v", sum)
	}
}

// TestDecode holds that a stream that was written is read as it was, and that what
// is none is refused.
func TestDecode(t *testing.T) {
	_, text := told(t, audit.Sift{Confidence: audit.Possible, Severity: audit.Low}, "bad('fix');\nmy $x = 'no end;\n")
	var b strings.Builder
	if err := audit.Decode(strings.NewReader(text), audit.NewEncoder(&b)); err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(text, b.String()); d != "" {
		t.Error(d)
	}
	var flat map[string]any
	if err := json.Unmarshal([]byte(strings.Split(text, "\n")[2]), &flat); err != nil || flat["rule"] != "TST01" || flat["line"] != 1.0 {
		t.Errorf("a finding is not one flat object: %v %v", flat, err)
	}
	lines := strings.SplitAfter(text, "\n")
	for name, bad := range map[string]string{
		"nothing":             "",
		"no configuration":    strings.Join(lines[1:], ""),
		"no summary":          strings.Join(lines[:2], ""),
		"two configurations":  lines[0] + text,
		"something behind":    text + lines[1],
		"another schema":      strings.Replace(text, "nacre.audit/1", "nacre.audit/2", 1),
		"no JSON":             lines[0] + "{",
		"no message":          lines[0] + "{}\n",
		"no confidence":       strings.Replace(text, `"confidence":"certain"`, `"confidence":"sure"`, 1),
		"a status of no kind": strings.Replace(text, `"status":3`, `"status":4`, 1),
		"a rule of no shape":  strings.Replace(text, `"rule":"TST01"`, `"rule":"x"`, 1),
		"without fingerprint": strings.Replace(text, `"fingerprint"`, `"finger"`, 1),
	} {
		if bad == text {
			t.Errorf("%s: nothing changed", name)
		}
		if err := audit.Decode(strings.NewReader(bad), audit.NewEncoder(&b)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"config":{"schema":"nacre.audit/1","tool":"nacre","path":".","rules":[],"options":{"confidence":"likely","severity":"low","fail_on":"low"}}}
{"rule":"TST01","cwe":["CWE-710"],"file":"a","line":1,"confidence":"likely","severity":"low","message":"m","title":"t","code":"c","fingerprint":"f"}
{"note":{"what":"w"}}
{"summary":{"status":1}}
`)
	f.Fuzz(func(t *testing.T, text string) {
		var once, twice strings.Builder
		if audit.Decode(strings.NewReader(text), audit.NewEncoder(&once)) != nil {
			return
		}
		if err := audit.Decode(strings.NewReader(once.String()), audit.NewEncoder(&twice)); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, once.String())
		}
		if once.String() != twice.String() {
			t.Errorf("%s\n%s", once.String(), twice.String())
		}
	})
}
