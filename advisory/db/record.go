package db

import (
	"maps"
	"math"
	"slices"
	"sync"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// fields are the names of a record's fields in provenance, which are stored by
// their place here, from 1. The list only ever grows at its end.
var fields = [...]string{
	"id", "aliases", "title", "description", "severity", "cvss", "cwes", "references",
	"reported", "published", "modified", "withdrawn", "withdrawn_reason", "disputed", "affected",
}

// What a statement is made of.
const (
	statedNothing = iota
	statedCPANSA
	statedCVE
	statedOSV
)

const (
	flagDisputed = 1 << iota
)

const (
	flagDarkpan = 1 << iota
	flagLibrary
)

// record appends a record. shared are the sources of the header; a record
// names one of them by number and adds its own id and file.
func (e *encoder) record(r *advisory.Record, shared map[advisory.Source]int) error {
	e.str(string(r.ID))
	strs(e, r.Aliases)
	e.str(r.Title)
	e.str(r.Description)
	e.uvarint(uint64(r.Severity))
	e.count(len(r.CVSS))
	for _, c := range r.CVSS {
		e.str(c.Version)
		e.str(c.Vector)
		bits := math.Float64bits(c.Base)
		e.u32(uint32(bits))
		e.u32(uint32(bits >> 32))
	}
	strs(e, r.CWEs)
	e.count(len(r.References))
	for _, ref := range r.References {
		e.str(ref.Kind)
		e.str(ref.URL)
	}
	e.date(r.Reported)
	e.date(r.Published)
	e.date(r.Modified)
	e.date(r.Withdrawn)
	e.str(r.WithdrawnReason)
	var flags uint64
	if r.Disputed {
		flags |= flagDisputed
	}
	e.uvarint(flags)
	e.count(len(r.Affected))
	for i := range r.Affected {
		e.affected(&r.Affected[i])
	}
	e.count(len(r.Sources))
	for _, s := range r.Sources {
		n, ok := shared[sharedPart(s)]
		if !ok {
			return fault.New(fault.Invalid, "write %s: source %s is not among those of the set", r.ID, s.Name)
		}
		e.count(n)
		e.str(s.ID)
		e.str(s.File)
	}
	// Provenance is a text of its own: few different ones exist, and a reader
	// reads each once.
	var p encoder
	p.provenance(r.Provenance)
	e.str(string(p.b))
	return nil
}

func (e *encoder) provenance(p map[string][]int) {
	e.count(len(p))
	for _, field := range slices.Sorted(maps.Keys(p)) {
		n := slices.Index(fields[:], field) + 1
		e.count(n)
		if n == 0 {
			e.str(field)
		}
		e.count(len(p[field]))
		for _, s := range p[field] {
			e.count(s)
		}
	}
}

func (e *encoder) affected(a *advisory.Affected) {
	e.str(string(a.Dist))
	var flags uint64
	if a.Darkpan {
		flags |= flagDarkpan
	}
	if a.Library != nil {
		flags |= flagLibrary
	}
	e.uvarint(flags)
	strs(e, a.Modules)
	strs(e, a.Files)
	strs(e, a.Routines)
	if l := a.Library; l != nil {
		e.str(l.Name)
		e.count(len(l.Bundled))
		for _, b := range l.Bundled {
			e.str(b.Releases)
			e.str(b.Version)
		}
		strs(e, l.Affected)
	}
	e.count(len(a.Statements))
	for i := range a.Statements {
		e.statement(&a.Statements[i])
	}
}

func (e *encoder) statement(s *advisory.Statement) {
	e.count(s.Source)
	e.str(s.Entry)
	switch {
	case s.CPANSA != nil:
		e.uvarint(statedCPANSA)
		// An empty list and none differ in JSON.
		if s.CPANSA.Affected == nil {
			e.count(0)
		} else {
			e.count(1)
			strs(e, s.CPANSA.Affected)
		}
		strs(e, s.CPANSA.Fixed)
	case s.CVE != nil:
		e.uvarint(statedCVE)
		e.str(s.CVE.DefaultStatus)
		e.count(len(s.CVE.Versions))
		for _, v := range s.CVE.Versions {
			e.str(v.Version)
			e.str(v.Status)
			e.str(v.VersionType)
			e.str(v.LessThan)
			e.str(v.LessThanOrEqual)
			e.count(len(v.Changes))
			for _, c := range v.Changes {
				e.str(c.At)
				e.str(c.Status)
			}
		}
	case s.OSV != nil:
		e.uvarint(statedOSV)
		e.count(len(s.OSV.Ranges))
		for _, r := range s.OSV.Ranges {
			e.str(r.Type)
			e.count(len(r.Events))
			for _, v := range r.Events {
				e.str(v.Introduced)
				e.str(v.Fixed)
				e.str(v.LastAffected)
				e.str(v.Limit)
			}
		}
		strs(e, s.OSV.Versions)
	default:
		e.uvarint(statedNothing)
	}
}

// record reads a record; what follows it belongs to a newer minor format.
func (d *decoder) record(shared *shared) (advisory.Record, error) {
	r := advisory.Record{
		ID:          advisory.ID(d.str()),
		Aliases:     texts[advisory.ID](d),
		Title:       d.str(),
		Description: d.str(),
		Severity:    advisory.Severity(d.small(uint64(advisory.SeverityCritical), "severity")),
	}
	r.CVSS = list(d, 10, func(c *advisory.CVSS) {
		*c = advisory.CVSS{Version: d.str(), Vector: d.str(), Base: d.float()}
	})
	r.CWEs = texts[string](d)
	r.References = list(d, 2, func(ref *advisory.Reference) {
		*ref = advisory.Reference{Kind: d.str(), URL: d.str()}
	})
	r.Reported, r.Published, r.Modified, r.Withdrawn = d.date(), d.date(), d.date(), d.date()
	r.WithdrawnReason = d.str()
	r.Disputed = d.uvarint()&flagDisputed != 0
	r.Affected = list(d, 6, d.affected)
	r.Sources = list(d, 3, func(s *advisory.Source) {
		n := d.small(math.MaxInt32, "source")
		if d.err == nil && n >= len(shared.sources) {
			d.fail("source %d of %d", n, len(shared.sources))
			return
		}
		if d.err == nil {
			*s = shared.sources[n]
		}
		s.ID, s.File = d.str(), d.str()
	})
	p, err := shared.provenance(d.str())
	if err != nil {
		return advisory.Record{}, err
	}
	r.Provenance = p.from
	if p.sources > len(r.Sources) {
		d.fail("source %d of %d", p.sources-1, len(r.Sources))
	}
	for i := range r.Affected {
		for j := range r.Affected[i].Statements {
			if n := r.Affected[i].Statements[j].Source; n >= max(len(r.Sources), 1) {
				d.fail("source %d of %d", n, len(r.Sources))
			}
		}
	}
	return r, d.err
}

// shared is what the records of a database share in memory.
type shared struct {
	sources     []advisory.Source // of the header
	provenances sync.Map          // by text, *provenance
}

// provenance is where the fields of a record came from.
type provenance struct {
	from    map[string][]int
	sources int // how many the record must have for it
}

// maxProvenance bounds a provenance's text: what is kept for other records is
// kept for as long as the database is open.
const maxProvenance = 4 << 10

// provenance reads the text of a provenance, once for all records that have
// it.
func (s *shared) provenance(text string) (*provenance, error) {
	if p, ok := s.provenances.Load(text); ok {
		return p.(*provenance), nil
	}
	if len(text) > maxProvenance {
		return nil, damaged("a provenance of %d bytes (limit: provenance size)", len(text))
	}
	d := decoder{s: text}
	var p provenance
	for range d.count(2) {
		var field string
		n := d.small(math.MaxInt32, "field")
		switch {
		case n == 0:
			field = d.str()
		case n <= len(fields):
			field = fields[n-1]
		}
		from := list(&d, 1, func(i *int) {
			*i = d.small(math.MaxInt32-1, "source")
			p.sources = max(p.sources, *i+1)
		})
		if d.err != nil {
			return nil, d.err
		}
		if field == "" { // of a newer minor format
			continue
		}
		if p.from == nil {
			p.from = map[string][]int{}
		}
		p.from[field] = from
	}
	if d.err != nil {
		return nil, d.err
	}
	s.provenances.Store(text, &p)
	return &p, nil
}

func (d *decoder) affected(a *advisory.Affected) {
	a.Dist = cpan.Dist(d.str())
	flags := d.uvarint()
	a.Darkpan = flags&flagDarkpan != 0
	a.Modules = texts[cpan.Module](d)
	a.Files = texts[string](d)
	a.Routines = texts[string](d)
	if flags&flagLibrary != 0 {
		a.Library = &advisory.Library{Name: d.str()}
		a.Library.Bundled = list(d, 2, func(b *advisory.Bundled) {
			*b = advisory.Bundled{Releases: d.str(), Version: d.str()}
		})
		a.Library.Affected = texts[string](d)
	}
	a.Statements = list(d, 3, d.statement)
}

func (d *decoder) statement(s *advisory.Statement) {
	s.Source = d.small(math.MaxInt32, "source")
	s.Entry = d.str()
	switch kind := d.uvarint(); kind {
	case statedNothing:
	case statedCPANSA:
		s.CPANSA = &advisory.CPANSA{}
		if d.uvarint() != 0 {
			if s.CPANSA.Affected = texts[string](d); s.CPANSA.Affected == nil {
				s.CPANSA.Affected = []string{}
			}
		}
		s.CPANSA.Fixed = texts[string](d)
	case statedCVE:
		s.CVE = &advisory.CVE{DefaultStatus: d.str()}
		s.CVE.Versions = list(d, 6, func(v *perlver.CVEVersion) {
			*v = perlver.CVEVersion{
				Version: d.str(), Status: d.str(), VersionType: d.str(),
				LessThan: d.str(), LessThanOrEqual: d.str(),
			}
			v.Changes = list(d, 2, func(c *perlver.CVEChange) {
				*c = perlver.CVEChange{At: d.str(), Status: d.str()}
			})
		})
	case statedOSV:
		s.OSV = &advisory.OSV{}
		s.OSV.Ranges = list(d, 2, func(r *perlver.OSVRange) {
			r.Type = d.str()
			r.Events = list(d, 4, func(v *perlver.OSVEvent) {
				*v = perlver.OSVEvent{Introduced: d.str(), Fixed: d.str(), LastAffected: d.str(), Limit: d.str()}
			})
		})
		s.OSV.Versions = texts[string](d)
	default:
		d.fail("statement of kind %d", kind)
	}
}

// releases appends a distribution's releases. Dates are written as steps from
// the one before, in seconds.
func (e *encoder) releases(known []advisory.Known) {
	e.count(len(known))
	var last int64
	for _, k := range known {
		e.str(k.Version)
		if k.Date.IsZero() {
			e.uvarint(0)
		} else {
			step := k.Date.Unix() - last
			last = k.Date.Unix()
			e.uvarint(uint64(step<<1^step>>63) + 1)
		}
		e.str(k.Perl)
	}
}

func (d *decoder) releases() []advisory.Known {
	var last int64
	return list(d, 3, func(k *advisory.Known) {
		k.Version = d.str()
		if n := d.uvarint(); n > 0 {
			n--
			last += int64(n>>1) ^ -int64(n&1)
			k.Date = d.seconds(last)
		}
		k.Perl = d.str()
	})
}

// sharedPart is what records have in common of a source.
func sharedPart(s advisory.Source) advisory.Source {
	s.ID, s.File = "", ""
	if !s.Time.IsZero() {
		s.Time = s.Time.UTC().Truncate(1e9)
	}
	return s
}
