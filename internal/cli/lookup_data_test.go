package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/db"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/internal/testkit"
)

// This file judges versions a second time, slowly and by other means: from the
// raw JSON and YAML, with versions as lists of big numbers and clauses by one
// regular expression, record by record. It shares no code with the packages
// that answer look-ups.

// slowVersion is a version as components; nil is one that cannot be read.
type slowVersion []*big.Int

var (
	slowDotted  = regexp.MustCompile(`^v(\d+)(\.\d+)*(_\d+)?$|^\d*(\.\d+){2,}(_\d+)?$`)
	slowDecimal = regexp.MustCompile(`^(\d*)(?:\.(\d*)(?:_(\d+))?)?$`)
)

func slowParse(s string) slowVersion {
	s = strings.Trim(s, " \t\n\r\f\v")
	if s == "undef" {
		return slowVersion{new(big.Int)}
	}
	number := func(digits string) *big.Int {
		n, ok := new(big.Int).SetString("0"+digits, 10)
		if !ok {
			panic(digits)
		}
		return n
	}
	if slowDotted.MatchString(s) {
		var v slowVersion
		for _, part := range strings.Split(strings.TrimPrefix(strings.ReplaceAll(s, "_", ""), "v"), ".") {
			v = append(v, number(part))
		}
		return v
	}
	m := slowDecimal.FindStringSubmatch(s)
	if m == nil || !strings.ContainsAny(s, "0123456789") || strings.Contains(s, "_") && m[2] == "" {
		return nil
	}
	v := slowVersion{number(m[1])}
	fraction := m[2] + m[3]
	for len(fraction) > 0 {
		group := (fraction + "00")[:3]
		fraction = fraction[min(3, len(fraction)):]
		v = append(v, number(group))
	}
	return v
}

func (v slowVersion) compare(w slowVersion) int {
	for i := range max(len(v), len(w)) {
		a, b := new(big.Int), new(big.Int)
		if i < len(v) {
			a = v[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if c := a.Cmp(b); c != 0 {
			return c
		}
	}
	return 0
}

// The three truths of the slow implementation.
const (
	no, maybe, yes = 0, 1, 2
)

var slowClause = regexp.MustCompile(`^\s*(<=|>=|==|!=|<|>|=)?\s*(\S+)\s*$`)

// slowList says whether v is in a list of elements.
func slowList(v slowVersion, list []rawText, bareIsFloor bool) int {
	any := no
	for _, element := range list {
		all := yes
		for _, clause := range strings.Split(string(element), ",") {
			truth := maybe
			if m := slowClause.FindStringSubmatch(clause); m != nil {
				if w := slowParse(m[2]); w != nil {
					c, op := v.compare(w), m[1]
					if op == "" && bareIsFloor {
						op = ">="
					}
					holds := op == "<" && c < 0 || op == "<=" && c <= 0 || op == ">" && c > 0 || op == ">=" && c >= 0 ||
						op == "!=" && c != 0 || (op == "" || op == "=" || op == "==") && c == 0
					truth = no
					if holds {
						truth = yes
					}
				}
			}
			all = min(all, truth)
		}
		any = max(any, all)
	}
	return any
}

// rawText is a text, or a number as it is written.
type rawText string

func (r *rawText) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		*r = rawText(b)
		return nil
	}
	return json.Unmarshal(b, (*string)(r))
}

// rawEntry is an entry as the source has it.
type rawEntry struct {
	ID       string    `json:"id"`
	CVEs     []string  `json:"cves"`
	Affected []rawText `json:"affected_versions"`
	Fixed    []rawText `json:"fixed_versions"`
}

// Statuses of the slow implementation, in order of precedence.
var slowWords = [...]string{"clean", "unknown", "contradictory", "affected"}

func (e *rawEntry) judge(v slowVersion) int {
	if len(e.Affected) == 0 {
		return 1
	}
	in, fixed := slowList(v, e.Affected, false), slowList(v, e.Fixed, true)
	switch {
	case in == maybe:
		return 1
	case in == yes && fixed == yes:
		return 2
	case in == yes:
		return 3
	}
	return 0
}

