package scan

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write what the scans give into the cases")

// fakeVendors are vendors' statements in memory.
type fakeVendors struct {
	feeds []advisory.VendorFeed
	said  map[string][]advisory.VendorStatement
	fail  error
}

func (f *fakeVendors) Vendor(_ context.Context, source string) ([]advisory.VendorStatement, error) {
	return f.said[source], f.fail
}

func (f *fakeVendors) Feeds() []advisory.VendorFeed { return f.feeds }

// fakeDB is advisories in memory. It counts what it is asked.
type fakeDB struct {
	records  map[cpan.Dist][]advisory.Record
	releases map[cpan.Dist][]advisory.Known
	owners   map[cpan.Module]cpan.Dist
	asked    atomic.Int64
	fail     error
	stop     func() // called at the first question
}

func (f *fakeDB) ForDist(ctx context.Context, d cpan.Dist) ([]advisory.Record, error) {
	f.asked.Add(1)
	if f.stop != nil {
		f.stop()
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return f.records[d], f.fail
}

func (f *fakeDB) Releases(_ context.Context, d cpan.Dist) ([]advisory.Known, error) {
	f.asked.Add(1)
	return f.releases[d], f.fail
}

func (f *fakeDB) OwnerOf(_ context.Context, m cpan.Module) (cpan.Dist, error) {
	return f.owners[m], f.fail
}

// scanCase is one case of testdata/*.txtar, read.
type scanCase struct {
	inv inventory.Inventory
	db  *fakeDB
	opt RunOptions
}

// readCase reads a case. Its files:
//
//	inventory   one component, edge or notice a line:
//	              perl 5.36.0 | perl >= 5.10.0 | perl unknown | perl newer 9.0.0
//	              exact DIST VERSION [MODULE...]
//	              required DIST RANGE
//	              core DIST VERSION | core DIST shipped VERSION... | core DIST shipped-or-none VERSION... | core DIST unknown
//	              module MODULE RANGE        (a module without a distribution)
//	              package DIST MANAGER NAME VERSION SOURCE SOURCEVERSION DISTRO [CODENAME]   (DIST is in it; - is empty)
//	              changelog DIST CVE...
//	              edge FROM TO MODULE RANGE [@FILE:LINE]   (FROM is a DIST or -)
//	              comment ID...              (ignored by a comment beside the edge above)
//	              notice TEXT | partial TEXT
//	advisories  ID DIST; affected A | B; fixed A; severity S; alias ID; also DIST ...; cve/osv ends; second A
//	releases    DIST VERSION... (VERSION/perl is one that only a perl shipped)
//	options     one a line
//	vendor      feed NAME DISTRO... | FEED, DISTRO, SOURCE, FLAW, STATUS[, FIXED[, NOTE]]
//	nacre.yaml, cpanfile, baseline   as they are
func readCase(t *testing.T, a *txtar.Archive) scanCase {
	t.Helper()
	c := scanCase{
		db: &fakeDB{records: map[cpan.Dist][]advisory.Record{}, releases: map[cpan.Dist][]advisory.Known{}, owners: map[cpan.Module]cpan.Dist{}},
		opt: RunOptions{
			Tool: "nacre test", Path: ".", Now: time.Date(2099, 6, 1, 12, 0, 0, 0, time.UTC), Jobs: 1,
			Database: Database{Path: "test.db", Built: "2099-05-30T00:00:00Z", Advisories: 3, Dists: 2},
		},
	}
	fsys := fstest.MapFS{}
	for _, f := range a.Files {
		switch f.Name {
		case "inventory":
			c.readInventory(t, string(f.Data))
		case "advisories":
			for line := range strings.Lines(string(f.Data)) {
				c.readAdvisory(t, line)
			}
		case "releases":
			for line := range strings.Lines(string(f.Data)) {
				words := strings.Fields(line)
				for _, w := range words[1:] {
					v, perl, _ := strings.Cut(w, "/")
					c.db.releases[cpan.Dist(words[0])] = append(c.db.releases[cpan.Dist(words[0])], advisory.Known{Version: v, Perl: perl})
				}
			}
		case "vendor":
			c.readVendor(t, string(f.Data))
		case "options":
			for line := range strings.Lines(string(f.Data)) {
				c.readOption(t, strings.TrimSpace(line))
			}
		case SettingsFile:
			s, err := ReadSettings(bytes.NewReader(f.Data))
			if err != nil {
				t.Fatal(err)
			}
			c.opt.Ignores = s.Ignores
		case "cpanfile":
			fsys["cpanfile"] = &fstest.MapFile{Data: f.Data}
		case "baseline":
			b, err := ReadBaseline(bytes.NewReader(f.Data))
			if err != nil {
				t.Fatal(err)
			}
			c.opt.Baseline = b
		case "want":
		default:
			t.Fatalf("a case has no file %s", f.Name)
		}
	}
	c.opt.Project = fsys
	return c
}

func (c *scanCase) at(t *testing.T, dist string) int {
	t.Helper()
	if dist == "-" {
		return root
	}
	for i := range c.inv.Components {
		if string(c.inv.Components[i].Dist) == dist {
			return i
		}
	}
	t.Fatalf("no component %s", dist)
	return 0
}

func (c *scanCase) readInventory(t *testing.T, text string) {
	t.Helper()
	c.inv.Name = "petshop"
	for line := range strings.Lines(text) {
		w := strings.Fields(line)
		if len(w) == 0 {
			continue
		}
		n := inventory.Component{Evidence: []inventory.Evidence{{File: "cpanfile.snapshot", Line: len(c.inv.Components) + 3, How: "cpanfile.snapshot"}}}
		switch w[0] {
		case "perl":
			n.Kind, n.Dist = inventory.Interpreter, "perl"
			p := &c.inv.Perl
			p.From = "--perl"
			p.InTable = true
			switch w[1] {
			case "unknown":
				*p = inventory.Perl{}
			case "newer":
				p.InTable = false
				n.Version = w[2]
			case ">=":
				p.AtLeast = true
			default:
				n.Version = w[1]
			}
			if v, err := perlver.Parse(w[len(w)-1]); err == nil {
				p.Version = v
			}
		case "exact":
			n.Dist, n.Version = cpan.Dist(w[1]), strings.Join(w[2:3], "")
			for _, m := range w[3:] {
				n.Modules = append(n.Modules, cpan.Module(m))
			}
		case "required", "module":
			n.Kind = inventory.Required
			n.Evidence = []inventory.Evidence{{File: "META.json", How: "META.json"}}
			if w[0] == "module" {
				n.Modules = []cpan.Module{cpan.Module(w[1])}
			} else {
				n.Dist = cpan.Dist(w[1])
			}
			q, err := perlver.ParseRequirement(strings.Join(w[2:], " "))
			if err != nil {
				t.Fatal(err)
			}
			n.Requirement = &q
		case "core":
			n.Kind, n.Dist, n.Scope = inventory.Core, cpan.Dist(w[1]), inventory.Shipped
			n.Modules = []cpan.Module{cpan.Module(strings.ReplaceAll(w[1], "-", "::"))}
			n.Evidence = nil
			switch w[2] {
			case "shipped":
				n.Shipped = w[3:]
			case "shipped-or-none":
				n.Shipped, n.MayLack = w[3:], true
			case "unknown":
			default:
				n.Version = w[2]
			}
		case "package":
			of := &c.inv.Components[c.at(t, w[1])]
			for i := range w {
				w[i] = strings.TrimPrefix(w[i], "-")
			}
			of.Package = &inventory.Package{Manager: w[2], Name: w[3], Version: w[4], Source: w[5], SourceVersion: w[6], Distro: w[7], Codename: strings.Join(w[8:], "")}
			of.Evidence = []inventory.Evidence{{File: "var/lib/dpkg/status", How: "dpkg"}}
			continue
		case "changelog":
			c.inv.Components[c.at(t, w[1])].Package.Changelog = w[2:]
			continue
		case "edge":
			e := inventory.Edge{From: c.at(t, w[1]), To: c.at(t, w[2]), Module: cpan.Module(w[3])}
			e.Range, e.Evidence.File, _ = strings.Cut(strings.Join(w[4:], " "), " @")
			e.Evidence.File, line, _ = strings.Cut(e.Evidence.File, ":")
			e.Evidence.Line, _ = strconv.Atoi(line)
			if e.From == root {
				c.inv.Components[e.To].Direct = true
			}
			c.inv.Edges = append(c.inv.Edges, e)
			continue
		case "comment":
			c.inv.Edges[len(c.inv.Edges)-1].Ignores = w[1:]
			continue
		case "notice", "partial":
			c.inv.Notices = append(c.inv.Notices, inventory.Notice{Text: strings.Join(w[1:], " "), Partial: w[0] == "partial"})
			continue
		default:
			t.Fatalf("inventory: %s", line)
		}
		c.inv.Components = append(c.inv.Components, n)
	}
}

func (c *scanCase) readAdvisory(t *testing.T, line string) {
	t.Helper()
	parts := strings.Split(strings.TrimSpace(line), ";")
	head := strings.Fields(parts[0])
	if len(head) < 2 {
		t.Fatalf("advisories: %s", line)
	}
	rec := advisory.Record{ID: advisory.ID(head[0]), Title: "a made-up flaw", Severity: advisory.SeverityHigh, Sources: []advisory.Source{{Name: "CPANSA", ID: head[0]}}}
	for _, d := range head[1:] {
		rec.Affected = append(rec.Affected, advisory.Affected{Dist: cpan.Dist(d)})
	}
	at := &rec.Affected[0]
	statement := func() *advisory.CPANSA {
		if len(at.Statements) == 0 {
			at.Statements = []advisory.Statement{{Entry: head[0], CPANSA: &advisory.CPANSA{}}}
		}
		return at.Statements[0].CPANSA
	}
	for _, p := range parts[1:] {
		word, rest, _ := strings.Cut(strings.TrimSpace(p), " ")
		list := strings.Split(rest, " | ")
		switch word {
		case "of": // what follows is about another of the distributions
			at = rec.For(cpan.Dist(rest))
		case "affected":
			statement().Affected = list
		case "fixed":
			statement().Fixed = list
		case "cve": // cve FROM TO: affected from FROM to before TO
			at.Statements = append(at.Statements, advisory.Statement{Source: 0, Entry: head[0], CVE: &advisory.CVE{
				DefaultStatus: "unaffected",
				Versions:      []perlver.CVEVersion{{Version: strings.Fields(rest)[0], Status: "affected", LessThan: strings.Fields(rest)[1]}},
			}})
		case "osv": // osv INTRODUCED FIXED
			at.Statements = append(at.Statements, advisory.Statement{Source: 0, Entry: head[0], OSV: &advisory.OSV{
				Ranges: []perlver.OSVRange{{Type: "ECOSYSTEM", Events: []perlver.OSVEvent{{Introduced: strings.Fields(rest)[0]}, {Fixed: strings.Fields(rest)[1]}}}},
			}})
		case "second": // what a source of less authority says is affected
			at.Statements = append(at.Statements, advisory.Statement{Source: 1, Entry: "CPANSA-2", CPANSA: &advisory.CPANSA{Affected: list}})
		case "severity":
			s, err := advisory.ParseSeverity(rest)
			if err != nil {
				t.Fatal(err)
			}
			rec.Severity = s
		case "alias":
			rec.Aliases = append(rec.Aliases, advisory.ID(rest))
		case "withdrawn":
			rec.WithdrawnReason = rest
		case "darkpan":
			at.Darkpan = true
		case "library":
			at.Library = &advisory.Library{Name: rest, Bundled: []advisory.Bundled{{Releases: ">=0", Version: "9.1"}}}
		case "owns": // the module that the table maps to it
			c.db.owners[cpan.Module(rest)] = at.Dist
		default:
			t.Fatalf("advisories: %s", line)
		}
	}
	for _, a := range rec.Affected {
		c.db.records[a.Dist] = append(c.db.records[a.Dist], rec)
	}
}

func (c *scanCase) readVendor(t *testing.T, text string) {
	t.Helper()
	v := &fakeVendors{said: map[string][]advisory.VendorStatement{}}
	for line := range strings.Lines(text) {
		if words, ok := strings.CutPrefix(strings.TrimSpace(line), "feed "); ok {
			name, distros, _ := strings.Cut(words, ": ")
			v.feeds = append(v.feeds, advisory.VendorFeed{Name: name, Distros: strings.Fields(distros)})
			continue
		}
		w := strings.Split(strings.TrimSpace(line), ", ")
		w = append(w, "", "")
		s := advisory.VendorStatement{Feed: w[0], Distro: w[1], Source: w[2], Flaw: advisory.ID(w[3]), Fixed: w[5], Note: w[6], URL: "https://vendor.example/" + w[3]}
		for s.Status.String() != w[4] {
			s.Status++
		}
		v.said[s.Source] = append(v.said[s.Source], s)
	}
	c.opt.Vendors = v
}

func (c *scanCase) readOption(t *testing.T, line string) {
	t.Helper()
	word, rest, _ := strings.Cut(line, " ")
	o := &c.opt.Options
	switch word {
	case "strict":
		o.Strict = true
	case "fail-on":
		o.FailOn = rest
	case "fail-on-unknown":
		o.FailOnUnknown = true
	case "only-fixed":
		o.OnlyFixed = true
	case "exclude":
		o.Exclude = append(o.Exclude, rest)
	case "starter":
		c.opt.Database.Starter = true
	case "built":
		c.opt.Database.Built = rest
	default:
		t.Fatalf("options: %s", line)
	}
}

// story is a stream as the cases tell it.
type story struct{ strings.Builder }

func (s *story) Handle(m Message) error {
	switch {
	case m.Config != nil:
		if m.Config.Database.AgeDays > 2 {
			fmt.Fprintf(s, "database %d days old\n", m.Config.Database.AgeDays)
		}
	case m.Finding != nil:
		s.finding(m.Finding)
	case m.Fix != nil:
		s.fix(m.Fix)
	case m.Notice != nil:
		partial := ""
		if m.Notice.Partial {
			partial = " (partial)"
		}
		fmt.Fprintf(s, "%s%s: %s\n", m.Notice.Level, partial, m.Notice.Text)
		s.maybe("  hint: %s\n", m.Notice.Hint)
	case m.Summary != nil:
		said := fmt.Sprintf("%+v", *m.Summary)
		fmt.Fprintf(s, "summary: %s\n", strings.Replace(said, " VendorFixed:0", "", 1))
	}
	return nil
}

func (s *story) maybe(format, text string) {
	if text != "" {
		fmt.Fprintf(s, format, text)
	}
}

func (s *story) finding(f *Finding) {
	verdict := f.Verdict.String()
	if f.Admits {
		verdict = "admits"
	}
	fmt.Fprintf(s, "%s %s %s", verdict, f.Component.Ref, f.Advisory.ID)
	for word, set := range map[string]bool{" counts": f.Counts, " known": f.Known} {
		if set {
			s.WriteString(word)
		}
	}
	if f.Ignored != nil {
		fmt.Fprintf(s, " ignored by %s: %s", f.Ignored.By, f.Ignored.Reason)
	}
	fmt.Fprintf(s, "\n  %s\n", f.Reason)
	s.maybe("  disagreement: %s\n", f.Disagreement)
	if v := f.Vendor; v != nil {
		fmt.Fprintf(s, "  vendor: %s", v.Status)
		s.maybe(", fixed in %s", v.Fixed)
		s.maybe(", by %s", v.Source)
		s.maybe(" (%s)", v.Note)
		s.maybe(", %s", v.URL)
		if v.Changelog {
			s.WriteString(", the changelog names it")
		}
		s.WriteString("\n")
	}
	for _, w := range append(f.Component.Notes, f.Warnings...) {
		fmt.Fprintf(s, "  note: %s\n", w)
	}
	s.maybe("  library: %s\n", f.Advisory.Library)
	for _, p := range f.Paths {
		fmt.Fprintf(s, "  path: %s\n", strings.Join(p, " > "))
	}
	fmt.Fprintf(s, "  fixed: %s %s\n", f.Fixed.Basis, strings.Join(f.Fixed.Versions, ", "))
}

func (s *story) fix(f *Fix) {
	fmt.Fprintf(s, "fix %s from %q to %q clears %v remaining %v", f.Dist, f.From, f.To, f.Clears, f.Remaining)
	if f.Direct {
		s.WriteString(" direct")
	}
	s.WriteString("\n")
	for _, b := range f.Blocked {
		fmt.Fprintf(s, "  blocked by %s, which requires %s %s\n", b.By, b.Of, b.Range)
	}
	if f.File != "" {
		fmt.Fprintf(s, "  %s line %d\n", f.File, f.Line)
	}
	s.maybe("  - %s\n", f.Before)
	s.maybe("  + %s\n", f.After)
	if f.Patch != "" {
		s.WriteString("  patch:\n    " + strings.ReplaceAll(strings.TrimSuffix(f.Patch, "\n"), "\n", "\n    ") + "\n")
	}
	for _, c := range f.Commands {
		fmt.Fprintf(s, "  $ %s\n", c)
	}
	s.maybe("  note: %s\n", f.Note)
}

// TestCases runs testdata/*.txtar: an inventory and advisories in, the story
// of the stream out.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c := readCase(t, a)
			var s story
			if _, err := Run(context.Background(), c.inv, c.db, c.opt, &s); err != nil {
				t.Fatal(err)
			}
			got := trimLines(s.String())
			want := a.Files[len(a.Files)-1]
			if want.Name != "want" {
				t.Fatal("the last file is not want")
			}
			if got == string(want.Data) {
				return
			}
			if !*update {
				t.Fatalf("got:\n%s\nwant:\n%s", got, want.Data)
			}
			a.Files[len(a.Files)-1].Data = []byte(got)
			if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// trimLines drops blanks at the ends of lines, which editors drop too.
func trimLines(s string) string {
	ls := strings.Split(s, "\n")
	for i := range ls {
		ls[i] = strings.TrimRight(ls[i], " ")
	}
	return strings.Join(ls, "\n")
}
