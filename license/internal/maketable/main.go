// Command maketable writes the tables of ids that package license embeds, out
// of the lists that the npm packages spdx-license-ids and spdx-exceptions hold:
//
//	npm pack spdx-license-ids spdx-exceptions
//	for f in *.tgz; do mkdir ${f%.tgz}; tar -xzf $f -C ${f%.tgz} --strip-components 1; done
//	go run ./license/internal/maketable -o license spdx-license-ids-3.0.24 spdx-exceptions-2.5.0
//
// Each table has one id a line, sorted by its lower case, in the spelling of
// the list; a line of a deprecated id has a tab behind it, and what is to be
// written in its place as far as that is known. The first line says where the
// ids are from. The same input gives the same bytes.
//
// Which id takes the place of a deprecated one is in successors.go: the lists
// do not say it. A deprecated id that is not there is an error.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("o", ".", "write the tables into this `folder`")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: maketable [-o FOLDER] SPDX-LICENSE-IDS SPDX-EXCEPTIONS")
		os.Exit(2)
	}
	for i, name := range []string{"ids.txt", "exceptions.txt"} {
		table, err := table(flag.Arg(i))
		if err == nil {
			err = os.WriteFile(filepath.Join(*out, name), table, 0o644)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "maketable:", err)
			os.Exit(3)
		}
	}
}

// table makes the table of one unpacked package.
func table(dir string) ([]byte, error) {
	var pkg struct{ Name, Version string }
	var current, deprecated []string
	for file, into := range map[string]any{"package.json": &pkg, "index.json": &current, "deprecated.json": &deprecated} {
		src, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(src, into); err != nil {
			return nil, fmt.Errorf("read %s of %s: %w", file, dir, err)
		}
	}
	rows := map[string]string{}
	for _, id := range current {
		rows[id] = id
	}
	for _, id := range deprecated {
		successor, known := successors[id]
		if !known {
			return nil, fmt.Errorf("make table from %s: no word on what takes the place of %s", dir, id)
		}
		rows[id] = id + "\t" + successor
	}
	ids := make([]string, 0, len(rows))
	for id := range rows {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s %s\n", pkg.Name, pkg.Version)
	for _, id := range ids {
		fmt.Fprintln(&b, rows[id])
	}
	return b.Bytes(), nil
}
