package vex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index"
	"nacre/purl"
	"nacre/terminal"
)

// line writes a document as one line of JSON: with hundreds of products it is half
// as long as an indented one.
func line(doc any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(terminal.Inert(&b))
	enc.SetEscapeHTML(false)
	if err := enc.Encode(doc); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "write a document")
	}
	return b.Bytes(), nil
}

// home is the address of an advisory's page.
func home(m *index.Model, a *index.Advisory) string {
	return m.Site.URL + "advisory/" + url.PathEscape(string(a.ID)) + "/"
}

// title names an advisory, and says where it is withdrawn.
func title(a *index.Advisory) string {
	s := string(a.ID)
	if a.IsWithdrawn() {
		s = "Withdrawn: " + s
	}
	if a.Title != "" {
		s += ": " + a.Title
	}
	return s
}

// remedy says what to do about affected releases, and whether there is anything.
func remedy(of *index.Affected) (text string, fixed bool) {
	switch {
	case of.Fixed != "":
		return fmt.Sprintf("Update %s to %s or later.", of.Dist.Name, of.Fixed), true
	case of.Promised != "":
		return fmt.Sprintf("Update %s to %s, which sources say is fixed; this index knows of no such release.", of.Dist.Name, of.Promised), true
	}
	return fmt.Sprintf("No fixed release of %s is known.", of.Dist.Name), false
}

// ranges says what is stated about a distribution: in the words of the source with
// most authority, and what each entry of the others says.
func ranges(of *index.Affected) string {
	text := "Which versions are affected is not stated."
	if of.Range != "" {
		text = "Stated as affected: " + of.Range + "."
	}
	if of.FixedRange != "" {
		text += " Stated as fixed: " + of.FixedRange + "."
	}
	if of.Fixed != "" {
		text += " First fixed release: " + of.Fixed + "."
	}
	if of.Library != nil {
		text += " The flaw is in a copy of " + of.Library.Name + "."
	}
	for i := range of.Statements {
		if s := &of.Statements[i]; s.Source != of.Statements[0].Source {
			affected, fixed := s.Words()
			if affected == "" {
				affected = "not said"
			}
			text += " " + s.Entry + " states as affected: " + affected + "."
			if fixed != "" {
				text += " As fixed: " + fixed + "."
			}
		}
	}
	return text
}

// isDenied says whether a source says otherwise of a clean release than the one
// with more authority.
func isDenied(of *index.Affected, i int) bool {
	last := len(of.Statements) - 1
	return last > 0 && of.Statements[last].Source != of.Statements[0].Source && of.Verdict(i).Disagreement != ""
}

// furtherCVEs are the CVE ids of an advisory but the first: another flaw each, which
// one record is about, and no other names of this one.
func furtherCVEs(a *index.Advisory) []string {
	var all []string
	for _, id := range append([]advisory.ID{a.ID}, a.Aliases...) {
		if id.IsCVE() {
			all = append(all, string(id))
		}
	}
	return all[min(1, len(all)):]
}

// withdrawn says that an advisory is withdrawn.
func withdrawn(a *index.Advisory) string {
	text := "The advisory is withdrawn"
	if !a.Withdrawn.IsZero() {
		text += " since " + a.Withdrawn.String()
	}
	if a.WithdrawnReason != "" {
		text += ": " + a.WithdrawnReason
	}
	return strings.TrimRight(text, ".") + "."
}

// purlOf is the package URL of a release, or of a distribution where no version is
// given; "" where a package URL cannot say it, as of what is not on CPAN.
func purlOf(d *index.Dist, version string) string {
	if d.Darkpan {
		return ""
	}
	p, err := purl.New("cpan", "", string(d.Name), version, nil, "")
	if err != nil {
		return ""
	}
	return p.String()
}

// uri makes a link of a source fit for a document: an address of the web with
// everything escaped that a URI may not have. It is "" where there is none.
func uri(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ftp" || u.Host == "" || u.User != nil {
		return ""
	}
	var b strings.Builder
	for _, c := range []byte(u.String()) {
		if c > ' ' && c < 0x7f && !strings.ContainsRune(`"<>\^{|}`+"`", rune(c)) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// assigner is whose name an id is.
func assigner(id advisory.ID) string {
	switch {
	case id.IsCPANSA():
		return "CPAN Security Advisory database"
	case strings.HasPrefix(id.Key(), "ghsa-"):
		return "GitHub Advisory Database"
	}
	return "other"
}
