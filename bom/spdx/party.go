package spdx

import (
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

const noAssertion, none = "NOASSERTION", "NONE"

// stated is a text that states something, "" for NOASSERTION.
func stated(s string) string {
	if s == noAssertion {
		return ""
	}
	return s
}

// readParty reads "Person: NAME (mail)" or "Organization: NAME (mail)", of a
// key whose node is raw. It gives nil where nobody is named.
func readParty(raw *jsondoc.Node) *bom.Party {
	kind, name, ok := strings.Cut(stated(strings.TrimSpace(raw.Str())), ":")
	if !ok || kind != "Person" && kind != "Organization" {
		kind, name = "", stated(raw.Str()) // a name without the word that SPDX asks for
	}
	p := &bom.Party{Person: kind == "Person", Name: strings.TrimSpace(name), Raw: raw}
	if i := strings.LastIndexByte(p.Name, '('); i >= 0 && strings.HasSuffix(p.Name, ")") {
		if mail := p.Name[i+1 : len(p.Name)-1]; mail == "" || strings.Contains(mail, "@") {
			p.Name, p.Email = strings.TrimSpace(p.Name[:i]), strings.TrimSpace(mail)
		}
	}
	if p.Name == "" && p.Email == "" {
		return nil
	}
	return p
}

// writeParty is the form that readParty reads.
func writeParty(p *bom.Party) string {
	kind := "Organization: "
	if p.Person {
		kind = "Person: "
	}
	name, mail := flat(p.Name), flat(p.Email)
	if name == "" {
		name = mail
	}
	if mail == "" {
		return kind + name
	}
	return kind + name + " (" + mail + ")"
}

// flat is a text on one line.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// readTool reads what stands behind "Tool:", a name and behind its last hyphen
// the version.
func readTool(s string) bom.Tool {
	s = strings.TrimSpace(s)
	for i := len(s) - 1; i > 0; i-- {
		if rest := strings.TrimPrefix(s[i+1:], "v"); s[i] == '-' && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return bom.Tool{Name: s[:i], Version: s[i+1:]}
		}
	}
	return bom.Tool{Name: s}
}

func writeTool(t bom.Tool) string {
	s := "Tool: " + flat(t.Name)
	if t.Version != "" {
		s += "-" + flat(t.Version)
	}
	return s
}
