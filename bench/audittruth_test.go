package bench

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// place is a row of audit/truth.tsv, which audit/README.md explains.
type place struct {
	dist, version, half string
	rules               []string // the row's own first
	advisory            string
	file                string
	lines               []int
	open                bool // the release has the flaw; else its repair
	fix                 string
	fixedLines          []int // nil without repaired source
	note                string
}

// release is the row's release, as its folder is called.
func (p place) release() string { return p.dist + "-" + p.version }

// later is the third "half": releases outside the corpus, those of
// audit/later.tsv. None of its distributions is of another.
const later = "later"

// half says which half of the corpus's releases a distribution is of.
func half(dist string) string {
	if sha256.Sum256([]byte(dist))[0]>>4%2 == 0 {
		return "tuning"
	}
	return "heldout"
}

// parsePlaces reads the table.
func parsePlaces(table []byte) (places []place, err error) {
	for n, line := range lines(table) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		p, err := parsePlace(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		places = append(places, p)
	}
	return places, nil
}

func parsePlace(f []string) (p place, err error) {
	if len(f) != 12 {
		return p, fmt.Errorf("%d columns, want 12", len(f))
	}
	p = place{dist: f[0], version: f[1], half: f[2], rules: []string{f[3]}, advisory: f[5], file: f[6], fix: f[9], note: f[11]}
	for i, v := range f {
		if v == "" || v != strings.TrimSpace(v) {
			return p, fmt.Errorf("column %d is %q", i+1, v)
		}
	}
	if f[4] != "-" {
		p.rules = append(p.rules, strings.Split(f[4], ",")...)
	}
	if p.lines, err = parseLines(f[7]); err != nil || p.lines == nil {
		return p, fmt.Errorf("lines %q: %w", f[7], errors.Join(err, errors.New("no place")))
	}
	if p.fixedLines, err = parseLines(f[10]); err != nil {
		return p, fmt.Errorf("fixed lines %q: %w", f[10], err)
	}
	p.open = f[8] == "vulnerable"
	if !p.open && f[8] != "fixed" {
		return p, fmt.Errorf("state %q", f[8])
	}
	return p, nil
}

// parseLines reads "12,34"; "-" is none.
func parseLines(s string) (lines []int, err error) {
	if s == "-" {
		return nil, nil
	}
	for v := range strings.SplitSeq(s, ",") {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is no line", v)
		}
		lines = append(lines, n)
	}
	return lines, nil
}

// lines gives the lines of a text by number, from 1.
func lines(text []byte) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		s := bufio.NewScanner(bytes.NewReader(text))
		for n := 1; s.Scan() && yield(n, s.Text()); n++ {
		}
	}
}

// families are the rules of the audit: how many each family has. An id stays
// what it is for ever.
var families = map[string]int{
	"RND": 10, "TLS": 5, "FIL": 8, "INJ": 9, "DES": 5, "CRY": 9,
	"WEB": 4, "RGX": 3, "BLD": 3, "XS": 1, "TNT": 1, "GEN": 1,
}

var (
	ruleID = regexp.MustCompile(`^([A-Z]+)(\d\d)$`)
	fixed  = regexp.MustCompile(`^(?:-|corpus|release:\S+|debian-patch:[^_:]+_[^:]+:[^\s:]+)$`)
)

// wrong says what a row cannot be.
func (p place) wrong() (all []string) {
	if p.half != later && p.half != half(p.dist) {
		all = append(all, "is of the half "+half(p.dist))
	}
	for _, id := range p.rules {
		m := ruleID.FindStringSubmatch(id)
		if m == nil {
			all = append(all, "names no rule: "+id)
			continue
		}
		if n, _ := strconv.Atoi(m[2]); n < 1 || n > families[m[1]] {
			all = append(all, "names a rule that does not exist: "+id)
		}
	}
	switch {
	case !fixed.MatchString(p.fix):
		all = append(all, "has a fix of no known form: "+p.fix)
	case p.open == (p.fix == "corpus"):
		all = append(all, "is open and fixed, or neither: "+p.fix)
	case strings.HasPrefix(p.fix, "debian-patch:") != (p.fixedLines != nil):
		all = append(all, "has a patch without lines, or lines without one")
	}
	if len(p.note) > 120 {
		all = append(all, "has a note that is too long")
	}
	if filepath.IsAbs(p.file) || !filepath.IsLocal(p.file) {
		all = append(all, "is in no file of a release: "+p.file)
	}
	return all
}

