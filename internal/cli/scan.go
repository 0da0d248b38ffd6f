package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nacre/advisory"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/scan"
	scanoutput "nacre/scan/output"
)

// scanFlags are the flags of nacre scan.
type scanFlags struct {
	db, perl, format, compat, out, replay string
	failOn, baseline, maxAge              string
	failOnUnknown, strict, onlyFixed      bool
	onlyLoaded                            bool
	entries                               []string
	pick                                  pick
	exitZero                              bool
	exclude                               []string
	jobs                                  int
}

func newScan(env *Env) *cobra.Command {
	var f scanFlags
	c := &cobra.Command{
		Use:   "scan [PATH]",
		Short: "Find the known vulnerabilities of a project's dependencies",
		Long: `Scan compares what a project uses with the advisory database, and names the
smallest change that mends each finding. Nothing is changed, nothing of the
project is run, and the network is not used.

` + placeHelp + `

Settings and ignores are read from nacre.yaml in that folder; flags win.

Where PATH has sources, each finding says whether the project loads what it is
about, as far as reading tells: its programs (bin, script, *.psgi, *.pl), else
what --entry names, are followed through what they load.

Exit status: 0 nothing found, 1 something found that counts, 2 wrong usage,
3 the answer is not complete. Affected and contradictory verdicts count;
unknown ones do with --fail-on-unknown, and ranges that merely admit
vulnerable versions do with --strict.`,
		Example: `  nacre scan examples/petshop
  nacre scan --fail-on high --format sarif -o nacre.sarif examples/petshop
  nacre scan --format json examples/petshop > scan.jsonl || true
  nacre scan --replay scan.jsonl --format html -o nacre.html`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if f.replay != "" {
				if len(args) > 0 {
					return command.Usage(c, errors.New("--replay takes no PATH"))
				}
				if flag := pointless(c, env, scanOnly); flag != "" {
					return command.Usage(c, fmt.Errorf("--replay prints what was recorded, which --%s cannot change", flag))
				}
				return runReplay(env, &f)
			}
			path := "."
			if len(args) > 0 {
				path = args[0]
			}
			err := runScan(c, env, &f, path)
			var status command.Status
			if f.compat == "" || err == nil || errors.As(err, &status) {
				return err
			}
			Program().Report(err, env.Stderr)
			return command.Status(auditError)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	dbFlag(flags, &f.db)
	flags.StringVar(&f.perl, "perl", "", "`VERSION` of the perl that runs the project, as in 5.36.0")
	flags.StringVar(&f.format, "format", "text", "`FORMAT`: "+formatWords())
	flags.StringVarP(&f.out, "output", "o", "", "write to this `FILE`, whole or not at all")
	flags.StringVar(&f.failOn, "fail-on", "", "count findings of this `SEVERITY` and above: low, medium, high or critical; one that nobody states counts as high")
	flags.BoolVar(&f.failOnUnknown, "fail-on-unknown", false, "count unknown verdicts")
	flags.BoolVar(&f.strict, "strict", false, "count ranges that admit vulnerable versions")
	flags.BoolVar(&f.onlyFixed, "only-fixed", false, "count only what a version is known to mend")
	flags.BoolVar(&f.onlyLoaded, "only-loaded", false, "leave out findings whose code the project is not seen to load, and say how many")
	flags.StringArrayVar(&f.entries, "entry", nil, "a `PROGRAM`, by its path in PATH, that the project starts; may be given several times")
	f.pick.flags(flags)
	flags.StringArrayVar(&f.exclude, "exclude", nil, "ignore the advisory of this `ID`; may be given several times")
	flags.StringVar(&f.baseline, "baseline", "", "do not count what this recorded scan found already, a `FILE` of --format json")
	flags.StringVar(&f.maxAge, "max-db-age", "", "fail if the advisory database is older than `DAYS`, or hours as in 36h")
	flags.BoolVar(&f.exitZero, "exit-zero", false, "exit with 0 where findings would give 1")
	flags.StringVar(&f.compat, "compat", "", "the output (with --format json the JSON) and the exit status of another `PROGRAM`: cpan-audit")
	flags.StringVar(&f.replay, "replay", "", "print a recorded scan again, a `FILE` of --format json; - is standard input")
	flags.IntVarP(&f.jobs, "jobs", "j", 0, "how many workers, a `NUMBER`; 0 chooses")
	return c
}

// scanFormats are what --format takes.
var scanFormats = []string{
	"text", "json", "sarif", "openvex", "cyclonedx", "csaf", "junit", "csv", "html", "markdown", "github", "gitlab",
}

// formatWords lists the formats for people.
func formatWords() string {
	last := len(scanFormats) - 1
	return strings.Join(scanFormats[:last], ", ") + " or " + scanFormats[last]
}

// scanOnly are flags that have a say in scans, and none in what was recorded.
var scanOnly = []string{
	"db", "perl", "fail-on", "fail-on-unknown", "strict", "only-fixed", "only-loaded", "entry", "image", "platform", "exclude", "baseline", "max-db-age", "jobs",
}

// pointless is one of these flags that was given beside --replay, "" for none. From the environment they may be there for other runs.
func pointless(c *cobra.Command, env *Env, flags []string) string {
	for _, name := range flags {
		if c.Flags().Changed(name) && env.Getenv(command.Variable(c, name)) == "" {
			return name
		}
	}
	return ""
}

// auditError is the exit status of cpan-audit for an answer that it could not
// complete.
const auditError = 255

// outputName is the format's name in package output.
func (f *scanFlags) outputName() (string, error) {
	switch {
	case f.compat == "" && !slices.Contains(scanFormats, f.format):
		return "", fault.New(fault.Invalid, "scan: no output format is called %.40q", f.format).
			WithHint("use --format %s", formatWords())
	case f.compat == "":
		return f.format, nil
	case f.compat != "cpan-audit":
		return "", fault.New(fault.Invalid, "scan: no such program to be compatible with: %.40q", f.compat).WithHint("use --compat cpan-audit")
	case f.format == "text":
		return "cpan-audit", nil
	case f.format == "json":
		return "cpan-audit-json", nil
	}
	return "", fault.New(fault.Invalid, "scan: cpan-audit has no format %.40q", f.format).WithHint("use --format text or --format json")
}

// status is the exit status for a summary.
func (f *scanFlags) status(env *Env, s scan.Summary) error {
	status := s.Status
	if f.compat != "" {
		n := s.Affected + s.Contradictory
		switch {
		case n > 0:
			status = scanoutput.CPANAuditStatus(n)
		case status == 3:
			fmt.Fprintln(env.Stderr, "nacre: scan: the answer is not complete; nacre scan without --compat says why")
			status = auditError
		default:
			status = 0
		}
	}
	if f.exitZero && status != 3 && status != auditError || status == 0 {
		return nil
	}
	return command.Status(status)
}

// print lets run hand a stream to the chosen format, to the file or to
// standard output. Where run fails before its first message, nothing is
// written at all.
func (f *scanFlags) print(env *Env, run func(scan.Handler) error) error {
	name, err := f.outputName()
	if err != nil {
		return err
	}
	write := func(w io.Writer, o scanoutput.Options) error {
		h, err := scanoutput.New(name, w, o)
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "scan")
		}
		seen := &seen{Handler: h}
		err = run(seen)
		if err != nil && (seen.n == 0 || f.out != "") {
			return err
		}
		return errors.Join(err, h.Close())
	}
	if f.out != "" {
		return files.Replace(f.out, func(w io.Writer) error { return write(w, scanoutput.Options{Width: 80}) })
	}
	return write(env.Stdout, scanoutput.Options{Color: env.Color(), Width: env.Width})
}

