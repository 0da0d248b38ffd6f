package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nacre/audit"
	auditall "nacre/audit/all"
	"nacre/audit/like"
	auditoutput "nacre/audit/output"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/release"
)

// auditFlags are the flags of nacre audit.
type auditFlags struct {
	format, out, replay          string
	confidence, severity, failOn string
	rules, without               []string
	baseline, newSince, like     string
	likeness, most               int
	tests, critic, exitZero      bool
	maxTime                      time.Duration
	jobs                         int
}

func newAudit(env *Env) *cobra.Command {
	var f auditFlags
	c := &cobra.Command{
		Use:   "audit [PATH]",
		Short: "Find insecure code in Perl source",
		Long: `Audit reads Perl source, and C and XS beside it, and looks for the mistakes that
most published vulnerabilities of CPAN repeat. It follows where a value comes
from and where it goes, so that rand in a session id is told and rand in a delay
is not. Nothing is run, changed, or asked of the network.

PATH is a folder, a release (.tar.gz and its like), a file, or - for standard
input; here if it is left out. What is called like a command is ./rules. Tests
and the author's own tools are passed over, unless --tests is given.

A comment lets a finding stand, on its line or alone on the line above, with a
reason: ## nacre: allow RND01 the id is public
In C and XS: /* nacre: allow XS01 as long as the string */

A true finding in what others use is a vulnerability that nobody knows of yet:
report it privately.

Exit status: 0 nothing found, 1 something found that counts, 2 wrong usage,
3 the answer is not complete.`,
		Example: `  nacre audit examples/guestbook
  nacre audit --format sarif -o audit.sarif examples/guestbook
  nacre audit explain RND01`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			where := "."
			if len(args) > 0 {
				where = args[0]
			}
			if f.replay != "" {
				if len(args) > 0 {
					return command.Usage(c, errors.New("--replay takes no PATH"))
				}
				if flag := pointless(c, env, auditOnly); flag != "" {
					return command.Usage(c, fmt.Errorf("--replay prints what was recorded, which --%s cannot change", flag))
				}
				return replayAudit(env, &f)
			}
			return runAudit(c, env, &f, where)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.format, "format", "text", "`FORMAT`: "+strings.Join(auditoutput.Names(), ", "))
	flags.StringVarP(&f.out, "output", "o", "", "write to this `FILE`, whole or not at all")
	flags.StringVar(&f.confidence, "confidence", "likely", "tell findings of this `CONFIDENCE` and above: possible, likely or certain")
	flags.StringVar(&f.severity, "severity", "low", "tell findings of this `SEVERITY` and above: low, medium, high or critical")
	flags.StringVar(&f.failOn, "fail-on", "low", "the least `SEVERITY` that makes the status 1, or never")
	flags.StringArrayVar(&f.rules, "rule", nil, "look for this `RULE` alone, or a family as in RND; may be given several times")
	flags.StringArrayVar(&f.without, "without", nil, "do not look for this `RULE` or family; may be given several times")
	flags.BoolVar(&f.tests, "tests", false, "read tests and the author's own tools, too")
	flags.BoolVar(&f.critic, "critic", false, "let a ## no critic of the matching policy allow a finding")
	flags.StringVar(&f.baseline, "baseline", "", "do not count what this recorded audit found already, a `FILE` of --format json")
	flags.StringVar(&f.newSince, "new-since", "", "tell only findings in lines, or by way of lines, that changed since this `REVISION` of git")
	flags.StringVar(&f.like, "like", "", "tell code of the same shape as at `FILE:LINE`, and nothing else")
	flags.IntVar(&f.likeness, "likeness", int(100*like.Least), "with --like, how much must be the same, in `PERCENT`")
	flags.IntVar(&f.most, "most", 50, "with --like, how many places are told, the likest first, a `NUMBER`; 0 is all")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 where findings would give 1")
	flags.StringVar(&f.replay, "replay", "", "print a recorded audit again, a `FILE` of --format json; - is standard input")
	flags.DurationVar(&f.maxTime, "max-time", audit.MaxTime, "the longest that rules may look at one file, and at the release as a whole, a `TIME` as in 10s")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "how many workers, a `NUMBER`; 0 chooses")
	c.AddCommand(newAuditExplain(env), newAuditRules(env))
	return c
}

