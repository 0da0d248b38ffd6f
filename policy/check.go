package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"nacre/advice"
	"nacre/cpan"
)

// Check checks one document by itself and against what is known of its release:
// S02 to S12, S15 and S18. The findings are sorted.
func Check(d *Document, known Facts) []advice.Finding {
	c := &checker{d: d, known: known, contacts: d.contacts()}
	for i := range d.paragraphs {
		c.text += d.paragraphs[i].text + "\n"
	}
	c.sections()
	c.contact()
	c.metaContact()
	c.date()
	c.guide()
	c.placeholders()
	c.response()
	c.wording()
	c.versions()
	c.perls()
	if d.html > 0 {
		c.add("S18", d.html, "there is HTML in it", "write it in plain Markdown, or as text")
	}
	return advice.Sort(c.out)
}

type checker struct {
	d        *Document
	known    Facts
	contacts []contact
	text     string // all paragraphs
	out      []advice.Finding
}

func (c *checker) add(id string, line int, title, how string) {
	c.out = append(c.out, Rules().Find(id, c.d.File, line, title, how))
}

// lineOf is the line where a part of the text stands, 0 for nowhere.
func (c *checker) lineOf(part string) int {
	for i := range c.d.paragraphs {
		if p := &c.d.paragraphs[i]; strings.Contains(p.text, part) {
			return p.lineOf(part)
		}
	}
	return 0
}

var (
	howHeading   = lazy(`(?i)report|disclos|contact`)
	scopeHeading = lazy(`(?i)appl(?:y|ies)|scope|support|version|cover`)
	howText      = lazy(`(?i)(?:report|disclose|contact|e-?mail|mail|notify|send|write)\w*[^.]{0,200}(?:@|https?:|security|vulnerab|advisor)|(?:security|vulnerab)[^.]{0,200}report`)
	scopeText    = lazy(`(?i)(?:latest|last|current|newest|most recent|only)[^.]{0,80}(?:versions?|releases?)|(?:versions?|releases?|branch(?:es)?)[^.]{0,80}(?:support|maintained|security (?:fix|update)|receive)|support\w*[^.]{0,60}(?:versions?|releases?)|security fixes`)
)

func (c *checker) sections() {
	how, scope := len(c.contacts) > 0 && howText().MatchString(c.text), scopeText().MatchString(c.text)
	for i := range c.d.paragraphs {
		if p := &c.d.paragraphs[i]; p.heading && i > 0 && i+1 < len(c.d.paragraphs) && !c.d.paragraphs[i+1].heading {
			how = how || howHeading().MatchString(p.text)
			scope = scope || scopeHeading().MatchString(p.text)
		}
	}
	if !how {
		c.add("S02", 0, "it does not say how to report a vulnerability", "add a section on how to report, with the contact in its first sentence")
	}
	if !scope {
		c.add("S02", 0, "it does not say which versions it applies to", "one sentence is enough: the latest release on CPAN gets fixes")
	}
}

func (c *checker) contact() {
	var own, mails []contact
	coordinated := false
	for _, x := range c.contacts {
		switch x.kind {
		case coordinator:
			coordinated = true
		case byMail:
			mails = append(mails, x)
			own = append(own, x)
		case byForge:
			own = append(own, x)
		}
	}
	const howContact = "name one address that somebody reads, or the private reporting of your forge; an alias for several people is one address"
	switch {
	case len(own) == 0 && coordinated:
		f := Rules().Find("S03", c.d.File, 0, "its only contact is a coordinator", "add a contact of the project, unless the coordinators agreed to take its reports")
		f.Level = advice.Warning
		c.out = append(c.out, f)
	case len(own) == 0:
		c.add("S03", 0, "it has no contact for reports", howContact)
	case len(mails) > 1 && !c.ordered(mails):
		c.add("S03", mails[1].line, fmt.Sprintf("it has %d addresses, and does not say which comes first", len(mails)), "keep one, or say when to use the next: \"if you hear nothing within a week, ...\"")
	}
	for _, m := range mails {
		if IsForwarding(m.value) {
			c.add("S04", m.line, "the contact "+m.value+" is a forwarding address of CPAN", "put an address in its place that you read, and into META as well")
		}
	}
	if line, words := c.d.publicPlace(); words != "" {
		c.add("S06", line, "it sends reports to a public place ("+words+")", "ask for a private report, and keep the tracker for all other bugs")
	}
}

