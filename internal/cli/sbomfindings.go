package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/jsondoc"
)

// addFindings puts what nacre scan finds in a bill into that bill, as its
// vulnerabilities. A VEX document beside it says the same and can be renewed by
// itself; that is why nobody gets this without asking.
func addFindings(ctx context.Context, env *Env, bill []byte, f bom.Format, database string) (out []byte, partial bool, err error) {
	if f.Name != "CycloneDX" || f.Encoding != "json" {
		return nil, false, fault.New(fault.Invalid, "sbom make: %s has no place for vulnerabilities that is known here", f).
			WithHint("use --format cyclonedx-1.6 or cyclonedx-1.7, or write them beside the bill: nacre scan --format cyclonedx")
	}
	var found bytes.Buffer
	world := *env
	world.Stdin, world.Stdout = bytes.NewReader(bill), &found
	c := newScan(&world)
	c.SilenceErrors, c.SilenceUsage = true, true
	args := []string{"-", "--format", "cyclonedx", "--exit-zero"}
	if database != "" {
		args = append(args, "--db", database)
	}
	c.SetArgs(args)
	err = c.ExecuteContext(ctx)
	if status, ok := errors.AsType[command.Status](err); ok && int(status) == fault.Unavailable.ExitCode() {
		partial, err = true, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("scan the bill: %w", err)
	}
	limits := jsondoc.Limits{Depth: 4 * bom.MaxDepth, Name: "bill"}
	vex, err := jsondoc.Parse(found.Bytes(), limits)
	if err != nil {
		return nil, false, fmt.Errorf("scan the bill: %w", err)
	}
	doc, err := jsondoc.Parse(bill, limits)
	if err != nil {
		return nil, false, fmt.Errorf("add vulnerabilities: %w", err)
	}
	list := vex.Get("vulnerabilities")
	for _, v := range list.List() {
		for _, a := range v.Get("affects").List() {
			// The document beside a bill points into it by its serial number.
			if _, ref, ok := strings.Cut(a.Get("ref").Str(), "#"); ok {
				if ref, err := url.PathUnescape(ref); err == nil {
					a.SetString("ref", ref)
				}
			}
		}
	}
	if len(list.List()) > 0 {
		doc.Set("vulnerabilities", list)
	}
	var b bytes.Buffer
	err = doc.Write(&b)
	return b.Bytes(), partial, err
}