// auditOnly are flags that have a say in audits, and none in what was recorded.
var auditOnly = []string{
	"confidence", "severity", "fail-on", "rule", "without", "tests", "critic", "baseline", "new-since", "like", "likeness", "most", "max-time", "jobs",
}

// sift reads the flags that choose among findings.
func (f *auditFlags) sift(c *cobra.Command) (s audit.Sift, err error) {
	if s.Confidence, err = audit.ParseConfidence(f.confidence); err != nil {
		return s, command.Usage(c, err)
	}
	if s.Severity, err = audit.ParseSeverity(f.severity); err != nil {
		return s, command.Usage(c, err)
	}
	if f.failOn != "never" {
		if s.FailOn, err = audit.ParseSeverity(f.failOn); err != nil {
			return s, command.Usage(c, fmt.Errorf("%w; or never", err))
		}
	}
	return s, nil
}

// chosenRules are the rules that --rule and --without leave.
func chosenRules(all []*audit.Rule, only, without []string) ([]*audit.Rule, error) {
	for _, want := range slices.Concat(only, without) {
		if !slices.ContainsFunc(all, func(r *audit.Rule) bool { return namesRule(want, r) }) {
			return nil, noRule(all, want, "rule or family")
		}
	}
	named := func(list []string, r *audit.Rule) bool {
		return slices.ContainsFunc(list, func(want string) bool { return namesRule(want, r) })
	}
	return slices.DeleteFunc(slices.Clone(all), func(r *audit.Rule) bool {
		return len(only) > 0 && !named(only, r) || named(without, r)
	}), nil
}

// ruleDocs gives the files of rules by id.
func ruleDocs(rules []*audit.Rule) func(string) (*audit.Doc, bool) {
	return func(id string) (*audit.Doc, bool) {
		for _, r := range rules {
			if r.Doc.ID == id {
				return &r.Doc, true
			}
		}
		return nil, false
	}
}

func runAudit(c *cobra.Command, env *Env, f *auditFlags, where string) error {
	sift, err := f.sift(c)
	switch {
	case err != nil:
		return err
	case f.jobs < 0:
		return command.Usage(c, fmt.Errorf("-j %d is less than none", f.jobs))
	case f.maxTime <= 0:
		return command.Usage(c, fmt.Errorf("--max-time %s is no time", f.maxTime))
	}
	all, err := auditall.Rules()
	if err != nil {
		return err
	}
	rules, err := chosenRules(all, f.rules, f.without)
	if err != nil {
		return err
	}
	var like *likeness
	if f.like != "" {
		if like, err = f.likeTo(c, env); err != nil {
			return err
		}
		rules = []*audit.Rule{like.rule}
	}
	if f.baseline != "" {
		if sift.Baseline, err = readBaseline(env, f.baseline); err != nil {
			return err
		}
	}
	ctx := c.Context()
	src, err := openAudited(ctx, env, where)
	if err != nil {
		return err
	}
	defer src.close()
	var since *since
	if f.newSince != "" {
		if src.stdin != nil || src.release.File != "" {
			return command.Usage(c, errors.New("--new-since wants a folder or a file in a git repository"))
		}
		if since, err = newSince(ctx, src.dir, f.newSince, src.fsys); err != nil {
			return err
		}
		sift.IsNew = since.IsNew
	}
	// Of a file that somebody names, the folder around it may be anything.
	rel := &audit.Release{FS: src.fsys, Files: src.files, Facts: &release.Facts{}}
	if src.stdin == nil && !src.one {
		if rel, err = audit.ReadRelease(ctx, src.fsys, src.files, src.release); err != nil {
			return inFolder(where, err)
		}
	}
	config := auditConfig(f, where, rel, rules)
	config.Base = src.base
	progress := &auditProgress{env: env, total: len(src.files), started: time.Now()}
	opt := audit.Options{
		Rules: rules, Chosen: len(rules) < len(all) || f.like != "", Jobs: cmp.Or(f.jobs, runtime.GOMAXPROCS(0)), All: f.tests || src.one, Critic: f.critic,
		MaxTime: f.maxTime, Now: time.Now, Done: progress.show,
	}
	sum, err := f.print(env, ruleDocs(slices.Concat(all, rules)), func(h audit.Handler) (audit.Summary, error) {
		defer progress.clear()
		return sift.Tell(config, h, func(yield func(audit.Result) bool) error {
			if src.stdin != nil {
				return checkStdin(ctx, src.stdin, rel, opt, yield)
			}
			if !src.tellLinks(yield) {
				return nil
			}
			if like != nil {
				return like.ranked(src, func(yield func(audit.Result) bool) error { return audit.Run(ctx, rel, opt, yield) }, yield)
			}
			return audit.Run(ctx, rel, opt, yield)
		})
	})
	if err == nil && since != nil && since.err != nil {
		err = fault.Wrap(fault.Unavailable, since.err, "all lines of a file were taken for new ones")
	}
	if err != nil {
		return err
	}
	return f.status(sum)
}

