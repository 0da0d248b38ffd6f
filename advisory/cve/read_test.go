package cve_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory"
	"nacre/advisory/cve"
	"nacre/fault"
	"nacre/internal/testkit"
	"nacre/perlver"
)

// Each case of testdata is a folder and what is read of it.
func TestRead(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) != 2 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		t.Run(filepath.Base(c), func(t *testing.T) {
			ar, err := txtar.ParseFile(c)
			if err != nil {
				t.Fatal(err)
			}
			folder, want := fstest.MapFS{}, ""
			for _, f := range ar.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					folder[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			batch, err := cve.ReadFS(folder)
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
	for _, mark := range []string{"read JSON", `CVSS vector "CVSS:4.0/nonsense"`} {
		if i := strings.Index(text, mark); i >= 0 {
			return text[:i+len(mark)]
		}
	}
	return text
}

// render writes an item as the cases have it.
func render(w *strings.Builder, it advisory.Item) {
	fmt.Fprintln(w, strings.TrimSpace(it.Where+" "+it.Native))
	if it.Refused != nil {
		fmt.Fprintf(w, "  refused: %s\n", ours(it.Refused.Error()))
	}
	if r := it.Record; r != nil {
		fmt.Fprintf(w, "  %s %q", r.Sources[0].Name, r.Title)
		if r.Disputed {
			w.WriteString(" disputed")
		}
		w.WriteString("\n")
		if r.Description != "" {
			fmt.Fprintf(w, "  text %q\n", r.Description)
		}
		dates := ""
		for _, d := range []struct {
			name string
			is   advisory.Date
		}{{"reported", r.Reported}, {"published", r.Published}, {"modified", r.Modified}, {"withdrawn", r.Withdrawn}} {
			if !d.is.IsZero() {
				dates += " " + d.name + " " + d.is.String()
			}
		}
		if r.WithdrawnReason != "" {
			dates += fmt.Sprintf(" %q", r.WithdrawnReason)
		}
		if dates != "" {
			fmt.Fprintf(w, " %s\n", dates)
		}
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
			affected(w, a)
		}
	}
	for _, warning := range it.Warnings {
		fmt.Fprintf(w, "  ! %s\n", ours(warning))
	}
}

func affected(w *strings.Builder, a advisory.Affected) {
	fmt.Fprintf(w, "  %s", a.Dist)
	if len(a.Modules) > 0 {
		w.WriteString(" modules")
		for _, m := range a.Modules {
			w.WriteString(" " + string(m))
		}
	}
	for _, list := range []struct {
		name string
		is   []string
	}{{"files", a.Files}, {"routines", a.Routines}} {
		if len(list.is) > 0 {
			fmt.Fprintf(w, " %s %s", list.name, strings.Join(list.is, " "))
		}
	}
	w.WriteString("\n")
	for _, s := range a.Statements {
		fmt.Fprintf(w, "    default %q", s.CVE.DefaultStatus)
		for i, v := range s.CVE.Versions {
			if i > 0 {
				w.WriteString(",")
			}
			w.WriteString(" " + entry(v))
		}
		w.WriteString("\n")
	}
}

func entry(v perlver.CVEVersion) string {
	out := v.Version
	if v.LessThan != "" {
		out += " < " + v.LessThan
	}
	if v.LessThanOrEqual != "" {
		out += " <= " + v.LessThanOrEqual
	}
	out += " " + v.Status
	for _, c := range v.Changes {
		out += " (" + c.Status + " at " + c.At + ")"
	}
	return out
}

// shell is a record with one more member of the CNA's container.
func shell(member string) string {
	return `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2099-0001","state":"PUBLISHED"},"containers":{"cna":{"providerMetadata":{"shortName":"x"},` + member + `}}}`
}

func TestHostileRecords(t *testing.T) {
	product := func(members string) string {
		return shell(`"affected":[{"collectionURL":"https://cpan.org/modules","packageName":"Foo-Bar",` + members + `}]`)
	}
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "read JSON"},
		{"nested", shell(`"x":` + strings.Repeat("[", 20_000)), "read JSON"},
		{"a NUL", "{\x00}", "read JSON"},
		{"a long description", shell(`"descriptions":[{"lang":"en","value":"` + strings.Repeat("x", advisory.MaxText+1) + `"}]`), "(limit: description length)"},
		{"a long title", shell(`"title":"` + strings.Repeat("x", advisory.MaxLine+1) + `"`), "(limit: title length)"},
		{"many references", shell(`"references":[` + numbered(advisory.MaxReferences+1, `{"url":"https://foo.example/%d"}`) + `]`), "(limit: references)"},
		{"many products", shell(`"affected":[` + numbered(advisory.MaxAffected+1, `{"packageURL":"pkg:cpan/Foo-%d"}`) + `]`), "(limit: affected distributions)"},
		{"many versions", product(`"versions":[` + many(advisory.MaxVersions+1, `{"version":"1"}`) + `]`), "(limit: versions)"},
		{"many changes", product(`"versions":[{"changes":[` + many(advisory.MaxVersions+1, `{}`) + `]}]`), "(limit: versions)"},
		{"a long version", product(`"versions":[{"version":"` + strings.Repeat("1", advisory.MaxLine+1) + `"}]`), "(limit: text length)"},
		{"many files", product(`"programFiles":[` + numbered(advisory.MaxPlaces+1, `"%d"`) + `]`), "(limit: files)"},
		{"a large file", shell(`"x":"` + strings.Repeat("x", 5<<20) + `"`), "(limit: CVE record size)"},
		{"a NUL in a name", product(`"x":"\u0000"`) + "\x00", "read JSON"},
		{"an escape in a name", shell(`"affected":[{"collectionURL":"https://cpan.org/modules","packageName":"Foo\u001b[31m"}]`), "cannot be seen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			it := cve.Read(strings.NewReader(c.data), "folder/x.json")
			if it.Record != nil || it.Refused == nil || !strings.Contains(it.Refused.Error(), c.want) || !strings.HasPrefix(it.Refused.Error(), "read folder/x.json: ") {
				t.Errorf("%.200v, want one with %q", it.Refused, c.want)
			}
			if fault.KindOf(it.Refused) != fault.Invalid {
				t.Errorf("kind %s", fault.KindOf(it.Refused))
			}
		})
	}
}

