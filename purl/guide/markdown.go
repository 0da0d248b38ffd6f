package guide

import "strings"

const introduction = `# Which package URL?

A package URL (purl) names what a bill of materials or an advisory is about. For
CPAN it is the distribution, the version as it is spelled, and the author who
uploaded it:

` + "```" + `
pkg:cpan/libwww-perl@6.76?author=AUTHOR
` + "```" + `

- The name is the distribution's. It never has :: in it; which distribution holds
  a module, the index of CPAN says.
- The version stays as the archive spells it: v, zeros, underscores and all.
- The author is a qualifier. As a namespace (pkg:cpan/AUTHOR/...) it is read, and
  not written any more.
- An advisory names the distribution alone, without version and author: both
  change, and the advisory should still match.
- What is not known is left out. A part that is not there contradicts nobody; one
  that was made up misleads.
- A requirement is not a component. It names a module and a range, and what
  satisfies it may come from CPAN or from a package of the system: write the
  range beside a purl without version, as case 5 does.
- A service that is called over the network has no purl. Bills have a place of
  their own for services.

Names, authors and digests below are made up. ` + "`nacre purl lint`" + ` finds the
mistakes, and P01 and its like are the names of its checks
([list](formats/purl.md#checks)). ` + "`nacre purl guide 6`" + ` prints one case.

<!-- This page is made of the package purl/guide, which nacre purl guide prints:
     go test ./purl/guide -update -->
`

// Markdown is the guide as a page.
func Markdown() string {
	var b strings.Builder
	b.WriteString(introduction)
	for _, c := range Cases() {
		b.WriteString("\n## " + c.ID + ". " + c.Title + "\n\n")
		paragraph(&b, "", "**"+c.Question+"**")
		for _, a := range c.Answers {
			b.WriteString("\n")
			a.markdown(&b)
		}
	}
	return b.String()
}

func (a Answer) markdown(b *strings.Builder) {
	if a.When != "" {
		paragraph(b, "", "*"+a.When+"*")
		b.WriteString("\n")
	}
	if a.PURL != "" {
		b.WriteString("```\n" + a.PURL + "\n```\n\n")
	} else {
		paragraph(b, "", "None that names the upstream release.")
		b.WriteString("\n")
	}
	paragraph(b, "- ", "Why: "+a.Why)
	paragraph(b, "- ", "In the bill: "+a.Model+".")
	if a.Ancestor != "" {
		paragraph(b, "- ", "Ancestor: `"+a.Ancestor+"`")
	}
	for _, p := range a.Pitfalls {
		paragraph(b, "- ", "Mind: "+p)
	}
	for _, w := range a.Wrong {
		paragraph(b, "- ", "Not `"+w.PURL+"`: "+w.Why+" ("+w.Check+").")
	}
}

// paragraph writes words in lines of at most 80 characters, the first after a
// mark and the others below what follows it.
func paragraph(b *strings.Builder, mark, text string) {
	column := len(mark)
	b.WriteString(mark)
	for i, word := range strings.Fields(text) {
		switch n := len([]rune(word)); {
		case i == 0:
			column += n
		case column+1+n > 80:
			b.WriteString("\n" + strings.Repeat(" ", len(mark)))
			column = len(mark) + n
		default:
			b.WriteString(" ")
			column += 1 + n
		}
		b.WriteString(word)
	}
	b.WriteString("\n")
}
