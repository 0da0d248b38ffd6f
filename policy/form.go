package policy

import (
	"fmt"
	"strings"
	"time"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// Form is a text that New writes.
type Form string

// The forms.
const (
	Minimal  Form = "minimal"   // one page's third, for one maintainer with little time
	Full     Form = "full"      // all that the guide asks for, one maintainer
	Team     Form = "team"      // several people behind one contact
	DualLife Form = "dual-life" // a module that perl ships, too
	Embedded Form = "embedded"  // SECURITY-<Dist>.md beside a library that is carried along
)

// Forms gives all forms.
func Forms() []Form { return []Form{Minimal, Full, Team, DualLife, Embedded} }

// Terms are what a text is filled with.
type Terms struct {
	Dist cpan.Dist
	// Contact is an address of mail, or the https address of a form that takes
	// private reports.
	Contact string
	// Response is when a first answer can be expected, "72 hours" or "a week",
	// or "best effort".
	Response string
	Date     time.Time // of the text
	// Source is the address of the newest text, "" for the newest release.
	Source string
	// MinimumPerl is what META requires; zero where it does not say.
	MinimumPerl perlver.Version
	// Libraries are the names of what the release carries along: for Full and
	// Team they are mentioned; Embedded has one, what the text lies beside.
	Libraries []string
	// Branches are the versions that Team supports, as in "2.x"; none is the
	// latest release alone.
	Branches []string
	// Module is the module that DualLife looks up in perl; "" is the one that
	// the distribution is named after.
	Module cpan.Module
}

// cpansec is who helps when a maintainer cannot.
const (
	cpansec     = "<cpan-security@security.metacpan.org>"
	cpansecPage = "<https://security.metacpan.org/docs/report.html>"
)

var (
	isMail     = lazy(`^` + mailText + `$`)
	isHTTPS    = lazy(`^https://[^\s<>"']{4,400}$`)
	isResponse = lazy(`^(?:\d{1,3}|an?|one|two|three|four|five|six|seven|ten) (?:hours?|days?|weeks?|months?)$`)
	isShort    = lazy(`^[A-Za-z0-9][A-Za-z0-9 ._+:-]{0,79}$`)
)

// bestEffort is the Response of somebody who promises no time.
const bestEffort = "best effort"

// New writes a policy in Markdown. The error says which term is missing or
// cannot be meant.
func New(form Form, t Terms) (string, error) {
	if err := t.check(form); err != nil {
		return "", err
	}
	w := &writer{Terms: t}
	switch form {
	case Minimal:
		w.minimal()
	case Full:
		w.full()
	case Team:
		w.team()
	case DualLife:
		if err := w.dualLife(); err != nil {
			return "", err
		}
	case Embedded:
		w.embedded()
	default:
		return "", fault.New(fault.Invalid, "no such form: %s", fault.Quote(string(form))).
			WithHint("the forms are minimal, full, team, dual-life and embedded")
	}
	return w.b.String(), nil
}

// FileName is the name of a form's file.
func FileName(form Form, dist cpan.Dist) string {
	if form == Embedded {
		return "SECURITY-" + string(dist) + ".md"
	}
	return "SECURITY.md"
}

// CheckContact says why an address cannot be a policy's contact; nil where it
// can.
func CheckContact(s string) error {
	switch {
	case s == "":
		return fault.New(fault.Invalid, "no contact").
			WithHint("name an address that somebody reads, or the address of your forge's private reporting")
	case IsForwarding(s):
		return fault.New(fault.Invalid, "contact %s is a forwarding address of CPAN, which bounces since April 2026", s).
			WithHint("name an address that you read")
	case tracker().MatchString(s) || strings.HasSuffix(strings.ToLower(s), "@rt.cpan.org"):
		return fault.New(fault.Invalid, "contact %s is a public tracker", fault.Quote(s)).
			WithHint("name an address, or the forge's private reporting")
	case !isMail().MatchString(s) && !isHTTPS().MatchString(s):
		return fault.New(fault.Invalid, "contact %s is neither an address of mail nor one that begins with https://", fault.Quote(s)).
			WithHint("as in security@acme-demo.example")
	}
	return nil
}

// CheckResponse says why a text cannot be the time to a first answer.
func CheckResponse(s string) error {
	if s == bestEffort || isResponse().MatchString(s) {
		return nil
	}
	what := "response " + fault.Quote(s) + " is no time"
	if s == "" {
		what = "no time to a first answer"
	}
	return fault.New(fault.Invalid, "%s", what).
		WithHint("as in \"72 hours\" for a team, \"a week\" for one person, or \"best effort\"")
}

func (t *Terms) check(form Form) error {
	if t.Dist == "" {
		return fault.New(fault.Invalid, "no name of a distribution").WithHint("name it, as in Acme-Demo")
	}
	if t.Date.IsZero() {
		return fault.New(fault.Invalid, "no date")
	}
	if t.Source != "" && !isHTTPS().MatchString(t.Source) {
		return fault.New(fault.Invalid, "source %s does not begin with https://", fault.Quote(t.Source)).
			WithHint("name the page where the newest text is, or leave it out")
	}
	for _, s := range append(append([]string{string(t.Dist)}, t.Libraries...), t.Branches...) {
		if !isShort().MatchString(s) {
			return fault.New(fault.Invalid, "%s is no name that a policy can carry", fault.Quote(s)).
				WithHint("letters, digits, blanks and . _ + : -")
		}
	}
	if form == Embedded && len(t.Libraries) != 1 {
		return fault.New(fault.Invalid, "the embedded form is about one library, not %d", len(t.Libraries)).
			WithHint("name it with --library")
	}
	if err := CheckContact(t.Contact); err != nil {
		return err
	}
	return CheckResponse(t.Response)
}

// writer writes Markdown in lines of at most 76 columns.
type writer struct {
	Terms
	b strings.Builder
}

const columns = 76

func (w *writer) heading(text string) {
	if w.b.Len() > 0 {
		w.b.WriteByte('\n')
	}
	w.b.WriteString("# " + text + "\n")
}

func (w *writer) para(format string, args ...any) {
	w.b.WriteByte('\n')
	w.fill("", fmt.Sprintf(format, args...))
}

func (w *writer) item(format string, args ...any) { w.fill("- ", fmt.Sprintf(format, args...)) }

// fill writes words, with first before the first line and blanks before others.
func (w *writer) fill(first, text string) {
	column := len(first)
	w.b.WriteString(first)
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > columns:
			w.b.WriteString("\n" + strings.Repeat(" ", len(first)))
			column = len(first)
		default:
			w.b.WriteByte(' ')
			column++
		}
		w.b.WriteString(word)
		column += len(word)
	}
	w.b.WriteByte('\n')
}

