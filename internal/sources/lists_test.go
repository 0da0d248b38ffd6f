package sources

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nacre/advisory"
)

// cveRecord is a CVE record about Foo-Bar before a version.
func cveRecord(id, updated, version string) string {
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":%q,"state":"PUBLISHED","dateUpdated":%q},`+
		`"containers":{"cna":{"affected":[{"collectionURL":"https://cpan.org/modules","packageName":"Foo-Bar","versions":[{"version":"0","lessThan":%q,"status":"affected"}]}]}}}`,
		id, updated, version)
}

// A folder of the list's releases is read as they are: the zip of all records,
// which has a zip in it, and the zips of changes since then, of which the last
// counts in whatever order they come.
func TestZipsOfTheList(t *testing.T) {
	dir, work := t.TempDir(), t.TempDir()
	looks := strings.Replace(cveRecord("CVE-2099-0004", "2099-01-01T00:00:00Z", "1.1"), `"collectionURL":"https://cpan.org/modules","packageName":"Foo-Bar"`, `"product":"Foo::Bar"`, 1)
	all := zipOf(t, map[string]string{
		"cves/2099/0xxx/CVE-2099-0004.json": looks,
		"cves/2099/0xxx/CVE-2099-0005.json": looks,
		"cves/2099/0xxx/CVE-2099-0001.json": cveRecord("CVE-2099-0001", "2099-01-01T00:00:00Z", "1.1"),
		"cves/2099/0xxx/CVE-2099-0002.json": cveRecord("CVE-2099-0002", "2099-01-01T00:00:00Z", "1.1"),
		"cves/2099/0xxx/CVE-2099-0003.json": `{"containers":{}}`,
	})
	for name, text := range map[string]string{
		"2099-01-02_all_CVEs_at_midnight.zip.zip": string(zipOf(t, map[string]string{"cves.zip": string(all)})),
		"2099-01-02_delta_CVEs_at_0300Z.zip": string(zipOf(t, map[string]string{
			"deltaCves/CVE-2099-0001.json": cveRecord("CVE-2099-0001", "2099-01-02T03:00:00Z", "1.3"),
			"deltaCves/CVE-2099-0005.json": looks,
		})),
		"2099-01-02_delta_CVEs_at_1000Z.zip": string(zipOf(t, map[string]string{
			"deltaCves/CVE-2099-0001.json": cveRecord("CVE-2099-0001", "2099-01-02T02:00:00Z", "1.2"),
			"deltaCves/CVE-2099-0004.json": cveRecord("CVE-2099-0004", "2099-01-02T10:00:00Z", "1.4"),
		})),
		"README.md": "zips",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, names := range [][]string{
		{dir},
		{filepath.Join(dir, "2099-01-02_delta_CVEs_at_1000Z.zip"), filepath.Join(dir, "2099-01-02_all_CVEs_at_midnight.zip.zip"), filepath.Join(dir, "2099-01-02_delta_CVEs_at_0300Z.zip")},
	} {
		r := Reader{Work: work, Stop: true}
		res, err := r.Read(t.Context(), names)
		if err != nil {
			t.Fatal(err)
		}
		set, _ := res.Merge()
		var got []string
		for _, rec := range set.Records {
			got = append(got, fmt.Sprintf("%s<%s", rec.ID, rec.Affected[0].Statements[0].CVE.Versions[0].LessThan))
		}
		if s := strings.Join(got, " "); s != "CVE-2099-0001<1.3 CVE-2099-0002<1.1 CVE-2099-0004<1.4" {
			t.Errorf("%d names: %s", len(names), s)
		}
		// What looks as if it were about CPAN is told once, and not where a state of it was taken.
		if len(res.Review) != 1 || res.Review[0].ID != "CVE-2099-0005" {
			t.Errorf("%d names: for review %+v", len(names), res.Review)
		}
		res.Close()
	}
	if left, _ := filepath.Glob(filepath.Join(work, "cves-*")); len(left) > 0 {
		t.Errorf("left are %s", left)
	}
}

func TestBadZipsOfTheList(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing in it": {string(zipOf(t, map[string]string{"a": "b"})), "no CVE records are in it"},
		"cut":           {string(zipOf(t, map[string]string{"deltaCves/CVE-2099-0001.json": "{}"}))[:60], "open zip"},
		"cut inside":    {string(zipOf(t, map[string]string{"cves.zip": "PK\x03\x04"})), "open zip"},
		"empty":         {string(zipOf(t, map[string]string{"deltaCves/README": ""})), "no CVE records here"},
	} {
		file := filepath.Join(t.TempDir(), "2099-01-02_delta_CVEs_at_0300Z.zip")
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		res, err := (&Reader{}).Read(t.Context(), []string{file})
		if err != nil {
			t.Fatal(err)
		}
		if h := res.Health[0]; !strings.Contains(h.Problem, c.want) {
			t.Errorf("%s: %q", name, h.Problem)
		}
	}
}

