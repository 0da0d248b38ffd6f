package osv_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory"
	"nacre/advisory/osv"
	"nacre/fault"
	"nacre/perlver"
)

// records gives the files of testdata/records.txtar and what is read of them.
func records(t testing.TB) (files []txtar.File, want string) {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/records.txtar")
	if err != nil {
		t.Fatal(err)
	}
	last := len(ar.Files) - 1
	if ar.Files[last].Name != "want" {
		t.Fatal("records.txtar does not end in want")
	}
	return ar.Files[:last], string(ar.Files[last].Data)
}

func TestRead(t *testing.T) {
	files, want := records(t)
	folder := fstest.MapFS{"README.txt": {}}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for _, f := range files {
		folder[f.Name] = &fstest.MapFile{Data: f.Data}
		w, err := z.Create(f.Name)
		if err == nil {
			_, err = w.Write(f.Data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	zipped, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for name, fsys := range map[string]fs.FS{"folder": folder, "zip": zipped} {
		t.Run(name, func(t *testing.T) {
			batch, err := osv.ReadFS(fsys)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, it := range batch.Items {
				render(&got, it)
			}
			if diff := cmp.Diff(want, got.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// ours cuts what the words of a library begin.
func ours(text string) string {
	for _, mark := range []string{"read JSON", `CVSS vector "nonsense"`} {
		if i := strings.Index(text, mark); i >= 0 {
			return text[:i+len(mark)]
		}
	}
	return text
}

// render writes an item as testdata/records.txtar has it.
func render(w *strings.Builder, it advisory.Item) {
	fmt.Fprintln(w, strings.TrimSpace(it.Where+" "+it.Native))
	if it.Refused != nil {
		fmt.Fprintf(w, "  refused: %s\n", ours(it.Refused.Error()))
	}
	if r := it.Record; r != nil {
		fmt.Fprintf(w, "  %s", r.ID)
		for i, a := range r.Aliases {
			if i == 0 {
				w.WriteString(" also")
			}
			fmt.Fprintf(w, " %s", a)
		}
		fmt.Fprintf(w, "\n  %q %q\n  %s", r.Title, r.Description, r.Severity)
		for _, d := range []struct {
			name string
			is   advisory.Date
		}{{"published", r.Published}, {"modified", r.Modified}} {
			if !d.is.IsZero() {
				fmt.Fprintf(w, " %s %s", d.name, d.is)
			}
		}
		if r.IsWithdrawn() {
			w.WriteString(" " + strings.TrimSpace("withdrawn "+r.Withdrawn.String()))
			fmt.Fprintf(w, " %q", r.WithdrawnReason)
		}
		w.WriteString("\n")
		if len(r.CWEs) > 0 {
			fmt.Fprintf(w, "  cwes %s\n", strings.Join(r.CWEs, " "))
		}
		for _, c := range r.CVSS {
			fmt.Fprintf(w, "  cvss %s %.1f\n", c.Version, c.Base)
		}
		for _, ref := range r.References {
			fmt.Fprintf(w, "  link %s %s\n", ref.Kind, ref.URL)
		}
		for _, a := range r.Affected {
			for _, s := range a.Statements {
				fmt.Fprintf(w, "  %s by %s: %s\n", a.Dist, s.Entry, statement(s.OSV))
			}
		}
	}
	for _, warning := range it.Warnings {
		fmt.Fprintf(w, "  ! %s\n", ours(warning))
	}
}

func statement(s *advisory.OSV) string {
	out := ""
	for _, r := range s.Ranges {
		var events []string
		for _, e := range r.Events {
			switch {
			case e.Introduced != "":
				events = append(events, "introduced "+e.Introduced)
			case e.Fixed != "":
				events = append(events, "fixed "+e.Fixed)
			case e.LastAffected != "":
				events = append(events, "last affected "+e.LastAffected)
			}
		}
		out += r.Type + " " + strings.Join(events, ", ") + "; "
	}
	return strings.TrimSpace(out + "versions " + strings.Join(s.Versions, " "))
}

// A range of another order than version.pm's decides nothing: alone it is
// unknown, and beside a list it is a warning on every verdict.
func TestForeignOrder(t *testing.T) {
	record := func(more string) *advisory.Record {
		return osv.Read(strings.NewReader(`{"id":"X-1","affected":[{"package":{"ecosystem":"CPAN","name":"Foo"},
			"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.3"}]}]`+more+`}]}`), "x.json").Record
	}
	alone, listed := record(""), record(`,"versions":["1.2"]`)
	for _, c := range []struct {
		name     string
		is       *advisory.Record
		version  string
		want     string
		warnings int
	}{
		{"alone", alone, "1.1", "unknown", 0},
		{"alone", alone, "9", "unknown", 0},
		{"beside a list", listed, "1.200", "affected", 1},
		{"beside a list", listed, "1.1", "clean", 1},
	} {
		v, err := perlver.Parse(c.version)
		if err != nil {
			t.Fatal(err)
		}
		got := c.is.Affected[0].Judge(v)
		if got.Status.String() != c.want || len(got.Warnings) != c.warnings {
			t.Errorf("%s, %s: %s (%s; %q), want %s", c.name, c.version, got.Status, got.Reason, got.Warnings, c.want)
		}
	}
}

func TestHostileRecords(t *testing.T) {
	affected := func(members string) string {
		return `{"id":"X-1","affected":[{"package":{"ecosystem":"CPAN","name":"Foo"},` + members + `}]}`
	}
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	numbered := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, ",")
	}
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "read JSON"},
		{"nested", `{"id":` + strings.Repeat("[", 20_000), "read JSON"},
		{"a NUL", "{\x00}", "read JSON"},
		{"a NUL in the id", `{"id":"a\u0000b"}`, "holds"},
		{"an escape in the id", `{"id":"a\u001b[31m"}`, "holds"},
		{"not UTF-8 in the id", "{\"id\":\"a\xff\"}", "holds"},
		{"a long id", `{"id":"` + strings.Repeat("x", 201) + `"}`, "(limit: id length)"},
		{"long details", `{"id":"X-1","details":"` + strings.Repeat("x", advisory.MaxText+1) + `"}`, "(limit: description length)"},
		{"many aliases", `{"id":"X-1","aliases":[` + numbered(advisory.MaxAliases+1, `"A-%d"`) + `]}`, "(limit: aliases)"},
		{"many references", `{"id":"X-1","references":[` + numbered(advisory.MaxReferences+1, `{"url":"https://foo.example/%d"}`) + `]}`, "(limit: references)"},
		{"many packages", `{"id":"X-1","affected":[` + numbered(advisory.MaxAffected+1, `{"package":{"ecosystem":"CPAN","name":"Foo-%d"}}`) + `]}`, "(limit: affected distributions)"},
		{"many versions", affected(`"versions":[` + many(advisory.MaxVersions+1, `"1"`) + `]`), "(limit: versions)"},
		{"many events", affected(`"ranges":[{"type":"ECOSYSTEM","events":[` + many(advisory.MaxVersions, `{"introduced":"1"}`) + `]}]`), "(limit: versions)"},
		{"a long version", affected(`"versions":["` + strings.Repeat("1", advisory.MaxLine+1) + `"]`), "(limit: text length)"},
		{"a large file", `{"id":"` + strings.Repeat("x", 10<<20) + `"}`, "(limit: OSV record size)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			it := osv.Read(strings.NewReader(c.data), "folder/x.json")
			if it.Record != nil || it.Refused == nil || !strings.Contains(it.Refused.Error(), c.want) || !strings.HasPrefix(it.Refused.Error(), "read folder/x.json: ") {
				t.Errorf("%.200v, want one with %q", it.Refused, c.want)
			}
			if fault.KindOf(it.Refused) != fault.Invalid {
				t.Errorf("kind %s", fault.KindOf(it.Refused))
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	files, _ := records(f)
	for _, file := range files {
		f.Add(file.Data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		it := osv.Read(strings.NewReader(string(data)), "x.json")
		if (it.Record == nil) == (it.Refused == nil) {
			t.Fatal("not either a record or refused")
		}
		if it.Record == nil {
			if !strings.HasPrefix(it.Refused.Error(), "read x.json") {
				t.Errorf("the error does not name the record: %v", it.Refused)
			}
			return
		}
		v, _ := perlver.Parse("1.2")
		for i := range it.Record.Affected {
			it.Record.Affected[i].Judge(v)
		}
	})
}
