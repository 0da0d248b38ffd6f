// Package html writes reports as one file for a browser: HTML that needs
// nothing else, no script, no font, no picture, and whose policy forbids all of
// them, but for its own style by digest.
//
//	html.Write(w, "Foo-Bar 1.2", html.El("main", "id", "main").Of(
//		html.El("h1").Says("Foo-Bar <1.2>")))
//
// Promised: nothing that is given as a text or as an attribute's value becomes
// markup; the same nodes give the same bytes. Names of elements and attributes
// are the caller's own.
//
// Source: the HTML standard; Content Security Policy Level 3.
package html

import (
	escape "html"
	"strings"
)

// A page is a tree of elements, and everything in it that is no name of an
// element or of an attribute is escaped when it is written: nothing from outside
// can become markup. The standard html/template would do that, too, but makes
// the program a quarter larger and slower to start, for this one format.

// Node is an element, or a text.
type Node struct {
	name  string   // "" is a text
	text  string   // of a text
	attrs []string // names and values by turns; a value "" is left out
	kids  []Node
}

// El is an element with attributes, "class", "card", by turns.
func El(name string, attrs ...string) Node { return Node{name: name, attrs: attrs} }

// Text is a text.
func Text(s string) Node { return Node{text: s} }

// Of gives the element children. Elements that are zero are left out.
func (n Node) Of(kids ...Node) Node {
	for _, k := range kids {
		if k.name != "" || k.text != "" {
			n.kids = append(n.kids, k)
		}
	}
	return n
}

// Says gives the element a text.
func (n Node) Says(s string) Node { return n.Of(Text(s)) }

// void are the elements that have no end.
func (n Node) void() bool { return n.name == "meta" }

// block are elements that begin a line, so that the source can be read.
func (n Node) block() bool {
	switch n.name {
	case "", "a", "b", "code", "i", "rect", "span", "strong":
		return false
	}
	return true
}

// write writes the element and what is in it. A style is written as it is: it is
// ours.
func (n Node) write(w *strings.Builder) {
	if n.name == "" {
		w.WriteString(escape.EscapeString(n.text))
		return
	}
	w.WriteString("<" + n.name)
	for i := 0; i+1 < len(n.attrs); i += 2 {
		if n.attrs[i+1] != "" {
			w.WriteString(" " + n.attrs[i] + `="` + escape.EscapeString(n.attrs[i+1]) + `"`)
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
