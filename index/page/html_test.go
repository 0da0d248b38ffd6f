package page

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"nacre/index"
	"nacre/index/legacy"
	"nacre/index/news"
	"nacre/index/osvdir"
	"nacre/index/record"
	"nacre/index/vex"
)

// voids are the elements that have no end.
var voids = map[string]bool{"meta": true, "link": true, "input": true, "img": true, "br": true, "hr": true, "wbr": true}

// balanced says what is wrong with the elements of a page: an end without a
// beginning, one inside another, or one that never ends.
func balanced(page []byte) (wrong []string) {
	z := html.NewTokenizer(strings.NewReader(string(page)))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				wrong = append(wrong, "never ended: "+strings.Join(open, " "))
			}
			return wrong
		case html.StartTagToken:
			if name, _ := z.TagName(); !voids[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return append(wrong, fmt.Sprintf("</%s> inside %s", name, strings.Join(open, " ")))
			}
			open = open[:len(open)-1]
		}
	}
}

// walk visits every element.
func walk(n *html.Node, visit func(n *html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, visit)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// text is what an element says, with its blanks folded.
func text(n *html.Node) string {
	var b strings.Builder
	var of func(n *html.Node)
	of = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.DataAtom == atom.Br || n.DataAtom == atom.Time || n.DataAtom == atom.Div {
			b.WriteString(" ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			of(c)
		}
	}
	of(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// checkPage holds a page to what every page promises, but for its links, which it
// gives: those into the index by path, with the fragment.
func checkPage(t *testing.T, name string, page []byte) (links []string) {
	t.Helper()
	wrong := balanced(page)
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	walk(doc, func(n *html.Node) {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				say("two of the id %q", id)
			}
			ids[id] = true
		}
	})
	count := map[string]int{}
	level := 0
	walk(doc, func(n *html.Node) {
		count[n.Data]++
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on") || a.Key == "style":
				say("the attribute %s=%q", a.Key, a.Val)
			case a.Key == "aria-labelledby" || a.Key == "aria-describedby" || a.Key == "for":
				for id := range strings.FieldsSeq(a.Val) {
					if !ids[id] {
						say("%s names %q, which is not there", a.Key, id)
					}
				}
			case a.Key == "href" || a.Key == "src" || a.Key == "action":
				links = append(links, linkOf(name, n, a.Val, say)...)
			}
		}
		switch n.DataAtom {
		case atom.Style, atom.Base, atom.Iframe, atom.Object, atom.Embed, atom.Font:
			say("an element %s", n.Data)
		case atom.Script:
			if !has(n, "src") || text(n) != "" {
				say("a script in the page")
			}
		case atom.H1, atom.H2, atom.H3, atom.H4:
			l := int(n.Data[1] - '0')
			if l > level+1 {
				say("%s after h%d", n.Data, level)
			}
			level = l
		case atom.A:
			if text(n) == "" {
				say("a link without a text to %s", attr(n, "href"))
			}
		case atom.Img:
			if !has(n, "alt") {
				say("a picture without words: %s", attr(n, "src"))
			}
		case atom.Table:
			if n.FirstChild == nil || !slices.ContainsFunc(elements(n), func(c *html.Node) bool { return c.DataAtom == atom.Caption && text(c) != "" }) {
				say("a table without a caption")
			}
			if p := n.Parent; attr(p, "tabindex") != "0" || attr(p, "aria-label") == "" {
				say("a table outside of a region")
			}
		case atom.Th:
			if !has(n, "scope") {
				say("a th without a scope: %s", text(n))
			}
		}
		if attr(n, "role") == "img" && attr(n, "aria-labelledby") == "" {
			say("a drawing without words")
		}
	})
	for _, one := range []string{"h1", "main", "title"} {
		if one == "title" { // drawings have titles of their own
			if n := len(find(doc, "head title")); n != 1 {
				say("%d titles", n)
			}
		} else if count[one] != 1 {
			say("%d of %s", count[one], one)
		}
	}
	for i, w := range wrong {
		if i < 5 {
			t.Errorf("%s: %s", name, w)
		}
	}
	return links
}

// linkOf is where a link leads in the index; nothing for one to elsewhere.
func linkOf(from string, n *html.Node, to string, say func(string, ...any)) []string {
	u, err := url.Parse(to)
	switch {
	case err != nil:
		say("a link to %q", to)
	case u.Scheme == "mailto":
	case u.Scheme == "http" || u.Scheme == "https":
		if n.DataAtom != atom.A || attr(n, "rel") != "noopener noreferrer nofollow" {
			say("%s asks for %q", n.Data, to)
		}
	case u.Scheme != "" || u.Host != "" || strings.HasPrefix(u.Path, "/") || u.RawQuery != "":
		say("a link to %q", to)
	case u.Path == "":
		return []string{from + "#" + u.Fragment}
	default:
		return []string{path.Join(path.Dir(from), u.Path) + "#" + u.Fragment}
	}
	return nil
}

func elements(n *html.Node) []*html.Node {
	var all []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			all = append(all, c)
		}
	}
	return all
}

// find gives the elements at a path of names, each anywhere below the one before.
func find(n *html.Node, names string) []*html.Node {
	first, rest, more := strings.Cut(names, " ")
	var all []*html.Node
	walk(n, func(n *html.Node) {
		switch {
		case n.Data != first:
		case more:
			for _, c := range elements(n) {
				all = append(all, find(c, rest)...)
			}
		default:
			all = append(all, n)
		}
	})
	return all
}

// TestEveryPage holds each page of a small index that has everything, and of
// hostile texts, to what all pages promise, and follows every link.
func TestEveryPage(t *testing.T) {
	m := world(t)
	all := files(t, m)
	checkSite(t, m, all)
	for name, b := range all {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, bad := range []string{"<script>alert", "\u202e", "\u202c", "\x1b", "href=\"javascript:"} {
			if strings.Contains(string(b), bad) {
				t.Errorf("%s has %q", name, bad)
			}
		}
	}
}

// TestEmpty makes whole pages of an index that knows nothing.
func TestEmpty(t *testing.T) {
	m, err := index.New(index.Input{Site: index.DefaultSite(), Now: time.Date(2099, 1, 2, 3, 4, 5, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	checkSite(t, m, files(t, m))
}

// checkSite holds all pages to what they promise, and follows every link, into the
// other forms of the index too.
func checkSite(t *testing.T, m *index.Model, all map[string][]byte) {
	t.Helper()
	other := made(t, m, slices.Concat(osvdir.Formats(), vex.Formats(), news.Formats(), legacy.Formats(), record.Formats()))
	ids := map[string]bool{}
	links := map[string]string{} // to a page that has it
	for name, b := range all {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, to := range checkPage(t, name, b) {
			links[to] = name
		}
		doc, err := html.Parse(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		walk(doc, func(n *html.Node) {
			if id := attr(n, "id"); id != "" {
				ids[name+"#"+id] = true
			}
		})
	}
	bad := 0
	for to, from := range links {
		file, fragment, _ := strings.Cut(to, "#")
		ok := all[file] != nil || other[file] != nil || elsewhere(file)
		if !ok || fragment != "" && !ids[to] {
			if bad++; bad < 20 {
				t.Errorf("%s links to %s, which is not there", from, to)
			}
		}
	}
}

// elsewhere says whether a file is one that no form of the index makes: the build
// does.
func elsewhere(file string) bool { return file == "manifest.json" || file == "state.json" }
