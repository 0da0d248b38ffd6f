package review

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"nacre/advisory/merge"
	"nacre/terminal"
)

// Schema names the format that WriteJSON writes.
const Schema = "nacre.review/1"

// Text says how a list is laid out.
type Text struct {
	Width int  // columns of the terminal, 0 if that is not known
	Color bool // whether it may be coloured
	Most  int  // items of one kind and rule that are shown; 0 is all
}

// WriteText writes the list for people, in at most 80 columns.
func WriteText(w io.Writer, items []Item, opt Text) error {
	p := terminal.NewPage(opt.Width, opt.Color)
	if len(items) == 0 {
		p.Para(terminal.Span{Text: "nothing to look at"})
	}
	for i := 0; i < len(items); {
		n := groupOf(items[i:])
		p.Blank()
		group(p, items[i:i+n], opt.Most)
		i += n
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// groupOf is how many items at the beginning are of one kind, and of one kind of
// contradiction.
func groupOf(items []Item) int {
	n := 1
	for n < len(items) && items[n].Kind == items[0].Kind && (items[0].Kind != Contradictory || items[n].Rule == items[0].Rule) {
		n++
	}
	return n
}

// group writes items of one kind. A hint that all of them have stands above them.
func group(p *terminal.Page, items []Item, most int) {
	head, hint := items[0], items[0].Hint
	for i := range items {
		if items[i].Hint != hint {
			hint = ""
		}
	}
	p.Para(terminal.Span{Style: terminal.Bold, Text: heading(head.Kind)}, terminal.Span{Text: fmt.Sprintf(" (%d)", len(items))})
	switch head.Kind {
	case Contradictory:
		p.At(2, terminal.Span{Text: merge.Kind(head.Rule).Words()})
	case Unfixed:
		p.At(2, terminal.Span{Text: "a range ends with a release, no fix is stated, and there are newer releases"})
	}
	if hint != "" {
		p.At(2, terminal.Span{Style: terminal.Dim, Text: hint})
	}
	for i := range items {
		if most > 0 && i == most {
			p.At(2, terminal.Span{Text: fmt.Sprintf("and %d more", len(items)-most)})
			break
		}
		item(p, &items[i], hint == "")
	}
}

func heading(k Kind) string {
	switch k {
	case Source:
		return "sources"
	case Curation:
		return "corrections"
	case Missing:
		return "missing from the CVE List"
	case Candidate:
		return "CVE records that may be about CPAN"
	case CaughtUp:
		return "corrections that can go or are not reported"
	}
	return string(k)
}

func item(p *terminal.Page, it *Item, withHint bool) {
	name := strings.TrimSpace(string(it.ID) + " " + string(it.Dist))
	if name == "" && len(it.Where) > 0 {
		name = it.Where[0]
	}
	spans := []terminal.Span{{Style: styleOf(it.Kind), Text: name}}
	if it.Kind == Changed {
		spans = append(spans, terminal.Span{Text: " " + it.Rule})
	}
	p.At(2, spans...)
	if it.Text != "" {
		p.At(4, terminal.Span{Text: it.Text})
	}
	if it.Kind == Refused && it.ID != "" {
		for _, where := range it.Where {
			p.At(4, terminal.Span{Style: terminal.Dim, Text: where})
		}
	}
	if withHint && it.Hint != "" {
		p.At(4, terminal.Span{Style: terminal.Dim, Text: it.Hint})
	}
}

func styleOf(k Kind) terminal.Style {
	switch k {
	case Source, Curation:
		return terminal.Red
	}
	return terminal.Plain
}

// config, summary and line are the lines of the JSON.
type config struct {
	Schema string `json:"schema"`
	Tool   string `json:"tool,omitempty"`
}

type summary struct {
	Items int          `json:"items"`
	Kinds map[Kind]int `json:"kinds"`
}

type line struct {
	Config  *config  `json:"config,omitempty"`
	Item    *Item    `json:"item,omitempty"`
	Summary *summary `json:"summary,omitempty"`
}

// WriteJSON writes the list as JSON Lines, for the program that tool names.
func WriteJSON(w io.Writer, items []Item, tool string) error {
	e := json.NewEncoder(terminal.Inert(w))
	e.SetEscapeHTML(false)
	sum := summary{Items: len(items), Kinds: map[Kind]int{}}
	if err := e.Encode(line{Config: &config{Schema, tool}}); err != nil {
		return err
	}
	for i := range items {
		sum.Kinds[items[i].Kind]++
		if err := e.Encode(line{Item: &items[i]}); err != nil {
			return err
		}
	}
	return e.Encode(line{Summary: &sum})
}
