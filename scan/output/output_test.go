package output

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/fault"
	"nacre/scan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// recording reads a recorded stream of testdata.
func recording(t testing.TB, name string) []scan.Message {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all messages
	if err := scan.Decode(f, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

type messages []scan.Message

func (m *messages) Handle(msg scan.Message) error {
	*m = append(*m, msg)
	return nil
}

// print gives a stream in a format.
func print(t testing.TB, format string, o Options, stream []scan.Message) []byte {
	t.Helper()
	b, err := tryPrint(format, o, stream)
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return b
}

func tryPrint(format string, o Options, stream []scan.Message) ([]byte, error) {
	var b bytes.Buffer
	h, err := New(format, &b, o)
	if err != nil {
		return nil, err
	}
	for _, m := range stream {
		if err := h.Handle(m); err != nil {
			return nil, err
		}
	}
	err = h.Close()
	return b.Bytes(), err
}

// TestGolden prints recorded streams in every format. testdata/NAME.FORMAT is
// what came out when somebody last looked; go test -update writes it anew.
func TestGolden(t *testing.T) {
	for _, name := range []string{"everything", "starter"} {
		stream := recording(t, name+".jsonl")
		for _, format := range append(Names(), "text color") {
			t.Run(name+"/"+format, func(t *testing.T) {
				format, color := strings.CutSuffix(format, " color")
				got := print(t, format, Options{Color: color}, stream)
				file := filepath.Join("testdata", name+"."+format)
				if color {
					file += ".color"
				}
				file += ".golden"
				if *update {
					if err := os.WriteFile(file, got, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), string(got)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", file, diff)
				}
			})
		}
	}
}

func TestSameStreamSameBytes(t *testing.T) {
	stream := recording(t, "everything.jsonl")
	for _, format := range Names() {
		first := print(t, format, Options{}, stream)
		for range 20 {
			if again := print(t, format, Options{}, stream); !bytes.Equal(first, again) {
				t.Fatalf("%s: two runs differ:\n%s", format, cmp.Diff(string(first), string(again)))
			}
		}
	}
}

// TestReplayOfJSON holds that the json format is a recording that prints like
// the stream it was made of.
func TestReplayOfJSON(t *testing.T) {
	stream := recording(t, "everything.jsonl")
	var again messages
	if err := scan.Decode(bytes.NewReader(print(t, "json", Options{}, stream)), &again); err != nil {
		t.Fatal(err)
	}
	for _, format := range Names() {
		if diff := cmp.Diff(string(print(t, format, Options{}, stream)), string(print(t, format, Options{}, again))); diff != "" {
			t.Errorf("%s (-live +replayed):\n%s", format, diff)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	_, err := New("xml", &bytes.Buffer{}, Options{})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(fault.HintOf(err), "sarif") {
		t.Errorf("New(xml) = %v, hint %q; want an invalid one that lists the formats", err, fault.HintOf(err))
	}
}

func TestEmptyMessage(t *testing.T) {
	for _, format := range Names() {
		if format == "json" {
			continue // the encoder writes what it is given; the decoder refuses it
		}
		if _, err := tryPrint(format, Options{}, []scan.Message{{}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: a message with nothing in it gives %v, want an invalid one", format, err)
		}
	}
}

// TestCutOff prints a stream that ends after its first findings.
func TestCutOff(t *testing.T) {
	stream := recording(t, "everything.jsonl")[:3]
	for format, want := range map[string]string{
		"text":            "INCOMPLETE",
		"sarif":           `"executionSuccessful": false`,
		"markdown":        "incomplete",
		"cpan-audit":      "Error: the scan did not finish",
		"cpan-audit-json": "the scan did not finish",
	} {
		if got := string(print(t, format, Options{}, stream)); !strings.Contains(got, want) {
			t.Errorf("%s does not say %q:\n%s", format, want, got)
		}
	}
}
