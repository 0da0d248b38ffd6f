package inject

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// ofDocument reports whether a value in a text with tags is markup by its purpose:
// a piece of a page that is put back into its page, or an answer that is put
// whole where a document or a part of one belongs.
func ofDocument(f *audit.File, at piece, v taint) bool {
	return putBack(f, at.node) || answered(v) && wholeAnswer(v) && parts.MatchString(at.before)
}

// answered reports whether a value is of what a server answered.
func answered(v taint) bool {
	return strings.Contains(v.What, "answer of a server")
}

// cut are functions that take a piece out of a text, or a value out of data.
var cut = set("m", "split", "substr", "decode_json", "from_json", "parse_json", "decode", "unpack", "[]")

// wholeAnswer reports whether an answer is the whole of what was sent.
func wholeAnswer(v taint) bool {
	return !slices.ContainsFunc(v.From.Through, func(by string) bool { return cut[by] })
}

// parts are what stands before a document or a large part of one: no tag, or one of
// those that hold markup, a style or a script.
var parts = lazyregexp.New(`(?is)\A[^<]*\z|<(?:html|body|div|section|article|main|aside|style|script|head|header|footer|noscript)\b[^<>]*>\s*(?:<!--\s*|<!\[CDATA\[\s*|/\*<!\[CDATA\[\*/\s*)?\z`)

// putBack reports whether a value was captured by a substitution that looks for a
// tag, in what replaces it.
func putBack(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	origins, _ := f.Flow().Origins(n)
	captured := false
	for _, o := range origins {
		if o.Kind != flow.Captured {
			continue
		}
		if !replaces(t, o.Node) {
			return false
		}
		captured = true
	}
	return captured
}

// replaces reports whether a node is in the replacement of a pattern that begins a
// tag.
func replaces(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	for ; n != 0; n = t.Nodes[n].Parent {
		if t.Nodes[n].Kind != perlsrc.TermNode || t.Token(n).Kind != perlsrc.Substitute {
			continue
		}
		body := t.Token(n).Quoted(t.Src).Body.Text(t.Src)
		return tagged.Match(body)
	}
	return false
}

// tagged finds the beginning of a tag in a pattern, and no group's: (?<name>...).
var tagged = lazyregexp.New(`(?:\A|[^?(\\P])\\?<(?:/\??)?(?:\\?[a-zA-Z!(\[])`)

// otherTypes are types of content that no browser reads as HTML; pages are those
// that are, and headers that name none.
var (
	otherTypes = lazyregexp.New(`(?i)\b(?:text/(?:plain|csv|xml|calendar|javascript|css)|application/(?:json|javascript|xml|octet-stream|atom\+xml|rss\+xml|pdf)|image/\w+)\b`)
	pages      = lazyregexp.New(`(?i)text/html|xhtml|start_html|\bheader\s*(?:\(\s*\)|[;,.])`)
)

// maxScope bounds the bytes of a sub in which a type of content is looked for.
const maxScope = 32 << 10

// noPage reports whether the sub around a node, or a program, says that it sends
// something else than HTML, and only that.
func noPage(f *audit.File, n perlsrc.NodeID) bool {
	start, end := f.Tree.Span(f.Tree.EnclosingSub(n))
	src := f.Src[start:min(end, start+maxScope)]
	return end-start <= maxScope && otherTypes.Match(src) && !pages.Match(src)
}
