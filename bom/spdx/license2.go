package spdx

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
	"nacre/license"
)

// extracted are the texts of licences that stand in nobody's list, by their
// reference. A reference beyond the first of its name is passed over.
func extracted(doc *jsondoc.Node) map[string]*jsondoc.Node {
	out := map[string]*jsondoc.Node{}
	for _, n := range doc.Get("hasExtractedLicensingInfos").List() {
		if id := n.Get("licenseId").Str(); id != "" && out[id] == nil {
			out[id] = n
		}
	}
	return out
}

// readLicense reads one of a package's two expressions. NOASSERTION is nothing;
// NONE is an expression of its own.
func readLicense(raw *jsondoc.Node, claim bom.LicenseClaim, texts map[string]*jsondoc.Node) []bom.License {
	s := stated(strings.TrimSpace(raw.Str()))
	if s == "" {
		return nil
	}
	l := bom.License{Claim: claim, Raw: raw}
	if _, listed := license.Lookup(s); listed {
		l.ID = s
		return []bom.License{l}
	}
	if _, err := license.Parse(s); err != nil {
		l.Name = s
		return []bom.License{l}
	}
	l.Expression = s
	if info := texts[s]; info != nil {
		l.Text = info.Get("extractedText").Str()
		if also := info.Get("seeAlsos").List(); len(also) > 0 {
			l.URL = also[0].Str()
		}
	}
	return []bom.License{l}
}

// licenser makes expressions of licences, and gathers the texts of those that
// stand in nobody's list.
type licenser struct {
	texts     map[string]*jsondoc.Node // by reference
	extracted []*jsondoc.Node          // that are new
}

// writeLicense joins nothing: of several licences SPDX cannot say how they go
// together if their author did not. The comment says what stands there then.
func (w *licenser) writeLicense(all []bom.License, concluded bool) (expression, comment string) {
	var list []bom.License
	for _, l := range all {
		if (l.Claim == bom.Concluded) == concluded {
			list = append(list, l)
		}
	}
	switch len(list) {
	case 0:
		return noAssertion, ""
	case 1:
		if e := w.expression(list[0]); e != "" {
			return e, ""
		}
		return noAssertion, "No expression of SPDX: " + flat(list[0].String())
	}
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = flat(l.String())
	}
	return noAssertion, "Stated are " + strings.Join(names, "; ") + "; and not whether all of them hold or one may be chosen."
}

// expression is what SPDX calls a licence, "" where it cannot.
func (w *licenser) expression(l bom.License) string {
	s := l.Expression
	if l.ID != "" {
		s = l.ID
		if _, listed := license.Lookup(s); !listed {
			return w.reference(license.Ref(s).String(), s, l)
		}
	} else if l.Name != "" {
		return w.reference(license.Ref(l.Name).String(), l.Name, l)
	}
	e, err := license.Parse(s)
	if err != nil {
		return ""
	}
	refs := e.Refs()
	for _, ref := range refs {
		text := l
		if len(refs) > 1 || e.String() != ref {
			text.Text, text.URL = "", ""
		}
		if w.reference(ref, "", text) != ref {
			return "" // one reference for two texts
		}
	}
	return s
}

// reference makes sure that the document says what a LicenseRef is, and gives
// its id: another where that one is of another text.
func (w *licenser) reference(id, name string, l bom.License) string {
	if strings.HasPrefix(id, "DocumentRef-") || strings.HasPrefix(id, "AdditionRef-") {
		return id
	}
	text := l.Text
	if text == "" {
		text = "The text is not known."
	}
	if have, ok := w.texts[id]; ok {
		same := have.Get("extractedText").Str() == text && have.Get("name").Str() == name
		if same || name == "" && l.Text == "" {
			return id
		}
		sum := sha256.Sum256([]byte(name + "\x00" + text))
		if other := id + "-" + hex.EncodeToString(sum[:4]); w.texts[other] == nil {
			id = other
		} else {
			return other
		}
	}
	info := jsondoc.Object()
	info.SetString("licenseId", id)
	info.SetString("extractedText", text)
	info.SetString("name", name)
	if l.URL != "" {
		info.Set("seeAlsos", jsondoc.Strings(l.URL))
	}
	w.texts[id] = info
	w.extracted = append(w.extracted, info)
	return id
}
