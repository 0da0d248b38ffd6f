package policy

import (
	"fmt"
	"strings"
	"time"

	"nacre/corelist"
	"nacre/perlver"
)

// A version that a policy names: 1.4, v1.4.x, >= 2.0.
var (
	named    = lazy(`(>=|<=|>|<|=)?\s*\bv?(\d{1,6}(?:\.\d{1,9}){0,4})(\.[xX*])?(\+|\s+(?:and|or) (?:later|newer|above|up))?`)
	support  = lazy(`(?i)support|maintain|security fix|fixes|receive|✓|✔|✅|:white_check_mark:|\byes\b`)
	opposed  = lazy(`(?i)not supported|unsupported|\bno\b|:x:|❌|✗|end of life|\beol\b|no longer`)
	ofOther  = lazy(`(?i)\bperls?\b|guide|guidelines|zlib|openssl|library|libraries|\bdays?\b|\bhours?\b|\byears?\b|https?:`)
	isMajor  = lazy(`^\d+$`)
	promised = lazy(`(?i)perls?\b[^.]{0,120}(?:ten|10)\b[^.]{0,20}years?|(?:ten|10)\b[^.]{0,20}years?[^.]{0,120}perls?\b`)
)

// versions tells where the supported versions are named one by one and this
// release is none of them.
func (c *checker) versions() {
	if c.known.Version == "" {
		return
	}
	this, _, err := perlver.Approximate(c.known.Version)
	if err != nil {
		return
	}
	count, line, example := 0, 0, ""
	days := strings.NewReplacer(c.days()...)
	head := "" // of the table
	for i := range c.d.paragraphs {
		p := &c.d.paragraphs[i]
		if !strings.HasPrefix(p.text, "|") {
			head = ""
		} else if head == "" {
			head = p.text
		}
		if ofOther().MatchString(head) {
			continue // a table of perls, or of libraries
		}
		inScope := scopeHeading().MatchString(p.section) || support().MatchString(p.text)
		if p.heading || !inScope || ofOther().MatchString(p.text) || opposed().MatchString(p.text) {
			continue
		}
		for _, m := range named().FindAllStringSubmatch(days.Replace(p.text), -1) {
			if isMajor().MatchString(m[2]) && m[3] == "" && m[1] == "" && m[4] == "" {
				continue // "the last 2 releases"
			}
			if covers(m, this, c.known.Version) {
				return
			}
			if count++; count == 1 {
				line, example = p.lineOf(strings.TrimSpace(m[0])), strings.TrimSpace(m[0])
			}
		}
	}
	if count > 0 {
		c.add("S12", line, fmt.Sprintf("it names versions that are supported (%s), and %s is none of them", example, c.known.Version), "say \"the latest release\" instead of a number, or renew the numbers with each release")
	}
}

// days are the dates of the document, each with the blank that takes its place.
func (c *checker) days() []string {
	var out []string
	for _, d := range c.d.dates() {
		out = append(out, d.text, " ")
	}
	return out
}

// covers reports whether what a policy names holds a version.
func covers(m []string, this perlver.Version, written string) bool {
	if m[3] != "" { // 1.4.x: by the digits as people read them
		prefix := m[2] + "."
		written = strings.TrimPrefix(written, "v")
		return strings.HasPrefix(written+".", prefix)
	}
	v, err := perlver.Parse(m[2])
	if err != nil {
		return true // not told
	}
	n := this.Compare(v)
	switch {
	case m[4] != "", m[1] == ">=":
		return n >= 0
	case m[1] == ">":
		return n > 0
	case m[1] == "<":
		return n < 0
	case m[1] == "<=":
		return n <= 0
	}
	// 1.4 may be meant for 1.4.2, too.
	return n == 0 || strings.HasPrefix(strings.TrimPrefix(written, "v"), m[2]+".")
}

// perlYears is how long the guide's sample supports a perl.
const perlYears = 10

// perls tells where ten years of perls are promised and META asks for a younger
// one.
func (c *checker) perls() {
	if c.known.MinimumPerl.IsZero() || c.known.Now.IsZero() {
		return
	}
	m := promised().FindString(c.text)
	if m == "" {
		return
	}
	p, ok := corelist.Find(c.known.MinimumPerl)
	if !ok || p.Released.Before(c.known.Now.AddDate(-perlYears, 0, 0)) {
		return
	}
	c.add("S15", c.lineOf(m), fmt.Sprintf("it promises the perls of ten years, and META requires %s of %s", c.known.MinimumPerl, p.Released.Format(time.DateOnly)), "say which perls are supported: those that META allows, of the last ten years")
}