// ordered reports whether the document says which of its addresses comes first.
func (c *checker) ordered(mails []contact) bool {
	for _, m := range mails {
		if order().MatchString(m.in.text) {
			return true
		}
	}
	return false
}

// byRole are addresses that are for this purpose, and need not be in META.
var byRole = lazy(`(?i)secur|vuln|psirt|cert\b|disclos`)

func (c *checker) metaContact() {
	if len(c.known.Mails) == 0 {
		return
	}
	for _, x := range c.contacts {
		local, _, _ := strings.Cut(x.value, "@")
		if x.kind != byMail || byRole().MatchString(local) || IsForwarding(x.value) {
			continue
		}
		if !slices.ContainsFunc(c.known.Mails, func(m string) bool { return strings.EqualFold(m, x.value) }) {
			c.add("S05", x.line, "the contact "+x.value+" is not in META", "put the address of a present maintainer into META's author, or into resources.bugtracker.mailto; leave it if it is for security alone")
		}
		return // the first address is the contact
	}
}

const howDate = "write the day of the last look as in 2026-11-22, or 2026-11-22T09:30:00Z, and renew it with a release"

// How long a policy is taken to be current, and how far from its release.
const (
	old    = 2 * 365 * 24 * time.Hour
	ahead  = 48 * time.Hour
	before = 365 * 24 * time.Hour
)

func (c *checker) date() {
	s, ok := dateOf(c.d.dates())
	switch {
	case !ok:
		c.add("S07", 0, "it has no date", howDate)
		return
	case s.when.IsZero():
		c.add("S07", s.line, fmt.Sprintf("the date %q can be read in more than one way", s.text), howDate)
		return
	case !s.good:
		c.add("S07", s.line, fmt.Sprintf("the date %q is in a form that programs do not read", s.text), "write "+s.when.Format(time.DateOnly))
	}
	now := c.known.Now
	switch {
	case now.IsZero():
	case now.Sub(s.when) > old:
		c.add("S07", s.line, "it is of "+s.when.Format(time.DateOnly)+", more than two years ago", "see whether all of it still holds, and renew the date")
		return
	case s.when.Sub(now) > ahead:
		c.add("S07", s.line, "its date "+s.when.Format(time.DateOnly)+" has not come yet", howDate)
		return
	}
	if r := c.known.Released; !r.IsZero() && (r.Sub(s.when) > before || s.when.Sub(r) > before) {
		c.add("S07", s.line, fmt.Sprintf("it is of %s, and the release of %s", s.when.Format(time.DateOnly), r.Format(time.DateOnly)), "renew the date with the next release, when you have seen that all still holds")
	}
}

var guideCited = lazy(`(?i)(?:guidelines? (?:for|on) adding a security policy|security-policy-for-authors|guide for authors)`)

var guideVersion = lazy(`(?i)\bv(?:ersion)?\.? ?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?`)

func (c *checker) guide() {
	const how = "when you next go over it, compare it with the CPAN Security Group's guide for authors, and name its version"
	for i := range c.d.paragraphs {
		p := &c.d.paragraphs[i]
		if !guideCited().MatchString(p.text) {
			continue
		}
		m := guideVersion().FindStringSubmatch(p.text)
		if m == nil {
			c.add("S08", p.line, "it follows the guide for authors, and does not say which version", how)
			return
		}
		var have, want [3]int
		for k := range have {
			have[k], _ = strconv.Atoi(m[k+1]) // digits, or nothing
			want[k], _ = strconv.Atoi(strings.Split(GuideVersion, ".")[k])
		}
		if slices.Compare(have[:], want[:]) < 0 {
			c.add("S08", p.lineOf(m[0]), fmt.Sprintf("it follows version %d.%d.%d of the guide for authors; %s is out", have[0], have[1], have[2], GuideVersion), how)
		}
		return
	}
	c.add("S08", 0, "it does not say which guide it follows", how)
}

var (
	placeholder = lazy(`(?i)(?:[a-z0-9._%+-]{1,64}@)?\b(?:[a-z0-9-]{1,63}\.){0,4}example\.(?:com|net|org|github\.com)\b|\bfoobar[a-z]*@|\[(?:insert|your|name|email|e-mail|contact|maintainer|project|url|date|version)\b[^\]]*\]|\{\{[^}]*\}\}|<(?:your|insert|maintainer|project|email|name|version|date)\b[^>@]*>|\bTODO\b|\bFIXME\b|\bXXX+\b`)
	sample      = lazy(`\bFoo(?:-|::)Bar\b|\bfoobar\b`)
	ofDist      = lazy(`(?i)security policy (?:of|for) (?:the )?(?:(?:perl(?: 5)?|cpan) )?(?:distribution |module |dist )?([A-Za-z][\w:-]{1,200}\w)`)
)

