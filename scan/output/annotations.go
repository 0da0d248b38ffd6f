package output

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/scan"
	"nacre/terminal"
)

// maxAnnotations is how many annotations of each level GitHub shows for a step;
// it drops the others without a word.
const maxAnnotations = 10

// printGitHub writes findings as workflow commands of GitHub Actions, which
// shows them at the line of the change. The worst come first; of a level that
// has too many, the last one says how many more there are. What is ignored or
// known before is not shown.
func printGitHub(w io.Writer, s *stream, _ Options) error {
	parts := s.sections()
	var packages, doubtful []*withheld
	parts.open, packages = withhold(parts.open)
	parts.unjudged, doubtful = withhold(parts.unjudged)
	levels := map[string][]string{}
	inPerl := 0
	for _, findings := range [...][]*scan.Finding{parts.open, parts.admits, parts.unjudged} {
		for _, f := range findings {
			if f.Admits && !f.Counts && dependsOnPerl(f) {
				inPerl++
				continue
			}
			level := gitHubLevel(f)
			levels[level] = append(levels[level], gitHubFinding(s, f, level))
		}
	}
	for _, w := range append(packages, doubtful...) {
		level := "notice"
		if w.counts {
			level = "error"
		}
		said := w.told() + ". " + strings.Join(missing(s.config.Database.Vendors, []*withheld{w}), " ")
		if len(w.changelog) > 0 {
			said += " The changelog names " + list(w.changelog) + ", which is weak evidence of a fix."
		}
		levels[level] = append(levels[level], gitHubCommand(level, w.heading(), "", 0, said))
	}
	if inPerl > 0 {
		at := s.fromHere(s.anchor())
		levels["notice"] = append(levels["notice"], gitHubCommand("notice", "perl", at.File, at.Line,
			count(inPerl, "flaw", "flaws")+" of what perl ships may apply, depending on the perl: name it with --perl."))
	}
	head := "notice"
	if s.partial() {
		head = "warning"
	}
	said := project(&s.config) + ": " + headline(s) + "."
	if next := outlook(s); next != "" {
		said += " " + next
	}
	levels[head] = append([]string{gitHubCommand(head, "Nacre", "", 0, said)}, levels[head]...)
	for _, level := range [...]string{"error", "warning", "notice"} {
		all := levels[level]
		if more := len(all) - (maxAnnotations - 1); more > 1 {
			all = append(all[:maxAnnotations-1], gitHubCommand(level, "Nacre", "", 0,
				fmt.Sprintf("%s more, which GitHub would not show: nacre scan lists all.", number(more))))
		}
		for _, command := range all {
			if _, err := io.WriteString(w, command); err != nil {
				return err
			}
		}
	}
	return nil
}

// gitHubLevel is the level of a finding: what does not count is a notice.
func gitHubLevel(f *scan.Finding) string {
	switch {
	case !f.Counts:
		return "notice"
	case f.Advisory.Severity.AtLeast(advisory.SeverityHigh):
		return "error"
	case f.Advisory.Severity == advisory.SeverityMedium:
		return "warning"
	}
	return "notice"
}

func gitHubFinding(s *stream, f *scan.Finding, level string) string {
	a, at := &f.Advisory, s.homeOf(f)
	verdict := f.Verdict.String()
	if f.Admits {
		verdict = "may be affected"
	}
	said := fmt.Sprintf("%s, %s: %s %s %s", verdict, word(a.Severity), stopped(title(a)), account(f), action(f, s.fixOf(f)))
	if uri := home(a); uri != "" {
		said += " " + uri
	}
	return gitHubCommand(level, called(&f.Component)+": "+string(a.ID), at.File, at.Line, said)
}

// gitHubCommand is one command. A line feed would end it, and % begins what
// stands for one.
func gitHubCommand(level, title, file string, at int, message string) string {
	var props []string
	for _, p := range [...]struct {
		name, value string
		max         int
	}{{"file", file, maxProse}, {"line", lineNumber(at), maxName}, {"title", title, maxName}} {
		if p.value != "" {
			props = append(props, p.name+"="+gitHubProperty.Replace(line(p.value, p.max)))
		}
	}
	return "::" + level + " " + strings.Join(props, ",") + "::" + gitHubData.Replace(line(message, maxMessage)) + "\n"
}

var (
	gitHubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	gitHubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// lineNumber is "" for a whole file.
func lineNumber(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// gitLabIssue is an entry of a Code Quality report.
type gitLabIssue struct {
	Description string `json:"description"`
	Check       string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"`
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// printGitLab writes findings as a Code Quality report of GitLab, which compares
// it with that of the target branch. What is ignored is not in it; what is known
// before is, because GitLab finds out itself what is new.
func printGitLab(w io.Writer, s *stream, _ Options) error {
	issues := []gitLabIssue{}
	prints := map[string]int{}
	for i := range s.findings {
		f := &s.findings[i]
		if f.Ignored != nil {
			continue
		}
		// The same distribution twice in one file is two entries.
		key := fingerprint(f)
		prints[key]++
		at := s.homeOf(f)
		issue := gitLabIssue{
			Description: line(fmt.Sprintf("%s: %s for %s. %s %s", called(&f.Component), f.Verdict, f.Advisory.ID, stopped(title(&f.Advisory)), action(f, s.fixOf(f))), maxMessage),
			Check:       line(string(f.Advisory.ID), maxName),
			Fingerprint: fmt.Sprintf("%s%04d", key, prints[key]),
			Severity:    gitLabSeverity(f),
		}
		issue.Location.Path = gitLabPath(at.File)
		issue.Location.Lines.Begin = max(at.Line, 1)
		issues = append(issues, issue)
	}
	if s.partial() { // an empty report would read as a clean one
		at := s.fromHere(s.anchor())
		issue := gitLabIssue{
			Description: line("The answer of nacre scan is not complete, and its notices say why. "+sentence(headline(s)), maxMessage),
			Check:       "nacre-partial", Fingerprint: "nacre-partial", Severity: "major",
		}
		issue.Location.Path = gitLabPath(at.File)
		issue.Location.Lines.Begin = max(at.Line, 1)
		issues = append(issues, issue)
	}
	enc := json.NewEncoder(terminal.Inert(w))
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

// gitLabSeverity is one of GitLab's five words: what does not count is for
// information.
func gitLabSeverity(f *scan.Finding) string {
	switch {
	case !f.Counts && !f.Known:
		return "info"
	case f.Advisory.Severity == advisory.SeverityCritical:
		return "blocker"
	case f.Advisory.Severity.AtLeast(advisory.SeverityHigh):
		return "critical"
	case f.Advisory.Severity == advisory.SeverityMedium:
		return "major"
	}
	return "minor"
}

// gitLabPath is a file as GitLab wants it: relative, and never empty.
func gitLabPath(file string) string {
	file = strings.TrimLeft(strings.TrimPrefix(line(file, maxProse), "./"), "/")
	if file == "" {
		return "cpanfile"
	}
	return file
}
