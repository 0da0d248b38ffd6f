package vex

import (
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"path"
	"strings"

	"nacre/advisory"
	"nacre/index"
	"nacre/report/csaf"
)

// csafFiles are the document of an advisory and its digests.
func csafFiles(m *index.Model, a *index.Advisory) ([]index.File, error) {
	return csafWith(a, document(m, a))
}

// csafWith are a document and its digests at the place of an advisory.
func csafWith(a *index.Advisory, doc *csaf.Document) ([]index.File, error) {
	b, err := line(doc)
	if err != nil {
		return nil, err
	}
	at := CSAFPath(a)
	sum := func(digest []byte) []byte { return fmt.Appendf(nil, "%x  %s\n", digest, path.Base(at)) }
	s256, s512 := sha256.Sum256(b), sha512.Sum512(b)
	return []index.File{
		{Path: at, Data: b},
		{Path: at + ".sha256", Data: sum(s256[:])},
		{Path: at + ".sha512", Data: sum(s512[:])},
	}, nil
}

// publisher is who answers for the documents.
func publisher(s index.Site) csaf.Publisher {
	return csaf.Publisher{Category: s.Category, Contact: s.Contact, Name: s.Publisher, Namespace: s.Namespace}
}

func document(m *index.Model, a *index.Advisory) *csaf.Document {
	doc := &csaf.Document{Meta: csaf.Meta{
		Category: csaf.Base, Version: "2.0", Distribution: csaf.White(), Lang: "en",
		Publisher: publisher(m.Site), Title: title(a), Tracking: tracking(a),
		References: []csaf.Reference{
			{Category: "self", Summary: "this document", URL: m.Site.URL + CSAFPath(a)},
			{Category: "external", Summary: "the page about the advisory", URL: home(m, a)},
		},
	}}
	meta := &doc.Meta
	if a.Severity != advisory.SeverityUnknown {
		meta.Severity = &csaf.Severity{Text: a.Severity.String()}
	}
	if a.IsWithdrawn() {
		meta.Notes = append(meta.Notes, csaf.Note{Category: "general", Title: "Withdrawn", Text: withdrawn(a)})
	}
	if a.Disputed {
		meta.Notes = append(meta.Notes, csaf.Note{Category: "general", Title: "Disputed", Text: "Whether this is a vulnerability is disputed."})
	}
	if s := sources(a); s != "" {
		meta.Notes = append(meta.Notes, csaf.Note{Category: "legal_disclaimer", Title: "Sources", Text: s})
	}
	if v, tree := vulnerability(a); !a.IsWithdrawn() && tree != nil {
		meta.Category, doc.Products, doc.Vulnerabilities = csaf.Advisory, tree, []csaf.Vulnerability{v}
	} else {
		meta.Notes = append(meta.Notes, texts(a)...)
	}
	return doc
}

// sources says what the record was made of, with the lines that licences ask for.
func sources(a *index.Advisory) string {
	var all []string
	seen := map[string]bool{}
	for _, s := range a.Sources {
		text := s.Name + " (" + s.ID + ")"
		if s.ID == "" {
			text = s.Name
		}
		for _, more := range []string{s.Licence, s.Attribution} {
			if more != "" {
				text += ", " + more
			}
		}
		if text = strings.TrimRight(text, "."); !seen[text] {
			seen[text] = true
			all = append(all, text)
		}
	}
	if all == nil {
		return ""
	}
	return "Made of " + strings.Join(all, "; ") + "."
}

// texts are the notes about the flaw itself.
func texts(a *index.Advisory) []csaf.Note {
	notes := []csaf.Note{{Category: "summary", Text: title(a)}}
	if a.Description != "" {
		notes = append(notes, csaf.Note{Category: "description", Text: a.Description})
	}
	if len(a.CWEs) > 0 {
		notes = append(notes, csaf.Note{Category: "other", Title: "Weaknesses", Text: strings.Join(a.CWEs, ", ")})
	}
	for _, c := range a.CVSS {
		if c.Version == "4.0" {
			notes = append(notes, csaf.Note{Category: "other", Title: "CVSS 4.0", Text: fmt.Sprintf("%.1f, %s", c.Base, c.Vector)})
		}
	}
	return notes
}

// vulnerability is the flaw, and the products that it speaks about; without a
// product the tree is nil.
func vulnerability(a *index.Advisory) (csaf.Vulnerability, *csaf.ProductTree) {
	v := csaf.Vulnerability{Title: a.Title, Notes: texts(a)}
	if day := a.Published; !day.IsZero() {
		v.ReleaseDate = stamp(day.Time())
	}
	name(&v, a)
	told := map[string]bool{"": true}
	for _, r := range a.References {
		if u := uri(r.URL); !told[u] {
			told[u] = true
			v.References = append(v.References, csaf.Reference{Category: "external", Summary: strings.ToLower(r.Kind), URL: u})
		}
	}
	p := &products{status: &v.Status, seen: map[string]bool{}}
	for _, of := range a.Dists {
		v.Notes = append(v.Notes, csaf.Note{Category: "details", Title: string(of.Dist.Name), Text: ranges(of)})
		p.add(&v, of)
	}
	var scores []csaf.CVSS
	for _, c := range a.CVSS {
		scores = append(scores, csaf.CVSS{Version: c.Version, Vector: c.Vector, Base: c.Base})
	}
	if rated := append(append([]string(nil), v.Status.Affected...), v.Status.UnderInvestigation...); rated != nil {
		v.Scores = csaf.Scored(scores, rated)
	}
	return v, p.tree()
}

// name gives a flaw its ids. The field for a CVE id holds one; others are told in a
// note.
func name(v *csaf.Vulnerability, a *index.Advisory) {
	for _, id := range append([]advisory.ID{a.ID}, a.Aliases...) {
		switch {
		case !id.IsCVE():
			v.IDs = append(v.IDs, csaf.ID{System: assigner(id), Text: string(id)})
		case v.CVE == "":
			v.CVE = string(id)
		}
	}
	if also := furtherCVEs(a); len(also) > 0 {
		v.Notes = append(v.Notes, csaf.Note{Category: "other", Title: "Further CVE ids", Text: strings.Join(also, ", ")})
	}
}
