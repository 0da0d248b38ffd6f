// Command make writes the starter set's sources, out of real advisory data and
// of what is written by hand:
//
//	dists.txt   the distributions that the set is about
//	titles.tsv  a title in our own words for each advisory: id, tab, title
//
// It reads the folders cpansa and cve of a folder of data, merges them, and keeps
// of every record on one of those distributions the facts: ids, ranges as
// written, dates, weaknesses, scores and links. Descriptions and the titles of
// sources are not kept.
//
//	go run ./internal/starter/internal/make -o internal/starter ../shared/data
//
// starter.jsonl and releases.jsonl are for people to read and compare;
// starter.db is what is embedded. The same input gives the same bytes. A record
// without a title, a title without a record and a distribution without a record
// are errors.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/internal/starter"
)

func main() {
	out := flag.String("o", ".", "the `folder` of the set")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: make [-o FOLDER] DATA")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "make:", err)
		os.Exit(3)
	}
}

func run(data, dir string) error {
	all, err := read(data)
	if err != nil {
		return err
	}
	w, err := readWritten(dir)
	if err != nil {
		return err
	}
	set, err := w.choose(all)
	if err != nil {
		return err
	}
	var records, releases, file bytes.Buffer
	if err := starter.WriteSource(&records, &releases, set); err != nil {
		return err
	}
	// The file is made of what stands in the sources, not of what was meant.
	if set, err = starter.ReadSource(bytes.NewReader(records.Bytes()), bytes.NewReader(releases.Bytes())); err != nil {
		return err
	}
	if err := starter.WriteDB(&file, set); err != nil {
		return err
	}
	for name, b := range map[string][]byte{
		"starter.jsonl":  records.Bytes(),
		"releases.jsonl": releases.Bytes(),
		"starter.db":     file.Bytes(),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// read merges the real data.
func read(data string) (advisory.Set, error) {
	folder, err := cpansa.ReadDir(os.DirFS(filepath.Join(data, "cpansa")))
	if err != nil {
		return advisory.Set{}, err
	}
	f, err := os.Open(filepath.Join(data, "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		return advisory.Set{}, err
	}
	defer f.Close()
	index, err := cpansa.ReadJSON(f)
	if err != nil {
		return advisory.Set{}, err
	}
	cves, err := cve.ReadFS(os.DirFS(filepath.Join(data, "cve")))
	if err != nil {
		return advisory.Set{}, err
	}
	set, _ := merge.Merge([]advisory.Batch{folder, index, cves})
	return set, nil
}
