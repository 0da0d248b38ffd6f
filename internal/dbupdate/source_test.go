package dbupdate

import (
	"strings"
	"testing"

	"nacre/fault"
	"nacre/internal/fetch"
)

const fingerprintText = "0123456789ABCDEF0123456789ABCDEF01234567"

func TestParseSources(t *testing.T) {
	key := newPublisher(t, "advisories.example").key
	sources, err := ParseSources([]byte(`# mine
sources:
- kind: index
  url: https://advisories.example/index
  keys: [` + key + `]
- kind: cpansa
  url: http://127.0.0.1:8080/feed.json
  fingerprints:
  - 0x0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567
`))
	if err != nil {
		t.Fatal(err)
	}
	if len(sources) != 2 || sources[0].Keys[0] != key ||
		sources[1].Fingerprints[0] != fingerprintText || sources[1].Signature != "http://127.0.0.1:8080/feed.json.gpg" {
		t.Errorf("read %+v", sources)
	}
}

func TestParseSourcesRefuses(t *testing.T) {
	a, b := newPublisher(t, "advisories.example").key, newPublisher(t, "other.example").key
	source := func(lines ...string) string {
		return "sources:\n- " + strings.Join(lines, "\n  ") + "\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "list of sources"},
		{"no source", "sources: []\n", "is empty"},
		{"no YAML", "sources: [\n", "list of sources"},
		{"another shape", "sources: {a: b}\n", "list of sources"},
		{"an unknown key", source("kind: cpansa", "url: https://a.example/x", "insecure: true"), "insecure"},
		{"a key twice", source("kind: cpansa", "url: https://a.example/x", "url: https://b.example/x"), "url"},
		{"an unknown kind", source("kind: ftp", "url: https://a.example/x"), "neither index nor cpansa"},
		{"no kind", source("url: https://a.example/x"), "neither index nor cpansa"},
		{"no address", source("kind: cpansa"), "is not https://"},
		{"plain http", source("kind: cpansa", "url: http://a.example/x"), "is not https"},
		{"a file", source("kind: cpansa", "url: file:///etc/passwd"), "is not https"},
		{"a name like this machine's", source("kind: cpansa", "url: http://localhost.a.example/x"), "is not https"},
		{"a password", source("kind: cpansa", "url: https://me:secret@a.example/x"), "a name or a password"},
		{"a signature in the open", source("kind: cpansa", "url: https://a.example/x", "signature: http://a.example/x.gpg"), "is not https"},
		{"a long address", source("kind: cpansa", "url: https://a.example/"+strings.Repeat("x", fetch.MaxURL)), "limit: address length"},
		{"a key id", source("kind: cpansa", "url: https://a.example/x", "fingerprints: [01234567]"), "not the fingerprint"},
		{"keys of an index with cpansa", source("kind: cpansa", "url: https://a.example/x", "keys: ["+a+"]"), "no keys"},
		{"an index without keys", source("kind: index", "url: https://a.example/x"), "without keys"},
		{"an index with fingerprints", source("kind: index", "url: https://a.example/x", "keys: ["+a+"]", "fingerprints: ["+fingerprintText+"]"), "no fingerprints"},
		{"two names", source("kind: index", "url: https://a.example/x", "keys: ["+a+", "+b+"]"), "in one source"},
		{"half a key", source("kind: index", "url: https://a.example/x", "keys: ["+a[:30]+"]"), "key "},
		{"too many", "sources:\n" + strings.Repeat("- kind: cpansa\n  url: https://a.example/x\n", maxList+1), "limit: sources"},
		{"a huge file", "#" + strings.Repeat("x", MaxSources), "limit: sources size"},
	} {
		_, err := ParseSources([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	// A password does not get into the message.
	_, err := ParseSources([]byte(source("kind: cpansa", "url: https://me:secret@a.example/x")))
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestDefaultSources(t *testing.T) {
	for _, s := range DefaultSources() {
		whole := s
		if err := whole.Check(); err != nil {
			t.Error(err)
		}
		if !strings.HasPrefix(s.URL, "https://") || len(s.Fingerprints) == 0 {
			t.Errorf("default source %+v", s)
		}
	}
}

// FuzzParseSources: what is accepted is complete, and asks nobody in the open.
func FuzzParseSources(f *testing.F) {
	f.Add([]byte("sources:\n- kind: cpansa\n  url: https://a.example/x\n  fingerprints: [" + fingerprintText + "]\n"))
	f.Add([]byte("sources:\n- &a {kind: index, url: 'https://a.example/x', keys: [a+b+c]}\n- *a\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		sources, err := ParseSources(text)
		if err != nil {
			return
		}
		for _, s := range sources {
			if err := s.Check(); err != nil {
				t.Errorf("accepted %+v: %v", s, err)
			}
			if s.Kind == KindIndex && len(s.Keys) == 0 {
				t.Errorf("accepted an index without keys: %+v", s)
			}
		}
	})
}