// seen counts messages.
type seen struct {
	scan.Handler
	n int
}

func (s *seen) Handle(m scan.Message) error {
	s.n++
	return s.Handler.Handle(m)
}

// scanRecord is the hint where a recorded scan is wanted.
const scanRecord = "name a file that nacre scan --format json -o FILE wrote"

// runReplay prints a recorded stream; the exit status is the recorded one.
func runReplay(env *Env, f *scanFlags) error {
	in, err := openInput(env, f.replay, scanRecord)
	if err != nil {
		return err
	}
	defer in.Close()
	var summary scan.Summary
	err = f.print(env, func(h scan.Handler) error {
		r := &replayed[scan.Message, scan.Summary]{handler: h, last: func(m scan.Message) *scan.Summary { return m.Summary }}
		err := scan.Decode(in, r)
		summary = r.summary
		return err
	})
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "replay %s", f.replay)
	}
	return f.status(env, summary)
}

// runScan scans a project.
func runScan(c *cobra.Command, env *Env, f *scanFlags, path string) error {
	ctx := c.Context()
	dir, root := openProject(path)
	if root != nil {
		defer root.Close()
	}
	settings, err := readSettings(root, path)
	if err != nil {
		return err
	}
	opt, err := f.options(c, settings)
	if err != nil {
		return err
	}
	opt.Path, opt.Now, opt.Tool = path, env.Now(), "nacre "+command.ThisBuild().Version
	if opt.Baseline, err = f.readBaseline(env); err != nil {
		return err
	}
	set, err := openDB(env, f.database(settings, dir))
	if err != nil {
		return err
	}
	defer set.Close()
	opt.Vendors = set
	info := set.Info()
	opt.Database = scan.Database{
		Path: set.path, Starter: set.starter, Built: info.Built.UTC().Format(time.RFC3339),
		Advisories: info.Records, Dists: info.Dists,
	}
	if err := checkAge(opt.Database, opt.Now, cmp.Or(f.maxAge, settings.MaxDBAge)); err != nil {
		return err
	}
	p, err := openPlace(ctx, env, path, f.pick)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "scan")
	}
	defer p.Close()
	if root != nil && p.FS != nil && !p.archive { // else a cpanfile there is somebody else's
		opt.Project = root.FS()
	}
	inv, err := p.read(ctx, set.inventory(cmp.Or(f.perl, settings.Perl)))
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "scan")
	}
	if f.perl == "" && settings.Perl != "" {
		inv.Perl.From = scan.SettingsFile
	}
	if opt.Jobs == 0 {
		// A worker is worth its start from some dozens of components on.
		opt.Jobs = min(runtime.GOMAXPROCS(0), 1+len(inv.Components)/64)
	}
	reacher, err := newReacher(ctx, p, f.entries, &inv, opt.Jobs)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "scan")
	}
	if reacher == nil && f.onlyLoaded {
		return fault.New(fault.Invalid, "scan: %s has no sources that could tell what is loaded", path).
			WithHint("leave --only-loaded out, or name the folder of the project")
	}
	if reacher != nil { // an interface that holds nil is not nil
		opt.Reach = reacher
	}
	var summary scan.Summary
	err = f.print(env, func(h scan.Handler) error {
		summary, err = scan.Run(ctx, inv, set, opt, h)
		return err
	})
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "scan %s", path)
	}
	return f.status(env, summary)
}