func numbered(n int, format string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(format, i)
	}
	return strings.Join(parts, ",")
}

// What acts on a terminal does not come through.
func TestHostileProse(t *testing.T) {
	it := cve.Read(strings.NewReader(shell(`"title":"a\u001b[31m\u202eb","descriptions":[{"lang":"en","value":"c\u0000\ud800d"}]`)), "x.json")
	if it.Record == nil || it.Record.Title != "a[31mb" || it.Record.Description != "c\ufffdd" {
		t.Errorf("%+v", it)
	}
}

func FuzzRead(f *testing.F) {
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, c := range cases {
		ar, err := txtar.ParseFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if strings.HasSuffix(file.Name, ".json") {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		it := cve.Read(strings.NewReader(string(data)), "x.json")
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

// The real records: id, CNA, distribution and range of each.
func TestRealRecords(t *testing.T) {
	batch, err := cve.ReadFS(os.DirFS(filepath.Join(testkit.Data(t), "cve")))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, it := range batch.Items {
		if it.Refused != nil {
			t.Errorf("refused: %v", it.Refused)
			continue
		}
		for _, w := range it.Warnings {
			t.Errorf("%s: %s", it.Where, w)
		}
		r := it.Record
		fmt.Fprintf(&got, "%s %s", r.ID, r.Sources[0].Name)
		for _, a := range r.Affected {
			fmt.Fprintf(&got, " %s", a.Dist)
			for _, s := range a.Statements {
				for _, v := range s.CVE.Versions {
					fmt.Fprintf(&got, "; %s", entry(v))
				}
			}
		}
		fmt.Fprintf(&got, "; cwes %d, cvss %d\n", len(r.CWEs), len(r.CVSS))
		if it.Where != string(r.ID)+".json" || it.Native != string(r.ID) || r.IsWithdrawn() || r.Description == "" || r.Published.IsZero() || len(r.References) == 0 {
			t.Errorf("%s: where %s, native %s, withdrawn %v, %d references", r.ID, it.Where, it.Native, r.IsWithdrawn(), len(r.References))
		}
	}
	want, err := os.ReadFile("testdata/real.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
