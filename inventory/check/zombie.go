package check

import (
	"fmt"
	"maps"
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
		var used [areas]bool
		var first *load // by tests
		for _, m := range c.usesOf(d) {
			u := c.used.modules[m]
			for a := range areas {
				used[a] = used[a] || u.anywhere(a)
				for _, l := range []*load{u.hard[a], u.soft[a]} {
					if a != run && l != nil && (first == nil || l.at.File < first.at.File) {
						first = l
					}
				}
			}
		}
		switch {
		case used[run], d.Scope == inventory.Test && (used[test] || used[author]):
		case used[test] || used[author]:
			c.testOnly(d, first, used[test])
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

// usesOf gives the used modules that a requirement may be there for.
func (c *checker) usesOf(d *requirement) []cpan.Module {
	if c.loaded == nil {
		c.loaded = slices.Sorted(maps.Keys(c.used.modules))
	}
	var out []cpan.Module
	for _, m := range c.loaded {
		// Foo::Bar is required, and Foo loaded: one distribution, as far as
		// names tell.
		yes, _ := c.brings(d, m)
		if yes || below(d.Module, m) && (c.owners[m] == "" || c.owners[d.Module] == "") {
			out = append(out, m)
		}
	}
	return out
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
	if by := c.anyway(d); by != "" {
		out.Why += ", and " + by + " requires it anyway"
	}
	out.Change = c.replace(d, "")
	c.checks = append(c.checks, out)
}

// anyway names a component that requires what a requirement of the project does;
// "" for none.
func (c *checker) anyway(d *requirement) string {
	for _, e := range c.inv.Edges {
		if e.To == d.To && e.From >= 0 && c.inv.Components[d.To].Kind != inventory.Interpreter {
			return c.inv.Components[e.From].Ref()
		}
	}
	return ""
}

// programs are distributions that are used as programs, as well or only.
var programs = []cpan.Dist{
	"Plack", "Starman", "Starlet", "Twiggy", "Gazelle", "Thrall", "Monoceros", "Corona", "Feersum", "Server-Starter", "Net-Server", "FCGI",
	"Carton", "Carmel", "cpm", "App-cpm", "App-cpanminus", "Minilla", "Dist-Zilla", "Perl-Tidy", "Perl-Critic",
	"Test-Harness", "Devel-Cover", "Devel-NYTProf", "Mojolicious", "Catalyst-Devel", "Dancer2", "Minion", "Sqitch", "Proclet",
	"Template-Toolkit", "SQL-Translator", "DBIx-Class-Schema-Loader", "ack", "exiftool", "Image-ExifTool",
}

// about reports whether a computed load may be what a requirement is for: what
// tests load is no reason to require it at run time.
func (w *computed) about(d *requirement) bool { return w.area == run || d.Scope == inventory.Test }

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
	for _, w := range c.used.computed {
		if w.about(d) && w.prefix != "" && strings.HasPrefix(string(d.Module), w.prefix) {
			return fmt.Sprintf("%s:%d loads it by the name that it computes", w.at.File, w.at.Line)
		}
	}
	if by := c.anyway(d); by != "" && d.Range != "" && d.Range != "0" {
		return "the line is there to raise the minimum"
	}
	top, _, nested := strings.Cut(string(d.Module), "::")
	family := cpan.Module(top)
	if family == "DBD" {
		family = "DBI"
	}
	for _, m := range slices.Sorted(maps.Keys(c.used.modules)) {
		u := c.used.modules[m]
		if nested && (m == family || below(m, family) && !slices.Contains(topics, top)) && !c.used.own[m] && u.hard[run] != nil {
			return string(m) + ", or what comes with it, loads it where it is there"
		}
	}
	for _, w := range c.used.computed {
		if w.about(d) && w.prefix == "" {
			return fmt.Sprintf("%s:%d loads it by the name that it computes", w.at.File, w.at.Line)
		}
	}
	return ""
}
