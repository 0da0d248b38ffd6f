package advisory

// ProvideAll sets the provenance of every field that is set to one source, as
// a reader does whose record comes from one document.
func (r *Record) ProvideAll(source int) {
	r.Provenance = map[string][]int{"id": {source}}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"aliases", len(r.Aliases) > 0},
		{"title", r.Title != ""},
		{"description", r.Description != ""},
		{"severity", r.Severity != SeverityUnknown},
		{"cvss", len(r.CVSS) > 0},
		{"cwes", len(r.CWEs) > 0},
		{"references", len(r.References) > 0},
		{"reported", !r.Reported.IsZero()},
		{"published", !r.Published.IsZero()},
		{"modified", !r.Modified.IsZero()},
		{"withdrawn", !r.Withdrawn.IsZero()},
		{"withdrawn_reason", r.WithdrawnReason != ""},
		{"disputed", r.Disputed},
		{"affected", len(r.Affected) > 0},
	} {
		if f.set {
			r.Provenance[f.name] = []int{source}
		}
	}
}
