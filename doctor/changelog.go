package doctor

import (
	"fmt"
	"slices"
	"strings"

	"nacre/inventory"
	"nacre/release"
	"nacre/unified"
)

var (
	ofSecurity = lazy(`(?i)\bsecurity\b|vulnerab|exploit|\bCWE-\d|denial of service|buffer overflow|code injection|path traversal`)
	// ofPolicy is how a changelog speaks of the page that tells whom to write to.
	ofPolicy = lazy(`(?i:\bsecurity(?:\.\w+|[- ]polic(?:y|ies)|[- ]contacts?|[- ]sections?))|\bSECURITY file`)
	cveID    = lazy(`\bCVE-\d{4}-\d{4,19}\b`)
)

// changelog looks at what the changelog says of this release.
func (e *examination) changelog() {
	c := e.facts.Changes
	if c == nil {
		e.add("C01", "", 0, "there is no changelog", "a file Changes with a few lines for each release; App::ModuleBuildTiny, Dist::Zilla and Minilla keep one for you")
		return
	}
	if len(c.Entries) == 0 {
		e.notices = append(e.notices, inventory.Notice{Text: "no releases were recognised in " + c.File, At: inventory.Evidence{File: c.File, How: "changelog"}})
		return
	}
	entry, ok := c.Of(e.version)
	if !ok {
		if e.opt.Archive != "" && e.version != "" && !e.mentions(c.File, e.version) {
			e.add("C02", c.File, 0, "it has nothing about "+e.version, "a few lines, with what matters for who must decide whether to update")
		}
		return
	}
	if len(entry.CVEs) > 0 {
		return
	}
	text, _ := e.text(c.File)
	lines := unified.Lines([]byte(text))
	end := len(lines)
	for _, other := range c.Entries {
		if other.Line > entry.Line && other.Line-1 < end {
			end = other.Line - 1
		}
	}
	for i := entry.Line - 1; i >= 0 && i < end; i++ {
		if word := ofSecurity().FindString(ofPolicy().ReplaceAllString(lines[i], "")); word != "" {
			e.add("C04", c.File, i+1, fmt.Sprintf("it speaks of security (%q) and names no CVE id", strings.ToLower(word)), "if it is a vulnerability, ask the CPAN Security Group for an id; if it is none, leave it as it is")
			return
		}
	}
}

// mentions reports whether a file has a version anywhere: as it is written, or
// with other dots, as 1.9.14 for 1.914.
func (e *examination) mentions(file, version string) bool {
	text, _ := e.text(file)
	if strings.Contains(text, version) {
		return true
	}
	digits := strings.NewReplacer(".", "", "_", "", "v", "")
	c := e.facts.Changes
	return slices.ContainsFunc(c.Entries, func(x release.Entry) bool { return digits.Replace(x.Version) == digits.Replace(version) })
}

// named gives the CVE ids that the changelog names anywhere.
func (e *examination) named() []string {
	c := e.facts.Changes
	if c == nil {
		return nil
	}
	text, _ := e.text(c.File)
	ids := cveID().FindAllString(text, -1)
	slices.Sort(ids)
	return slices.Compact(ids)
}
