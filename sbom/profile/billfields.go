package profile

import (
	"nacre/bom"
)

type billField = field[*bom.Bill]

// billFields are what can be asked of a bill as a whole.
var billFields = map[string]billField{
	"author": {never, func(_ *view, b *bom.Bill, _ string) answer {
		if a := parties(b.Authors, party); a.has == given {
			return a
		}
		return party(b.Manufacturer)
	}},
	// Who made the bill, with a mail address or a URL, where the format has it.
	"creator-contact": {never, creatorContact},
	"created":         {never, createdOf},
	"tool": {never, func(_ *view, b *bom.Bill, _ string) answer {
		return yes(len(b.Tools) > 0 && b.Tools[0].Name != "")
	}},
	"tool-version": {never, func(_ *view, b *bom.Bill, _ string) answer {
		return yes(len(b.Tools) > 0 && b.Tools[0].Version != "")
	}},
	"type":     {never, func(_ *view, b *bom.Bill, _ string) answer { return text(string(b.Type)) }},
	"format":   {never, func(_ *view, b *bom.Bill, _ string) answer { return yes(b.Format.Name != "" && b.Format.Version != "") }},
	"serial":   {never, func(_ *view, b *bom.Bill, _ string) answer { return text(b.Serial) }},
	"root":     {never, func(_ *view, b *bom.Bill, _ string) answer { return yes(b.Root != nil) }},
	"supplier": {never, func(_ *view, b *bom.Bill, _ string) answer { return party(b.Supplier) }},
	"sharing":  {never, func(_ *view, b *bom.Bill, _ string) answer { return text(b.Sharing) }},
	"license":  {never, func(_ *view, b *bom.Bill, _ string) answer { return yes(len(b.Licenses) > 0) }},
	"reference": {always, func(_ *view, b *bom.Bill, kind string) answer {
		return yes(reference(b.References, kind) != nil || b.Root != nil && reference(b.Root.References, kind) != nil)
	}},
	"property": {always, func(_ *view, b *bom.Bill, name string) answer {
		for _, p := range b.Properties {
			if p.Name == name {
				return text(p.Value)
			}
		}
		if b.Root != nil {
			return text(b.Root.Property(name))
		}
		return answer{}
	}},
	"vulnerabilities": {never, func(_ *view, b *bom.Bill, _ string) answer { return yes(b.Vulnerabilities > 0) }},
	"signature":       {never, func(_ *view, b *bom.Bill, _ string) answer { return yes(b.Signed) }},
	"edges":           {never, func(_ *view, b *bom.Bill, _ string) answer { return yes(len(b.Edges) > 0) }},
	// It is stated for the root how complete what it needs is.
	"completeness": {never, func(v *view, b *bom.Bill, _ string) answer {
		if b.Root == nil {
			return answer{}
		}
		return completenessOf(v, b.Root, "")
	}},
}

// creatorContact looks for the contact where TR-03183-2 has it: CycloneDX's
// metadata.manufacturer, SPDX's creators.
func creatorContact(_ *view, b *bom.Bill, _ string) answer {
	maker, authors := contact(b.Manufacturer), parties(b.Authors, contact)
	switch {
	case maker.has == given || b.Format.Name == "SPDX":
		return max2(maker, authors)
	case authors.has == given:
		return answer{lacks, "metadata.authors has a contact; it is looked for in metadata.manufacturer"}
	}
	return max2(maker, authors)
}

func max2(a, b answer) answer {
	if b.has > a.has || b.has == a.has && a.note == "" {
		return b
	}
	return a
}

func createdOf(_ *view, b *bom.Bill, _ string) answer {
	if b.Created == "" {
		return answer{}
	}
	if err := checkTime(b.Created); err != nil {
		return answer{wrong, err.Error()}
	}
	return answer{has: given}
}
