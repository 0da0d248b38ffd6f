package output

import (
	"encoding/json"
	"io"
	"strings"

	"nacre/advisory"
	"nacre/scan"
	"nacre/terminal"
)

// maxAudit is the most advisories that cpan-audit's exit status can tell:
// statuses over 126 are the shell's.
const maxAudit = 62

// CPANAuditStatus is the exit status of cpan-audit 20260622 for n advisories: 0
// for none, else 64+n, and 126 for 62 or more. In a scan, n is
// Summary.Affected and Summary.Contradictory together, which is what the
// formats cpan-audit and cpan-audit-json list and call total_advisories.
// (That program ends with 2 for usage and with 255 for errors.)
func CPANAuditStatus(n int) int {
	if n <= 0 {
		return 0
	}
	return 64 + min(n, maxAudit)
}

// audit is the result as cpan-audit has it.
type audit struct {
	Meta   auditMeta             `json:"meta"`
	Dists  map[string]*auditDist `json:"dists"`
	Errors []string              `json:"errors"`

	names []string // of Dists, in the stream's order
}

type auditMeta struct {
	Command string            `json:"command"`
	Args    []string          `json:"args"`
	Program map[string]string `json:"cpan_audit"`
	Total   int               `json:"total_advisories"`
}

type auditDist struct {
	Version    string          `json:"version"`
	Modules    []string        `json:"queried_modules"`
	Advisories []auditAdvisory `json:"advisories"`

	versions []string
	seen     map[string]bool // versions and modules
}

// auditAdvisory has the keys of cpan-audit's database. The description is the
// title, the only prose that a scan carries.
type auditAdvisory struct {
	ID          string   `json:"id"`
	Dist        string   `json:"distribution"`
	Affected    []string `json:"affected_versions"`
	Fixed       []string `json:"fixed_versions"`
	CVEs        []string `json:"cves"`
	Description string   `json:"description"`
	References  []string `json:"references"`
	Reported    *string  `json:"reported"`
	Severity    *string  `json:"severity"`
}

// newAudit turns a stream into cpan-audit's result: affected and contradictory
// findings that nobody silenced, by distribution. Two versions of one
// distribution are one entry with both.
func newAudit(s *stream) *audit {
	name, version := tool(&s.config)
	a := &audit{
		Meta: auditMeta{
			Command: "deps", Args: []string{s.config.Path},
			Program: map[string]string{"version": strings.TrimSpace(name + " " + version)},
		},
		Dists:  map[string]*auditDist{},
		Errors: []string{},
	}
	for i := range s.findings {
		f := &s.findings[i]
		if f.Ignored != nil || f.Known || f.Admits || f.Verdict < advisory.StatusContradictory {
			continue
		}
		dist := string(f.Component.Dist)
		d := a.Dists[dist]
		if d == nil {
			d = &auditDist{Modules: []string{}, seen: map[string]bool{}}
			a.Dists[dist] = d
			a.names = append(a.names, dist)
		}
		d.add(f)
		a.Meta.Total++
	}
	for _, d := range a.Dists {
		d.Version = strings.Join(d.versions, ", ")
	}
	for _, n := range s.notices {
		if n.Partial {
			a.Errors = append(a.Errors, n.Text)
		}
	}
	if s.summary == nil {
		a.Errors = append(a.Errors, "the scan did not finish")
	}
	return a
}

// add adds a finding to its distribution.
func (d *auditDist) add(f *scan.Finding) {
	version := f.Component.Version
	if version == "" {
		version = f.Component.Range
	}
	if version == "" {
		version = "Any"
	}
	if key := "version " + version; !d.seen[key] {
		d.seen[key] = true
		d.versions = append(d.versions, version)
	}
	for _, m := range f.Component.Modules {
		if key := "module " + string(m); !d.seen[key] {
			d.seen[key] = true
			d.Modules = append(d.Modules, string(m))
		}
	}
	a := &f.Advisory
	out := auditAdvisory{
		ID:          string(auditID(a)),
		Dist:        string(f.Component.Dist),
		Affected:    orEmpty(a.Affected),
		Fixed:       orEmpty(a.Fixed),
		CVEs:        []string{},
		Description: title(a),
		References:  []string{},
	}
	for _, id := range append([]advisory.ID{a.ID}, a.Aliases...) {
		if id.IsCVE() {
			out.CVEs = append(out.CVEs, string(id))
		}
	}
	for _, r := range a.References {
		out.References = append(out.References, r.URL)
	}
	if !a.Published.IsZero() {
		day := a.Published.String()
		out.Reported = &day
	}
	if a.Severity != advisory.SeverityUnknown {
		word := a.Severity.String()
		out.Severity = &word
	}
	d.Advisories = append(d.Advisories, out)
}

// auditID is the id under which cpan-audit knows an advisory: its CPANSA id
// where it has one.
func auditID(a *scan.Advisory) advisory.ID {
	for _, id := range append([]advisory.ID{a.ID}, a.Aliases...) {
		if id.IsCPANSA() {
			return id
		}
	}
	return a.ID
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func printCPANAuditJSON(w io.Writer, s *stream, _ Options) error {
	enc := json.NewEncoder(terminal.Inert(w))
	enc.SetEscapeHTML(false)
	return enc.Encode(newAudit(s))
}

// printCPANAudit prints the lines that cpan-audit's users look for. They are
// not wrapped, as they are not there. Errors, for which that program prints
// nothing else and to standard error, stand at the end.
func printCPANAudit(w io.Writer, s *stream, o Options) error {
	// cpan-audit's own bold also sets the default colour.
	p := terminal.NewPage(o.Width, o.Color)
	line := func(before string, sp span) { p.Line(say(plain, before), sp) }
	a := newAudit(s)
	for _, name := range a.names {
		d := a.Dists[name]
		line("", say(red, name+" (requires "+d.Version+") has "+count(len(d.Advisories), "advisory", "advisories")))
		for _, adv := range d.Advisories {
			line("  ", say("39;1", "* "+adv.ID))
			line("    ", say(plain, adv.Description))
			if len(adv.Affected) > 0 {
				line("    Affected range: ", say(plain, list(adv.Affected)))
			}
			if len(adv.Fixed) > 0 {
				line("    Fixed range: ", say(plain, list(adv.Fixed)))
			}
			if len(adv.CVEs) > 0 {
				p.Line()
				line("    CVEs: ", say(plain, list(adv.CVEs)))
			}
			if len(adv.References) > 0 {
				p.Line()
				line("    References:", span{})
				for _, r := range adv.References {
					line("    ", say(plain, r))
				}
			}
			p.Line()
		}
	}
	if len(a.names) > 0 {
		p.Line()
	}
	for _, e := range a.Errors {
		line("", say(red, "Error: "+e))
	}
	_, err := io.WriteString(w, p.String())
	return err
}