// rawCVE is what the CNA says about one distribution.
type rawCVE struct {
	ID       string
	Versions []struct{ Version, Status, LessThan, LessThanOrEqual string }
	Default  string
}

func (c *rawCVE) judge(v slowVersion) int {
	word := c.Default
	var doubts []string // what entries that may apply would say
	for _, e := range c.Versions {
		truth := yes
		limit := func(bound string, holds func(c int) bool) {
			if bound == "" || bound == "*" {
				return
			}
			if w := slowParse(bound); w == nil {
				truth = min(truth, maybe)
			} else if !holds(v.compare(w)) {
				truth = no
			}
		}
		if e.LessThan == "" && e.LessThanOrEqual == "" {
			limit(e.Version, func(c int) bool { return c == 0 })
		} else if e.Version != "0" { // 0 as a lower bound is before everything
			limit(e.Version, func(c int) bool { return c >= 0 })
		}
		limit(e.LessThan, func(c int) bool { return c < 0 })
		limit(e.LessThanOrEqual, func(c int) bool { return c <= 0 })
		if truth == maybe {
			doubts = append(doubts, e.Status)
		}
		if truth == yes {
			word = e.Status
			break
		}
	}
	for _, d := range doubts {
		if d != word {
			return 1
		}
	}
	switch word {
	case "affected":
		return 3
	case "unaffected":
		return 0
	}
	return 1
}

// slowGroup is what is one record about one distribution.
type slowGroup struct {
	cves, ids map[string]bool
	entries   []*rawEntry
}

func share(a, b map[string]bool) bool {
	for k := range a {
		if b[k] {
			return true
		}
	}
	return false
}

// slowGroups joins a distribution's entries until nothing changes.
func slowGroups(entries []*rawEntry) []*slowGroup {
	var groups []*slowGroup
	for _, e := range entries {
		g := &slowGroup{map[string]bool{}, map[string]bool{strings.ToLower(e.ID): true}, []*rawEntry{e}}
		for _, c := range e.CVEs {
			if strings.HasPrefix(c, "CVE-") {
				g.cves[c] = true
			} else {
				g.ids[strings.ToLower(c)] = true
			}
		}
		groups = append(groups, g)
	}
	joinAll := func(one func(a, b *slowGroup) bool) {
		for again := true; again; {
			again = false
			for i := 0; i < len(groups) && !again; i++ {
				for j := i + 1; j < len(groups); j++ {
					a, b := groups[i], groups[j]
					if one(a, b) {
						maps.Copy(a.cves, b.cves)
						maps.Copy(a.ids, b.ids)
						a.entries = append(a.entries, b.entries...)
						groups = slices.Delete(groups, j, j+1)
						again = true
						break
					}
				}
			}
		}
	}
	joinAll(func(a, b *slowGroup) bool { return share(a.cves, b.cves) })
	joinAll(func(a, b *slowGroup) bool {
		return share(a.ids, b.ids) && (len(a.cves) == 0 || len(b.cves) == 0 || share(a.cves, b.cves))
	})
	return groups
}

// judge judges a group, the CNA's word before CPANSA's.
func (g *slowGroup) judge(v slowVersion, cnas []*rawCVE) int {
	status := 0
	for _, e := range g.entries {
		status = max(status, e.judge(v))
	}
	lead := -1
	for _, c := range cnas {
		if g.cves[c.ID] {
			lead = max(lead, c.judge(v))
		}
	}
	switch {
	case lead == 1 && status > 1, lead < 0:
		return status
	}
	return lead
}

// realWorld is one database and the raw data that it was made of.
type realWorld struct {
	entries map[string][]*rawEntry
	cnas    map[string][]*rawCVE
	known   map[string][]string
	lookups *lookups
}

