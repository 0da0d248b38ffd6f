package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/bom"
	"nacre/bom/schema"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/limit"
	"nacre/sbom/profile"
)

// sbomChecking is one call of nacre sbom check.
type sbomChecking struct {
	env      *Env
	profiles []*profile.Profile
	strict   bool
	isFirst  bool
	out      *json.Encoder // nil for text
}

func newSBOMCheck(env *Env) *cobra.Command {
	var profiles []string
	var format string
	var strict, list bool
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check bills by schemas, by rules beyond them, and by profiles",
		Long: `Check bills of materials: by the official schema of their format, by rules that
no schema states (refs that lead nowhere, package URLs, licences, digests,
dates), and by what a profile asks for:

  none      the schema and the rules only (default)
  ntia      NTIA minimum elements, 2021
  cisa      CISA minimum elements, draft of 2025
  bsi       BSI TR-03183-2 2.1.0
  cra       EU Cyber Resilience Act: what a bill can support
  cpansec   baseline of the CPAN Security Group, draft

Several have commas between; a path is a profile of your own, in the form of the
built-in ones. --list shows them with their sources.

An attribute that the bill itself calls unknown is counted apart from one that
is only missing: a bill whose every gap is declared passes, and that is said.
With --strict-unknown it fails. A passing bill supports those who answer for a
product; it is no statement about the law.

The status is 1 where a bill breaks its schema or a rule, or fails a profile,
and 2 where a file is no bill. FILE - is standard input.`,
		Example: `  nacre sbom check Acme-Demo/bom.json
  nacre sbom check Acme-Demo/bom.json --profile ntia,bsi
  nacre sbom check --list`,
		RunE: func(c *cobra.Command, args []string) error {
			isJSON, err := isJSONFormat(c, format)
			switch {
			case err != nil:
				return err
			case list && len(args) > 0:
				return command.Usage(c, fmt.Errorf("--list takes no files"))
			case list:
				return listProfiles(env, isJSON)
			case len(args) == 0:
				return command.Usage(c, fmt.Errorf("FILE expected"))
			}
			k := &sbomChecking{env: env, strict: strict, isFirst: true}
			if k.profiles, err = findProfiles(profiles); err != nil {
				return err
			}
			if isJSON {
				if k.out, err = jsonLines(env, "nacre.sbom.check/1"); err != nil {
					return err
				}
			}
			return k.files(args)
		},
	}
	c.Flags().StringSliceVar(&profiles, "profile", []string{"none"}, "none, ntia, cisa, bsi, cra, cpansec, or a file")
	c.Flags().BoolVar(&strict, "strict-unknown", false, "what is declared unknown fails, too")
	c.Flags().BoolVar(&list, "list", false, "list the profiles")
	formatFlag(c, &format)
	return c
}

