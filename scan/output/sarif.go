package output

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/inventory"
	"nacre/report/sarif"
	"nacre/scan"
	"nacre/terminal"
)

// root is the id in SARIF of the folder that paths begin in: the one that the scan
// was started in, where what was scanned is below it, as code scanning services
// want it.
const root = "PROJECTROOT"

// maxRelated is how many further places of a component a result has: what a
// thousand files require has as many.
const maxRelated = 20

func printSARIF(w io.Writer, s *stream, _ Options) error {
	rules := map[string]int{}
	run := sarif.Run{
		URIBases: map[string]sarif.ArtifactLocation{root: {
			Description: &sarif.Text{Text: "the folder that paths begin in"},
		}},
		Invocations: []sarif.Invocation{sarifInvocation(s)},
		Results:     []sarif.Result{},
	}
	run.Tool.Driver.Name, run.Tool.Driver.Version = tool(&s.config)

	prints := map[string]int{}
	for i := range s.findings {
		f := &s.findings[i]
		// Rules are unique as JSON has them, where each byte that is not UTF-8
		// becomes a U+FFFD, as in runes.
		id := string([]rune(f.Advisory.ID))
		index, seen := rules[id]
		if !seen {
			index = len(run.Tool.Driver.Rules)
			rules[id] = index
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule(&f.Advisory))
		}
		r := s.sarifResult(f, s.fixOf(f))
		if at := &r.Locations[0]; at.Physical == nil {
			at.Physical = s.sarifPlace(s.anchor())
		}
		r.RuleIndex = index
		if s.config.Options.Baseline != "" {
			r.Baseline = sarif.Added
			if f.Known {
				r.Baseline = sarif.Unchanged
			}
		}
		// The same distribution twice in one file is two results.
		key := fingerprint(f)
		prints[key]++
		r.Fingerprints = map[string]string{"nacreFinding/v1": key + ":" + strconv.Itoa(prints[key])}
		run.Results = append(run.Results, r)
	}
	return sarif.New(run).Write(terminal.Inert(w))
}

// anchor is where a finding is shown that has no place of its own, as what perl
// ships: services refuse a document that has a result without a file. It is
// where the project names its perl, or else where anything was found.
func (s *stream) anchor() inventory.Evidence {
	if s.anchored == nil {
		at := s.findAnchor()
		s.anchored = &at
	}
	return *s.anchored
}

func (s *stream) findAnchor() inventory.Evidence {
	from := s.config.Perl.From
	if at := strings.LastIndexByte(from, ':'); at > 0 {
		if n, err := strconv.Atoi(from[at+1:]); err == nil && n > 0 {
			return inventory.Evidence{File: from[:at], Line: n}
		}
	}
	for i := range s.findings {
		for _, e := range s.findings[i].Component.Evidence {
			if e.File != "" {
				return e
			}
		}
	}
	return inventory.Evidence{}
}

// sarifRule is an advisory as a rule.
func sarifRule(a *scan.Advisory) sarif.Rule {
	r := sarif.Rule{
		ID:               string(a.ID),
		ShortDescription: &sarif.Text{Text: sarif.Clip(title(a), maxMessage)},
		HelpURI:          home(a),
		Default:          &sarif.Default{Level: sarifLevel(a.Severity)},
		Properties:       &sarif.RuleProperties{Tags: []string{"security", "vulnerability"}},
	}
	help := []string{sarif.Clip(title(a), maxMessage)}
	if len(a.Aliases) > 0 {
		help = append(help, "Also known as "+list(a.Aliases)+".")
	}
	for _, ref := range a.References {
		if uri := link(ref.URL); uri != "" {
			help = append(help, uri)
		}
	}
	r.Help = &sarif.Text{Text: strings.Join(help, "\n")}
	if c := score(a.CVSS); c != nil {
		r.Properties.SecuritySeverity = strconv.FormatFloat(c.Base, 'f', 1, 64)
	}
	tagged := map[string]bool{}
	for _, cwe := range a.CWEs {
		if n, err := strconv.ParseUint(strings.TrimPrefix(cwe, "CWE-"), 10, 32); err == nil {
			tag := sarif.CWETag(n)
			if !tagged[tag] {
				tagged[tag] = true
				r.Properties.Tags = append(r.Properties.Tags, tag)
			}
		}
	}
	return r
}

// score is the CVSS score that counts: that of the newest version.
func score(all []advisory.CVSS) *advisory.CVSS {
	var best *advisory.CVSS
	for i := range all {
		c := &all[i]
		if c.Base < 0 || c.Base > 10 || c.Base != c.Base {
			continue
		}
		if best == nil || c.Version > best.Version || c.Version == best.Version && c.Base > best.Base {
			best = c
		}
	}
	return best
}

// sarifLevel is the level of a severity; unknown counts as high.
func sarifLevel(s advisory.Severity) sarif.Level {
	switch {
	case s.AtLeast(advisory.SeverityHigh):
		return sarif.Error
	case s == advisory.SeverityMedium:
		return sarif.Warning
	}
	return sarif.Note
}

