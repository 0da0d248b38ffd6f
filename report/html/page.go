package html

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"io"
	"strconv"
	"strings"
)

//go:embed style.css
var style string

// Write writes a document with a title, in plain text, and what its body holds.
func Write(w io.Writer, title string, body ...Node) error {
	sum := sha256.Sum256([]byte(style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	head := El("head").Of(
		El("meta", "charset", "utf-8"),
		El("meta", "http-equiv", "Content-Security-Policy", "content", policy),
		El("meta", "name", "viewport", "content", "width=device-width, initial-scale=1"),
		El("meta", "name", "referrer", "content", "no-referrer"),
		El("meta", "name", "color-scheme", "content", "light dark"),
		El("title").Says(title),
		Node{name: "style", text: style},
	)
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n")
	El("html", "lang", "en").Of(head, El("body").Of(body...)).write(&b)
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// IsEmpty reports whether the element has nothing in it.
func (n Node) IsEmpty() bool { return len(n.kids) == 0 && n.text == "" }

// Badge is a word in a colour: critical, high, medium, low or unrated.
func Badge(class, text string) Node { return El("span", "class", "badge "+class).Says(text) }

// Folded is what is shown when one asks for it; a browser does that without a
// script.
func Folded(head string, kid Node) Node { return El("details").Of(El("summary").Says(head), kid) }

// Outward is a link to the web, which learns nothing about this page.
func Outward(uri, text string) Node {
	return El("a", "href", uri, "rel", "noopener noreferrer").Says(text)
}

// Diff is a unified diff, or lines of one; show makes a line safe to look at.
func Diff(diff string, show func(string) string) Node {
	code := El("code")
	for text := range strings.Lines(diff) {
		text = show(strings.TrimRight(text, "\r\n"))
		code = code.Of(El("span", "class", diffClass(text)).Says(text), Text("\n"))
	}
	return El("pre").Of(code)
}

// diffClass is the class of a line of a patch.
func diffClass(text string) string {
	switch {
	case strings.HasPrefix(text, "+++ "), strings.HasPrefix(text, "--- "), strings.HasPrefix(text, "@@"):
		return "at"
	case strings.HasPrefix(text, "+"):
		return "add"
	case strings.HasPrefix(text, "-"):
		return "del"
	}
	return ""
}

// Share is one part of a Bar.
type Share struct {
	Class string // critical, high, medium, low or unrated
	N     int
	Text  string // "3 critical"
}

// Bar is how many there are of each class, as a bar with its key and a label
// before that; nothing where there are none.
func Bar(label string, shares []Share) Node {
	all := 0
	for _, s := range shares {
		all += s.N
	}
	if all == 0 {
		return Node{}
	}
	bar := El("svg", "viewBox", "0 0 "+strconv.Itoa(all*100)+" 24", "preserveAspectRatio", "none", "role", "img", "aria-labelledby", "bar-key")
	key := El("figcaption", "id", "bar-key").Of(El("span", "class", "quiet").Says(label))
	at := 0
	for _, s := range shares {
		if s.N == 0 {
			continue
		}
		bar = bar.Of(El("rect", "class", s.Class, "x", strconv.Itoa(at*100), "width", strconv.Itoa(s.N*100), "height", "24"))
		text := s.Text
		if at += s.N; at < all {
			text += ","
		}
		key = key.Of(Text(" "), El("span").Of(El("i", "class", "dot "+s.Class), Text(text)))
	}
	return El("figure", "class", "bar").Of(bar, key)
}
