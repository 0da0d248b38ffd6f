package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/doctor"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/inventory"
	"nacre/inventory/single"
	"nacre/terminal"
)

// doctorSchema names the format of doctor --format json.
const doctorSchema = "nacre.doctor/1"

func newDoctor(env *Env) *cobra.Command {
	var format, failOn, out, database, perl string
	var fix bool
	c := &cobra.Command{
		Use:   "doctor [PATH]",
		Short: "Look a distribution over, for its author",
		Long: `Look over a checkout or a release (.tar.gz and its like), here if PATH is left
out: metadata, links, contacts, security policy, requirements, licence,
changelog, advisories, and CPAN-META/. Nothing is run, changed, or asked of the
network.

Each finding says why it matters and how to mend it. Errors come first in each
area; a note asks for nothing. With --fix what can be proposed is written as one
patch, which git apply and patch -p1 take: to -o, beside the report, or else in
its place.

The status is 1 where a finding reaches --fail-on, 3 where not everything could
be looked at, and 0 else.`,
		Example: `  nacre doctor examples/petshop
  nacre doctor --fix -o fix.patch examples/petshop
  nacre doctor --format json --fail-on error examples/petshop`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, least, err := checkFlags(c, format, failOn)
			if err != nil {
				return err
			}
			path := "."
			if len(args) == 1 {
				path = args[0]
			}
			set, err := openDB(env, database)
			if err != nil {
				return err
			}
			defer set.Close()
			set.note(env)
			p, err := openPlace(c.Context(), env, path, pick{whole: true})
			if err != nil {
				return err
			}
			defer p.Close()
			if _, one := p.FS.(single.FS); one || p.FS == nil {
				return fault.New(fault.Invalid, "doctor: %s is neither a folder nor a release", path).
					WithHint("name the folder of a checkout, or a release")
			}
			opt := doctor.Options{Data: set.DB, Perl: perl, Now: env.Now()}
			if p.archive {
				opt.Archive = releaseName(path, p.top)
			}
			r, err := doctor.Examine(c.Context(), p.FS, opt)
			p.watch.clear()
			if err != nil {
				return inFolder(path, err)
			}
			status := statusOfCheckup(&r, least)
			write := func(w io.Writer) error {
				if asJSON {
					return encodeCheckup(w, &r, path, status)
				}
				page := terminal.NewPage(env.Width, w == env.Stdout && env.Color())
				printCheckup(page, &r, path, fix)
				_, err := io.WriteString(w, page.String())
				return err
			}
			patch := func(w io.Writer) error {
				_, err := io.WriteString(w, r.Patch)
				return err
			}
			switch {
			case fix && out == "":
				err = patch(env.Stdout)
			case fix:
				err = errors.Join(files.Replace(out, patch), write(env.Stdout))
			case out != "":
				err = files.Replace(out, write)
			default:
				err = write(env.Stdout)
			}
			if err == nil && status != 0 {
				return command.Status(status)
			}
			return err
		},
	}
	formatFlag(c, &format)
	failOnFlag(c, &failOn)
	c.Flags().BoolVar(&fix, "fix", false, "write what can be proposed as a patch")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file: the patch with --fix, else the report")
	c.Flags().StringVar(&perl, "perl", "", "the perl that runs the project, as perl -v prints it")
	dbFlag(c.Flags(), &database)
	return c
}

// statusOfCheckup is the exit status that a check-up asks for.
func statusOfCheckup(r *doctor.Report, least advice.Level) int {
	switch {
	case statusOfFindings(r.Findings, least) != nil:
		return 1
	case r.IsPartial():
		return 3
	}
	return 0
}

// printCheckup writes a check-up for people.
func printCheckup(p *terminal.Page, r *doctor.Report, path string, fixed bool) {
	text := func(s string) terminal.Span { return terminal.Span{Text: s} }
	bold := func(s string) terminal.Span { return terminal.Span{Style: terminal.Bold, Text: s} }
	name := strings.TrimSpace(cmp.Or(r.Name, path) + " " + r.Version)
	proposals := 0
	switch {
	case len(r.Findings) == 0 && r.IsPartial():
		p.Para(bold(name), text(": nothing to mend in what could be looked at"))
	case len(r.Findings) == 0:
		p.Para(bold(name), text(": in good health, nothing to mend"))
	default:
		p.Para(bold(name), text(": "+tally(r.Findings)))
	}
	for _, area := range doctor.Areas() {
		var of []advice.Finding
		for _, f := range r.Findings {
			if f.Area == area {
				of = append(of, f)
			}
			if f.Area == area && f.Patch != "" {
				proposals++
			}
		}
		if len(of) == 0 {
			continue
		}
		p.Blank()
		p.Para(bold(strings.ToUpper(area)))
		printAdvice(p, of)
	}
	p.Blank()
	for _, n := range r.Notices {
		p.Item(terminal.Span{Style: terminal.Yellow, Text: "notice"}, text(strings.TrimSuffix(n.Text+" ("+places([]inventory.Evidence{n.At})+")", " ()")))
	}
	p.Blank()
	switch {
	case len(r.Findings) == 0:
	case advice.Count(r.Findings).Errors > 0:
		p.Para(text("Begin with the errors; all else can wait for a quiet evening."))
	case advice.Count(r.Findings).Warnings > 0:
		p.Para(text("Nothing here is broken. The warnings are worth an evening, the notes a thought."))
	case r.IsPartial():
		p.Para(text("The notes ask for nothing."))
	default:
		p.Para(text("In good health. The notes ask for nothing."))
	}
	switch {
	case proposals > 0 && fixed:
		p.Para(text(fmt.Sprintf("The patch has proposals for %s: look at it, then git apply, or patch -p1.", counted(proposals, "finding"))))
	case proposals > 0:
		p.Para(text(fmt.Sprintf("For %s there is a proposal: --fix -o fix.patch writes them as a patch.", counted(proposals, "finding"))))
	}
	if r.Left > 0 {
		p.Para(text(counted(r.Left, "proposal") + " had to wait, because others touch the same lines, or there are many: apply the patch, and run this again."))
	}
	if r.IsPartial() {
		p.Para(text("Not everything could be looked at: the notices say what."))
	}
}

// encodeCheckup writes a check-up as JSON Lines.
func encodeCheckup(w io.Writer, r *doctor.Report, path string, status int) error {
	type config struct {
		Schema  string `json:"schema"`
		Tool    string `json:"tool"`
		Path    string `json:"path"`
		Name    string `json:"name,omitempty"`
		Version string `json:"version,omitempty"`
	}
	type summary struct {
		advice.Counts
		Partial bool `json:"partial"`
		Left    int  `json:"left,omitempty"`
		Status  int  `json:"status"`
	}
	type line struct {
		Config  *config           `json:"config,omitempty"`
		Finding *advice.Finding   `json:"finding,omitempty"`
		Notice  *inventory.Notice `json:"notice,omitempty"`
		Summary *summary          `json:"summary,omitempty"`
	}
	e := json.NewEncoder(terminal.Inert(w))
	e.SetEscapeHTML(false)
	err := e.Encode(line{Config: &config{doctorSchema, toolName(), path, r.Name, r.Version}})
	for i := range r.Findings {
		err = errors.Join(err, e.Encode(line{Finding: &r.Findings[i]}))
	}
	for i := range r.Notices {
		err = errors.Join(err, e.Encode(line{Notice: &r.Notices[i]}))
	}
	return errors.Join(err, e.Encode(line{Summary: &summary{advice.Count(r.Findings), r.IsPartial(), r.Left, status}}))
}
