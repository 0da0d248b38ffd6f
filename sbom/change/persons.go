package change

import (
	"cmp"
	"strings"

	"nacre/bom"
)

// persons notes the names of all persons that the bill knows.
func (r *redactor) persons() {
	var party func(p *bom.Party)
	party = func(p *bom.Party) {
		if p == nil {
			return
		}
		if p.Person && !isID(p.Name) {
			r.secrets.add(p.Name)
		}
		for i := range p.Contacts {
			r.secrets.add(p.Contacts[i].Name)
			party(&p.Contacts[i])
		}
	}
	list := func(all []bom.Party) {
		for i := range all {
			if !isID(all[i].Name) && (all[i].Person || all[i].Email != "") {
				r.secrets.add(all[i].Name)
			}
			party(&all[i])
		}
	}
	b := r.bill
	list(b.Authors)
	party(b.Manufacturer)
	party(b.Supplier)
	for c := range everything(b) {
		list(c.Authors)
		party(c.Supplier)
		party(c.Manufacturer)
	}
}

// isID reports whether a name is a PAUSE id, which package URLs have too.
func isID(name string) bool {
	return len(name) >= 2 && len(name) <= 9 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// people gives those that are not taken out: organizations without a mail.
func (r *redactor) people(all []bom.Party) []bom.Party {
	var kept []bom.Party
	for _, p := range all {
		if r.secrets.keeps(p.Name) || p.Email != "" && r.secrets.keeps(p.Email) || p.Email == "" && (!p.Person || isID(p.Name)) {
			kept = append(kept, p)
			continue
		}
		r.secrets.count[cmp.Or(p.Name, p.Email)] = true
	}
	return kept
}

// party takes out a person, and of an organization who can be reached there;
// it reports whether something was taken out.
func (r *redactor) party(p **bom.Party) bool {
	switch {
	case *p == nil || r.secrets.keeps((*p).Name) || isID((*p).Name) && (*p).Email == "" && len((*p).Contacts) == 0:
		return false
	case (*p).Person:
		r.secrets.count[(*p).Name] = true
		*p = nil
		return true
	}
	org := **p
	org.Contacts = nil
	for _, c := range (*p).Contacts {
		if r.secrets.keeps(c.Email) || r.secrets.keeps(c.Name) {
			org.Contacts = append(org.Contacts, c)
		}
	}
	if !r.secrets.keeps(org.Email) {
		org.Email = ""
	}
	if org.Email == (*p).Email && len(org.Contacts) == len((*p).Contacts) {
		return false
	}
	*p = &org
	if org.Name == "" && len(org.URLs) == 0 && org.Email == "" && len(org.Contacts) == 0 {
		*p = nil
	}
	return true
}
