package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/inventory"
)

func (r *run) notice(n Notice) { r.noticed = append(r.noticed, n) }

// notices says what a reader must know beside the findings.
func (r *run) notices(ctx context.Context) {
	r.databaseNotices()
	if len(r.hidden) > 0 {
		r.notice(Notice{Level: "info", Text: fmt.Sprintf("--only-loaded leaves out %s: %d not seen to be loaded, %d unknown",
			counted(r.hidden["not seen"]+r.hidden["unknown"], "finding", "findings"), r.hidden["not seen"], r.hidden["unknown"])})
		if why := r.opt.Reach.Blind(); why != "" {
			r.notice(Notice{
				Level: "warning", Partial: true, Text: "what --only-loaded leaves out may be loaded: " + why,
				Hint: "leave --only-loaded out, or name a program with --entry",
			})
		}
	}
	for _, n := range r.inv.Notices {
		level := "info"
		if n.Partial {
			level = "warning"
		}
		r.notice(Notice{Level: level, Text: n.Text, At: n.At, Partial: n.Partial})
	}
	var unjudged, versionless, unmapped, withdrawn []string
	judged, packaged := 0, false
	told := map[opposed]bool{}
	for _, i := range r.order {
		c, res := &r.inv.Components[i], r.results[i]
		if res == nil {
			continue
		}
		judged++
		if res.unjudged && r.inv.Perl.InTable {
			if len(res.hits) == 0 {
				versionless = append(versionless, string(res.dist))
			}
		} else if res.unjudged {
			for _, m := range c.Modules {
				unjudged = append(unjudged, string(m))
			}
			if c.Kind == inventory.Interpreter {
				unjudged = append(unjudged, "perl itself")
			}
		}
		if res.dist == "" && len(c.Modules) > 0 {
			unmapped = append(unmapped, string(c.Modules[0]))
		}
		for _, id := range res.withdrawn {
			withdrawn = append(withdrawn, string(id))
		}
		for _, o := range res.opposed {
			if told[o] { // of another component of the same package
				continue
			}
			told[o] = true
			r.notice(Notice{Level: "warning", Text: fmt.Sprintf("%s is not affected by %s by the ranges on record, and its vendor says otherwise: %s", c.Ref(), o.id, o.why)})
		}
		if c.Package == nil && (c.Kind == inventory.Interpreter || c.Kind == inventory.Core) {
			packaged = packaged || slices.ContainsFunc(res.hits, func(h hit) bool { return h.verdict.Status >= advisory.StatusContradictory })
		}
		for _, h := range res.overruled {
			r.notice(Notice{Level: "info", Text: fmt.Sprintf("%s is not affected by %s: %s; another source says otherwise: %s",
				c.Ref(), h.record.ID, h.verdict.Reason, h.verdict.Disagreement)})
		}
		for _, id := range res.open {
			r.notice(Notice{Level: "warning", Text: fmt.Sprintf(
				"%s: the range of %s ends at the newest release that the database knows; no fixed version is stated, so %s may be affected too",
				c.Ref(), id, c.Version)})
		}
	}
	if len(unjudged) > 0 {
		hint := "name the perl with --perl VERSION"
		if !r.inv.Perl.Version.IsZero() {
			hint = "update nacre for a table that holds this perl"
		}
		r.notice(Notice{
			Level: "warning",
			Text: fmt.Sprintf("what perl ships was not judged, %s on record: %s; %s",
				counted(len(unjudged), "part of it is", "parts of it are"), some(unjudged), r.coreUnknown()),
			Hint: hint,
		})
	}
	if len(versionless) > 0 {
		r.notice(Notice{Level: "warning", Text: "what perl ships of these was not judged, because the distributions' versions are not known: " + some(versionless)})
	}
	if packaged {
		r.notice(Notice{Level: "info", Text: "perl and its modules are judged by their upstream versions; where perl comes from a packager, who backports fixes without a new version, the package's revision decides"})
	}
	if len(unmapped) > 0 {
		r.notice(Notice{Level: "info", Text: fmt.Sprintf(
			"no source tells the distribution of %s (%s); nothing is on record under the names", counted(len(unmapped), "module", "modules"), some(unmapped))})
	}
	if len(withdrawn) > 0 {
		r.notice(Notice{Level: "info", Text: fmt.Sprintf("%s would match, but was withdrawn: %s", counted(len(withdrawn), "advisory", "advisories"), some(withdrawn))})
	}
	if r.opt.Baseline != nil && r.opt.Baseline.Partial {
		r.notice(Notice{Level: "warning", Text: "the baseline is of a scan that was not complete", Hint: "record it again"})
	}
	if ctx.Err() != nil {
		r.notice(Notice{Level: "warning", Partial: true, Text: fmt.Sprintf("interrupted: %d of %d components were judged", judged, len(r.order))})
		return // what was not judged would look like ignores that match nothing
	}
	r.ignoreNotices()
}

// databaseNotices says what the age and the size of the database mean.
func (r *run) databaseNotices() {
	d := r.opt.Database.aged(r.opt.Now)
	if d.Starter {
		built, _, _ := strings.Cut(d.Built, "T")
		r.notice(Notice{
			Level: "warning",
			Text: fmt.Sprintf("only the built-in starter set was used: %d advisories on %d distributions, of %s, %s old; finding nothing in it says little",
				d.Advisories, d.Dists, built, counted(d.AgeDays, "day", "days")),
			Hint: "run nacre db update, or name a database with --db FILE",
		})
	} else if d.Stale {
		r.notice(Notice{Level: "warning", Text: fmt.Sprintf("the advisory database is %s old", counted(d.AgeDays, "day", "days")), Hint: "run nacre db update"})
	}
}

// some lists names, the first few of many.
func some(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