// sarifResult is a finding as a result.
func (s *stream) sarifResult(f *scan.Finding, fix *remedyPlan) sarif.Result {
	c := &f.Component
	said := fmt.Sprintf("%s: %s for %s (%s). %s", called(c), f.Verdict, f.Advisory.ID, title(&f.Advisory), reason(f)+hearsay(f)+loading(f))
	if f.Admits {
		said = fmt.Sprintf("%s admits versions that are affected by %s (%s). %s", called(c), f.Advisory.ID, title(&f.Advisory), reason(f)+hearsay(f)+loading(f))
	}
	r := sarif.Result{
		RuleID:  string(f.Advisory.ID),
		Level:   sarifLevel(f.Advisory.Severity),
		Message: sarif.Text{Text: sarif.Unlinked(sarif.Clip(said, maxMessage) + " " + sarif.Clip(action(f, fix), maxMessage))},
		Properties: map[string]any{
			"verdict": f.Verdict,
			"counts":  f.Counts,
			"scope":   c.Scope,
			"fixed":   f.Fixed,
		},
	}
	if f.Verdict == advisory.StatusUnknown || f.Admits && !f.Counts {
		r.Level = sarif.Note
	}
	if len(f.Paths) > 0 {
		r.Properties["paths"] = f.Paths
	}
	if f.Vendor != nil {
		r.Properties["vendor"] = f.Vendor
	}
	name := sarif.LogicalLocation{Name: string(c.Dist), QualifiedName: purlOf(c), Kind: "package"}
	at := sarif.Location{Logical: []sarif.LogicalLocation{name}}
	var related []sarif.Location
	for i, e := range c.Evidence {
		if i == 0 {
			at.Physical = s.sarifPlace(e)
			continue
		}
		if len(related) == maxRelated {
			break
		}
		l := sarif.Location{Physical: s.sarifPlace(e)}
		if l.Physical != nil && !slices.ContainsFunc(related, func(o sarif.Location) bool { return samePlace(o, l) }) {
			related = append(related, l)
		}
	}
	r.Locations, r.Related = []sarif.Location{at}, related
	if i := f.Ignored; i != nil {
		r.Suppressions = []sarif.Suppression{{
			Kind: suppressionKind(i), Status: "accepted", Justification: sarif.Clip(silenced(i), maxMessage),
		}}
	}
	return r
}

// suppressionKind says whether the source itself silences a finding, by a
// comment, or what is told to Nacre.
func suppressionKind(i *scan.Ignored) string {
	if i.By == "nacre.yaml" || i.By == "--exclude" {
		return "external"
	}
	return "inSource"
}

// reason is a finding's reason, disagreement and warnings as sentences, and
// whether the distribution itself is in doubt.
func reason(f *scan.Finding) string {
	said := []string{f.Reason + "."}
	if byName(&f.Component) {
		said = append(said, "By name: no record says that it is this distribution, the names of its modules do.")
	}
	if f.Disagreement != "" {
		said = append(said, "Another source disagrees: "+f.Disagreement+".")
	}
	for _, w := range f.Warnings {
		said = append(said, "Doubt: "+w+".")
	}
	return strings.Join(said, " ")
}

// sarifPlace is a place in a file, nil where no file is named.
func (s *stream) sarifPlace(e inventory.Evidence) *sarif.PhysicalLocation {
	if e.File == "" {
		return nil
	}
	e = s.fromHere(e)
	p := &sarif.PhysicalLocation{Artifact: sarif.ArtifactLocation{URI: sarif.FileURI(e.File), BaseID: root}}
	if e.Line > 0 {
		p.Region = &sarif.Region{StartLine: e.Line}
	}
	return p
}

func samePlace(a, b sarif.Location) bool {
	line := func(l sarif.Location) int {
		if l.Physical.Region == nil {
			return 0
		}
		return l.Physical.Region.StartLine
	}
	return a.Physical.Artifact.URI == b.Physical.Artifact.URI && line(a) == line(b)
}

// fingerprint is the same for a finding as long as it is the same finding to
// people: the distribution, the advisory and the file stay, while lines move
// and the version changes to another affected one.
func fingerprint(f *scan.Finding) string {
	file := ""
	if len(f.Component.Evidence) > 0 {
		file = f.Component.Evidence[0].File
	}
	sum := sha256.Sum256([]byte(string(f.Component.Dist) + "\x00" + f.Advisory.ID.Key() + "\x00" + file))
	return hex.EncodeToString(sum[:16])
}

// sarifInvocation says how the scan went.
func sarifInvocation(s *stream) sarif.Invocation {
	run := sarif.Invocation{Successful: !s.partial(), EndTime: utc(s.config.Time)}
	if s.summary == nil {
		run.Notifications = append(run.Notifications, sarif.Notification{
			Level: sarif.Error, Message: sarif.Text{Text: "the scan did not finish"},
		})
	}
	for _, n := range s.notices {
		level := sarif.Note
		if warns(&n) {
			level = sarif.Warning
		}
		text := n.Text
		if n.Hint != "" {
			text += " (hint: " + n.Hint + ")"
		}
		note := sarif.Notification{Level: level, Message: sarif.Text{Text: sarif.Unlinked(sarif.Clip(text, maxMessage))}}
		if at := s.sarifPlace(n.At); at != nil {
			note.Locations = []sarif.Location{{Physical: at}}
		}
		run.Notifications = append(run.Notifications, note)
	}
	return run
}

// utc is a time of RFC 3339 in UTC, "" for anything else.
func utc(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
