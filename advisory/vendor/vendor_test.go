package vendor_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/vendor"
	"nacre/fault"
)

var update = flag.Bool("update", false, "write what the readers give into the cases")

// keep wants what is of Perl, and one flaw wherever it is.
func keep(source string, flaw advisory.ID) bool {
	return vendor.OfPerl(source) || flaw == "CVE-2099-0042"
}

// told is a batch as the cases tell it.
func told(b vendor.Batch) string {
	var s strings.Builder
	for _, f := range b.Feeds {
		fmt.Fprintf(&s, "feed %s %v", f.Name, f.Distros)
		if !f.Time.IsZero() {
			s.WriteString(" of " + f.Time.Format(time.DateOnly))
		}
		fmt.Fprintf(&s, " %d statements\n", f.Statements)
	}
	for _, st := range b.Statements {
		fmt.Fprintf(&s, "%s %s %s %s", st.Source, st.Distro, st.Flaw, st.Status)
		if st.Fixed != "" {
			s.WriteString(" " + st.Fixed)
		}
		if st.Note != "" {
			s.WriteString(" (" + st.Note + ")")
		}
		s.WriteString("\n")
	}
	fmt.Fprintf(&s, "other %d\n", b.Other)
	for _, skip := range b.Skipped {
		fmt.Fprintf(&s, "skipped %s: %s\n", skip.Where, skip.Why)
	}
	return s.String()
}

