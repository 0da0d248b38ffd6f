package cyclonedx

import (
	"encoding/base64"

	"nacre/bom"
	"nacre/jsondoc"
)

// getComponent takes a component without its parts and pedigree.
func getComponent(n *jsondoc.Node) *bom.Component {
	l := lift(getProperties(n.Get("properties")), true)
	c := &bom.Component{
		Ref: n.Get("bom-ref").Str(), Type: n.Get("type").Str(), Group: n.Get("group").Str(),
		Name: n.Get("name").Str(), Version: n.Get("version").Str(), Range: l.ranges, External: l.external,
		Scope: bom.Scope(n.Get("scope").Str()), PURL: n.Get("purl").Str(), CPE: n.Get("cpe").Str(),
		IDs: getIDs(n), Description: n.Get("description").Str(), Authors: getAuthors(n),
		Supplier: getEntity(n.Get("supplier")), Manufacturer: getEntity(n.Get("manufacturer")),
		Publisher: n.Get("publisher").Str(), Licenses: getLicenses(n.Get("licenses")),
		Copyright: n.Get("copyright").Str(), Hashes: getHashes(n.Get("hashes")), File: l.file, Released: l.released,
		References: getReferences(n.Get("externalReferences")), Properties: l.properties,
		Evidence: getEvidence(n.Get("evidence")), Origins: l.origins, Unknown: l.unknown, Redacted: l.redacted, Raw: n,
	}
	if r := n.Get("versionRange").Str(); r != "" {
		c.Range = r
	}
	if n.Get("isExternal").Is(jsondoc.KindBool) {
		c.External = n.Get("isExternal").Text == "true"
	}
	return c
}

// getIDs takes the identifiers that are neither package URL nor CPE.
func getIDs(n *jsondoc.Node) []bom.ID {
	var ids []bom.ID
	if id := n.At("swid", "tagId").Str(); id != "" {
		ids = append(ids, bom.ID{Type: "swid", Value: id})
	}
	for _, kind := range [...]string{"swhid", "omniborId"} {
		for _, s := range getStrings(n.Get(kind)) {
			ids = append(ids, bom.ID{Type: kind, Value: s})
		}
	}
	return ids
}

// getAuthors takes the list of 1.6 and later, and else the one text of before.
func getAuthors(n *jsondoc.Node) []bom.Party {
	if list := getContacts(n.Get("authors")); list != nil {
		return list
	}
	if a := n.Get("author"); a.Str() != "" {
		return []bom.Party{{Person: true, Name: a.Text, Raw: a}}
	}
	return nil
}

func getContacts(n *jsondoc.Node) []bom.Party { return getAll(n, getContact) }

func getContact(n *jsondoc.Node) bom.Party {
	return bom.Party{Person: true, Name: n.Get("name").Str(), Email: n.Get("email").Str(), Raw: n}
}

// getEntity takes an organization, or a person: that is one whose only contact
// has its own name.
func getEntity(n *jsondoc.Node) *bom.Party {
	if !n.Is(jsondoc.KindObject) {
		return nil
	}
	p := &bom.Party{Name: n.Get("name").Str(), URLs: getStrings(n.Get("url")), Contacts: getContacts(n.Get("contact")), Raw: n}
	if len(p.Contacts) == 1 && p.Name != "" && p.Contacts[0].Name == p.Name {
		p.Person, p.Email, p.Contacts = true, p.Contacts[0].Email, nil
	}
	return p
}

func getLicenses(n *jsondoc.Node) []bom.License { return getAll(n, getLicense) }

func getLicense(n *jsondoc.Node) bom.License {
	if l := n.Get("license"); l != nil {
		return bom.License{
			ID: l.Get("id").Str(), Name: l.Get("name").Str(), Text: getText(l.Get("text")), URL: l.Get("url").Str(),
			Claim: bom.LicenseClaim(l.Get("acknowledgement").Str()), Raw: n,
		}
	}
	return bom.License{Expression: n.Get("expression").Str(), Claim: bom.LicenseClaim(n.Get("acknowledgement").Str()), Raw: n}
}

// getText takes the text of an attachment, out of its encoding.
func getText(n *jsondoc.Node) string {
	s := n.Get("content").Str()
	if n.Get("encoding").Str() == "base64" {
		if b, err := base64.StdEncoding.DecodeString(s); err == nil {
			return string(b)
		}
	}
	return s
}

func getEvidence(n *jsondoc.Node) bom.Evidence {
	if !n.Is(jsondoc.KindObject) {
		return bom.Evidence{}
	}
	identity := n.Get("identity")
	if identity.Is(jsondoc.KindObject) { // as 1.5 has it
		identity = jsondoc.Array(identity)
	}
	return bom.Evidence{
		Identity:    getAll(identity, getIdentity),
		Occurrences: getAll(n.Get("occurrences"), getOccurrence),
		Licenses:    getLicenses(n.Get("licenses")),
		Copyrights:  getAll(n.Get("copyright"), getCopyright),
		Raw:         n,
	}
}

func getOccurrence(n *jsondoc.Node) bom.Occurrence {
	return bom.Occurrence{Location: n.Get("location").Str(), Line: getInt(n.Get("line")), Raw: n}
}

func getCopyright(n *jsondoc.Node) string { return n.Get("text").Str() }

func getIdentity(n *jsondoc.Node) bom.Identity {
	return bom.Identity{
		Field: n.Get("field").Str(), Confidence: getFloat(n.Get("confidence")),
		Value: n.Get("concludedValue").Str(), Methods: getAll(n.Get("methods"), getMethod), Raw: n,
	}
}

func getMethod(n *jsondoc.Node) bom.Method {
	return bom.Method{
		Technique: n.Get("technique").Str(), Confidence: getFloat(n.Get("confidence")), Value: n.Get("value").Str(),
	}
}

// getPedigree takes a pedigree without its ancestors.
func getPedigree(n *jsondoc.Node) *bom.Pedigree {
	return &bom.Pedigree{
		Patches: getAll(n.Get("patches"), getPatch), Commits: getAll(n.Get("commits"), getCommit),
		Notes: n.Get("notes").Str(), Raw: n,
	}
}

func getPatch(n *jsondoc.Node) bom.Patch {
	return bom.Patch{
		Type: n.Get("type").Str(), URL: n.At("diff", "url").Str(), Text: getText(n.At("diff", "text")),
		Resolves: getAll(n.Get("resolves"), getIssue), Raw: n,
	}
}

func getIssue(n *jsondoc.Node) bom.Issue {
	return bom.Issue{
		Type: n.Get("type").Str(), ID: n.Get("id").Str(), Source: n.At("source", "name").Str(), URL: n.At("source", "url").Str(),
	}
}

func getCommit(n *jsondoc.Node) bom.Commit {
	return bom.Commit{UID: n.Get("uid").Str(), URL: n.Get("url").Str()}
}
