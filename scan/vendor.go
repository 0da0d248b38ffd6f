package scan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/advisory/vendor"
	"nacre/inventory"
	"nacre/pkgver"
)

// Vendors is what a scan asks about the packages of operating systems. Both
// answer from one state of the data.
type Vendors interface {
	// Vendor gives what vendors say about a source package, of RPM about a
	// package; none is no error.
	Vendor(ctx context.Context, source string) ([]advisory.VendorStatement, error)
	// Feeds are the vendors' data that there is.
	Feeds() []advisory.VendorFeed
}

// vendors is what vendors say about the packages of a scan. It is read only once
// the workers run.
type vendors struct {
	feeds []advisory.VendorFeed
	said  map[string]statements // by source package, of RPM by package
}

// statements are those about one package, by the key of the flaw's id.
type statements map[string][]advisory.VendorStatement

// askVendors asks once for every package among the components.
func (r *run) askVendors(ctx context.Context) error {
	if r.opt.Vendors == nil {
		return nil
	}
	r.vendors.feeds = r.opt.Vendors.Feeds()
	if len(r.vendors.feeds) == 0 {
		return nil
	}
	r.vendors.said = map[string]statements{}
	for i := range r.inv.Components {
		p := r.inv.Components[i].Package
		if p == nil {
			continue
		}
		name, _ := judgedAs(p)
		if _, asked := r.vendors.said[name]; asked {
			continue
		}
		said, err := r.opt.Vendors.Vendor(ctx, name)
		if err != nil && ctx.Err() == nil {
			return fmt.Errorf("ask for the vendors' statements about %s: %w", name, err)
		}
		of := statements{}
		for _, s := range said {
			of[s.Flaw.Key()] = append(of[s.Flaw.Key()], s)
		}
		r.vendors.said[name] = of
	}
	return nil
}

// judgedAs is the name and version of a package as its vendor's statements speak
// of it: those of its source, and of RPM its own.
func judgedAs(p *inventory.Package) (name, version string) {
	if p.Manager == "rpm" {
		return p.Name, p.Version
	}
	return cmp.Or(p.Source, p.Name), cmp.Or(p.SourceVersion, p.Version)
}

// ruling is what the vendors' data makes of a flaw in a package.
type ruling struct {
	status advisory.VendorStatus // of the package as it is; never fixed, which is not affected
	vendor Vendor
	// why says what is missing or undetermined where the status is unknown,
	// and what the vendor says where it is affected.
	why string
}

// rule decides about a flaw in a package by what its vendor says:
//
//	fixed, and the package is not older     not affected
//	fixed, and the package is older         affected
//	affected                                affected
//	not affected                            not affected
//	nothing, or nothing that can be read    unknown
//
// Where a vendor says several things, the worst holds: a flaw that was mended
// twice was not mended at first.
func (v *vendors) rule(p *inventory.Package, rec *advisory.Record) ruling {
	name, version := judgedAs(p)
	of, release := vendor.Name(p.Distro), vendor.Release(p.Distro, p.Codename)
	out := ruling{vendor: Vendor{Status: advisory.VendorUnknown.String(), URL: vendor.Page(p.Distro, cveOf(rec)), Changelog: inChangelog(p, rec)}}

	given, covered := false, false
	for _, f := range v.feeds {
		for _, d := range f.Distros {
			given = given || vendor.Of(d) == vendor.Of(p.Distro) && p.Distro != ""
			covered = covered || d == release
		}
	}
	data := "the " + of + " security data given to Nacre"
	switch {
	case !given && p.Distro == "":
		out.why = "it is not known whose package it is"
		return out
	case !given:
		out.why = "no " + of + " security data was given to Nacre"
		return out
	case release == "":
		out.why = "its release of " + of + " is not known"
		return out
	case !covered:
		out.why = data + " has nothing on " + release
		return out
	}
	out.why = data + " says nothing about this flaw in " + name
	var said []advisory.VendorStatement
	if of := v.said[name]; len(of) > 0 {
		for _, id := range append([]advisory.ID{rec.ID}, rec.Aliases...) {
			said = append(said, of[id.Key()]...)
		}
	}
	for _, s := range said {
		if s.Distro != release || !sameStream(p, s.Fixed) {
			continue
		}
		one := judgeStatement(&s, p.Manager, name, version)
		one.vendor.URL, one.vendor.Changelog = cmp.Or(s.URL, out.vendor.URL), out.vendor.Changelog
		if out.vendor.Source == "" || out.worse(&one, p.Manager) {
			out = one
		}
	}
	return out
}

// judgeStatement is what one statement makes of a package.
func judgeStatement(s *advisory.VendorStatement, manager, name, version string) ruling {
	r := ruling{status: s.Status, vendor: Vendor{Fixed: s.Fixed, Note: s.Note, Source: s.Feed}}
	switch s.Status {
	case advisory.VendorFixed:
		order, err := pkgver.Compare(manager, version, s.Fixed)
		switch {
		case err != nil:
			r.status, r.why = advisory.VendorUnknown, fmt.Sprintf("%s mends it in %s, and that cannot be compared: %v", s.Feed, s.Fixed, err)
		case order >= 0:
			r.status = advisory.VendorNotAffected
		default:
			r.status, r.why = advisory.VendorAffected, fmt.Sprintf("%s: %s %s is affected, %s mends it", s.Feed, name, version, s.Fixed)
		}
	case advisory.VendorAffected:
		r.why = fmt.Sprintf("%s: %s is affected, and not mended in %s", s.Feed, name, s.Distro)
	case advisory.VendorUnknown:
		r.why = fmt.Sprintf("%s has not determined it", s.Feed)
	}
	if s.Note != "" && r.why != "" {
		r.why += " (" + s.Note + ")"
	}
	r.vendor.Status = r.status.String()
	return r
}

