package check

import (
	"fmt"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
)

// zombies tells what is declared and not loaded, and what only tests load.
func (c *checker) zombies() {
	passed, tested := 0, 0
	if c.used.files[run] == 0 {
		c.notices = append(c.notices, inventory.Notice{
			Partial: true, Text: "no source of the project is in lib, bin, script or its top folder: whether anything loads what is required is not known",
		})
		return
	}
	used := c.group()
	c.signs = c.findSigns()
	for i := range c.declared {
		d := &c.declared[i]
		switch d.Scope {
		case inventory.Runtime, inventory.Test:
		case inventory.Optional:
			continue // others may take it where it is there
		default:
			passed++
			continue
		}
		if strings.HasPrefix(string(d.Module), "Task::") || strings.HasPrefix(string(d.Module), "Bundle::") {
			continue // it is there for what it requires
		}
		if d.Scope == inventory.Test && c.used.files[test]+c.used.files[author] == 0 {
			tested++
			continue
		}
		u := c.usesOf(used, d)
		switch {
		case u.in[run], d.Scope == inventory.Test && (u.in[test] || u.in[author]):
		case u.in[test] || u.in[author]:
			c.testOnly(d, u.first, u.in[test])
		default:
			c.zombie(d)
		}
	}
	if tested > 0 {
		c.notice(fmt.Sprintf("there are no tests here: requirements of tests (%d) are not judged", tested))
	}
	if passed > 0 {
		c.notice(fmt.Sprintf("requirements for configuring, building and developing (%d) are for programs: whether anything loads them is not judged", passed))
	}
}

// testOnly tells about a requirement of run time that only tests load.
func (c *checker) testOnly(d *requirement, first *load, byTests bool) {
	out := inventory.Check{
		Kind: inventory.TestOnly, Module: d.Module, Dist: c.distOf(d.Module), At: []inventory.Evidence{d.Evidence},
		Why: "it is required at run time, and only tests load it", Unless: c.unless(d),
	}
	if first != nil {
		out.At = append(out.At, first.at)
	}
	scope := inventory.Test
	if !byTests {
		scope = inventory.Develop
		out.Why = "it is required at run time, and only tests for authors load it"
	}
	out.Change = c.replace(d, line("requires", d.Module, d.Range, scope))
	c.checks = append(c.checks, out)
}

// zombie tells about a requirement that nothing loads.
func (c *checker) zombie(d *requirement) {
	out := inventory.Check{
		Kind: inventory.Zombie, Module: d.Module, Dist: c.distOf(d.Module), At: []inventory.Evidence{d.Evidence},
		Why:    "nothing in the project loads it",
		Unless: c.unless(d),
	}
	if d.Scope == inventory.Test {
		out.Why = "it is required for tests, and no test loads it"
	}
	if by := c.signs.anyway[d.To]; by != "" {
		out.Why += ", and " + by + " requires it anyway"
	}
	out.Change = c.replace(d, "")
	c.checks = append(c.checks, out)
}

// programs are distributions that are used as programs, as well or only.
var programs = []cpan.Dist{
	"Plack", "Starman", "Starlet", "Twiggy", "Gazelle", "Thrall", "Monoceros", "Corona", "Feersum", "Server-Starter", "Net-Server", "FCGI",
	"Carton", "Carmel", "cpm", "App-cpm", "App-cpanminus", "Minilla", "Dist-Zilla", "Perl-Tidy", "Perl-Critic",
	"Test-Harness", "Devel-Cover", "Devel-NYTProf", "Mojolicious", "Catalyst-Devel", "Dancer2", "Minion", "Sqitch", "Proclet",
	"Template-Toolkit", "SQL-Translator", "DBIx-Class-Schema-Loader", "ack", "exiftool", "Image-ExifTool",
}

// topics are first parts of names that many unrelated modules share. Any other
// is one project's, whose modules load each other.
var topics = []string{
	"Acme", "Algorithm", "App", "Archive", "Array", "B", "Business", "Cache", "Class", "Compress", "Config", "Crypt", "Data", "Date", "Devel", "Digest",
	"Email", "Encode", "Exporter", "File", "Getopt", "Graph", "HTML", "HTTP", "Hash", "I18N", "IO", "IPC", "Image", "JSON", "Lingua", "List",
	"Locale", "Log", "MIME", "Mail", "Math", "Module", "Net", "Object", "PDF", "Parse", "Perl", "Pod", "Regexp", "SQL", "Scalar", "Search",
	"Set", "Software", "String", "Sub", "Sys", "Template", "Term", "Test", "Text", "Tie", "Time", "Tree", "Unicode", "Variable", "WWW", "Web", "XML",
}

// unless says what would make the advice to drop a requirement wrong, as far as
// there is a sign of it.
func (c *checker) unless(d *requirement) string {
	dist := c.owners[d.Module]
	if dist == "" {
		dist = cpan.DistFromModule(d.Module)
	}
	if strings.HasPrefix(string(dist), "App-") || slices.Contains(programs, dist) {
		return "it is run as a program"
	}
	if w := c.computes(d, true); w != nil {
		return fmt.Sprintf("%s:%d loads it by the name that it computes", w.at.File, w.at.Line)
	}
	if by := c.signs.anyway[d.To]; by != "" && d.Range != "" && d.Range != "0" {
		return "the line is there to raise the minimum"
	}
	top, _, nested := strings.Cut(string(d.Module), "::")
	family := cpan.Module(top)
	if family == "DBD" {
		family = "DBI"
	}
	m, loaded := c.signs.families[family]
	if nested && loaded && (m == family || !slices.Contains(topics, top)) {
		return string(m) + ", or what comes with it, loads it where it is there"
	}
	if w := c.computes(d, false); w != nil {
		return fmt.Sprintf("%s:%d loads it by the name that it computes", w.at.File, w.at.Line)
	}
	return ""
}
