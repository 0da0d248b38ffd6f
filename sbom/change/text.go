package change

import (
	"fmt"
	"strings"

	"nacre/terminal"
)

// String says what changed, on one line and without its kind: "Foo-Bar 1.2 -> 1.3".
func (c Change) String() string {
	s := c.Name
	if c.What != "" {
		s = strings.TrimPrefix(s+": "+c.What, ": ")
	}
	switch {
	case c.Kind == Rewired && c.Before == "":
		return c.Name + " now needs " + c.What + " (" + c.After + ")"
	case c.Kind == Rewired && c.After == "":
		return c.Name + " no longer needs " + c.What + " (" + c.Before + ")"
	case c.Kind == Rewired:
		return c.Name + " needs " + c.What + ": " + c.Before + " -> " + c.After
	case c.Kind == Added || c.Kind == Removed:
		return strings.TrimSuffix(s+" "+c.Before+c.After, " ")
	case c.Kind == Learned || c.Kind == Forgotten:
		return s
	case c.Kind == Censored && c.After != "":
		return s + ", taken out"
	case c.Kind == Censored:
		return s + ", back"
	case c.What == "":
		s += " "
	default:
		s += ": "
	}
	return s + orNone(c.Before) + " -> " + orNone(c.After)
}

func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// Markdown writes changes as tables, one for each kind.
func Markdown(older, newer string, all []Change) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s → %s\n", escape(older), escape(newer))
	if len(all) == 0 {
		b.WriteString("\nNothing changed.\n")
	}
	last := Kind("")
	for _, c := range all {
		if c.Kind != last {
			last = c.Kind
			fmt.Fprintf(&b, "\n## %s\n\n| component | what | before | after |\n|---|---|---|---|\n", c.Kind)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", escape(c.Name), escape(c.What), escape(c.Before), escape(c.After))
	}
	return b.String()
}

// escape makes a text from outside one cell of a table, which says nothing to a
// reader of Markdown or HTML.
func escape(s string) string {
	var b strings.Builder
	for _, r := range terminal.Visible(s) {
		switch {
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '&':
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*_[]()#|~!", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
