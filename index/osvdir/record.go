package osvdir

import (
	"cmp"
	"net/url"
	"strings"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/fault"
	"nacre/index"
	"nacre/purl"
	"nacre/report/osv"
)

// Record gives the OSV record of an advisory.
func Record(m *index.Model, a *index.Advisory) (osv.Record, error) {
	r := osv.Record{
		SchemaVersion: osv.Schema,
		ID:            string(a.ID),
		Modified:      a.Modified,
		Published:     a.Published.Time(),
		Withdrawn:     a.Withdrawn.Time(),
		Summary:       a.Title,
		Details:       a.Description,
	}
	if a.IsWithdrawn() && a.Withdrawn.IsZero() { // the day is not stated
		r.Withdrawn = a.Modified
	}
	r.Aliases, r.Related = aliases(a)
	for _, c := range a.CVSS {
		r.Severity = append(r.Severity, osv.Severity{Type: "CVSS_V" + c.Version[:1], Score: c.Vector})
	}
	whole := about{
		Ecosystem:       ecosystem,
		URL:             pageURL(m, a.ID),
		CWEs:            a.CWEs,
		Reported:        a.Reported,
		WithdrawnReason: a.WithdrawnReason,
		Disputed:        a.Disputed,
	}
	if a.Severity != advisory.SeverityUnknown {
		whole.Severity = strings.ToUpper(a.Severity.String())
	}
	for _, s := range a.Sources {
		whole.Sources = append(whole.Sources, source{Name: s.Name, ID: s.ID, Licence: s.Licence, Attribution: s.Attribution})
	}
	for _, ref := range a.References {
		if u, err := url.Parse(ref.URL); err != nil || !u.IsAbs() {
			whole.Warnings = append(whole.Warnings, "a reference is no absolute URI: "+ref.URL)
			continue
		}
		r.References = append(r.References, osv.Reference{Type: cmp.Or(ref.Kind, advisory.KindWeb), URL: ref.URL})
	}
	for _, d := range a.Doubts {
		if d.Dist == "" {
			whole.Warnings = append(whole.Warnings, warning(d))
		}
	}
	r.DatabaseSpecific = whole
	for _, of := range a.Dists {
		affected, err := affected(of)
		if err != nil {
			return osv.Record{}, fault.Wrap(fault.Invalid, err, "OSV record of %s on %s", a.ID, of.Dist.Name)
		}
		r.Affected = append(r.Affected, affected)
	}
	return r, nil
}

// aliases gives the other ids of an advisory: those of the same flaw, and the CVE
// ids of others, which one record is about.
func aliases(a *index.Advisory) (same, related []string) {
	for _, id := range a.Aliases {
		if id.IsCVE() && a.ID.IsCVE() {
			related = append(related, string(id))
		} else {
			same = append(same, string(id))
		}
	}
	return same, related
}

// affected gives what an advisory says about one distribution.
func affected(of *index.Affected) (osv.Affected, error) {
	p, err := purl.Selector(of.Dist.Name)
	if err != nil {
		return osv.Affected{}, err
	}
	out := osv.Affected{Package: osv.Package{Ecosystem: osv.Ecosystem, Name: string(of.Dist.Name), PURL: p.String()}}
	place := place{Modules: of.Modules, Files: of.Files, Routines: of.Routines}
	if l := of.Library; l != nil {
		place.Library = &library{Name: l.Name, Affected: l.Affected}
	}
	out.EcosystemSpecific = place.orNil()
	here := concluded{
		Range: of.Range, FixedRange: of.FixedRange, Fixed: of.Fixed, LatestAffected: of.LatestAffected(),
		UnknownVersions: of.Unknown, NotOnCPAN: of.Darkpan,
	}
	for _, d := range of.Advisory.Doubts {
		switch {
		case d.Dist != of.Dist.Name || of.Advisory.IsWithdrawn(): // of which no version counts
		case d.Kind == merge.Disagree:
			here.Disagreement = append(here.Disagreement, d.Text)
		default:
			here.Warnings = append(here.Warnings, warning(d))
		}
	}
	if !of.Advisory.IsWithdrawn() {
		var warnings []string
		out.Ranges, out.Versions, warnings = versions(of)
		here.Warnings = append(here.Warnings, warnings...)
	}
	out.DatabaseSpecific = here
	return out, nil
}

func warning(d merge.Contradiction) string { return string(d.Kind) + ": " + d.Text }
