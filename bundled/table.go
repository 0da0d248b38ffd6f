package bundled

import (
	_ "embed"
	"strconv"
	"strings"
)

//go:embed c.txt
var cTable string

//go:embed js.txt
var jsTable string

// cMark is a line of c.txt.
type cMark struct {
	name  string
	verb  string   // "macro", "macros", "packed", "banner", "text"
	words []string // names of macros; of banner and text the one text
	by    []int64  // of packed: the divisors
	purl  string   // "" none
}

// cMarks gives the marks of c.txt by the names of files that may have them.
func cMarks() map[string][]cMark {
	marks := map[string][]cMark{}
	for _, row := range rows(cTable, 4) {
		verb, rest, _ := strings.Cut(row[2], " ")
		m := cMark{name: row[0], verb: verb, words: []string{rest}, purl: orNone(row[3])}
		switch verb {
		case "macros":
			m.words = strings.Fields(rest)
		case "packed":
			fields := strings.Fields(rest)
			m.words = fields[:1]
			for _, f := range fields[1:] {
				n, err := strconv.ParseInt(f, 10, 64)
				if err != nil || n < 1 {
					n = 1 // a test reads the table
				}
				m.by = append(m.by, n)
			}
		}
		for file := range strings.SplitSeq(row[1], ",") {
			marks[file] = append(marks[file], m)
		}
	}
	return marks
}

// browserLib is a line of js.txt.
type browserLib struct {
	name   string
	kind   Kind
	banner string
	npm    string // "" none
}

func browserLibs() []browserLib {
	var list []browserLib
	for _, row := range rows(jsTable, 4) {
		list = append(list, browserLib{row[0], Kind(row[1]), row[2], orNone(row[3])})
	}
	return list
}

// rows splits a table into the fields of its lines. Lines with another number
// of fields, of which a test knows that there are none, are left out.
func rows(table string, fields int) [][]string {
	var list [][]string
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if row := strings.Split(line, "|"); len(row) == fields {
			list = append(list, row)
		}
	}
	return list
}

func orNone(s string) string {
	if s == "-" {
		return ""
	}
	return s
}
