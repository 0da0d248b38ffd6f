// Package cases holds rules to the cases in their own files: each is a small
// distribution in which the rule must find what the case says, and nothing else.
// The tests of rules use it.
package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing/fstest"

	"nacre/audit"
	"nacre/release"
)

// Check runs a rule on one of its cases, and says what it did wrong, a line
// each; nothing if all is right.
func Check(rule *audit.Rule, c audit.Case) ([]string, error) {
	fsys := fstest.MapFS{}
	var files []string
	for _, f := range c.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		files = append(files, f.Name)
	}
	slices.Sort(files)
	ctx := context.Background()
	rel, err := audit.ReadRelease(ctx, fsys, files, release.Options{})
	if err != nil {
		return nil, err
	}
	wanted := map[string]audit.Confidence{}
	for _, w := range c.Want {
		wanted[fmt.Sprintf("%s:%d", w.File, w.Line)] = w.Confidence
	}
	var wrong []string
	err = audit.Run(ctx, rel, audit.Options{Rules: []*audit.Rule{rule}, All: true}, func(r audit.Result) bool {
		for _, n := range r.Notes {
			wrong = append(wrong, fmt.Sprintf("%s:%d: note: %s", n.File, n.Line, n.What))
		}
		for _, f := range r.Findings {
			at := fmt.Sprintf("%s:%d", f.File, f.Line)
			confidence, ok := wanted[at]
			delete(wanted, at)
			switch {
			case !ok:
				wrong = append(wrong, fmt.Sprintf("%s: found, and nothing is there: %s (%s): %s", at, f.Message, f.Confidence, f.Code))
			case confidence == 0 && f.Confidence == audit.Possible.String():
				wrong = append(wrong, fmt.Sprintf("%s: found as possible only: %s", at, f.Code))
			case confidence != 0 && confidence.String() != f.Confidence:
				wrong = append(wrong, fmt.Sprintf("%s: found as %s, which is %s: %s", at, f.Confidence, confidence, f.Code))
			case f.Message == "" || strings.HasSuffix(f.Message, "."):
				wrong = append(wrong, fmt.Sprintf("%s: the message %q is empty or ends in a full stop", at, f.Message))
			}
		}
		return true
	})
	for at := range wanted {
		wrong = append(wrong, at+": not found")
	}
	slices.Sort(wrong)
	return wrong, err
}

// All gives every case of a rule: its two examples and the variations.
func All(d *audit.Doc) []audit.Case {
	return append([]audit.Case{d.Insecure, d.Secure}, d.Cases...)
}

// MinInsecure is how many variations a rule needs, besides its example, that it
// finds as likely or certain.
const MinInsecure = 10

// Lacks says what a rule's cases lack: variations that must be found, and
// look-alikes that must not.
func Lacks(d *audit.Doc) []string {
	likely := func(w audit.Want) bool { return w.Confidence != audit.Possible }
	insecure, innocent := 0, 0
	for _, c := range d.Cases {
		if slices.ContainsFunc(c.Want, likely) {
			insecure++
		} else if len(c.Want) == 0 {
			innocent++
		}
	}
	var lacks []string
	// A rule of notes alone, which are never likely, says so in its example.
	if insecure < MinInsecure && slices.ContainsFunc(d.Insecure.Want, likely) {
		lacks = append(lacks, fmt.Sprintf("%d variations of %d that must be found", insecure, MinInsecure))
	}
	if innocent < 3 {
		lacks = append(lacks, fmt.Sprintf("%d look-alikes of 3", innocent))
	}
	return lacks
}