// gravities orders rulings, the worst last.
var gravities = [...]int{advisory.VendorNotAffected: 0, advisory.VendorFixed: 0, advisory.VendorUnknown: 1, advisory.VendorAffected: 2}

// worse says whether another ruling is graver: affected before unknown before not
// affected; of two that name the version that mends, the one with the later,
// and one that names none before both.
func (r *ruling) worse(o *ruling, manager string) bool {
	if r.status != o.status {
		return gravities[o.status] > gravities[r.status]
	}
	if r.vendor.Fixed == "" || o.vendor.Fixed == "" {
		return r.vendor.Fixed != "" && o.status == advisory.VendorAffected
	}
	order, err := pkgver.Compare(manager, r.vendor.Fixed, o.vendor.Fixed)
	return err == nil && order < 0
}

// sameStream says whether a fixed version of Red Hat can be compared with a
// package's: those of a module's stream are of that stream's version alone.
func sameStream(p *inventory.Package, fixed string) bool {
	const mark = ".module"
	if p.Manager != "rpm" || fixed == "" {
		return true
	}
	if !strings.Contains(fixed, mark) || !strings.Contains(p.Version, mark) {
		return strings.Contains(fixed, mark) == strings.Contains(p.Version, mark)
	}
	a, errA := pkgver.ParseRPM(p.Version)
	b, errB := pkgver.ParseRPM(fixed)
	return errA == nil && errB == nil && a.Version() == b.Version()
}

// cveOf is a record's first CVE id, or its own id where it has none.
func cveOf(rec *advisory.Record) advisory.ID {
	if rec.ID.IsCVE() {
		return rec.ID
	}
	if i := slices.IndexFunc(rec.Aliases, advisory.ID.IsCVE); i >= 0 {
		return rec.Aliases[i]
	}
	return rec.ID
}

// inChangelog says whether a package's changelog names a flaw.
func inChangelog(p *inventory.Package, rec *advisory.Record) bool {
	return slices.ContainsFunc(p.Changelog, func(id string) bool { return rec.Has(advisory.ID(id)) })
}

// byVendor judges the hits of a component that a package carries by what the
// package's vendor says.
func (r *run) byVendor(c *inventory.Component, res *result) {
	name, version := judgedAs(c.Package)
	kept := res.hits[:0]
	for _, h := range res.hits {
		rule := r.vendors.rule(c.Package, h.record)
		upstream := h.verdict
		switch rule.status {
		case advisory.VendorAffected:
			h.verdict.Status, h.admits = advisory.StatusAffected, false
			h.verdict.Reason = rule.why + "; upstream: " + upstream.Reason
		case advisory.VendorUnknown:
			h.verdict.Status, h.admits = advisory.StatusUnknown, false
			h.verdict.Reason = fmt.Sprintf("%s; %s may have patched %s %s: %s",
				upstreamText(c, &upstream), vendor.Name(c.Package.Distro), name, version, rule.why)
		default:
			res.mended = append(res.mended, mended{name, version, vendor.Release(c.Package.Distro, c.Package.Codename), h.record.ID.Key()})
			continue
		}
		h.vendor = &rule.vendor
		kept = append(kept, h)
	}
	res.hits = kept
}

// upstreamText says what is known of a component by its upstream version.
func upstreamText(c *inventory.Component, v *advisory.Verdict) string {
	text := "upstream " + cmp.Or(c.Version, string(c.Dist))
	switch v.Status {
	case advisory.StatusAffected:
		return text + " is affected"
	case advisory.StatusContradictory:
		return text + " is both affected and fixed by one source"
	}
	return text + " cannot be judged (" + v.Reason + ")"
}

// mended names a flaw in a package that its vendor has mended, or that the
// package never had.
type mended struct{ source, version, release, id string }

// opposed is what a vendor calls affected, and the ranges on record do not.
type opposed struct {
	id  advisory.ID
	why string // the vendor's words
}

// oppose notes what the vendor of a package calls affected although its upstream
// version is clean. It is no finding: the ranges say that the code never had the
// flaw, and a tracker lists what nobody has looked at yet as affected.
func (r *run) oppose(c *inventory.Component, l live, res *result) {
	if rule := r.vendors.rule(c.Package, l.record); rule.status == advisory.VendorAffected {
		res.opposed = append(res.opposed, opposed{l.record.ID, rule.why})
	}
}

// mendedByVendors counts the flaws that upstream versions have and packages do
// not: each once for a source package, however many of its packages carry it.
func (r *run) mendedByVendors() int {
	all := map[mended]bool{}
	for _, res := range r.results {
		if res != nil {
			for _, m := range res.mended {
				all[m] = true
			}
		}
	}
	return len(all)
}
