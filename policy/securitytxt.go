package policy

import (
	"strings"
	"time"
)

// securityTxt compares security.txt (RFC 9116) with the policy.
func (t *tree) securityTxt(doc *Document) {
	for _, file := range []string{"security.txt", ".well-known/security.txt"} {
		text, err := t.read(file)
		if err != nil {
			continue // most have none
		}
		t.compare(file, string(text), doc)
	}
}

func (t *tree) compare(file, text string, doc *Document) {
	var contacts []string
	expires, line := "", 0
	n := 0
	for l := range strings.Lines(text) {
		n++
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "contact":
			contacts = append(contacts, strings.ToLower(strings.TrimPrefix(value, "mailto:")))
		case "expires":
			expires, line = value, n
		}
	}
	day, err := time.Parse(time.RFC3339, expires)
	switch {
	case expires == "":
		t.add("S16", file, 0, "it has no field Expires, which RFC 9116 demands", "add one, at most a year ahead, as in Expires: 2027-06-30T00:00:00Z")
	case err != nil:
		t.add("S16", file, line, "its field Expires is no date of RFC 3339", "write it as in Expires: 2027-06-30T00:00:00Z")
	case !t.known.Now.IsZero() && day.Before(t.known.Now):
		t.add("S16", file, line, "it has expired on "+day.Format(time.DateOnly), "see whether it still holds, and renew the date")
	}
	if len(contacts) == 0 {
		t.add("S16", file, 0, "it has no field Contact, which RFC 9116 demands", "name the contact of the policy, as in Contact: mailto:security@acme-demo.example")
		return
	}
	known := doc.contacts()
	if len(known) == 0 {
		return // S03 has been said
	}
	for _, c := range contacts {
		for _, k := range known {
			if strings.EqualFold(strings.TrimRight(k.value, "/"), strings.TrimRight(c, "/")) {
				return
			}
		}
	}
	t.add("S16", file, 0, "its contact is none of the policy's", "name the same contact in both")
}
