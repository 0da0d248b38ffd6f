package vex

import (
	"strings"

	"nacre/advisory"
	"nacre/index"
	"nacre/report/csaf"
)

// products gathers the products of a document, and what is said of each.
type products struct {
	branches []csaf.Branch  // one for each distribution
	others   []csaf.Product // those whose names cannot be that of a branch
	status   *csaf.Status
	seen     map[string]bool
}

// add adds what is said of a distribution.
func (p *products) add(v *csaf.Vulnerability, of *index.Affected) {
	d := of.Dist
	branch := csaf.Branch{Category: "product_name", Name: string(d.Name)}
	said := false
	var affected []string
	for i, r := range d.Releases {
		list := &p.status.UnderInvestigation
		switch s := of.Status[i]; {
		case s == advisory.StatusAffected:
			list = &p.status.Affected
		case s.IsClean() && r.Version == of.Fixed:
			list = &p.status.Fixed
		case s.IsClean():
			continue
		}
		id := string(d.Name) + "@" + r.Version
		if p.seen[id] || r.Version == "" {
			continue
		}
		p.seen[id], said = true, true
		*list = append(*list, id)
		if list == &p.status.Affected {
			affected = append(affected, id)
		}
		product := csaf.Product{ID: id, Name: string(d.Name) + " " + r.Version, Helper: helper(d, r.Version)}
		if csaf.IsVersionName(r.Version) {
			branch.Branches = append(branch.Branches, csaf.Branch{Category: "product_version", Name: r.Version, Product: &product})
		} else {
			p.others = append(p.others, product)
		}
		if s := of.Status[i]; s == advisory.StatusContradictory {
			v.Notes = append(v.Notes, csaf.Note{Category: "details", Title: product.Name, Text: "Contradictory: " + of.Verdict(i).Reason})
		}
	}
	if !said {
		affected = p.unlisted(of)
	} else if branch.Branches != nil {
		p.branches = append(p.branches, branch)
	}
	if affected != nil {
		r := csaf.Remediation{Category: "none_available", Products: affected}
		text, fixed := remedy(of)
		if r.Details = text; fixed {
			r.Category = "vendor_fix"
		}
		v.Remediations = append(v.Remediations, r)
	}
}

// unlisted adds the stated ranges where no known release is concerned; where they
// cannot be said, the distribution as a whole. It gives what is affected.
func (p *products) unlisted(of *index.Affected) (affected []string) {
	d := of.Dist
	branch := csaf.Branch{Category: "product_name", Name: string(d.Name)}
	for _, r := range vers(of) {
		id := string(d.Name) + "@" + r
		product := csaf.Product{ID: id, Name: string(d.Name) + " " + r, Helper: helper(d, "")}
		branch.Branches = append(branch.Branches, csaf.Branch{Category: "product_version_range", Name: "vers:cpan/" + r, Product: &product})
		affected = append(affected, id)
	}
	if affected == nil {
		branch.Product = &csaf.Product{ID: string(d.Name), Name: string(d.Name), Helper: helper(d, "")}
		p.status.UnderInvestigation = append(p.status.UnderInvestigation, branch.Product.ID)
	}
	p.branches = append(p.branches, branch)
	p.status.Affected = append(p.status.Affected, affected...)
	return affected
}

// tree is nil where there is no product.
func (p *products) tree() *csaf.ProductTree {
	if p.branches == nil && p.others == nil {
		return nil
	}
	tree := &csaf.ProductTree{Products: p.others}
	if p.branches != nil {
		tree.Branches = []csaf.Branch{{Category: "product_family", Name: "CPAN", Branches: p.branches}}
	}
	return tree
}

func helper(d *index.Dist, version string) *csaf.Helper {
	if u := purlOf(d, version); u != "" {
		return &csaf.Helper{PURL: u}
	}
	return nil
}

// vers gives the versions that are affected as vers has them, without the scheme:
// "<1.3", ">=2|<2.5". It gives nil where of others nobody can tell, or where they
// are said to be both: that is left to people.
func vers(of *index.Affected) (all []string) {
	open, err := of.Judge.Runs(func(s advisory.Status) bool { return s != advisory.StatusAffected && !s.IsClean() })
	if err != nil || len(open) > 0 {
		return nil
	}
	runs, err := of.Judge.Runs(advisory.Status.IsAffected)
	if err != nil {
		return nil
	}
	for _, r := range runs {
		text := strings.ReplaceAll(r.String(), ",", "|")
		if low, high, both := strings.Cut(text, "|"); both && low[1:] == high[1:] { // ">=1.05|<=1.05"
			text = low[len(">="):]
		}
		all = append(all, text)
	}
	return all
}
