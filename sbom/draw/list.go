package draw

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/terminal"
)

// List writes a table of all components: name, version, what the product needs
// it for, licence, and which attributes were looked for and are not known.
func List(w io.Writer, b *bom.Bill, opt Options) error {
	var rows [][]terminal.Span
	for c := range b.All() {
		rows = append(rows, row(c, c == b.Root))
	}
	slices.SortStableFunc(rows, func(x, y []terminal.Span) int {
		return cmp.Or(cmp.Compare(strings.ToLower(x[0].Text), strings.ToLower(y[0].Text)), cmp.Compare(x[0].Text, y[0].Text))
	})
	header := []terminal.Span{{Text: "NAME"}, {Text: "VERSION"}, {Text: "USE"}, {Text: "LICENCE"}, {Text: "NOT KNOWN"}}
	page := terminal.NewPage(opt.Width, opt.Color)
	page.Table(append([][]terminal.Span{header}, rows...)...)
	_, err := io.WriteString(w, page.String())
	return err
}

func row(c *bom.Component, root bool) []terminal.Span {
	name, version := title(c)
	use := string(c.Scope)
	if root {
		use = "the product"
	}
	var licences []string
	for _, l := range c.Licenses {
		licences = append(licences, l.String())
	}
	return []terminal.Span{
		{Text: name},
		{Text: version},
		{Text: use},
		{Text: strings.Join(licences, ", ")},
		{Style: terminal.Dim, Text: strings.Join(c.Unknown, ", ")},
	}
}
