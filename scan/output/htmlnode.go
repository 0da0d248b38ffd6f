package output

import (
	"html"
	"io"
	"strings"
)

// A page is a tree of elements, and everything in it that is no name of an
// element or of an attribute is escaped when it is written: nothing from outside
// can become markup. The standard html/template would do that, too, but makes
// the program a quarter larger and slower to start, for this one format.

// node is an element, or a text.
type node struct {
	name  string   // "" is a text
	text  string   // of a text
	attrs []string // names and values by turns; a value "" is left out
	kids  []node
}

// el is an element with attributes, "class", "card", by turns.
func el(name string, attrs ...string) node { return node{name: name, attrs: attrs} }

// txt is a text.
func txt(s string) node { return node{text: s} }

// of gives the element children. Elements that are zero are left out.
func (n node) of(kids ...node) node {
	for _, k := range kids {
		if k.name != "" || k.text != "" {
			n.kids = append(n.kids, k)
		}
	}
	return n
}

// says gives the element a text.
func (n node) says(s string) node { return n.of(txt(s)) }

// void are the elements that have no end.
func (n node) void() bool { return n.name == "meta" }

// block are elements that begin a line, so that the source can be read.
func (n node) block() bool {
	switch n.name {
	case "", "a", "b", "code", "i", "rect", "span", "strong":
		return false
	}
	return true
}

// write writes the element and what is in it. A style is written as it is: it is
// ours.
func (n node) write(w *strings.Builder) {
	if n.name == "" {
		w.WriteString(html.EscapeString(n.text))
		return
	}
	w.WriteString("<" + n.name)
	for i := 0; i+1 < len(n.attrs); i += 2 {
		if n.attrs[i+1] != "" {
			w.WriteString(" " + n.attrs[i] + `="` + html.EscapeString(n.attrs[i+1]) + `"`)
		}
	}
	w.WriteString(">")
	switch {
	case n.name == "style":
		w.WriteString(n.text)
	case n.name == "pre": // its line feeds would be shown
		for _, k := range n.kids {
			k.write(w)
		}
	default:
		for _, k := range n.kids {
			if k.block() {
				w.WriteString("\n")
			}
			k.write(w)
		}
		if len(n.kids) > 0 && n.kids[len(n.kids)-1].block() {
			w.WriteString("\n")
		}
	}
	if !n.void() {
		w.WriteString("</" + n.name + ">")
	}
}

// writePage writes a document.
func writePage(w io.Writer, head, body []node) error {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n")
	el("html", "lang", "en").of(el("head").of(head...), el("body").of(body...)).write(&b)
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}
