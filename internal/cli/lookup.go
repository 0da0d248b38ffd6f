package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/perlver"
	"nacre/terminal"
)

// noRecord is the verdict on a distribution that the database has nothing on.
const noRecord = "no-record"

// answer is what the database says about one version of one distribution.
type answer struct {
	Dist    string `json:"dist"`
	Version string `json:"version"`
	// Known is set where the version is on the list of known releases.
	Known bool `json:"known"`
	// OnRecord is set where there are advisories on the distribution at all.
	OnRecord bool   `json:"on_record"`
	Verdict  string `json:"verdict"` // affected, contradictory, unknown, clean or no-record
	// Advisories are those that are not clean, by id.
	Advisories []answerAdvisory `json:"advisories"`
	Hint       string           `json:"hint,omitempty"`

	// isReadable is set where the version, or what is derived from it, can be
	// compared.
	isReadable bool
}

type answerAdvisory struct {
	ID      advisory.ID     `json:"id"`
	Aliases []advisory.ID   `json:"aliases"`
	Verdict advisory.Status `json:"verdict"`
	Reason  string          `json:"reason"`

	record *advisory.Record
}

// lineError is the answer to a line that is no question.
type lineError struct {
	Line  int    `json:"line"`
	Error string `json:"error"`
}

// judged is what is kept of a distribution from one question to the next.
type judged struct {
	records []advisory.Record
	judges  []advisory.Judge
	texts   map[string]bool // of the known releases, as written
	keys    map[string]bool // of those that can be read, Version.Key
}

// lookups answers questions from one database.
type lookups struct {
	d    *database
	kept map[cpan.Dist]*judged
}

// maxKept bounds how many distributions are kept.
const maxKept = 256

func newLookup(env *Env) *cobra.Command {
	var path, format string
	var isBatch bool
	c := &cobra.Command{
		Use:   "lookup DIST VERSION",
		Short: "Say what is known of one version of a distribution",
		Long: `Say whether a version of a distribution is affected by any advisory. The
distribution is named as its archive is (libwww-perl, not LWP), and a version
that no list of releases has is judged by the ranges all the same.

The status is 1 where the verdict is affected or contradictory, 0 where it is
clean, and 3 where it is unknown, where the database has nothing on a
distribution of that name, and where clean rests on the built-in set alone.

With --batch a line is DIST, tab, VERSION, and its answer one JSON object; a
line that is no question gives {"line":N,"error":"..."}, and the status is 0.`,
		Example: `  nacre lookup App-cpanminus 1.7043
  printf 'App-cpanminus\t1.7043\nHTTP-Tiny\t0.083\n' | nacre lookup --batch`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			switch {
			case err != nil:
				return err
			case isBatch && len(args) > 0:
				return command.Usage(c, errors.New("--batch reads standard input and takes no arguments"))
			case !isBatch && len(args) != 2:
				return command.Usage(c, errors.New("DIST and VERSION expected"))
			}
			d, err := openDB(env, path)
			if err != nil {
				return err
			}
			defer d.Close()
			d.note(env)
			l := &lookups{d: d, kept: map[cpan.Dist]*judged{}}
			if isBatch {
				return l.batch(c.Context(), env)
			}
			if err := badQuestion(args[0], args[1]); err != nil {
				return fault.Wrap(fault.Invalid, err, "lookup").WithHint("nacre lookup --help shows how")
			}
			a, err := l.answer(c.Context(), args[0], args[1])
			if err != nil {
				return err
			}
			if asJSON {
				out, err := jsonLines(env, "nacre.lookup/1")
				if err == nil {
					err = out.Encode(a)
				}
				if err != nil {
					return err
				}
			} else if err := printAnswer(env, a); err != nil {
				return err
			}
			return statusOf(a, d.starter)
		},
	}
	c.Flags().BoolVar(&isBatch, "batch", false, "answer one question a line of standard input, fields between tabs")
	dbFlag(c.Flags(), &path)
	formatFlag(c, &format)
	return c
}

// statusOf is the exit status that an answer asks for.
func statusOf(a *answer, starter bool) error {
	switch {
	case a.Verdict == advisory.StatusAffected.String(), a.Verdict == advisory.StatusContradictory.String():
		return command.Status(1)
	case a.Verdict == advisory.StatusClean.String() && !starter:
		return nil
	}
	return command.Status(3)
}

// badQuestion says why two words are no question at all. A name that is only
// wrong, a module's or a version's, gets an answer with a hint.
func badQuestion(dist, version string) error {
	switch {
	case !utf8.ValidString(dist) || !utf8.ValidString(version):
		return errors.New("not UTF-8")
	case strings.TrimSpace(dist) == "":
		return errors.New("the distribution is missing")
	case len(dist) > 255:
		return errors.New("distribution longer than 255 bytes (limit: name length)")
	}
	for _, c := range dist {
		if c < ' ' || c == 0x7f {
			return errors.New("the distribution has a control character in it")
		}
	}
	return nil
}