// options joins flags and settings; a flag that was given wins.
func (f *scanFlags) options(c *cobra.Command, s scan.Settings) (scan.RunOptions, error) {
	given := c.Flags().Changed
	choose := func(flag string, value, setting bool) bool {
		if given(flag) {
			return value
		}
		return setting
	}
	o := scan.RunOptions{
		Ignores: s.Ignores, Jobs: f.jobs,
		Options: scan.Options{
			FailOn:        cmp.Or(f.failOn, s.FailOn),
			FailOnUnknown: choose("fail-on-unknown", f.failOnUnknown, s.FailOnUnknown),
			Strict:        choose("strict", f.strict, s.Strict),
			OnlyFixed:     choose("only-fixed", f.onlyFixed, s.OnlyFixed),
			OnlyLoaded:    f.onlyLoaded,
			Baseline:      f.baseline,
		},
	}
	if f.jobs < 0 {
		return o, command.Usage(c, fmt.Errorf("-j %d is less than none", f.jobs))
	}
	if f.failOn != "" {
		if _, err := scan.ParseFailOn(f.failOn); err != nil {
			return o, fault.Wrap(fault.Invalid, err, "scan: --fail-on")
		}
	}
	for _, e := range f.exclude {
		id, err := advisory.ParseID(e)
		if err != nil {
			return o, fault.Wrap(fault.Invalid, err, "scan: --exclude").WithHint("give an id, as in CVE-2099-0001")
		}
		o.Options.Exclude = append(o.Options.Exclude, string(id))
	}
	if _, err := f.outputName(); err != nil {
		return o, err
	}
	return o, nil
}

