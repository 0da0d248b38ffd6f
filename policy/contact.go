package policy

import (
	"regexp"
	"slices"
	"strings"
)

// contactKind says what somebody who reports would use.
type contactKind uint8

const (
	byMail      contactKind = iota // an address
	byForge                        // a forge's private reporting, or a platform for reports
	coordinator                    // who helps when nobody answers: CPANSec, perl's own team
	byTracker                      // a tracker that everybody reads
)

// contact is one place that a document names for reports.
type contact struct {
	kind  contactKind
	value string // an address, as it would be written to
	line  int
	in    *paragraph
}

// mailText is the form of an address of mail.
const mailText = `(?i)[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}`

var (
	mail = lazy(mailText)
	// Addresses that are hidden from programs that collect them.
	veiled     = lazy(`(?i)([a-z0-9][a-z0-9._%+-]{0,63})\s*(?:\[at\]|\(at\)|\{at\}|<at>)\s*([a-z0-9-]{1,63}(?:(?:\.|\s*(?:\[dot\]|\(dot\)|\{dot\}|<dot>)\s*|\s+dot\s+)[a-z0-9-]{1,63}){1,8})`)
	spelled    = lazy(`(?i)([a-z0-9][a-z0-9._%+-]{0,63})\s+at\s+([a-z0-9-]{1,63}(?:\s+dot\s+[a-z0-9-]{1,63}){1,8})`)
	dot        = lazy(`(?i)\s*(?:\[dot\]|\(dot\)|\{dot\}|<dot>)\s*|\s+dot\s+`)
	address    = lazy(`https?://[^\s<>()"'\]]+`)
	privateURL = lazy(`(?i)/security/advisories|/issues/new\?.*confidential|hackerone\.com/|bugcrowd\.com/|intigriti\.com/|huntr\.(?:dev|com)/|tidelift\.com/security|/(?:report-)?(?:security|vulnerabilit)[a-z-]*(?:report|contact|issue|form)`)
	private    = lazy(`(?i)private(?:ly)? (?:vulnerability )?report|report\w*[^.]{0,80}\bprivately\b|\bprivately\b[^.]{0,80}report|report a vulnerability|security advisor(?:y|ies)|confidential`)
	tracker    = lazy(`(?i)rt\.cpan\.org|(?:github|gitlab|codeberg|bitbucket)\.[a-z]+/[^\s/]+/[^\s]+?/issues\b|issue tracker|bug ?tracker|tracking system|(?:github|gitlab|public) issues?\b|rt queue|request tracker|\b(?:open|file|create|raise|submit) an? (?:public |new |github |gitlab )?(?:issue|ticket|pull request)`)
	asking     = lazy(`(?i)\b(?:report|e-?mail|mail|contact|send|sent|write|notify|disclose|reach|submit|use|via|through|open|file|create|raise|address)\w*`)
	negated    = lazy(`(?i)\b(?:not|never|avoid|refrain|without|rather than|instead of|no)\b|n't\b|n’t\b`)
	otherwise  = lazy(`(?i)non-security|not (?:a )?security|\b(?:other|ordinary|regular|normal|usual|general|common|plain|public(?:ly)? known|feature|questions?|all else|everything else)\b|support for|\bwe\b[^.]{0,80}\b(?:create|open|file|raise|publish)`)
	security   = lazy(`(?i)secur|vulnerab|exploit|\bCVE\b`)
	order      = lazy(`(?i)\b(?:first|then|otherwise|unless|failing that|fall ?back|back-?up|preferred|preferably|primary|secondary|escalat\w*|reminder|if (?:not|no|nobody|none|you (?:get|have|do|hear|receive|cannot|can't)|there is no|that fails|it (?:bounces|fails)))\b`)
)

// coordinators are those whom a policy names beside the project's own contact.
var coordinators = []string{"security.metacpan.org", "perl5-security-report@perl.org", "perl-security@perl.org", "cert.org", "kb.cert.org"}

func isCoordinator(value string) bool {
	return slices.ContainsFunc(coordinators, func(c string) bool { return strings.Contains(strings.ToLower(value), c) })
}

// IsForwarding reports whether an address is one of those that CPAN forwarded
// to its authors until April 2026, and that bounce since.
func IsForwarding(address string) bool {
	_, domain, _ := strings.Cut(address, "@")
	return strings.EqualFold(domain, "cpan.org")
}

// Addresses gives the first 32 mail addresses in a text, each once, in lower case: those
// written plainly, and those with the words at and dot for their signs.
func Addresses(text string) []string {
	var out []string
	add := func(s string) {
		if s = strings.ToLower(s); len(out) < maxContacts && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, m := range mail().FindAllString(text, -1) {
		add(m)
	}
	for _, find := range []func() *regexp.Regexp{veiled, spelled} {
		for _, m := range find().FindAllStringSubmatch(text, -1) {
			add(m[1] + "@" + dot().ReplaceAllString(m[2], "."))
		}
	}
	return out
}

// maxContacts bounds the contacts that are looked at; a policy has one or two.
const maxContacts = 32

// contacts gives the contacts of a document, in order, each once.
func (d *Document) contacts() []contact {
	var out []contact
	add := func(p *paragraph, kind contactKind, value string) {
		if isCoordinator(value) {
			kind = coordinator
		}
		if len(out) < maxContacts && !slices.ContainsFunc(out, func(c contact) bool { return c.kind == kind && c.value == value }) {
			out = append(out, contact{kind, value, p.lineOf(value), p})
		}
	}
	for i := range d.paragraphs {
		p := &d.paragraphs[i]
		if !asking().MatchString(p.text) && !security().MatchString(p.text) && !security().MatchString(p.section) {
			continue
		}
		for _, a := range Addresses(p.text) {
			if strings.HasSuffix(a, "@rt.cpan.org") {
				add(p, byTracker, a)
			} else {
				add(p, byMail, a)
			}
		}
		isPrivate := private().MatchString(p.text) && asking().MatchString(p.text)
		urls := address().FindAllString(p.text, -1)
		for _, u := range urls {
			u = strings.TrimRight(u, ".,;:")
			if privateURL().MatchString(u) || isPrivate && !tracker().MatchString(u) || isCoordinator(u) {
				add(p, byForge, u)
			}
		}
		if len(urls) == 0 && isPrivate && forge().MatchString(p.text) {
			add(p, byForge, "the forge's private reporting")
		}
	}
	return out
}

var forge = lazy(`(?i)\b(?:github|gitlab|codeberg|forge|repository|repo)\b`)

// sentences splits a text where a sentence ends.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := 0; i+1 < len(text); i++ {
		if (text[i] == '.' || text[i] == '!' || text[i] == '?') && text[i+1] == ' ' {
			out = append(out, text[start:i+1])
			start = i + 2
		}
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// publicPlace finds the first sentence that asks to report where all can read.
func (d *Document) publicPlace() (line int, words string) {
	for i := range d.paragraphs {
		p := &d.paragraphs[i]
		if p.heading || strings.Contains(strings.ToLower(p.text), "confidential") {
			continue
		}
		about := security().MatchString(p.text) || security().MatchString(p.section)
		for _, s := range sentences(p.text) {
			if m := tracker().FindString(s); m != "" && about && asking().MatchString(s) && !negated().MatchString(s) && !otherwise().MatchString(s) {
				return p.lineOf(m), m
			}
		}
	}
	return 0, ""
}
