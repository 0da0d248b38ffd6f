package output

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/inventory"
	"nacre/scan"
)

// The sentences that several formats say.

// list joins words: "a, b, c".
func list[S ~string](words []S) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

// maxIDs is how many ids a fix lists.
const maxIDs = 12

// few lists ids: of many the first ones, and how many more there are.
func few(ids []advisory.ID) string {
	if len(ids) <= maxIDs+1 {
		return list(ids)
	}
	return list(ids[:maxIDs]) + ", and " + number(len(ids)-maxIDs) + " more"
}

// unmended says that no release mends some flaws.
func unmended(ids []advisory.ID) string {
	if len(ids) == 1 {
		return "no release is known to mend this"
	}
	return "no release is known to mend these"
}

// count says "1 file", "2 files".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number writes an integer with its thousands apart: "2,061".
func number(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for at := len(s) - 3; at > start; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// title is the advisory's title, or what is said in its place.
func title(a *scan.Advisory) string {
	if a.Title == "" {
		return "no title is stated"
	}
	return a.Title
}

// called is a component as sentences name it: "Foo-Bar 1.29", "Foo-Bar >= 1.2".
func called(c *scan.Component) string {
	name := string(c.Dist)
	if name == "" {
		name = c.Ref
	}
	switch {
	case c.Version != "":
		return name + " " + c.Version
	case c.Range != "":
		return name + " " + bound(c.Range)
	}
	return name + " (version unknown)"
}

// byName says whether nothing but the names of modules tells which distribution a
// component is. The papers of a package are as good as a record.
func byName(c *scan.Component) bool {
	return c.ByName && (c.Package == nil || c.Package.Dist != c.Dist)
}

// bound is a requirement's text; CPAN::Meta::Spec writes a minimum without an
// operator.
func bound(r string) string {
	if r != "" && (r[0] == 'v' || r[0] >= '0' && r[0] <= '9') {
		return ">= " + r
	}
	return r
}

// place is where something was seen: "cpanfile.snapshot:12".
func place(e inventory.Evidence) string {
	if e.Line > 0 {
		return e.File + ":" + strconv.Itoa(e.Line)
	}
	return e.File
}

// mends reports whether a plan clears a finding.
func mends(fix *remedyPlan, id advisory.ID) bool {
	return fix != nil && fix.To != "" && fix.clears[id.Key()]
}

// action says in one or two sentences what to do about a finding.
func action(f *scan.Finding, fix *remedyPlan) string {
	name := string(f.Component.Dist)
	switch {
	case f.Vendor != nil && f.Component.Package != nil:
		return packageAction(f)
	case mends(fix, f.Advisory.ID):
		s := "Update " + name
		if from := cmp.Or(f.Component.Version, f.Component.Range); from != "" {
			s += " from " + from
		}
		s += " to " + fix.To + "."
		if fix.After != "" && fix.File != "" {
			s += " In " + fix.File
			if fix.Line > 0 {
				s += fmt.Sprintf(", line %d", fix.Line)
			}
			s += ": " + strings.TrimSpace(fix.After)
		}
		return s
	case len(f.Fixed.Versions) == 0:
		return "No fixed release of " + name + " is known."
	case fix != nil && len(fix.Blocked) > 0:
		return fmt.Sprintf("Update %s to %s or later, which is blocked: %s.", name, f.Fixed.Versions[0], blockers(fix.Blocked))
	}
	return fmt.Sprintf("Update %s to %s or later.", name, f.Fixed.Versions[0])
}

// blockers says who forbids a release.
func blockers(by []scan.Blocker) string {
	var all []string
	for _, b := range by {
		all = append(all, fmt.Sprintf("%s requires %s %s", b.By, b.Of, b.Range))
	}
	return strings.Join(all, "; ")
}

// silenced says why a finding is ignored.
func silenced(i *scan.Ignored) string {
	s := "ignored by " + i.By
	if i.Expires != "" {
		s += " until " + i.Expires
	}
	if i.Reason != "" {
		s += ": " + i.Reason
	}
	return s
}

// tool splits "nacre v0.1.0".
func tool(c *scan.Config) (name, version string) {
	name, version, _ = strings.Cut(c.Tool, " ")
	if name == "" {
		name = "nacre"
	}
	return name, version
}

// project is what the scanned thing is called: its own name, or the last
// element of its path, which the root of a system has not.
func project(c *scan.Config) string {
	name := c.Name
	if name == "" {
		path := strings.TrimRight(strings.ReplaceAll(c.Path, `\`, "/"), "/")
		name = path[strings.LastIndexByte(path, '/')+1:]
		if path == "" && c.Path != "" {
			name = "system" // it was all of it
		}
	}
	if name == "" || name == "." || name == ".." {
		return "project"
	}
	return name
}