// FuzzRemembered: whatever lies in the files of what is remembered, it is read
// or passed over, and what is written is read again.
func FuzzRemembered(f *testing.F) {
	program := []byte{1}
	ofMemo, ofPassed := firstLine(memoMagic, program), firstLine(passedMagic, program)
	f.Add([]byte(ofMemo))
	f.Add([]byte(ofPassed))
	f.Add([]byte(ofMemo + "\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, _ = parseMemo(text, ofMemo), parsePassed(text, ofPassed)
		dir := t.TempDir()
		m := openMemo(dir, program)
		m.Put([32]byte{1}, string(text))
		m.Put([32]byte{2}, "")
		m.save()
		again := openMemo(dir, program)
		if got, ok := again.Get([32]byte{1}); !ok || got != string(text) || len(again.old) != 2 {
			t.Errorf("%d documents, %t", len(again.old), ok)
		}
	})
}

// A zip of a repository, as GitHub makes one, is a checkout in a folder, and its
// comment is the commit.
func TestZipOfACheckout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "master.zip")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	w, err := z.Create("cpan-security-advisory-master/cpansa/CPANSA-Foo-Bar.yml")
	if err == nil {
		_, err = w.Write([]byte("cpansa_version: 2\ndistribution: Foo-Bar\nadvisories:\n- id: CPANSA-Foo-Bar-2099-01\n"))
	}
	commit := strings.Repeat("0a", 20)
	if err == nil {
		err = z.SetComment(commit)
	}
	for _, end := range []func() error{z.Close, f.Close} {
		if bad := end(); err == nil {
			err = bad
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&Reader{}).Read(t.Context(), []string{file})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	if h := res.Health[0]; h.Entries != 1 || len(h.Parts) != 1 || h.Parts[0].Commit != commit {
		t.Errorf("%+v", h)
	}
}

// rejectedRecord is a CVE record that was rejected: it says no longer what it was
// about.
func rejectedRecord(id, updated string) string {
	return fmt.Sprintf(`{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":%q,"state":"REJECTED","dateUpdated":%[2]q,"dateRejected":%[2]q},`+
		`"containers":{"cna":{"rejectedReasons":[{"lang":"en","value":"It is no flaw."}]}}}`, id, updated)
}

// A record that was rejected since the zip of all records is not taken in its old
// state, in whatever order the zips are named.
func TestRejectedSince(t *testing.T) {
	dir := t.TempDir()
	all := filepath.Join(dir, "2099-01-02_all_CVEs_at_midnight.zip.zip")
	delta := filepath.Join(dir, "2099-01-02_delta_CVEs_at_0300Z.zip")
	inner := zipOf(t, map[string]string{"cves/2099/0xxx/CVE-2099-0001.json": cveRecord("CVE-2099-0001", "2099-01-01T00:00:00Z", "1.1")})
	for name, text := range map[string][]byte{
		all:   zipOf(t, map[string]string{"cves.zip": string(inner)}),
		delta: zipOf(t, map[string]string{"deltaCves/CVE-2099-0001.json": rejectedRecord("CVE-2099-0001", "2099-01-02T03:00:00Z")}),
	} {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, names := range [][]string{{dir}, {delta, all}} {
		res, err := (&Reader{Stop: true}).Read(t.Context(), names)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, b := range res.Batches {
			for _, item := range b.Items {
				if item.Record != nil {
					got = append(got, fmt.Sprintf("%s withdrawn %v", item.Record.ID, item.Record.IsWithdrawn()))
				}
			}
		}
		if s := strings.Join(got, " "); s != "CVE-2099-0001 withdrawn true" || len(res.Missing) > 0 {
			t.Errorf("%s: %s, missing %v", names, s, res.Missing)
		}
		res.Close()
	}
}

// A record that was taken before is taken in whatever state it is, and not missed
// where it is in none.
func TestKnown(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "cves", "2099", "0xxx")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "CVE-2099-0001.json"), []byte(rejectedRecord("CVE-2099-0001", "2099-01-02T03:00:00Z")), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, known := range [][]advisory.ID{nil, {"CVE-2099-0001", "CVE-2099-0002"}} {
		res, err := (&Reader{Stop: true, Known: known}).Read(t.Context(), []string{dir})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(res.Batches[0].Items); n != min(len(known), 1) || len(res.Missing) > 0 {
			t.Errorf("known %s: %d taken, missing %v", known, n, res.Missing)
		}
		res.Close()
	}
}

// What one program remembered, another one does not believe: it may read the same
// documents otherwise.
func TestRememberedByAnotherProgram(t *testing.T) {
	r := Reader{Work: t.TempDir(), Now: time.Unix(1<<40, 0), Program: []byte{1}}
	m := openMemo(r.Work, r.Program)
	m.Put([32]byte{1}, "parsed")
	m.save()
	if err := os.WriteFile(filepath.Join(r.Work, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(r.Work, "file"))
	if err != nil {
		t.Fatal(err)
	}
	p := r.openPassed("list")
	p.Pass("file", info)
	p.save()
	for program, want := range map[byte]bool{1: true, 2: false} {
		r.Program = []byte{program}
		_, parsed := openMemo(r.Work, r.Program).Get([32]byte{1})
		if passed := r.openPassed("list").Passed("file", info); parsed != want || passed != want {
			t.Errorf("program %d: parsed %t, passed %t, want %t", program, parsed, passed, want)
		}
	}
	if r.Program = nil; r.openPassed("list") != nil {
		t.Error("a program that is not known remembers")
	}
}