// TestCases runs testdata/*.txtar: a vendor's documents in, the batch out.
func TestCases(t *testing.T) {
	for name, read := range map[string]func(fstest.MapFS) (vendor.Batch, error){
		"debian": func(f fstest.MapFS) (vendor.Batch, error) {
			return vendor.ReadDebian(bytes.NewReader(f["tracker"].Data), keep)
		},
		"alpine": func(f fstest.MapFS) (vendor.Batch, error) {
			return vendor.ReadAlpine(bytes.NewReader(f["secdb"].Data), keep)
		},
		"osv": func(f fstest.MapFS) (vendor.Batch, error) { return vendor.ReadOSV(f, keep) },
	} {
		t.Run(name, func(t *testing.T) {
			file := "testdata/" + name + ".txtar"
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			for _, f := range a.Files[:len(a.Files)-1] {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			b, err := read(fsys)
			if err != nil {
				t.Fatal(err)
			}
			want := &a.Files[len(a.Files)-1]
			got := told(b)
			if got == string(want.Data) {
				return
			}
			if !*update {
				t.Fatalf("want -, got +\n%s", cmp.Diff(strings.Split(string(want.Data), "\n"), strings.Split(got, "\n")))
			}
			want.Data = []byte(got)
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestRelease(t *testing.T) {
	for _, c := range []struct{ distro, codename, want string }{
		{"debian:12", "bookworm", "debian:12"},
		{"debian:12.5", "", "debian:12"},
		{"debian:bookworm", "", "debian:12"},
		{"debian", "trixie", "debian:13"},
		{"debian", "sid", "debian:sid"},
		{"debian", "", ""},
		{"alpine:3.19", "", "alpine:3.19"},
		{"alpine:3.19.1", "", "alpine:3.19"},
		{"alpine:v3.19", "", "alpine:3.19"},
		{"alpine:3.21.0_alpha20240923", "", "alpine:edge"},
		{"alpine:edge", "", "alpine:edge"},
		{"rhel:9.4", "", "rhel:9"},
		{"ubuntu:22.04", "jammy", "ubuntu:22.04"},
		{"", "", ""},
	} {
		if got := vendor.Release(c.distro, c.codename); got != c.want {
			t.Errorf("Release(%q, %q) is %q, want %q", c.distro, c.codename, got, c.want)
		}
	}
}

func TestPages(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{vendor.Page("debian:12", "CVE-2099-0001"), "https://security-tracker.debian.org/tracker/CVE-2099-0001"},
		{vendor.Page("alpine:3.19", "CVE-2099-0001"), "https://security.alpinelinux.org/vuln/CVE-2099-0001"},
		{vendor.Page("rhel:9", "CVE-2099-0001"), "https://access.redhat.com/security/cve/CVE-2099-0001"},
		{vendor.Page("ubuntu:22.04", "CVE-2099-0001"), "https://ubuntu.com/security/CVE-2099-0001"},
		{vendor.Page("sles:15.5", "CVE-2099-0001"), "https://www.suse.com/security/cve/CVE-2099-0001.html"},
		{vendor.Page("made-up:1", "CVE-2099-0001"), ""},
		{vendor.Page("debian:12", "CPANSA-Foo-Bar-2099-001"), ""},
		{vendor.SourcePage("debian:12", "libfoo+-perl"), "https://security-tracker.debian.org/tracker/source-package/libfoo%2B-perl"},
		{vendor.SourcePage("debian:12", "a/b"), ""},
		{vendor.SourcePage("rhel:9", "perl"), ""},
		{vendor.Data("alpine:3.19.1"), "the secdb of Alpine v3.19 (https://secdb.alpinelinux.org/v3.19/)"},
		{vendor.Data("alpine:edge"), "the secdb of Alpine edge (https://secdb.alpinelinux.org/edge/)"},
		{vendor.Data("ubuntu:22.04"), ""},
		{vendor.Name("rhel:9"), "Red Hat"},
		{vendor.Name("made-up:1"), "made-up"},
		{vendor.Name(""), "its packager"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestJoin(t *testing.T) {
	read := func(distro, source string) vendor.Batch {
		b, err := vendor.ReadAlpine(strings.NewReader(`{"distroversion": "`+distro+`", "packages": [{"pkg": {"name": "`+source+`", "secfixes": {"1-r0": ["CVE-2099-0001"]}}}]}`), keep)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	got := told(vendor.Join([]vendor.Batch{read("v3.20", "perl"), read("v3.19", "perl"), read("v3.20", "perl"), read("v3.20", "x")}))
	want := `feed Alpine secdb [alpine:3.19 alpine:3.20] 2 statements
perl alpine:3.19 CVE-2099-0001 fixed 1-r0
perl alpine:3.20 CVE-2099-0001 fixed 1-r0
other 1
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Documents that are broken or hostile are errors that say so.
func TestRefuses(t *testing.T) {
	debian := func(r io.Reader) error { _, err := vendor.ReadDebian(r, keep); return err }
	alpine := func(r io.Reader) error { _, err := vendor.ReadAlpine(r, keep); return err }
	huge := strings.Repeat("x", 5<<20)
	for _, c := range []struct {
		read       func(io.Reader) error
		text, want string
	}{
		{debian, ``, "unexpected EOF"},
		{debian, `[]`, "no object"},
		{debian, `{"perl": []}`, "what the tracker says of perl is no object"},
		{debian, `{"perl": {"CVE-2099-0001": {}`, "unexpected EOF"},
		{debian, `{"perl": {"CVE-2099-0001": {"x": "` + huge + `"}}}`, "limit: entry size"},
		{debian, `{"` + huge + `": {}}`, "limit: entry size"},
		{alpine, `{"packages": []}`, "states no release"},
		{alpine, `{"distroversion": "v3.19"}`, "states no release"},
		{alpine, `{"distroversion": "v3.19", "packages": {}}`, "no list"},
		{alpine, `{"distroversion": "v3.19", "packages": [{"pkg": {"name": "perl"}}`, "unexpected EOF"},
		{alpine, `{"distroversion": 3, "packages": []}`, "cannot unmarshal"},
		{alpine, `{"packages": ["` + huge + `"]}`, "limit: entry size"},
	} {
		err := c.read(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.60s: %v, want %s", c.text, err, c.want)
		}
	}
	if _, err := vendor.ReadOSV(fstest.MapFS{"README": {}}, keep); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a folder without records: %v", err)
	}
}

// What cannot be read is listed up to a bound, and counted beyond it.
func TestSkippedIsBounded(t *testing.T) {
	text := `{"perl": {"CVE-2099-0001": {"releases": {` + strings.TrimSuffix(strings.Repeat(`"r%d": {"status": "x"},`, 700), ",") + `}}}}`
	n := make([]any, 700)
	for i := range n {
		n[i] = i
	}
	b, err := vendor.ReadDebian(strings.NewReader(fmt.Sprintf(text, n...)), keep)
	if err != nil || len(b.Skipped) != 500 || b.More != 200 {
		t.Errorf("%d listed, %d more, %v", len(b.Skipped), b.More, err)
	}
}

// endless is a tracker of n source packages that are not of Perl. It watches
// the heap while it is read.
type endless struct {
	n    int
	rest string
	most uint64 // bytes of the heap
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		switch e.n--; {
		case e.n > 0:
			e.rest = fmt.Sprintf(`,"made-up-%d": {"CVE-2099-0001": {"description": "%s", "releases": {"bookworm": {"status": "open"}}}}`, e.n, strings.Repeat("x", 400))
		case e.n == 0:
			e.rest = "}"
		default:
			return 0, io.EOF
		}
		if e.n%2_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			e.most = max(e.most, m.HeapAlloc)
		}
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// A large tracker is read without keeping more than its statements.
func TestMemoryIsBounded(t *testing.T) {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	e := &endless{n: 60_000} // 30 MB
	b, err := vendor.ReadDebian(io.MultiReader(strings.NewReader(`{"perl": {"CVE-2099-0001": {"releases": {"bookworm": {"status": "open"}}}}`), e), keep)
	if err != nil || len(b.Statements) != 1 || b.Other != 59_999 {
		t.Fatal(len(b.Statements), b.Other, err)
	}
	if more := int64(e.most) - int64(before.HeapAlloc); more > 16<<20 {
		t.Errorf("the heap grew by %d bytes", more)
	}
}