// database is the path of the database: the flag's, or the one of nacre.yaml,
// which is relative to that file.
func (f *scanFlags) database(s scan.Settings, dir string) string {
	switch {
	case f.db != "" || s.DB == "":
		return f.db
	case filepath.IsAbs(s.DB):
		return s.DB
	}
	return filepath.Join(dir, filepath.FromSlash(s.DB))
}

// readBaseline reads the recorded scan of --baseline.
func (f *scanFlags) readBaseline(env *Env) (*scan.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	in, err := openInput(env, f.baseline, scanRecord)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := scan.ReadBaseline(in)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "baseline %s", f.baseline)
	}
	return b, nil
}

// checkAge fails where the database is older than somebody allows.
func checkAge(d scan.Database, now time.Time, most string) error {
	if most == "" {
		return nil
	}
	limit, err := scan.ParseAge(most)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "scan: --max-db-age")
	}
	if age := d.Age(now); age > limit {
		return fault.New(fault.Unavailable, "scan: the advisory database %s is %s old, and at most %s is allowed", d.Path, days(age), days(limit)).
			WithHint("run nacre db update")
	}
	return nil
}

// days writes a duration for people.
func days(d time.Duration) string {
	if d < 48*time.Hour {
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours())/24)
}

// openProject opens the folder that settings are read from and fixes are
// patches to: path itself, or the one that the file path is in. Standard input
// has none. What is wrong with path is told by who reads the inventory.
func openProject(path string) (dir string, root *os.Root) {
	info, err := os.Stat(path)
	switch {
	case path == "-" || err != nil:
		return "", nil
	case info.IsDir():
		dir = path
	default:
		dir = filepath.Dir(path)
	}
	if root, err = os.OpenRoot(dir); err != nil {
		return "", nil
	}
	return dir, root
}

// readSettings reads nacre.yaml, if there is one.
func readSettings(root *os.Root, path string) (scan.Settings, error) {
	if root == nil {
		return scan.Settings{}, nil
	}
	const hint = "settings are a plain file in the folder that is scanned, readable for you"
	info, err := root.Stat(scan.SettingsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return scan.Settings{}, nil
	case err != nil:
		return scan.Settings{}, fault.Wrap(fault.KindOf(err), err, "scan %s", path).WithHint(hint)
	case !info.Mode().IsRegular(): // a pipe would never end
		return scan.Settings{}, fault.New(fault.Invalid, "scan %s: %s is no plain file", path, scan.SettingsFile).WithHint(hint)
	}
	in, err := root.Open(scan.SettingsFile)
	if err != nil {
		return scan.Settings{}, fault.Wrap(fault.KindOf(err), err, "scan %s", path).WithHint(hint)
	}
	defer in.Close()
	s, err := scan.ReadSettings(in)
	if err != nil {
		return s, fault.Wrap(fault.KindOf(err), err, "scan %s", path)
	}
	return s, nil
}