func (w *writer) line(text string) { w.b.WriteString(text + "\n") }

// contact is the contact as a sentence has it, behind "privately".
func (w *writer) contact() string {
	if isHTTPS().MatchString(w.Contact) {
		return "at <" + w.Contact + ">"
	}
	return "by mail to <" + w.Contact + ">"
}

// answer says when a first answer can be expected.
func (w *writer) answer(who string) string {
	if w.Response == bestEffort {
		return "Answers are best effort: " + who
	}
	return "You should hear from us within " + w.Response + ": " + who
}

// wait is how long to wait before somebody else is asked.
func (w *writer) wait() string {
	if w.Response == bestEffort {
		return "two weeks"
	}
	return w.Response
}

// perls says which perls are supported.
func (w *writer) perls() string {
	p, ok := corelist.Find(w.MinimumPerl)
	if ok && !p.Released.Before(w.Date.AddDate(-perlYears, 0, 0)) {
		return fmt.Sprintf("It is kept working on perl %s and later, as META requires.", w.MinimumPerl)
	}
	return "It is kept working on the perls of the last ten years, even where it runs on older ones."
}

// newest says where the newest text is.
func (w *writer) newest() string {
	if w.Source != "" {
		return "The newest text is at <" + w.Source + ">."
	}
	return "The newest text is in the newest release on CPAN."
}

func (w *writer) footer() {
	w.para("Date of this text: %s. %s If this one is older than two years, please look for a newer one.",
		w.Date.UTC().Format(time.RFC3339), w.newest())
	w.para("It follows the CPAN Security Group's guide for authors, version %s: <%s>.", GuideVersion, Guide)
}

// list joins names as a sentence does.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
