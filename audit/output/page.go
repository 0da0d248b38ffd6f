package output

import (
	"fmt"
	"strings"

	"nacre/audit"
)

// Markdown is the documentation page of a rule, as GitHub Flavored Markdown:
// all of its file but the cases, which it counts.
func Markdown(d *audit.Doc) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n", d.ID, d.Title)
	var ids []string
	for _, id := range d.CWE {
		ids = append(ids, fmt.Sprintf("[%s](https://cwe.mitre.org/data/definitions/%s.html)", id, strings.TrimPrefix(id, "CWE-")))
	}
	for _, id := range d.CERT {
		ids = append(ids, "SEI CERT "+id)
	}
	for _, policy := range d.Critic {
		ids = append(ids, "Perl::Critic "+policy)
	}
	fmt.Fprintf(&b, "%s\n\n## What it looks for\n\n%s\n\n## Why\n\n%s\n", strings.Join(ids, ", "), d.What, d.Why)
	for _, c := range []*audit.Case{&d.Insecure, &d.Secure} {
		fmt.Fprintf(&b, "\n## %s\n", strings.ToUpper(c.Name[:1])+c.Name[1:])
		for _, f := range c.Files {
			fmt.Fprintf(&b, "\n`%s`\n\n```%s\n", f.Name, language(f.Name))
			for line := range strings.Lines(string(f.Data)) {
				line, found := audit.CutWant(strings.TrimRight(line, "\r\n"))
				if found {
					line += mark(f.Name)
				}
				b.WriteString(line + "\n")
			}
			b.WriteString("```\n")
		}
	}
	fmt.Fprintf(&b, "\n## What to do\n\n%s\n\n## Read more\n\n", d.Fix)
	for _, r := range d.References {
		switch {
		case strings.HasPrefix(r, "CVE-"):
			fmt.Fprintf(&b, "- [%s](https://www.cve.org/CVERecord?id=%s)\n", r, r)
		default:
			fmt.Fprintf(&b, "- %s\n", r)
		}
	}
	insecure := 0
	for _, c := range d.Cases {
		if len(c.Want) > 0 {
			insecure++
		}
	}
	fmt.Fprintf(&b, "\nThe rule is held to %d variations of what it finds, and to %d look-alikes that it must leave alone.\n", insecure, len(d.Cases)-insecure)
	return b.String()
}

// language is the name of a file's language in a fence.
func language(name string) string {
	switch audit.RoleOf(name, nil) {
	case audit.Native:
		return "c"
	}
	switch {
	case strings.HasSuffix(name, ".json"):
		return "json"
	case strings.HasSuffix(name, ".yml"):
		return "yaml"
	}
	return "perl"
}

// mark says in a file's comments that a line is found.
func mark(name string) string {
	switch language(name) {
	case "c":
		return " /* found */"
	case "json":
		return ""
	}
	return "  # found"
}
