package output

import "nacre/terminal"

// page is the text for people in the making.
type page struct {
	*terminal.Page
	project string // begins every path
}

type span = terminal.Span

// say is a text in a style.
func say(style terminal.Style, text string) span { return span{Style: style, Text: text} }

const (
	plain   = terminal.Plain
	bold    = terminal.Bold
	dim     = terminal.Dim
	red     = terminal.Red
	green   = terminal.Green
	yellow  = terminal.Yellow
	boldRed = terminal.BoldRed
)