func lookupsOf(t *testing.T, batches ...advisory.Batch) *lookups {
	t.Helper()
	set, _ := merge.Merge(batches)
	var b bytes.Buffer
	if err := db.Write(&b, set, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return &lookups{d: &database{DB: d}, kept: map[cpan.Dist]*judged{}}
}

// check compares the answers on all pairs, and on n versions that are on no
// list.
func (w *realWorld) check(t *testing.T, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(20260816, 1))
	pairs, strange, unlisted := 0, 0, 0
	ask := func(dist, version string, known bool, groups []*slowGroup) {
		a, err := w.lookups.answer(context.Background(), dist, version)
		if err != nil {
			t.Fatal(err)
		}
		if a.Known != known || !a.OnRecord {
			t.Fatalf("%s %s: known %v, on record %v; want %v, true", dist, version, a.Known, a.OnRecord, known)
		}
		v := slowParse(version)
		if v == nil {
			strange++
			if a.Verdict == "clean" {
				t.Fatalf("%s %s cannot be read and is clean", dist, version)
			}
			return
		}
		pairs++
		worst := 0
		want := map[string]int{}
		for _, g := range groups {
			s := g.judge(v, w.cnas[dist])
			worst = max(worst, s)
			if s > 0 {
				want[slowWords[s]]++
			}
		}
		got := map[string]int{}
		for _, x := range a.Advisories {
			got[x.Verdict.String()]++
			if !slices.ContainsFunc(groups, func(g *slowGroup) bool {
				return (g.cves[string(x.ID)] || g.ids[x.ID.Key()]) && slowWords[g.judge(v, w.cnas[dist])] == x.Verdict.String()
			}) {
				t.Fatalf("%s %s: %s is %s: %s", dist, version, x.ID, x.Verdict, x.Reason)
			}
		}
		if a.Verdict != slowWords[worst] || fmt.Sprint(want) != fmt.Sprint(got) {
			t.Fatalf("%s %s: %s %v, the slow implementation says %s %v", dist, version, a.Verdict, got, slowWords[worst], want)
		}
	}
	groups := map[string][]*slowGroup{}
	dists := slices.Sorted(maps.Keys(w.entries))
	for _, dist := range dists {
		groups[dist] = slowGroups(w.entries[dist])
		seen := map[string]bool{}
		for _, version := range w.known[dist] {
			if !seen[version] {
				seen[version] = true
				ask(dist, version, true, groups[dist])
			}
		}
	}
	for unlisted < n {
		dist := dists[random.IntN(len(dists))]
		version := slowMutation(random, w.known[dist])
		v := slowParse(version)
		if v == nil || slices.ContainsFunc(w.known[dist], func(k string) bool {
			w := slowParse(k)
			return k == version || w != nil && w.compare(v) == 0
		}) {
			continue
		}
		unlisted++
		ask(dist, version, false, groups[dist])
	}
	t.Logf("%d pairs and %d versions that version.pm refuses; %d of the pairs are on no list", pairs, strange, unlisted)
	if pairs < 10_000 {
		t.Errorf("only %d pairs were compared", pairs)
	}
}

// slowMutation makes a version near the known ones.
func slowMutation(random *rand.Rand, known []string) string {
	version := "1.0"
	if len(known) > 0 {
		version = known[random.IntN(len(known))]
	}
	switch random.IntN(6) {
	case 0:
		return version + fmt.Sprint(random.IntN(10))
	case 1:
		return version + "." + fmt.Sprint(random.IntN(20))
	case 2:
		return version + "_0" + fmt.Sprint(random.IntN(9))
	case 3:
		return fmt.Sprintf("%d.%02d", random.IntN(12), random.IntN(100))
	case 4:
		return fmt.Sprintf("v%d.%d.%d", random.IntN(8), random.IntN(40), random.IntN(10))
	}
	return strings.TrimPrefix(version, "v") + ".1"
}

