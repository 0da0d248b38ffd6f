package release

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

const (
	maxPolicy   = 256 << 10
	maxContacts = 20
)

// security finds whom to tell of a vulnerability, as far as the release says
// it: an author's address is not that.
func (r *reader) security() error {
	s := &r.facts.Security
	for _, name := range r.files {
		dir, base := path.Split(name)
		switch {
		case (dir == "" || dir == ".github/" || dir == "docs/") && isCalled(base, "SECURITY") && base != "security.txt":
			if s.Policy == "" || !strings.Contains(name, "/") && strings.Contains(s.Policy, "/") {
				s.Policy = name
			}
		case strings.EqualFold(base, "security.txt") && (dir == "" || dir == ".well-known/"):
			s.Text = name
		}
	}
	if s.Policy != "" {
		b, err := r.read(s.Policy, maxPolicy)
		if err != nil {
			return err
		}
		if at, line := firstAddress(b); at != "" {
			r.contact(Text{at, Written, s.Policy, line})
		}
	}
	if s.Text != "" {
		b, err := r.read(s.Text, maxPolicy)
		if err != nil {
			return err
		}
		line := 0
		for row := range bytes.Lines(b) {
			line++
			key, value, ok := strings.Cut(string(row), ":")
			if value = strings.TrimSpace(value); ok && strings.EqualFold(strings.TrimSpace(key), "contact") && len(value) < 500 {
				r.contact(Text{mailto(value), Written, s.Text, line})
			}
		}
	}
	if m := r.facts.Meta; m != nil {
		for _, c := range slices.Concat(m.Custom, m.Resources.Custom) {
			if strings.HasPrefix(strings.ToLower(c.Key), "x_security") {
				r.contact(Text{mailto(addressOf(c.Value)), Meta, r.facts.MetaFile, c.Line})
			}
		}
	}
	return nil
}

func (r *reader) contact(t Text) {
	list := &r.facts.Security.Contacts
	if !strings.Contains(t.Value, ":") || len(*list) == maxContacts {
		return
	}
	if !slices.ContainsFunc(*list, func(o Text) bool { return o.Value == t.Value }) {
		*list = append(*list, t)
	}
}

// mailto puts the scheme before a mail address.
func mailto(s string) string {
	if isMail(s) {
		return "mailto:" + s
	}
	return s
}

// firstAddress finds the address that a policy names first: a mail address, or
// a page for private reports. The group of CPAN that takes urgent reports of
// everything is not a release's own contact.
func firstAddress(text []byte) (address string, line int) {
	for row := range bytes.Lines(text) {
		line++
		for word := range strings.FieldsFuncSeq(string(row), func(r rune) bool { return strings.ContainsRune(" \t\r\n<>()[]\"'`*,;|", r) }) {
			word = strings.TrimRight(strings.TrimPrefix(word, "mailto:"), ".:!?")
			lower := strings.ToLower(word)
			switch {
			case strings.HasSuffix(lower, "@security.metacpan.org"):
			case isMail(word):
				return "mailto:" + word, line
			case strings.HasPrefix(lower, "https://") && (strings.HasSuffix(lower, "/security/advisories/new") || strings.HasSuffix(lower, "/security/advisories")):
				return word, line
			}
		}
	}
	return "", 0
}
