package output

import (
	"io"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/fault"
	"nacre/inventory"
	"nacre/report/openvex"
	"nacre/scan"
	"nacre/terminal"
)

func printOpenVEX(w io.Writer, s *stream, _ Options) error {
	when := utc(s.config.Time)
	if when == "" {
		return fault.New(fault.Invalid, "print openvex: the scan's time %q is not one of RFC 3339", s.config.Time)
	}
	product := openvex.Component{ID: "pkg:generic/" + encode(project(&s.config), "")}
	product.Identifiers = map[string]string{"purl": product.ID}

	// The same release may be there twice, in two folders or out of a package,
	// and package URLs do not tell them apart: of two statements, which would
	// contradict each other, the worse one counts.
	var statements []openvex.Statement
	var worst []analysis
	at := map[string]int{}
	for i := range s.findings {
		f := &s.findings[i]
		part, is := openVEXPart(s.config.Bill, &f.Component), analyse(f)
		key := part.ID + "\x00" + strings.ToValidUTF8(f.Advisory.ID.Key(), "\ufffd")
		index, seen := at[key]
		if seen && worst[index] <= is {
			continue
		}
		st := openVEXStatement(f, s.fixOf(f))
		st.Products = []openvex.Product{{Component: product, Subcomponents: []openvex.Component{part}}}
		if seen {
			statements[index], worst[index] = st, is
			continue
		}
		at[key] = len(statements)
		statements, worst = append(statements, st), append(worst, is)
	}
	_, version := tool(&s.config)
	doc, err := openvex.New("nacre", "automated scan", "nacre "+version, when, statements)
	if err != nil {
		return err
	}
	return doc.Write(terminal.Inert(w))
}

// openVEXPart is the component of a finding: by its place in the bill that was
// scanned, if it was one, and else by its package URL.
func openVEXPart(b *inventory.Bill, c *scan.Component) openvex.Component {
	part := openvex.Component{ID: "urn:nacre:component:" + encode(c.Ref, "")}
	if purl := purlOf(c); purl != "" {
		part = openvex.Component{ID: purl, Identifiers: map[string]string{"purl": purl}}
	}
	switch links := bomLinks(b, c); {
	case links != nil:
		part.ID = links[0]
	case b != nil && strings.HasPrefix(b.Format, "SPDX") && len(c.InBill) > 0:
		if id := inSPDX(b, c.InBill[0]); id != "" {
			part.ID = id
		}
	}
	return part
}

// inSPDX is the address of an element of an SPDX document: its id in version 3, and
// before that what stands behind the namespace of the document.
func inSPDX(b *inventory.Bill, id string) string {
	if strings.HasPrefix(b.Format, "SPDX 3") {
		before, after, _ := strings.Cut(id, "#")
		if serial.MatchString(before) {
			return before + "#" + encode(after, "")
		}
		return link(id)
	}
	if space := namespace(b); space != "" {
		return space + "#" + encode(id, "")
	}
	return ""
}

// namespace is what names of an SPDX document begin with, "" where that is fit for
// no document.
func namespace(b *inventory.Bill) string {
	if serial.MatchString(b.Serial) {
		return b.Serial
	}
	return link(b.Serial)
}

// analysis is what VEX formats say of a finding, before their own words.
type analysis uint8

const (
	isAffected    analysis = iota
	isTriaged              // unknown, contradictory, or known only by requirement
	isNotAffected          // ignored with a justification
)

// analyse classes a finding. An ignore says that it need not be reported; only
// one with a justification says that the product is not affected.
func analyse(f *scan.Finding) analysis {
	switch {
	case f.Ignored != nil && openvex.Justification(f.Ignored.Justification).Valid():
		return isNotAffected
	case f.Verdict != advisory.StatusAffected, f.Admits:
		return isTriaged
	}
	return isAffected
}

// openVEXStatement says what is known of a finding.
func openVEXStatement(f *scan.Finding, fix *remedyPlan) openvex.Statement {
	a := &f.Advisory
	st := openvex.Statement{
		Vulnerability: openvex.Vulnerability{ID: home(a), Name: string(a.ID), Description: a.Title},
		StatusNotes:   reason(f) + hearsay(f) + loading(f),
	}
	for _, alias := range a.Aliases {
		st.Vulnerability.Aliases = append(st.Vulnerability.Aliases, string(alias))
	}
	st.Vulnerability.Aliases = slices.Compact(st.Vulnerability.Aliases)
	switch analyse(f) {
	case isNotAffected:
		st.Status = openvex.NotAffected
		st.Justification = openvex.Justification(f.Ignored.Justification)
		st.ImpactStatement = f.Ignored.Reason
	case isTriaged:
		st.Status = openvex.UnderInvestigation
	default:
		st.Status = openvex.Affected
		st.ActionStatement = action(f, fix)
	}
	if f.Ignored != nil {
		st.StatusNotes += " The finding is " + silenced(f.Ignored) + "."
	}
	return st
}
