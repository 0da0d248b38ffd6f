package output

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nacre/advisory"
	"nacre/bom/cyclonedx"
	"nacre/inventory"
	"nacre/report/openvex"
	"nacre/scan"
	"nacre/terminal"
)

func printCycloneDX(w io.Writer, s *stream, _ Options) error {
	name, version := tool(&s.config)
	meta := cyclonedx.Metadata{
		Timestamp: utc(s.config.Time),
		Tools:     cyclonedx.Tools{Components: []cyclonedx.Component{{Type: "application", Name: name, Version: fits(version)}}},
		Component: &cyclonedx.Component{Type: "application", Ref: "this project", Name: project(&s.config)},
	}
	refs := map[string]bool{meta.Component.Ref: true} // that are taken
	known := map[string]string{}                      // by component
	var components []cyclonedx.Component
	var vulnerabilities []cyclonedx.Vulnerability
	for i := range s.findings {
		f := &s.findings[i]
		affected := bomLinks(s.config.Bill, &f.Component)
		name := f.Component.Ref
		if affected == nil {
			key := seat(&f.Component)
			ref, seen := known[key]
			if !seen {
				ref = unused(refs, f.Component.Ref, carrier(&f.Component))
				known[key] = ref
				components = append(components, cycloneDXComponent(&f.Component, ref))
			}
			affected, name = []string{ref}, ref
		}
		v := cycloneDXVulnerability(f, s.fixOf(f))
		v.Ref = unused(refs, string(f.Advisory.ID)+" in "+name, "")
		for _, ref := range affected {
			a := cyclonedx.Affects{Ref: ref}
			if version := f.Component.Version; version != "" && fits(version) != "" {
				a.Versions = []cyclonedx.AffectedVersion{{Version: version, Status: cycloneDXStatus(f)}}
			}
			v.Affects = append(v.Affects, a)
		}
		vulnerabilities = append(vulnerabilities, v)
	}
	doc, err := cyclonedx.New(meta, components, vulnerabilities)
	if err != nil {
		return err
	}
	return doc.Write(terminal.Inert(w))
}

// serial is the serial number of a CycloneDX document.
var serial = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// bomLinks point at a component in the bill that was scanned (CycloneDX, BOM-Link:
// urn:cdx:serial/version#bom-ref); none where the bill has no serial number, or is
// of another format.
func bomLinks(b *inventory.Bill, c *scan.Component) []string {
	if b == nil || !strings.HasPrefix(b.Format, "CycloneDX") || !serial.MatchString(b.Serial) {
		return nil
	}
	var links []string
	for _, ref := range c.InBill {
		links = append(links, fmt.Sprintf("urn:cdx:%s/%d#%s", strings.TrimPrefix(b.Serial, "urn:uuid:"), max(b.Revision, 1), encode(ref, "")))
	}
	slices.Sort(links)
	return slices.Compact(links)
}

// unused takes a reference that the document does not have yet and that is
// neither empty nor a link to another document; where the wanted one is taken,
// one that says where the component is, if that is known. Bytes that JSON would
// replace are replaced first, so that two references do not become one.
func unused(refs map[string]bool, want, where string) string {
	want = strings.ToValidUTF8(want, "\ufffd")
	if want == "" || strings.HasPrefix(want, "urn:cdx:") {
		want = "component " + want
	}
	ref := want
	if refs[ref] && where != "" {
		want += " " + strings.ToValidUTF8(where, "\ufffd")
		ref = want
	}
	for n := 2; refs[ref]; n++ {
		ref = want + " (" + strconv.Itoa(n) + ")"
	}
	refs[ref] = true
	return ref
}

// fits is a version that the schema allows, else nothing.
func fits(version string) string {
	if utf8.RuneCountInString(version) > cyclonedx.MaxVersion {
		return ""
	}
	return version
}

func cycloneDXComponent(c *scan.Component, ref string) cyclonedx.Component {
	name := string(c.Dist)
	if name == "" {
		name = c.Ref
	}
	return cyclonedx.Component{Type: "library", Ref: ref, Name: name, Version: fits(c.Version), PURL: purlOf(c)}
}

// cycloneDXStatus is the state of the component's own version.
func cycloneDXStatus(f *scan.Finding) string {
	switch analyse(f) {
	case isNotAffected:
		return "unaffected"
	case isTriaged:
		return "unknown"
	}
	return "affected"
}