func (c *checker) placeholders() {
	dist := string(c.known.Dist)
	const how = "put the real name or address in its place"
	var seen []string
	tell := func(m string) {
		if !slices.ContainsFunc(seen, func(s string) bool { return strings.Contains(s, m) }) {
			seen = append(seen, m)
			c.add("S09", c.lineOf(m), fmt.Sprintf("%q is left over from a template", m), how)
		}
	}
	for _, m := range placeholder().FindAllString(c.text, -1) {
		tell(m)
	}
	if sameDist(dist, "Foo-Bar") {
		return
	}
	for _, m := range sample().FindAllString(c.text, -1) {
		tell(m)
	}
	if m := ofDist().FindStringSubmatch(c.text); m != nil && dist != "" && !slices.Contains(seen, m[1]) && isName(m[1]) && !sameDist(m[1], dist) {
		c.add("S09", c.lineOf(m[1]), fmt.Sprintf("it says that it is the policy of %s, and this is %s", m[1], dist), "say the name of this distribution, and see whether the rest is meant for it")
	}
}

// isName reports whether a word looks like the name of a distribution or a
// module, and not like one of a sentence.
func isName(s string) bool {
	_, err := cpan.ParseModule(strings.ReplaceAll(s, "-", "::"))
	return err == nil && s[0] >= 'A' && s[0] <= 'Z' && !slices.Contains([]string{"Perl", "CPAN", "The", "This", "Our", "All"}, s)
}

// sameDist compares names of distributions as people write them.
func sameDist(a, b string) bool {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "::", "-")) }
	a, b = plain(a), plain(b)
	return a == b || a == "perl-"+b || b == "perl-"+a
}

var (
	expected  = lazy(`(?i)(?:within|in|after|every|about|than|least)\s+(?:\w+[\s-]+){0,3}?(?:hours?|days?|weeks?|months?)|\d+[\s-]*(?:hours?|days?|weeks?)|\ba week\b|as soon as|best effort|best-effort`)
	escalated = lazy(`(?i)cpansec|cpan security group|security\.metacpan\.org|escalat`)
)

func (c *checker) response() {
	if !expected().MatchString(c.text) {
		c.add("S10", 0, "it does not say when to expect an answer", "72 hours suits a team, about a week somebody who does this alone; \"best effort\" is an honest answer, too")
	}
	if !escalated().MatchString(c.text) && !slices.ContainsFunc(c.contacts, func(x contact) bool { return x.kind == coordinator }) {
		c.add("S10", 0, "it does not say whom to ask when nobody answers", "name the CPAN Security Group, cpan-security@security.metacpan.org, for when you cannot be reached")
	}
}

// credit is the one wish that is worth a note alone.
const credit = "how a reporter is credited"

// wishes are what a policy asks of a reporter, and what it gives in return.
var wishes = []struct {
	find func() *regexp.Regexp
	name string
}{
	{lazy(`(?i)detail|reproduc|test case|example code|code sample|steps|proof of concept|how to (?:show|see|trigger)`), "details, or how to reproduce it"},
	{lazy(`(?i)secrets?\b|password|credential|sensitive|personal (?:data|information)|token|private data|confidential data`), "no secrets in the report"},
	{lazy(`(?i)credit|acknowledge(?:d|s|ment)?s? (?:you\b|by name|your (?:name|help|work))|attribut|thank|named? (?:you|in)|hall of fame`), credit},
	{lazy(`(?i)(?:not|n't|n’t|never|before|until|avoid|without)[^.]{0,160}(?:public|disclos|forum|share|tell)|(?:public|disclos)\w*[^.]{0,120}(?:until|before)|embargo|in private|privately|confidential`), "to keep it private until there is a fix"},
}

func (c *checker) wording() {
	var missing []string
	for _, w := range wishes {
		if !w.find().MatchString(c.text) {
			missing = append(missing, w.name)
		}
	}
	if len(missing) == 1 && missing[0] == credit {
		// The guide's own sample has none.
		f := Rules().Find("S11", c.d.File, 0, "it does not say "+credit, "one sentence is enough")
		f.Level = advice.Note
		c.out = append(c.out, f)
	} else if len(missing) > 0 {
		c.add("S11", 0, "it does not ask for, or say: "+strings.Join(missing, "; "), "a short sentence for each is enough")
	}
}
