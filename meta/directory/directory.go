// Package directory reads, checks and makes CPAN-META/, the folder of metadata
// beside META.json that the drafts of CPAN metadata version 3 describe.
//
// It lies in the root of a distribution and of its repository, and holds files of
// well-known names only. One name is known so far: automation-policy.json, which
// says what programs may do to a distribution.
//
//	{
//	  "version": 1,
//	  "code_generation": "toolchain",
//	  "automated_contributions": "issue",
//	  "automated_actions": "issue"
//	}
//
// Each of the three is a ladder, on which a value stands for all below it:
//
//	code_generation          toolchain < external_sources < machine_generated
//	automated_contributions  none < comment < issue < code_request
//	automated_actions        none < comment < issue < code_request < code_change < release
//
// Whoever copied one of these out of the drafts is told what it should be: the
// level "issues" for issue; "code_generation" as the value of code_generation; a
// comma behind the last key, as in the printed schema; a list of levels.
//
// Promised: Check refuses what the drafts do not name, and says why; what New
// writes passes it. Not promised: that the drafts stay as they are. Nothing of an
// installation may depend on this folder.
//
// Sources: CPAN-Security/cpan-metadata-v3, metadata-directory.md,
// well-known-names.md and automation-policy.md, experimental.
package directory

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
	"nacre/jsondoc"
	"nacre/limit"
)

// Name is the folder's name, and AutomationPolicy that of the file in it.
const (
	Name             = "CPAN-META"
	AutomationPolicy = "automation-policy.json"
)

// wellKnown are the names that may stand in the folder.
var wellKnown = []string{AutomationPolicy}

// carriers are files that the drafts expect in the folder, and have reserved no
// names for: bills of materials, attestations, VEX, CLE, DOAP, Security Insights.
var carriers = regexp.MustCompile(`(?i)sbom|\bbom\b|\.(?:cdx|spdx)\b|vex|attest|intoto|\bcle\b|doap|security-insights`)

// maxEntries bounds the files that are looked at.
const maxEntries = 10_000

// Facts are what is known of the release besides; a zero field is not compared.
type Facts struct {
	Dist cpan.Dist
}

// Report is what Check gives.
type Report struct {
	Exists   bool // whether there is such a folder
	Files    []string
	Findings []advice.Finding
}

// Check checks the folder in the root of a release or a repository. None is no
// finding: it is a thing of the future.
func Check(ctx context.Context, fsys fs.FS, known Facts) (Report, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return Report{}, fault.Wrap(fault.KindOf(err), err, "check %s", Name)
	}
	c := &checker{fsys: fsys, known: known}
	var r Report
	for _, e := range entries {
		switch {
		case e.Name() == Name && e.IsDir():
			r.Exists = true
		case e.Name() == Name:
			c.add("V01", Name, 0, Name+" is a file", "make it a folder")
		case strings.EqualFold(e.Name(), Name), strings.EqualFold(strings.ReplaceAll(e.Name(), "_", "-"), Name):
			c.add("V01", e.Name(), 0, e.Name()+" is not how the folder is spelled", "call it "+Name)
		}
	}
	if r.Exists {
		if r.Files, err = c.files(ctx); err != nil {
			return Report{}, err
		}
		for _, file := range r.Files {
			if path.Base(file) == AutomationPolicy && path.Dir(file) == Name {
				if err := c.automation(file); err != nil {
					return Report{}, err
				}
				continue
			}
			c.unknown(file)
		}
	}
	r.Findings = advice.Sort(c.out)
	return r, nil
}

type checker struct {
	fsys  fs.FS
	known Facts
	out   []advice.Finding
}

func (c *checker) add(id, file string, line int, title, how string) {
	c.out = append(c.out, Rules().Find(id, file, line, title, how))
}

// files lists what lies in the folder.
func (c *checker) files(ctx context.Context) ([]string, error) {
	var out []string
	err := fs.WalkDir(c.fsys, Name, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case d.IsDir():
			return nil
		case len(out) == maxEntries:
			return fault.New(fault.Invalid, "more than %d files (limit: files in %s)", maxEntries, Name)
		}
		out = append(out, name)
		return nil
	})
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "list %s", Name)
	}
	return out, nil
}

// unknown tells of a file that has no well-known name.
func (c *checker) unknown(file string) {
	base := path.Base(file)
	if i := slices.IndexFunc(wellKnown, func(k string) bool { return near(base, k) }); i >= 0 {
		c.add("V02", file, 0, "the name "+base+" is not known here; "+wellKnown[i]+" is", "call it "+path.Join(Name, wellKnown[i]))
		return
	}
	if carriers.MatchString(base) {
		f := Rules().Find("V02", file, 0, "the drafts expect such a file, and have no name for it yet", "it may stay; look at the drafts again before a release, for the name may be another one")
		f.Level = advice.Note
		c.out = append(c.out, f)
		return
	}
	c.add("V02", file, 0, "the name "+base+" is not known here", "keep it elsewhere until the drafts name it; names that are known: "+strings.Join(wellKnown, ", "))
}

// near reports whether a name was meant to be another one: but for case, signs
// between words, and a letter or two.
func near(a, b string) bool {
	plain := strings.NewReplacer("_", "", "-", "", " ", "", ".", "")
	a, b = strings.ToLower(plain.Replace(a)), strings.ToLower(plain.Replace(b))
	return a == b || len(a) < 64 && fault.Distance(a, b) <= 2 && len(b) > 4
}

func (c *checker) automation(file string) error {
	text, err := limit.ReadFile(c.fsys, file, limit.Metadata, "metadata file size")
	if err != nil {
		return fmt.Errorf("check %s: %w", Name, err)
	}
	doc := c.parse(file, text)
	c.document(file, doc.Get("document"))
	c.workflows(file, doc)
	return nil
}

// document looks for the file that a policy names.
func (c *checker) document(file string, v *jsondoc.Node) {
	switch info, err := fs.Stat(c.fsys, v.Str()); {
	case strings.TrimSpace(v.Str()) == "": // V09 has been said, if it is there
	case !fs.ValidPath(v.Text) || v.Text == ".":
		c.add("V08", file, v.Line, fmt.Sprintf("document %q is no path of a file here", v.Text), "name the file by its path from the root, as in AI_POLICY.md")
	case err != nil || !info.Mode().IsRegular():
		c.add("V08", file, v.Line, fmt.Sprintf("there is no file %q, which document names", v.Text), "write it, or leave the key out")
	}
}
