// Package osvdir gives the index out as OSV records: one file for each, all of
// them in one zip, and the layout of a database that is asked over HTTP.
//
//	osv/CVE-2099-0001.json          the record
//	osv/all.zip                     all records, CVE-2099-0001.json and so on
//	vulndb/index/db.json            {"modified": "2099-01-02T00:00:00Z"}
//	vulndb/index/modules.json       [{"path": "Foo-Bar", "vulns": [{"id": "CVE-2099-0001", ...}]}]
//	vulndb/index/vulns.json         [{"id": "CVE-2099-0001", "modified": ..., "aliases": [...]}]
//	vulndb/ID/CVE-2099-0001.json    the record once more
//
// The files below vulndb are packed too, as NAME.json.gz, and lie as version 1
// of the Go vulnerability database has them, with the names of distributions
// where that has the paths of modules.
//
// An id that an advisory had in an earlier build keeps a record, which is withdrawn
// and says which one it is part of now: whoever mirrors the records is told.
//
// # Versions
//
// A record lists every known release that is affected or contradictory, in every
// spelling, so that a reader who compares texts is right about all of them. The
// range beside the list is for readers who know the order of version.pm, and is
// there only where it says exactly what the sources say. Two things OSV cannot
// say: a range that may or may not hold, and one that leaves out the version it
// begins with. Of the first there is no range; the second begins with a version
// just above. Each stands in the warnings.
//
// # Promises
//
// Read by advisory/osv alone, a record gives every known release the verdict
// that the index gives it, contradictory being affected. A withdrawn record
// names its packages and no versions, and that of an id that leads elsewhere no
// package. The schema is followed but for two of its
// lists, of ecosystems and of the beginnings of ids, on which CPAN and CPANSA do
// not stand.
//
// Not promised: that two identical summaries are one flaw, or that a client of
// the Go database understands versions of Perl: it finds the records of a
// distribution, and is to compare versions by the lists.
//
// Sources: the OSV schema 1; go.dev/security/vuln/database#api.
package osvdir

import (
	"context"

	"nacre/advisory"
	"nacre/index"
)

// Formats gives the forms of this package.
func Formats() []index.Format {
	return []index.Format{{Name: "osv", Advisory: files, Whole: whole}}
}

// files gives an advisory's record at its two places.
func files(m *index.Model, a *index.Advisory) ([]index.File, error) {
	data, err := encoded(m, a)
	if err != nil {
		return nil, err
	}
	return places(a.ID, data), nil
}

// places are the two files of a record.
func places(id advisory.ID, data []byte) []index.File {
	return []index.File{
		{Path: "osv/" + string(id) + ".json", Data: data},
		{Path: "vulndb/ID/" + string(id) + ".json", Data: data, Pack: true},
	}
}

func encoded(m *index.Model, a *index.Advisory) ([]byte, error) {
	r, err := Record(m, a)
	if err != nil {
		return nil, err
	}
	return r.Encode()
}

// whole gives the archive, the lists, and the records of ids that lead elsewhere.
func whole(ctx context.Context, m *index.Model) ([]index.File, error) {
	zip, err := archive(ctx, m)
	if err != nil {
		return nil, err
	}
	lists, err := lists(m)
	if err != nil {
		return nil, err
	}
	files, err := renamedFiles(m)
	return append(append(files, lists...), index.File{Path: "osv/all.zip", Data: zip}), err
}
