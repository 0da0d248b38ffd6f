package scan

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/fault"
)

// messages keeps a stream.
type messages []Message

func (m *messages) Handle(one Message) error {
	*m = append(*m, one)
	return nil
}

const (
	firstLine = `{"config":{"schema":"nacre.scan/1"}}` + "\n"
	lastLine  = `{"summary":{}}` + "\n"
	finding   = `{"finding":{"advisory":{"id":"CVE-2099-0001"},"verdict":"affected"}}` + "\n"
)

// TestReplay: a stream that was recorded and read gives the same bytes.
func TestReplay(t *testing.T) {
	want := record(t, big(30))
	var b bytes.Buffer
	if err := Decode(strings.NewReader(want), NewEncoder(&b)); err != nil {
		t.Fatal(err)
	}
	if b.String() != want {
		t.Error(cmp.Diff(want, b.String()))
	}
}

// TestFirstVersionStaysReadable reads a recording of version 1 of the format.
// The file is never changed: whatever the format becomes, this is read.
func TestFirstVersionStaysReadable(t *testing.T) {
	f, err := os.Open("testdata/recorded-1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var m messages
	if err := Decode(f, &m); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, one := range m {
		switch {
		case one.Config != nil:
			kinds["config"]++
		case one.Finding != nil:
			kinds[one.Finding.Verdict.String()]++
		case one.Fix != nil:
			kinds["fix"]++
		case one.Notice != nil:
			kinds["notice"]++
		case one.Summary != nil:
			kinds["summary"]++
		}
	}
	want := map[string]int{"config": 1, "affected": 4, "contradictory": 1, "unknown": 1, "fix": 2, "notice": 2, "summary": 1}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Error(d)
	}
	f1 := m[1].Finding
	if f1.Component.Ref != "Foo-Bar@1.2" || f1.Advisory.Severity != advisory.SeverityHigh || f1.Fixed.Versions[0] != "1.3" || f1.Paths[0][1] != "Foo-Bar@1.2" {
		t.Errorf("first finding: %+v", f1)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "there is nothing in it"},
		{"no JSON", "nacre: hello\n", "line 1: invalid character"},
		{"another kind of file", `{"bomFormat":"CycloneDX"}`, "line 1: no message of nacre.scan/1"},
		{"another schema", `{"config":{"schema":"nacre.inventory/1"}}`, `line 1: schema "nacre.inventory/1"`},
		{"a newer schema", `{"config":{"schema":"nacre.scan/2"}}`, `line 1: schema "nacre.scan/2"`},
		{"no first line", finding + lastLine, "line 1: the first message"},
		{"cut off", firstLine + finding, "it ends after line 2 without a summary"},
		{"cut off in a line", firstLine + finding + `{"summ`, "line 3: unexpected end of JSON input"},
		{"two messages at once", `{"config":{"schema":"nacre.scan/1"},"summary":{}}`, "line 1: no message"},
		{"two first lines", firstLine + firstLine + lastLine, "line 2: a message that must come earlier"},
		{"two last lines", firstLine + lastLine + lastLine, "line 3: a message that must come earlier"},
		{"after the end", firstLine + lastLine + finding, "line 3: a message that must come earlier"},
		{"out of order", firstLine + `{"fix":{}}` + "\n" + finding + lastLine, "line 3: a message that must come earlier"},
		{"clean finding", firstLine + `{"finding":{"advisory":{"id":"X"},"verdict":"clean"}}`, "line 2: a finding without"},
		{"no such verdict", firstLine + `{"finding":{"advisory":{"id":"X"},"verdict":"bad"}}`, `line 2: verdict "bad"`},
		{"long line", firstLine + `{"notice":{"text":"` + strings.Repeat("x", maxLine) + `"}}`, "limit: line of a recorded scan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Decode(strings.NewReader(c.text), &messages{})
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// TestDecodeAccepts: later versions add fields, editors add empty lines, and a
// last line may lack its end.
func TestDecodeAccepts(t *testing.T) {
	text := strings.Replace(firstLine, "{", `{"new":1,`, 1) + "\r\n\n" + finding + strings.TrimSpace(lastLine)
	var m messages
	if err := Decode(strings.NewReader(text), &m); err != nil || len(m) != 3 {
		t.Errorf("%d messages, %v", len(m), err)
	}
}

// TestEncoderEscapes: what a terminal acts on does not stand in a line.
func TestEncoderEscapes(t *testing.T) {
	var b bytes.Buffer
	e := NewEncoder(&b)
	nasty := "\x1b[31m\x00\x7f\u009b31m\u202e\u2066\ufeff\u2028<b>é\xff"
	if err := e.Handle(Message{Notice: &Notice{Text: nasty}}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range b.String() {
		if c < ' ' && c != '\n' || c >= 0x7f && c <= 0x9f || c >= 0x2000 && c != '\ufffd' {
			t.Errorf("%q stands in %q", c, b.String())
		}
	}
	var m messages
	if err := Decode(strings.NewReader(firstLine+b.String()+lastLine), &m); err != nil {
		t.Fatal(err)
	}
	if got, want := m[1].Notice.Text, strings.ToValidUTF8(nasty, "\ufffd"); got != want {
		t.Errorf("read back %q, want %q", got, want)
	}
}

func FuzzDecode(f *testing.F) {
	sample, err := os.ReadFile("testdata/recorded-1.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(firstLine + finding + lastLine))
	f.Add([]byte(firstLine + `{"finding":null}` + "\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m messages
		err := Decode(bytes.NewReader(b), &m)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind of %v", err)
			}
			return
		}
		// What was read can be written, and reads as the same.
		var once, twice bytes.Buffer
		again := func(from []byte, to *bytes.Buffer) {
			if err := Decode(bytes.NewReader(from), NewEncoder(to)); err != nil {
				t.Fatal(err)
			}
		}
		again(b, &once)
		again(once.Bytes(), &twice)
		if !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("%q\n%q", once.Bytes(), twice.Bytes())
		}
	})
}