// findProfiles gives the profiles of names and paths.
func findProfiles(names []string) ([]*profile.Profile, error) {
	var all []*profile.Profile
	for _, name := range names {
		if name == "none" || name == "" {
			continue
		}
		p, err := profile.Find(name)
		if err != nil && strings.ContainsAny(name, `./\`) {
			p, err = ownProfile(name)
		}
		if err != nil {
			return nil, err
		}
		switch i := slices.IndexFunc(all, func(q *profile.Profile) bool { return q.ID == p.ID }); {
		case i < 0:
			all = append(all, p)
		case !reflect.DeepEqual(all[i], p):
			return nil, fault.New(fault.Invalid, "%s: another profile is called %s, too", name, fault.Quote(p.ID)).
				WithHint("give it an id of its own: a report names profiles by their ids")
		}
	}
	return all, nil
}

// ownProfile reads a profile from a file.
func ownProfile(name string) (*profile.Profile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", name).
			WithHint("name a file, or one of the profiles that nacre sbom check --list shows")
	}
	defer f.Close()
	b, err := limit.ReadAll(f, profile.MaxSize, "profile size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), unwrapped(err), "read %s", name)
	}
	p, err := profile.Parse(b)
	if err != nil {
		return nil, inFolder(name, err)
	}
	return p, nil
}

// files checks each file; one that cannot be read does not keep the others.
func (k *sbomChecking) files(names []string) error {
	failed, unread := false, error(nil)
	for _, name := range names {
		ok, err := k.file(name)
		switch {
		case err == nil:
			failed = failed || !ok
		case len(names) == 1 && k.out == nil:
			return err
		default:
			unread = worse(unread, err)
			if k.out != nil {
				err = k.out.Encode(struct {
					Error sbomError `json:"error"`
				}{sbomError{name, oneLine(err.Error()), fault.HintOf(err)}})
			} else {
				hint := fault.HintOf(err)
				_, err = fmt.Fprintln(k.env.Stderr, "nacre:", err)
				if err == nil && hint != "" {
					_, err = fmt.Fprintln(k.env.Stderr, "hint:", hint)
				}
			}
			if err != nil {
				return err
			}
		}
	}
	switch {
	case unread != nil:
		return command.Status(fault.KindOf(unread).ExitCode())
	case failed:
		return command.Status(1)
	}
	return nil
}

// worse is the error whose exit status is the higher.
func worse(a, b error) error {
	if a == nil || fault.KindOf(b).ExitCode() > fault.KindOf(a).ExitCode() {
		return b
	}
	return a
}

type sbomError struct {
	File  string `json:"file"`
	Error string `json:"error"`
	Hint  string `json:"hint,omitempty"`
}

// sbomVerdict is what was found in one file.
type sbomVerdict struct {
	file       string
	bill       *bom.Bill
	components int
	schema     string // "" where there is none
	problems   []schema.Problem
	groups     []ruleGroup
	counts     advice.Counts
	reports    []profile.Report
}

// ruleGroup is the problems of one rule.
type ruleGroup struct {
	id    string
	level advice.Level
	n     int
	first []profile.Problem
}

// maxShown is how many places are shown of each rule and check.
const maxShown = 3

// file checks one file and tells what it finds.
func (k *sbomChecking) file(name string) (ok bool, err error) {
	b, err := readBill(k.env, name)
	if err != nil {
		return false, err
	}
	v := &sbomVerdict{file: name, bill: b, schema: schema.Name(b.Format)}
	for range b.All() {
		v.components++
	}
	if v.schema != "" {
		if v.problems, err = schema.Check(b.Raw, b.Format); err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := k.rules(v); err != nil {
		return false, err
	}
	ok = len(v.problems) == 0 && v.counts.Errors == 0
	for _, p := range k.profiles {
		r := profile.Check(b, p)
		v.reports = append(v.reports, r)
		ok = ok && r.Grade != profile.Fails && !(k.strict && r.Grade == profile.PassesDeclared)
	}
	if k.out != nil {
		return ok, k.writeJSON(v, ok)
	}
	return ok, k.writeText(v, ok)
}

// rules asks the rules, and writes what they find where that is wanted whole.
func (k *sbomChecking) rules(v *sbomVerdict) error {
	if k.out != nil {
		if err := k.writeHead(v); err != nil {
			return err
		}
	}
	at := map[string]int{}
	for p := range profile.Rules(v.bill) {
		switch p.Level {
		case advice.Error:
			v.counts.Errors++
		case advice.Warning:
			v.counts.Warnings++
		default:
			v.counts.Notes++
		}
		key := p.ID + string(p.Level)
		i, has := at[key]
		if !has {
			i = len(v.groups)
			at[key] = i
			v.groups = append(v.groups, ruleGroup{id: p.ID, level: p.Level})
		}
		g := &v.groups[i]
		if g.n++; len(g.first) < maxShown {
			g.first = append(g.first, p)
		}
		if k.out != nil {
			if err := k.writeProblem(v.file, &p); err != nil {
				return err
			}
		}
	}
	rank := []advice.Level{advice.Error, advice.Warning, advice.Note}
	slices.SortStableFunc(v.groups, func(a, b ruleGroup) int {
		return cmp.Or(cmp.Compare(slices.Index(rank, a.level), slices.Index(rank, b.level)), strings.Compare(a.id, b.id))
	})
	return nil
}

// listProfiles shows the profiles.
func listProfiles(env *Env, isJSON bool) error {
	all, err := profile.All()
	if err != nil {
		return err
	}
	if isJSON {
		out, err := jsonLines(env, "nacre.sbom.profiles/1")
		for _, p := range all {
			if err == nil {
				err = out.Encode(p)
			}
		}
		return err
	}
	p := newPrinter(env)
	for _, one := range all {
		p.title(one.ID, "  "+one.Title+", "+one.Version)
		p.field("source", one.Source)
		p.field("note", one.Note)
		p.field("checks", fmt.Sprint(len(one.Checks)))
		p.Blank()
	}
	_, err = io.WriteString(env.Stdout, p.String())
	return err
}
