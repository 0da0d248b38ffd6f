package output

import "nacre/terminal"

// page is the text for people in the making.
type page struct {
	*terminal.Page
	project string // begins every path
}

type span = terminal.Span

const (
	plain   = terminal.Plain
	bold    = terminal.Bold
	dim     = terminal.Dim
	red     = terminal.Red
	green   = terminal.Green
	yellow  = terminal.Yellow
	boldRed = terminal.BoldRed
)