// checkStdin asks the rules about standard input, and waits no longer than somebody
// wants it to.
func checkStdin(ctx context.Context, f *audit.File, rel *audit.Release, opt audit.Options, yield func(audit.Result) bool) error {
	result := make(chan audit.Result, 1)
	go func() { result <- audit.Check(f, rel, opt) }()
	select {
	case r := <-result:
		yield(r)
		return nil
	case <-ctx.Done():
		return fault.Wrap(fault.Canceled, ctx.Err(), "audit")
	}
}

// status is the exit status for a summary.
func (f *auditFlags) status(sum audit.Summary) error {
	if sum.Status == 0 || sum.Status == 1 && f.exitZero {
		return nil
	}
	return command.Status(sum.Status)
}

// print lets run hand a stream to the chosen format, to the file or to standard
// output.
func (f *auditFlags) print(env *Env, docs func(string) (*audit.Doc, bool), run func(audit.Handler) (audit.Summary, error)) (sum audit.Summary, err error) {
	write := func(w io.Writer, o auditoutput.Options) error {
		o.Doc = docs
		h, err := auditoutput.New(f.format, w, o)
		if err != nil {
			return err
		}
		if sum, err = run(h); err != nil && f.out != "" {
			return err
		}
		return errors.Join(err, h.Close())
	}
	if f.out != "" {
		return sum, files.Replace(f.out, func(w io.Writer) error { return write(w, auditoutput.Options{Width: 80}) })
	}
	return sum, write(env.Stdout, auditoutput.Options{Color: env.Color(), Width: env.Width})
}

func auditConfig(f *auditFlags, where string, rel *audit.Release, rules []*audit.Rule) audit.Config {
	c := audit.Config{
		Schema: audit.Schema, Tool: toolName(), Path: where,
		Options: audit.Asked{
			Confidence: f.confidence, Severity: f.severity, FailOn: f.failOn, Tests: f.tests, Critic: f.critic,
			Baseline: f.baseline, NewSince: f.newSince, Like: f.like, MaxSeconds: int(f.maxTime / time.Second),
		},
	}
	if f.like != "" {
		c.Options.Likeness = f.likeness
	}
	c.Name, c.Version = rel.Facts.Name.Value, rel.Facts.Version.Value
	for _, t := range rel.Facts.Security.Contacts {
		c.Contacts = append(c.Contacts, t.Value)
	}
	for _, r := range rules {
		c.Rules = append(c.Rules, r.Doc.ID)
	}
	return c
}

// auditRecord is the hint where a recorded audit is wanted.
const auditRecord = "name a file that nacre audit --format json -o FILE wrote"

// replayAudit prints a recorded stream; the exit status is the recorded one.
func replayAudit(env *Env, f *auditFlags) error {
	all, err := auditall.Rules()
	if err != nil {
		return err
	}
	in, err := openInput(env, f.replay, auditRecord)
	if err != nil {
		return err
	}
	defer in.Close()
	sum, err := f.print(env, ruleDocs(all), func(h audit.Handler) (audit.Summary, error) {
		r := &replayed[audit.Message, audit.Summary]{handler: h, last: func(m audit.Message) *audit.Summary { return m.Summary }}
		err := audit.Decode(in, r)
		return r.summary, err
	})
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "replay %s", f.replay)
	}
	return f.status(sum)
}

// readBaseline reads the findings of an earlier audit.
func readBaseline(env *Env, name string) (audit.Baseline, error) {
	in, err := openInput(env, name, auditRecord)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b := audit.Baseline{}
	if err := audit.Decode(in, b); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "baseline %s", name)
	}
	return b, nil
}
