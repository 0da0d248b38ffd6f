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
// it for, licence, and which attributes were looked for and are not known. Those
// that are known of no component stand below the table, once.
func List(w io.Writer, b *bom.Bill, opt Options) error {
	all := slices.Collect(b.All())
	missing := map[string]int{}
	for _, c := range all {
		for _, attribute := range c.Unknown {
			missing[attribute]++
		}
	}
	var nowhere []string
	for attribute, n := range missing {
		if n == len(all) && n > 1 {
			nowhere = append(nowhere, attribute)
		}
	}
	slices.Sort(nowhere)
	var rows [][]terminal.Span
	for _, c := range all {
		rows = append(rows, row(c, c == b.Root, nowhere))
	}
	slices.SortStableFunc(rows, func(x, y []terminal.Span) int {
		return cmp.Or(cmp.Compare(strings.ToLower(x[0].Text), strings.ToLower(y[0].Text)), cmp.Compare(x[0].Text, y[0].Text))
	})
	header := []terminal.Span{{Text: "NAME"}, {Text: "VERSION"}, {Text: "USE"}, {Text: "LICENCE"}, {Text: "NOT KNOWN"}}
	page := terminal.NewPage(opt.Width, opt.Color)
	page.Table(append([][]terminal.Span{header}, rows...)...)
	if len(nowhere) > 0 {
		page.Blank()
		page.Para(terminal.Span{Text: "Not known of any component: " + strings.Join(nowhere, ", ")})
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// row is a component; what is known nowhere is not said of each.
func row(c *bom.Component, root bool, nowhere []string) []terminal.Span {
	name, version := title(c)
	use := string(c.Scope)
	if root {
		use = "the product"
	}
	var licences, unknown []string
	for _, l := range c.Licenses {
		licences = append(licences, l.String())
	}
	for _, attribute := range c.Unknown {
		if _, found := slices.BinarySearch(nowhere, attribute); !found {
			unknown = append(unknown, attribute)
		}
	}
	return []terminal.Span{
		{Text: name},
		{Text: version},
		{Text: use},
		{Text: strings.Join(licences, ", ")},
		{Style: terminal.Dim, Text: strings.Join(unknown, ", ")},
	}
}