func cycloneDXVulnerability(f *scan.Finding, fix *remedyPlan) cyclonedx.Vulnerability {
	a := &f.Advisory
	v := cyclonedx.Vulnerability{
		ID:             string(a.ID),
		Source:         &cyclonedx.Source{Name: publisher(a), URL: home(a)},
		Ratings:        cycloneDXRatings(a),
		Description:    a.Title,
		Recommendation: action(f, fix),
		Published:      start(a.Published),
		Updated:        start(a.Modified),
		Analysis:       cyclonedx.Analysis{Detail: reason(f) + hearsay(f) + loading(f)},
	}
	for _, alias := range a.Aliases {
		v.References = append(v.References, cyclonedx.Reference{ID: string(alias), Source: cyclonedx.Source{Name: assigner(alias)}})
	}
	weak := map[int]bool{}
	for _, cwe := range a.CWEs {
		if n, err := strconv.Atoi(strings.TrimPrefix(cwe, "CWE-")); err == nil && n > 0 && !weak[n] {
			weak[n] = true
			v.CWEs = append(v.CWEs, n)
		}
	}
	for _, r := range a.References {
		if uri := link(r.URL); uri != "" {
			v.Advisories = append(v.Advisories, cyclonedx.Advisory{URL: uri})
		}
	}
	switch analyse(f) {
	case isNotAffected:
		v.Analysis.State = cyclonedx.NotAffected
		v.Analysis.Justification = cycloneDXJustification(openvex.Justification(f.Ignored.Justification))
	case isTriaged:
		v.Analysis.State = cyclonedx.InTriage
	default:
		v.Analysis.State = cyclonedx.Exploitable
		if mends(fix, a.ID) || len(fixes(f)) > 0 {
			v.Analysis.Response = []string{"update"}
		}
	}
	if f.Ignored != nil {
		v.Analysis.Detail += " The finding is " + silenced(f.Ignored) + "."
	}
	return v
}

// cycloneDXJustification is the justification that comes nearest to one of
// OpenVEX's five.
func cycloneDXJustification(j openvex.Justification) cyclonedx.Justification {
	switch j {
	case openvex.ComponentNotPresent, openvex.CodeNotPresent:
		return cyclonedx.CodeNotPresent
	case openvex.CodeNotInExecutePath:
		return cyclonedx.CodeNotReachable
	case openvex.CodeCannotBeControlled:
		return cyclonedx.RequiresEnvironment
	}
	return cyclonedx.ProtectedByMitigation
}

// cycloneDXRatings are the scores, and the severity where nothing is scored.
func cycloneDXRatings(a *scan.Advisory) []cyclonedx.Rating {
	var all []cyclonedx.Rating
	for i := range a.CVSS {
		c := &a.CVSS[i]
		if score(a.CVSS[i:i+1]) == nil {
			continue
		}
		r := cyclonedx.Rating{Score: &c.Base, Severity: band(c.Base), Vector: c.Vector}
		switch c.Version {
		case "2.0":
			r.Method = "CVSSv2"
		case "3.0":
			r.Method = "CVSSv3"
		case "3.1":
			r.Method = "CVSSv31"
		case "4.0":
			r.Method = "CVSSv4"
		default:
			r.Method = "other"
		}
		all = append(all, r)
	}
	if all == nil {
		all = []cyclonedx.Rating{{Severity: a.Severity.String()}}
	}
	return all
}

// band is the qualitative rating of a score (CVSS 3.1, section 5).
func band(score float64) string {
	switch {
	case score == 0:
		return "none"
	case score < 4:
		return "low"
	case score < 7:
		return "medium"
	case score < 9:
		return "high"
	}
	return "critical"
}

// publisher is who leads the record: the first word of its first source, else
// who assigned its id.
func publisher(a *scan.Advisory) string {
	if len(a.Sources) > 0 {
		name, _, _ := strings.Cut(a.Sources[0], " ")
		return name
	}
	return assigner(a.ID)
}

// assigner is who gives out ids of a kind, "unknown" where the id does not tell.
func assigner(id advisory.ID) string {
	switch {
	case id.IsCVE():
		return "CVE"
	case id.IsCPANSA():
		return "CPANSA"
	case isGHSA(id):
		return "GitHub Advisories"
	}
	return "unknown"
}

// start is a day's first instant, "" where no day is stated.
func start(d advisory.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String() + "T00:00:00Z"
}
