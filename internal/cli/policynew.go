package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/inventory/all"
	"nacre/policy"
	"nacre/terminal"
)

// policyFlags are the flags of policy new.
type policyFlags struct {
	form, dist, contact, response, source, module, out string
	libraries, branches                                []string
	force                                              bool
}

func newPolicyNew(env *Env) *cobra.Command {
	var f policyFlags
	c := &cobra.Command{
		Use:   "new [DIR]",
		Short: "Write a SECURITY file: from META and a few questions",
		Long: `Write a SECURITY file for the distribution in DIR, here if it is left out. Its
name and its repository come from META; without META the name comes from what
META is made of. The contact is asked for or given, and never guessed. On a
terminal what is missing is asked for, line by line.

  minimal    a few sentences, for one maintainer with little time
  full       all that the CPAN Security Group's guide asks for
  team       several people behind one contact
  dual-life  a module that perl ships, too
  embedded   SECURITY-<Dist>.md beside a library that a release carries along

The text is yours: it is under 0BSD, and needs no note. Without -o it is
written to standard output. With SOURCE_DATE_EPOCH it has that date.`,
		Example: `  nacre policy new --dist Acme-Demo --form minimal --contact security@acme-demo.example --response "a week"
  nacre policy new --dist Acme-Demo --form team --contact security@acme-demo.example --response "72 hours" -o SECURITY.md`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			terms, err := f.terms(env, c, dir)
			if err != nil {
				return err
			}
			text, err := policy.New(policy.Form(f.form), terms)
			if err != nil {
				return fmt.Errorf("policy new: %w", err)
			}
			return writeNew(env, "policy new", f.out, text, f.force)
		},
	}
	c.Flags().StringVar(&f.form, "form", "", "minimal, full, team, dual-life or embedded")
	c.Flags().StringVar(&f.contact, "contact", "", "the `ADDRESS` that reports go to: of mail, or of a forge's private reporting")
	c.Flags().StringVar(&f.response, "response", "", "when to expect an answer: \"72 hours\", \"a week\", \"best effort\"")
	c.Flags().StringVar(&f.dist, "dist", "", "the distribution's `NAME`, where no file says it")
	c.Flags().StringVar(&f.source, "source", "", "the `URL` of the newest text (default: the repository that META names)")
	c.Flags().StringArrayVar(&f.libraries, "library", nil, "`NAME` of a library that is carried along; may be repeated")
	c.Flags().StringArrayVar(&f.branches, "branch", nil, "team: a `VERSION` that gets fixes, as in 2.x; may be repeated")
	c.Flags().StringVar(&f.module, "module", "", "dual-life: the `MODULE` to look up in perl")
	c.Flags().StringVarP(&f.out, "output", "o", "", "write to this file")
	c.Flags().BoolVar(&f.force, "force", false, "replace the file if there is one")
	return c
}

// terms gathers what the text is filled with: from flags, from META, and, on a
// terminal, from answers.
func (f *policyFlags) terms(env *Env, c *cobra.Command, dir string) (policy.Terms, error) {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("is no folder")
	}
	if err != nil {
		return policy.Terms{}, unopened(dir, err)
	}
	stated, _ := metaFields(os.DirFS(dir))
	known := policy.FactsOf(stated)
	t := policy.Terms{
		Dist: known.Dist, MinimumPerl: known.MinimumPerl, Date: env.Now().UTC(),
		Libraries: f.libraries, Branches: f.branches, Module: cpan.Module(f.module), Source: f.source,
	}
	if t.Dist == "" { // a checkout without META says it in another file
		if inv, err := all.Read(c.Context(), os.DirFS(dir), all.Options{}); err == nil {
			t.Dist, _ = cpan.ParseDist(inv.Name) // "" where none says it
		}
	}
	if web := stated.Resources.RepositoryWeb; t.Source == "" && strings.HasPrefix(web, "https://") {
		t.Source = web
	}
	if f.dist != "" {
		if t.Dist, err = cpan.ParseDist(f.dist); err != nil {
			return t, command.Usage(c, err)
		}
	}
	ask := asker(env)
	if err := ask.fill("Form (minimal, full, team, dual-life, embedded)", &f.form, checkForm); err != nil {
		return t, err
	}
	if dist := string(t.Dist); dist == "" {
		err := ask.fill("Name of the distribution", &dist, func(s string) error {
			t.Dist, err = cpan.ParseDist(s)
			return err
		})
		if err != nil {
			return t, err
		}
	}
	if err := ask.fill("Where reports go (an address that you read)", &f.contact, policy.CheckContact); err != nil {
		return t, err
	}
	if err := ask.fill("First answer within (\"72 hours\", \"a week\", or \"best effort\")", &f.response, policy.CheckResponse); err != nil {
		return t, err
	}
	t.Contact, t.Response = f.contact, f.response
	if policy.Form(f.form) == policy.Embedded && len(t.Libraries) == 0 {
		library := ""
		if err := ask.fill("Name of the library", &library, func(s string) error {
			if s == "" {
				return errors.New("no name")
			}
			return nil
		}); err != nil {
			return t, err
		}
		if library != "" {
			t.Libraries = []string{library}
		}
	}
	return t, ask.missing(f, &t)
}

func checkForm(s string) error {
	if slices.Contains(policy.Forms(), policy.Form(s)) {
		return nil
	}
	return fault.New(fault.Invalid, "no such form: %s", fault.Quote(s)).
		WithHint("the forms are minimal, full, team, dual-life and embedded")
}

// questions asks a person, where there is one.
type questions struct {
	in  *bufio.Reader // nil in a script
	out io.Writer
}

// asker asks on standard error and reads standard input, where both are a
// terminal.
func asker(env *Env) questions {
	in, ok := env.Stdin.(io.Writer) // as os.Stdin is
	if !ok || !env.IsTerminal(in) || !env.IsTerminal(env.Stderr) {
		return questions{}
	}
	return questions{bufio.NewReader(io.LimitReader(env.Stdin, 64<<10)), env.Stderr}
}

// maxAsked is how often a question is asked before it is given up.
const maxAsked = 5

// fill asks for a value that no flag gave, until check takes it.
func (q questions) fill(question string, value *string, check func(string) error) error {
	if q.in == nil || *value != "" {
		return nil
	}
	for range maxAsked {
		fmt.Fprintf(q.out, "%s: ", question)
		line, err := q.in.ReadString('\n')
		if *value = strings.TrimSpace(line); *value != "" || err == nil {
			wrong := check(*value)
			if wrong == nil {
				return nil
			}
			fmt.Fprintln(q.out, "  "+terminal.Visible(wrong.Error()))
			if hint := fault.HintOf(wrong); hint != "" {
				fmt.Fprintln(q.out, "  "+terminal.Visible(hint))
			}
		}
		if err != nil {
			break
		}
	}
	*value = ""
	return fault.New(fault.Canceled, "policy new: no answer").WithHint("flags say it, too: nacre policy new --help")
}

// missing says which flags a script lacks.
func (q questions) missing(f *policyFlags, t *policy.Terms) error {
	var names []string
	for _, x := range []struct {
		flag    string
		missing bool
	}{
		{"--form", f.form == ""},
		{"--dist", t.Dist == ""},
		{"--contact", t.Contact == ""},
		{"--response", t.Response == ""},
		{"--library", policy.Form(f.form) == policy.Embedded && len(t.Libraries) == 0},
	} {
		if x.missing {
			names = append(names, x.flag)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return fault.New(fault.Invalid, "policy new: missing: %s", strings.Join(names, ", ")).
		WithHint("nobody is at a terminal to be asked; nacre policy new --help explains each")
}