func readPlaces(t testing.TB) []place {
	t.Helper()
	table, err := os.ReadFile("audit/truth.tsv")
	if err != nil {
		t.Fatal(err)
	}
	places, err := parsePlaces(table)
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func TestTruthIsWellFormed(t *testing.T) {
	places := readPlaces(t)
	if len(places) == 0 {
		t.Fatal("no rows")
	}
	seen := map[string]bool{}
	for _, p := range places {
		name := p.release() + " " + p.advisory
		for _, w := range p.wrong() {
			t.Errorf("%s %s", name, w)
		}
		key := fmt.Sprint(name, p.file)
		if seen[key] {
			t.Errorf("%s has two rows for %s", name, p.file)
		}
		seen[key] = true
	}
}

// TestLaterReleases holds the list that prepare fetches to the rows: each of its
// releases has some, and no row is of a release that it lacks.
func TestLaterReleases(t *testing.T) {
	list, err := os.ReadFile("audit/later.tsv")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]bool{}  // the releases that have rows
	other := map[string]bool{} // the distributions of its halves
	for _, p := range readPlaces(t) {
		if p.half == later {
			rows[p.release()] = true
		} else {
			other[p.dist] = true
		}
	}
	for n, line := range lines(list) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 7 {
			t.Fatalf("line %d: %d columns, want 7", n, len(f))
		}
		release := f[2] + "-" + f[3]
		if !rows[release] {
			t.Errorf("%s has no row, or is here twice", release)
		}
		delete(rows, release)
		if other[f[2]] {
			t.Errorf("%s is of the corpus", f[2])
		}
		if f[6] != "-" && !filepath.IsLocal(f[6]) {
			t.Errorf("%s is in no folder of its archive: %s", release, f[6])
		}
	}
	for release := range rows {
		t.Errorf("%s is not in the list", release)
	}
}

// TestTruthIsPublished holds every row to the public data: its advisory is there,
// and is about the row's distribution.
func TestTruthIsPublished(t *testing.T) {
	published := publishedIDs(t)
	for _, p := range readPlaces(t) {
		if !published[p.dist+" "+p.advisory] {
			t.Errorf("no public advisory %s about %s", p.advisory, p.dist)
		}
	}
}

// publishedIDs are "DISTRIBUTION ID" of all advisories of the real data.
func publishedIDs(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(testkit.Data(t), "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	var db struct {
		Dists map[string]struct {
			Advisories []struct {
				ID   string   `json:"id"`
				CVEs []string `json:"cves"`
			} `json:"advisories"`
		} `json:"dists"`
	}
	if err := json.Unmarshal(b, &db); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for dist, d := range db.Dists {
		for _, a := range d.Advisories {
			for _, id := range append(a.CVEs, a.ID) {
				ids[dist+" "+id] = true
			}
		}
	}
	return ids
}

func TestParsePlaces(t *testing.T) {
	row := func(cells ...string) string { return strings.Join(cells, "\t") }
	const dist, advisory = "Acme-Demo", "CVE-1999-0001"
	for _, c := range []struct{ name, row, want string }{
		{"a row", row(dist, "1.2", half(dist), "RND01", "RND05", advisory, "lib/Acme/Demo.pm", "3,4", "vulnerable", "-", "-", "why"), ""},
		{"a repaired release", row(dist, "1.2", half(dist), "XS01", "-", advisory, "Demo.xs", "3", "fixed", "corpus", "-", "why"), ""},
		{"a release outside the corpus", row(dist, "1.2", later, "RND01", "-", advisory, "f", "3", "vulnerable", "-", "-", "why"), ""},
		{"a column less", row(dist, "1.2"), "2 columns, want 12"},
		{"an empty column", row(dist, "1.2", "", "RND01", "-", advisory, "f", "3", "fixed", "corpus", "-", "why"), `column 3 is ""`},
		{"no place", row(dist, "1.2", half(dist), "RND01", "-", advisory, "f", "-", "fixed", "corpus", "-", "why"), "no place"},
		{"a line 0", row(dist, "1.2", half(dist), "RND01", "-", advisory, "f", "0", "fixed", "corpus", "-", "why"), `"0" is no line`},
		{"another state", row(dist, "1.2", half(dist), "RND01", "-", advisory, "f", "3", "open", "corpus", "-", "why"), `state "open"`},
		{"the other half", row(dist, "1.2", "both", "RND01", "-", advisory, "f", "3", "fixed", "corpus", "-", "why"), "is of the half"},
		{"a rule too many", row(dist, "1.2", half(dist), "RND11", "-", advisory, "f", "3", "fixed", "corpus", "-", "why"), "does not exist: RND11"},
		{"no rule", row(dist, "1.2", half(dist), "RND01", "x", advisory, "f", "3", "fixed", "corpus", "-", "why"), "names no rule: x"},
		{"open and fixed", row(dist, "1.2", half(dist), "RND01", "-", advisory, "f", "3", "vulnerable", "corpus", "-", "why"), "open and fixed"},
		{"a patch that repairs no line", row(dist, "1.2", half(dist), "RND01", "-", advisory, "f", "3", "vulnerable", "debian-patch:libacme-perl_1.2-1:a.patch", "-", "why"), "a patch without lines"},
		{"a file outside", row(dist, "1.2", half(dist), "RND01", "-", advisory, "../f", "3", "fixed", "corpus", "-", "why"), "in no file of a release"},
	} {
		t.Run(c.name, func(t *testing.T) {
			places, err := parsePlaces([]byte("# comment\n" + c.row + "\n"))
			got := ""
			switch {
			case err != nil:
				got = err.Error()
			default:
				got = strings.Join(places[0].wrong(), "; ")
			}
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