func (l *lookups) batch(ctx context.Context, env *Env) error {
	n := 0
	var failed error
	err := batch(ctx, env, func(w *bufio.Writer, line string, tooLong error) {
		n++
		e := json.NewEncoder(terminal.Inert(w))
		e.SetEscapeHTML(false)
		dist, version, ok := strings.Cut(line, "\t")
		bad := tooLong
		switch {
		case bad != nil:
		case !ok:
			bad = errors.New("DIST and VERSION expected, with a tab between")
		case strings.Contains(version, "\t"):
			bad = errors.New("a tab too many, only DIST and VERSION expected")
		default:
			bad = badQuestion(dist, version)
		}
		if bad == nil {
			a, err := l.answer(ctx, dist, version)
			if err == nil {
				e.Encode(a)
				return
			}
			// The database failed, not the question: later answers may be
			// right, and the run as a whole is not.
			bad = err
			if failed == nil {
				failed = err
			}
		}
		e.Encode(lineError{n, oneLine(bad.Error())})
	})
	return errors.Join(err, failed)
}

// about gives what the database has on a distribution.
func (l *lookups) about(ctx context.Context, dist cpan.Dist) (*judged, error) {
	if j := l.kept[dist]; j != nil {
		return j, nil
	}
	all, err := l.d.ForDist(ctx, dist)
	if err != nil {
		return nil, err
	}
	known, err := l.d.Releases(ctx, dist)
	if err != nil {
		return nil, err
	}
	j := &judged{records: all, texts: map[string]bool{}, keys: map[string]bool{}}
	for i := range all {
		j.judges = append(j.judges, all[i].For(dist).Compile())
	}
	for _, k := range known {
		j.texts[k.Version] = true
		if v, err := perlver.Parse(k.Version); err == nil {
			j.keys[v.Key()] = true
		}
	}
	if len(l.kept) >= maxKept {
		clear(l.kept)
	}
	l.kept[dist] = j
	return j, nil
}

// answer answers one question.
func (l *lookups) answer(ctx context.Context, dist, version string) (*answer, error) {
	about, err := l.about(ctx, cpan.Dist(dist))
	if err != nil {
		return nil, err
	}
	a := &answer{
		Dist: dist, Version: version, Known: about.texts[version],
		OnRecord: len(about.records) > 0, Advisories: []answerAdvisory{},
	}
	v, derived, unreadable := perlver.Approximate(version)
	a.isReadable = unreadable == nil
	if a.isReadable && derived == "" && about.keys[v.Key()] {
		a.Known = true
	}
	if !a.OnRecord {
		a.Verdict = noRecord
		a.Hint, err = hintFor(ctx, l.d, dist)
		return a, err
	}
	worst := advisory.StatusClean
	for i := range about.records {
		r := &about.records[i]
		if r.IsWithdrawn() {
			continue
		}
		verdict := advisory.Verdict{Status: advisory.StatusUnknown}
		if unreadable != nil {
			verdict.Reason = unreadable.Error()
		} else {
			verdict = about.judges[i].Judge(v)
			if derived != "" {
				verdict.Reason = derived + "; " + verdict.Reason
				if verdict.Status.IsClean() { // what is derived is a guess
					verdict.Status = advisory.StatusUnknown
				}
			}
		}
		if verdict.Status.IsClean() {
			continue
		}
		if verdict.Disagreement != "" {
			verdict.Reason += "; another source says otherwise: " + verdict.Disagreement
		}
		if r.For(cpan.Dist(dist)).Darkpan {
			verdict.Reason += "; the distribution is not on CPAN"
		}
		worst = max(worst, verdict.Status)
		aliases := r.Aliases
		if aliases == nil {
			aliases = []advisory.ID{}
		}
		a.Advisories = append(a.Advisories, answerAdvisory{r.ID, aliases, verdict.Status, verdict.Reason, r})
	}
	// A version that is only guessed at, or cannot be read, is never clean, not
	// even where every record was withdrawn.
	if worst == advisory.StatusClean && (unreadable != nil || derived != "") {
		worst = advisory.StatusUnknown
	}
	a.Verdict = worst.String()
	return a, nil
}

// printAnswer writes an answer for people.
func printAnswer(env *Env, a *answer) error {
	p := newPrinter(env)
	p.title(a.Dist+" "+a.Version, ": "+a.Verdict)
	switch {
	case !a.OnRecord && a.Hint != "":
		p.text(2, "nothing is on record about a distribution of that name: "+a.Hint)
	case !a.OnRecord:
		p.text(2, "nothing is on record about a distribution of that name")
	case !a.Known && a.isReadable:
		p.text(2, "not on the list of known releases; judged by the ranges")
	}
	for _, x := range a.Advisories {
		p.Blank()
		p.At(2, terminal.Span{Style: terminal.Bold, Text: string(x.ID)},
			terminal.Span{Text: fmt.Sprintf("  %s, severity %s", x.Verdict, x.record.Severity)})
		if x.record.Title != "" {
			p.text(4, x.record.Title)
		}
		p.text(4, x.Reason)
		ids, others := x.record.AliasesFor(cpan.Dist(a.Dist))
		also := joinText(ids, ", ")
		if others > 0 {
			also = strings.TrimPrefix(fmt.Sprintf("%s, and %d on other distributions", also, others), ", and ")
		}
		if also != "" {
			p.text(4, "also "+also)
		}
	}
	return p.flush(env)
}
