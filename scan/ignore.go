package scan

import (
	"fmt"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// Ignore is one entry of nacre.yaml's ignore list: an advisory that somebody
// has looked at, and why it does not matter here until a day.
type Ignore struct {
	ID advisory.ID // or an alias of it
	// Dist, Versions and Path narrow it; empty is any.
	Dist     cpan.Dist
	Versions []string // CPANSA's grammar; a component without an exact version is never among them
	// Path are distributions that every known path from the project to the
	// component must lead through, nearest to the component first.
	Path []cpan.Dist

	Reason        string
	Expires       advisory.Date // the last day on which it holds
	Justification string        // OpenVEX; may be empty
	Line          int           // in nacre.yaml
}

// Justifications are those of OpenVEX (and VEX' minimum requirements).
var justifications = []string{
	"component_not_present",
	"vulnerable_code_not_present",
	"vulnerable_code_not_in_execute_path",
	"vulnerable_code_cannot_be_controlled_by_adversary",
	"inline_mitigations_already_exist",
}

// ignoreUse is what became of an ignore.
type ignoreUse struct {
	matched int
	expired bool
}

// byFlag and byFile say who silences a finding.
const (
	byFlag = "--exclude"
	byFile = "nacre.yaml"
)

// silence applies --exclude, the ignores and the baseline to a finding.
func (r *run) silence(f *found) {
	for i, id := range r.opt.Options.Exclude {
		if f.hit.record.Has(advisory.ID(id)) {
			r.excluded[i] = true
			f.Ignored = &Ignored{By: byFlag, Reason: "excluded on the command line"}
		}
	}
	for i := range r.opt.Ignores {
		g := &r.opt.Ignores[i]
		if !r.covers(g, f) {
			continue
		}
		r.used[i].matched++
		if advisory.DateOf(r.opt.Now).Time().After(g.Expires.Time()) {
			r.used[i].expired = true
			f.Warnings = append(slices.Clip(f.Warnings), fmt.Sprintf("the ignore on line %d of nacre.yaml expired on %s", g.Line, g.Expires))
			continue
		}
		if f.Ignored == nil {
			f.Ignored = &Ignored{By: byFile, Reason: g.Reason, Expires: g.Expires.String(), Justification: g.Justification}
		}
	}
	r.silenceByComment(f)
	f.Known = f.Ignored == nil && r.opt.Baseline.has(&f.Finding)
}

// comment is what a comment beside a requirement says to ignore: the convention
// of Test::CVE, "requires 'Foo'; # ignore=CVE-2099-0001", in a cpanfile.
type comment struct {
	file string
	line int
	id   string
}

// silenceByComment applies the comments beside the requirements of a finding's
// component.
func (r *run) silenceByComment(f *found) {
	for _, i := range r.graph.in[f.component] {
		e := &r.inv.Edges[i]
		for _, id := range e.Ignores {
			if !f.hit.record.Has(advisory.ID(id)) {
				continue
			}
			if r.commented == nil {
				r.commented = map[comment]bool{}
			}
			r.commented[comment{e.Evidence.File, e.Evidence.Line, id}] = true
			if f.Ignored == nil {
				f.Ignored = &Ignored{By: e.Evidence.File, Reason: fmt.Sprintf("a comment on line %d says so, and no more", e.Evidence.Line)}
			}
		}
	}
}

// commentNotices reports every comment that ignores an advisory: it has no
// reason and no end, or it matches nothing.
func (r *run) commentNotices(withdrawn func(advisory.ID) bool) {
	seen := map[comment]bool{}
	for i := range r.inv.Edges {
		e := &r.inv.Edges[i]
		for _, id := range e.Ignores {
			c := comment{e.Evidence.File, e.Evidence.Line, id}
			if seen[c] {
				continue
			}
			seen[c] = true
			n := Notice{Level: "warning", At: e.Evidence, Hint: "remove the comment"}
			switch {
			case r.commented[c]:
				n.Text = fmt.Sprintf("a comment ignores %s without a reason and a last day", id)
				n.Hint = "move it to nacre.yaml, which asks for both"
			case withdrawn(advisory.ID(id)):
				n.Text = fmt.Sprintf("the comment that ignores %s is not needed: the advisory was withdrawn", id)
			default:
				n.Text = fmt.Sprintf("the comment that ignores %s matches nothing", id)
			}
			r.notice(n)
		}
	}
}

// covers says whether an ignore is about a finding, expired or not.
func (r *run) covers(g *Ignore, f *found) bool {
	if !f.hit.record.Has(g.ID) || g.Dist != "" && g.Dist != f.Component.Dist {
		return false
	}
	if len(g.Versions) > 0 {
		v, err := perlver.Parse(f.Component.Version)
		if err != nil {
			return false
		}
		if in, _ := perlver.ParseCPANSA(g.Versions).Contains(v); in != perlver.True {
			return false
		}
	}
	return len(g.Path) == 0 || r.graph.chain(f.component, g.Path)
}

// ignoreNotices reports ignores that are expired or idle.
func (r *run) ignoreNotices() {
	withdrawn := func(id advisory.ID) bool {
		for _, res := range r.results {
			if res != nil && slices.ContainsFunc(res.withdrawn, id.Equal) {
				return true
			}
		}
		return false
	}
	for i := range r.opt.Ignores {
		g, use := &r.opt.Ignores[i], r.used[i]
		n := Notice{Level: "warning"}
		n.At.File, n.At.Line, n.At.How = byFile, g.Line, byFile
		switch {
		case use.expired:
			n.Text = fmt.Sprintf("the ignore of %s expired on %s: %s", g.ID, g.Expires, counted(use.matched, "finding is back", "findings are back"))
			n.Hint = "look at it again, then mend it or set a new day: " + g.Reason
		case use.matched > 0:
			continue
		case withdrawn(g.ID):
			n.Text = fmt.Sprintf("the ignore of %s is not needed: the advisory was withdrawn", g.ID)
			n.Hint = "remove the entry"
		default:
			n.Text = fmt.Sprintf("the ignore of %s matches nothing", g.ID)
			n.Hint = "remove the entry, or correct its id, distribution, versions or path"
		}
		r.notice(n)
	}
	r.commentNotices(withdrawn)
	for i, id := range r.opt.Options.Exclude {
		if !r.excluded[i] {
			r.notice(Notice{Level: "warning", Text: fmt.Sprintf("--exclude %s matches nothing", id)})
		}
	}
}

// counted writes a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
