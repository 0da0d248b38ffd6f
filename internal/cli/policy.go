package cli

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/fault"
	"nacre/limit"
	"nacre/meta"
	"nacre/policy"
	"nacre/terminal"
)

func newPolicy(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "policy",
		Short: "Check a SECURITY file, or write one",
		Long: `A SECURITY file tells somebody who has found a vulnerability whom to write to,
and what happens then. Ten lines are enough, and they make all the difference
to who finds something at night.`,
		Example: `  nacre policy check examples/petshop`,
	}
	c.AddCommand(newPolicyCheck(env), newPolicyNew(env))
	return c
}

// checkedPolicy is what policy check says of one path.
type checkedPolicy struct {
	Path     string           `json:"path"`
	File     string           `json:"file"` // "" where there is none
	Findings []advice.Finding `json:"findings"`
	advice.Counts
	Error string `json:"error,omitempty"`
}

func newPolicyCheck(env *Env) *cobra.Command {
	var format, failOn string
	c := &cobra.Command{
		Use:   "check PATH...",
		Short: "Check SECURITY files: of a folder, of a release, or by name",
		Long: `Check SECURITY files. PATH is a checkout, a release (.tar.gz and its like), of
which everything is checked, or one SECURITY file, of which its text is.
Where META is beside it, the policy is compared with that.

Each finding says why it matters and how to mend it. The status is 1 where one
reaches --fail-on, and 0 else.`,
		Example: `  nacre policy check examples/petshop
  nacre policy check --format json --fail-on never examples/petshop`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, least, err := checkFlags(c, format, failOn)
			if err != nil {
				return err
			}
			var all []checkedPolicy
			var failed error
			for _, path := range args {
				r, err := checkPolicy(c.Context(), env, path)
				if err != nil {
					failed = errors.Join(failed, err)
					r = checkedPolicy{Path: path, Findings: []advice.Finding{}, Error: err.Error()}
				}
				r.Counts = advice.Count(r.Findings)
				all = append(all, r)
			}
			if asJSON {
				err = writePolicies(env, all)
			} else {
				err = printPolicies(env, all)
			}
			if err == nil {
				err = failed
			}
			for i := range all {
				if err == nil {
					err = statusOfFindings(all[i].Findings, least)
				}
			}
			return err
		},
	}
	formatFlag(c, &format)
	failOnFlag(c, &failOn)
	return c
}

// checkPolicy checks what is at a path.
func checkPolicy(ctx context.Context, env *Env, path string) (checkedPolicy, error) {
	out := checkedPolicy{Path: path, Findings: []advice.Finding{}}
	info, err := os.Stat(path)
	if err != nil {
		return out, unopened(path, err)
	}
	if info.Mode().IsRegular() && policy.IsName(filepath.Base(path)) {
		out.File = filepath.Base(path)
		out.Findings, err = checkPolicyFile(env, path)
		return out, err
	}
	p, err := openPlace(ctx, env, path, pick{whole: true})
	if err != nil {
		return out, err
	}
	defer p.Close()
	if p.FS == nil {
		return out, fault.New(fault.Invalid, "%s is neither a folder nor a release", path).
			WithHint("name a folder, a release, or a file whose name begins with SECURITY")
	}
	known := policyFacts(p.FS)
	known.Now = env.Now()
	r, err := policy.CheckTree(ctx, p.FS, known)
	p.watch.clear()
	if err != nil {
		return out, inFolder(path, err)
	}
	out.File = r.File
	if len(r.Findings) > 0 {
		out.Findings = r.Findings
	}
	return out, nil
}

// checkPolicyFile checks the text of one file.
func checkPolicyFile(env *Env, path string) ([]advice.Finding, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unopened(path, err)
	}
	defer f.Close()
	text, err := limit.ReadAll(f, limit.Metadata, "text file size")
	if err != nil {
		return nil, inFolder(path, err)
	}
	doc, err := policy.Read(filepath.Base(path), text)
	if err != nil {
		return nil, err
	}
	known := policyFacts(os.DirFS(filepath.Dir(path)))
	known.Now = env.Now()
	found := policy.Check(doc, known)
	if found == nil {
		found = []advice.Finding{}
	}
	return found, nil
}

// policyFacts reads what META says, as far as there is one that can be read.
func policyFacts(fsys fs.FS) policy.Facts {
	if f, ok := metaFields(fsys); ok {
		return policy.FactsOf(f)
	}
	return policy.Facts{}
}

// metaFields reads META.json, or else META.yml.
func metaFields(fsys fs.FS) (meta.Fields, bool) {
	for _, name := range []string{"META.json", "META.yml"} {
		// Looked at before it is opened: opening a pipe waits for a writer.
		if info, err := fs.Stat(fsys, name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		b, err := limit.ReadFile(fsys, name, limit.Metadata, "metadata file size")
		if err != nil {
			continue
		}
		if doc, err := meta.ParseDocument(name, b); err == nil {
			return doc.Fields(), true
		}
	}
	return meta.Fields{}, false
}

func writePolicies(env *Env, all []checkedPolicy) error {
	out, err := jsonLines(env, "nacre.policy/1")
	for i := range all {
		if err == nil {
			err = out.Encode(struct {
				Policy *checkedPolicy `json:"policy"`
			}{&all[i]})
		}
	}
	return err
}

func printPolicies(env *Env, all []checkedPolicy) error {
	p := newPrinter(env)
	for i := range all {
		r := &all[i]
		if r.Error != "" {
			continue // it is told on standard error
		}
		if i > 0 {
			p.Line()
		}
		what := r.Path
		if r.File != "" && r.File != filepath.Base(r.Path) {
			what = r.File + " of " + r.Path
		}
		if len(r.Findings) == 0 {
			p.title(what, ": nothing to mend")
			continue
		}
		p.title(what, ": "+tally(r.Findings))
		printAdvice(p.Page, r.Findings)
	}
	if len(all) > 0 && all[0].File == "" && all[0].Error == "" {
		p.Blank()
		p.Para(terminal.Span{Text: "Do not worry: most distributions have none yet. nacre policy new writes one."})
	}
	return p.flush(env)
}
