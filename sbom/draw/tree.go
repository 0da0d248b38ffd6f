package draw

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"nacre/bom"
	"nacre/terminal"
)

// Options say how a text looks.
type Options struct {
	Width int  // columns, 0 unknown
	Color bool // for a terminal
	Depth int  // levels below the top that are shown; 0 is all
	All   bool // name perl, and what it ships, wherever it is needed
}

// Tree writes who needs what.
func Tree(w io.Writer, b *bom.Bill, opt Options) error {
	t := &tree{net: newNet(b), opt: opt, page: terminal.NewPage(opt.Width, opt.Color)}
	t.opened, t.named = make([]bool, len(t.nodes)), make([]bool, len(t.nodes))
	if !opt.All {
		t.leaveOutPerl()
	}
	for _, i := range t.tops() {
		t.open(i)
	}
	if loose := t.loose(); len(loose) > 0 {
		t.page.Blank()
		t.page.Line(terminal.Span{Style: terminal.Bold, Text: "Nothing in the bill says who needs these:"})
		for _, i := range loose {
			if !t.opened[i] {
				t.open(i)
			}
		}
	}
	if t.left > 0 {
		text := "That components need perl, or what it ships, is left out"
		if n := t.unnamed(); n > 0 && opt.Depth == 0 {
			text += ", and with it " + count(n, "component")
			if n > 1 {
				text += "s"
			}
		}
		t.page.Blank()
		t.page.Para(terminal.Span{Style: terminal.Dim, Text: text + "; --all shows it."})
	}
	_, err := io.WriteString(w, t.page.String())
	return err
}

type tree struct {
	*net
	opt    Options
	page   *terminal.Page
	opened []bool
	named  []bool
	left   int // needs that are left out
}

// unnamed counts the components that are on no line.
func (t *tree) unnamed() (n int) {
	for _, named := range t.named {
		if !named {
			n++
		}
	}
	return n
}

// leaveOutPerl takes away the needs of perl and of what it ships, but for those of
// the top: nearly everything has them, and they hide the others.
func (t *tree) leaveOutPerl() {
	for i := range t.nodes {
		if i == t.root || t.isPerl(i) {
			continue
		}
		needs := t.nodes[i].needs
		kept := slices.DeleteFunc(needs, func(x need) bool { return t.isPerl(x.to) })
		t.left += len(needs) - len(kept)
		t.nodes[i].needs = kept
	}
}

// frame is a component whose needs are being written.
type frame struct {
	node   int
	next   int    // of its needs
	prefix string // of its needs' lines
}

// open writes a component and all below it. A stack of its own holds the way
// down, which in a hostile bill is as long as the bill.
func (t *tree) open(i int) {
	t.opened[i] = true
	t.line("", "", i, need{}, false)
	stack := []frame{{node: i}}
	for len(stack) > 0 {
		f := &stack[len(stack)-1]
		needs := t.nodes[f.node].needs
		if f.next == len(needs) {
			stack = stack[:len(stack)-1]
			continue
		}
		if t.opt.Depth > 0 && len(stack) > t.opt.Depth {
			if n := len(needs); n > 0 {
				t.page.Line(terminal.Span{Style: terminal.Dim, Text: t.fit(f.prefix) + "└─ " + count(n, "more below")})
			}
			stack = stack[:len(stack)-1]
			continue
		}
		x := needs[f.next]
		f.next++
		branch, below := "├─ ", "│  "
		if f.next == len(needs) {
			branch, below = "└─ ", "   "
		}
		// Its place is where it is nearest to the top; of several the first.
		here := !t.opened[x.to] && t.nodes[x.to].depth == t.nodes[f.node].depth+1
		if t.nodes[x.to].depth < 0 { // among what nothing leads to
			here = !t.opened[x.to]
		}
		t.line(f.prefix, branch, x.to, x, !here && len(t.nodes[x.to].needs) > 0)
		if here {
			t.opened[x.to] = true
			stack = append(stack, frame{node: x.to, prefix: last(f.prefix+below, deepest+1)})
		}
	}
}

// deepest is how many columns of lines lead to a component at most.
const deepest = 36

// fit shortens a prefix that leaves no room for words.
func (t *tree) fit(prefix string) string {
	if utf8.RuneCountInString(prefix) <= deepest {
		return prefix
	}
	return "… " + last(prefix, deepest-2)
}

// last gives at most n characters from the end.
func last(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}

func (t *tree) line(prefix, branch string, i int, x need, elsewhere bool) {
	t.named[i] = true
	name, version := title(t.nodes[i].c)
	spans := []terminal.Span{
		{Style: terminal.Dim, Text: t.fit(prefix) + branch},
		{Style: terminal.Bold, Text: terminal.Cut(terminal.Visible(name), 60)},
	}
	if version != "" {
		spans = append(spans, terminal.Span{Text: " " + terminal.Cut(terminal.Visible(version), 40)})
	} else if i != t.root {
		spans = append(spans, terminal.Span{Style: terminal.Yellow, Text: " version unknown"})
	}
	var notes []string
	if s := x.note(); s != "" {
		notes = append(notes, s)
	}
	if elsewhere {
		notes = append(notes, "opened elsewhere")
	}
	if len(notes) > 0 {
		spans = append(spans, terminal.Span{Style: terminal.Dim, Text: " (" + strings.Join(notes, ", ") + ")"})
	}
	t.page.Clip(spans...)
}

func count(n int, what string) string { return strconv.Itoa(n) + " " + what }
