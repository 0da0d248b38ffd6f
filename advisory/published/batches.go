// Package published reads the real data for tests, as its readers read it.
//
//	reports, built, records := published.Batches(t, os.DirFS(testkit.Data(t))) // ../shared/data
//	set, ledger := merge.Merge([]advisory.Batch{reports, built, records})
//
// It is no part of a program. What the data is, and of which day, says the file
// README.md beside it.
package published

import (
	"bytes"
	"io/fs"
	"testing"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
)

// Batches gives the reports of CPANSA in the folder cpansa, the built file beside
// them, and the CVE records in the folder cve. What cannot be read fails the test.
func Batches(t testing.TB, data fs.FS) (reports, built, records advisory.Batch) {
	t.Helper()
	sub := func(folder string) fs.FS {
		fsys, err := fs.Sub(data, folder)
		if err != nil {
			t.Fatal(err)
		}
		return fsys
	}
	text, err := fs.ReadFile(data, "cpansa/cpan-security-advisory.json")
	if err != nil {
		t.Fatal(err)
	}
	if built, err = cpansa.ReadJSON(bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if reports, err = cpansa.ReadDir(sub("cpansa")); err != nil {
		t.Fatal(err)
	}
	if records, err = cve.ReadFS(sub("cve")); err != nil {
		t.Fatal(err)
	}
	return reports, built, records
}
