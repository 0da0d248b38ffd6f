package cli

import (
	"testing"
	"testing/fstest"
)

func TestFormOf(t *testing.T) {
	for _, test := range []struct {
		text string
		want form
	}{
		{`{"meta":{},"dists":{}}`, formIndex},
		{`{"module2dist":{}}`, formIndex},
		{`{"containers":{"cna":{"dists":1}},"cveMetadata":{}}`, formCVE},
		{`{"id":"GHSA-x","modified":"2099-01-01T00:00:00Z"}`, formOSV},
		{`{"modified":"2099-01-01T00:00:00Z","affected":[{"id":1}],"id":"GHSA-x"}`, formOSV},
		{`{"id":"x","name":"package"}`, formUnknown},
		{`[{"cveMetadata":{}}]`, formUnknown},
		{`{"a":{"cveMetadata":{}}}`, formUnknown},
		{`{"a":`, formUnknown},
		{``, formUnknown},
		{"\x1f\x8b\x00", formUnknown},
	} {
		fsys := fstest.MapFS{"f": {Data: []byte(test.text)}}
		if got, err := formOf(fsys, "f"); got != test.want || err != nil && test.text[0] != 0x1f {
			t.Errorf("%q is %d, %v; want %d", test.text, got, err, test.want)
		}
	}
}

// FuzzFormOf holds the finding out of what a file is to ending, whatever the
// file is.
func FuzzFormOf(f *testing.F) {
	for _, s := range []string{`{"dists":{}}`, `{"a":[[[]]],"cveMetadata":1}`, `{"id":1,"modified":2}`, "\x1f\x8b\x08\x00", `{"a":`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		form, err := formOf(fstest.MapFS{"f": {Data: b}}, "f")
		if err != nil && form != formUnknown {
			t.Errorf("%d and %v", form, err)
		}
	})
}