// TestAgainstSlowImplementation judges all pairs of the built index, and 3,000
// versions that are on no list, with the CNA's records beside it.
func TestAgainstSlowImplementation(t *testing.T) {
	data := testkit.Data(t)
	raw, err := os.ReadFile(filepath.Join(data, "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Dists map[string]struct {
			Versions []struct {
				Version rawText `json:"version"`
			} `json:"versions"`
			Advisories []*rawEntry `json:"advisories"`
		} `json:"dists"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	w := &realWorld{entries: map[string][]*rawEntry{}, cnas: map[string][]*rawCVE{}, known: map[string][]string{}}
	for dist, d := range document.Dists {
		w.entries[dist] = d.Advisories
		for _, v := range d.Versions {
			if v.Version == "null" { // a row without a version
				continue
			}
			w.known[dist] = append(w.known[dist], string(v.Version))
		}
	}
	files, err := filepath.Glob(filepath.Join(data, "cve", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no CVE records", err)
	}
	for _, file := range files {
		w.addCVE(t, file)
	}
	index, err := cpansa.ReadJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	records, err := cve.ReadFS(os.DirFS(filepath.Join(data, "cve")))
	if err != nil {
		t.Fatal(err)
	}
	w.lookups = lookupsOf(t, index, records)
	w.check(t, 3000)
}

// addCVE reads what the CPAN security group's CNA says about distributions
// that CPANSA knows too; those that only it knows are asked nothing about.
func (w *realWorld) addCVE(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var record struct {
		CVEMetadata struct{ CVEID, State, AssignerShortName string }
		Containers  struct {
			CNA struct {
				Affected []struct {
					CollectionURL, PackageName, DefaultStatus string
					Versions                                  []struct{ Version, Status, LessThan, LessThanOrEqual string }
				}
			}
		}
	}
	if err := json.Unmarshal(raw, &record); err != nil {
		t.Fatal(err)
	}
	for _, a := range record.Containers.CNA.Affected {
		entries := w.entries[a.PackageName]
		if record.CVEMetadata.AssignerShortName != "CPANSec" || !strings.Contains(a.CollectionURL, "cpan.org/modules") || entries == nil {
			continue
		}
		id := record.CVEMetadata.CVEID
		w.cnas[a.PackageName] = append(w.cnas[a.PackageName], &rawCVE{id, a.Versions, a.DefaultStatus})
		if !slices.ContainsFunc(entries, func(e *rawEntry) bool { return slices.Contains(e.CVEs, id) }) {
			t.Fatalf("%s is not among the entries of %s, and the slow implementation knows no such case", id, a.PackageName)
		}
	}
}

// TestReportsAgainstSlowImplementation does the same with the YAML reports,
// hand-made and generated, and the releases that the index lists.
func TestReportsAgainstSlowImplementation(t *testing.T) {
	data := filepath.Join(testkit.Data(t), "cpansa")
	w := &realWorld{entries: map[string][]*rawEntry{}, known: map[string][]string{}}
	var batches []advisory.Batch
	for _, folder := range []string{"cpansa", "generated_reports"} {
		files, err := filepath.Glob(filepath.Join(data, folder, "*.yml"))
		if err != nil || len(files) == 0 {
			t.Fatal("no reports", err)
		}
		for _, file := range files {
			w.addReport(t, file)
		}
		b, err := cpansa.ReadDir(os.DirFS(filepath.Join(data, folder)))
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	f, err := os.Open(filepath.Join(data, "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	index, err := cpansa.ReadJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	index.Items = nil // its releases only
	for dist, known := range index.Releases {
		for _, k := range known {
			w.known[string(dist)] = append(w.known[string(dist)], k.Version)
		}
	}
	w.lookups = lookupsOf(t, append(batches, index)...)
	w.check(t, 3000)
}

// addReport reads a report with every scalar as the text that it has.
func (w *realWorld) addReport(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(raw, &root); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	get := func(n *yaml.Node, key string) *yaml.Node {
		for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
		return &yaml.Node{}
	}
	texts := func(n *yaml.Node) (all []rawText) {
		for _, c := range n.Content {
			all = append(all, rawText(c.Value))
		}
		return all
	}
	report := root.Content[0]
	dist := get(report, "distribution").Value
	for _, a := range get(report, "advisories").Content {
		var cves []string
		for _, c := range texts(get(a, "cves")) {
			cves = append(cves, string(c))
		}
		w.entries[dist] = append(w.entries[dist], &rawEntry{
			ID: get(a, "id").Value, CVEs: cves,
			Affected: texts(get(a, "affected_versions")), Fixed: texts(get(a, "fixed_versions")),
		})
	}
}
