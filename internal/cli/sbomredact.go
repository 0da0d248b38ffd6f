package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/sbom/change"
)

func newSBOMRedact(env *Env) *cobra.Command {
	e := billEdit{env: env}
	var rules change.Rules
	var report string
	var newSerial bool
	c := &cobra.Command{
		Use:   "redact FILE",
		Short: "Take out of a bill what is not for everybody, and mark it",
		Long: `Take out of a bill of materials what rules name, wherever in the document it
stands, and mark what was taken out, so that nobody takes it for unknown:

  --personal         mail addresses, names of persons, lists of contributors
  --component NAME   internal components, by name (a * stands for any part):
                     each keeps its place and its needs, and is called
                     redacted-1, ...
  --paths            where components were found, and paths of machines
  --urls             addresses that lead nowhere for the public, or hold a
                     password; with --host also those of hosts that you name

PAUSE ids stay in package URLs: they are a part of a release's name. With
--remove such components go altogether, what needed them needs what they
needed, and a document that speaks of them elsewhere is refused.

The revision is raised, or with --new-serial the bill becomes another one. The
status is 1 where a name still stands in that of a component that stays.`,
		Example: `  nacre sbom redact Acme-Demo/bom.json --personal --paths -o public.json
  nacre sbom redact Acme-Demo/bom.json --component 'Acme-*' --urls --tlp GREEN`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := e.ready(c); err != nil {
				return err
			}
			rules.Sharing = strings.ReplaceAll(strings.ToUpper(strings.TrimPrefix(rules.Sharing, "TLP:")), "+", "_AND_")
			switch {
			case !rules.Personal && !rules.Paths && !rules.URLs && len(rules.Components)+len(rules.Hosts) == 0:
				return command.Usage(c, fmt.Errorf("nothing is to be taken out: --personal, --component, --paths or --urls expected"))
			case rules.Sharing != "" && !slices.Contains([]string{"CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"}, rules.Sharing):
				return command.Usage(c, fmt.Errorf("--tlp %s is none of CLEAR, GREEN, AMBER, AMBER+STRICT, RED", rules.Sharing))
			}
			rules.URLs = rules.URLs || len(rules.Hosts) > 0
			bill, sum, err := e.read(args[0])
			if err != nil {
				return err
			}
			if newSerial {
				if rules.Serial, err = e.serial(append([]string{"redact", sum.Value, fmt.Sprint(rules.Personal, rules.Paths, rules.URLs, rules.Remove)}, rules.Components...)...); err != nil {
					return err
				}
			}
			done, err := change.Redact(bill, rules)
			if err != nil {
				return err
			}
			e.stamp(bill)
			if err := e.write(bill, bill.Format); err != nil {
				return err
			}
			if report != "" {
				err := files.Replace(report, func(w io.Writer) error {
					return json.NewEncoder(w).Encode(ownersReport{nameOf(args[0]), sum.Value, bill.Serial, bill.Revision, done.Taken, done.Marked, done.Left})
				})
				if err != nil {
					return err
				}
			}
			return e.redactReport(&done)
		},
	}
	e.flags(c)
	c.Flags().BoolVar(&rules.Personal, "personal", false, "take out mail addresses and names of persons")
	c.Flags().StringArrayVar(&rules.Components, "component", nil, "hide components whose name matches; may be repeated")
	c.Flags().BoolVar(&rules.Remove, "remove", false, "take such components out altogether")
	c.Flags().BoolVar(&rules.Paths, "paths", false, "take out where components were found, and paths of machines")
	c.Flags().BoolVar(&rules.URLs, "urls", false, "take out addresses that are not for the public")
	c.Flags().StringArrayVar(&rules.Hosts, "host", nil, "take out addresses on this host and those below it; may be repeated")
	c.Flags().StringArrayVar(&rules.Keep, "keep", nil, "a name, mail address or host that stays; may be repeated")
	c.Flags().StringVar(&rules.Sharing, "tlp", "", "who may have the result: CLEAR, GREEN, AMBER, AMBER+STRICT, RED")
	c.Flags().BoolVar(&newSerial, "new-serial", false, "give the result a serial number of its own")
	c.Flags().StringVar(&report, "report", "", "write what was taken out to this file, which is for you alone")
	return c
}

// ownersReport is what the owner of a bill keeps of a redaction.
type ownersReport struct {
	File     string   `json:"file"`
	SHA256   string   `json:"sha256"` // of the file as it was
	Serial   string   `json:"serial"` // of the result
	Revision int      `json:"revision"`
	Taken    []string `json:"taken"`
	Marked   int      `json:"components_marked"`
	Left     []string `json:"left"`
}

// redactReport tells how much was taken out, and not what.
func (e *billEdit) redactReport(r *change.RedactReport) error {
	sum := map[string]int{"taken": len(r.Taken), "components_marked": r.Marked}
	if err := e.tell("redacted", fmt.Sprintf("%s taken out, %s marked", count(len(r.Taken), "text"), count(r.Marked, "component")), sum); err != nil {
		return err
	}
	for _, name := range r.Left {
		if err := e.tell("left", "a name that was to be taken out stands in that of the component "+name, name); err != nil {
			return err
		}
	}
	if len(r.Left) > 0 {
		return command.Status(1)
	}
	return nil
}
