package page

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"nacre/index/news"
	"nacre/internal/testkit"
)

// serve gives out files as a plain host of files does: what has no file is not
// there, and no folder has a page of its own.
func serve(t *testing.T, all map[string][]byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, ok := all[strings.TrimPrefix(r.URL.Path, "/")]
		switch {
		case r.URL.Path == "/favicon.ico": // which browsers ask for unbidden
			w.WriteHeader(http.StatusNoContent)
		case !ok:
			http.NotFound(w, r)
		default:
			w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(r.URL.Path)))
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = w.Write(data)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// shown are the files of a small index that pages show: the pages themselves, and
// badges.
func shown(t *testing.T) map[string][]byte {
	t.Helper()
	m := world(t)
	all := files(t, m)
	for _, f := range news.Formats() {
		if f.Name != "badges" {
			continue
		}
		for _, d := range m.Dists {
			made, err := f.Dist(m, d)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range made {
				all[f.Path] = f.Data
			}
		}
	}
	return all
}

// kinds are one page of each kind and state, by a name for its picture.
func kinds() map[string]string {
	return map[string]string{
		"start": "index.html", "formats": "formats/index.html",
		"advisory": "advisory/CVE-2099-0001/index.html", "advisory-several": "advisory/CVE-2099-0003/index.html",
		"advisory-withdrawn": "advisory/CVE-2099-0004/index.html", "advisory-contradictory": "advisory/CVE-2099-0005/index.html",
		"advisory-hostile": "advisory/CVE-2099-0007/index.html", "advisory-unread": "advisory/CVE-2099-0006/index.html",
		"dist": "dist/Foo-Bar/index.html", "dist-often": "dist/Acme-Often/index.html", "dist-gone": "dist/Acme-Gone/index.html",
		"dist-long": "dist/Acme-Quite-Long-Name-Of-A-Distribution-That-Has-To-Break-Somewhere-On-A-Telephone/index.html",
		"list-all":  "list/all/index.html", "list-dist": "list/dist/index.html", "list-year": "list/year/index.html",
		"list-2021": "list/year/2021/index.html", "list-cwe": "list/cwe/index.html", "list-severity": "list/severity/index.html",
		"statistics": "statistics/index.html", "health": "health/index.html", "changes": "changes/index.html", "search": "search/index.html",
	}
}

// measure is run in a page: what is wrong with it, in words.
const measure = `(() => {
  const wrong = [], wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) {
    wrong.push('the page is ' + document.documentElement.scrollWidth + ' wide');
    for (const e of document.body.querySelectorAll('*')) {
      if (e.closest('.scroll, .hidden, .skip') || !e.checkVisibility()) continue;
      const box = e.getBoundingClientRect();
      if (box.width && box.right > wide + 1) wrong.push(e.tagName + '.' + e.className + ' reaches to ' + box.right);
    }
  }
  for (const e of document.querySelectorAll('.scroll')) {
    if (e.scrollWidth > e.clientWidth + 1 && e.tabIndex !== 0) wrong.push('a region that moves, but not by keyboard: ' + e.textContent.slice(0, 40));
  }
  for (const e of document.querySelectorAll('*')) for (const a of e.attributes) if (/^on|^style$/i.test(a.name)) wrong.push('an attribute ' + a.name);
  for (const e of document.querySelectorAll('text, p, li, td, th, a, dd, dt, summary')) {
    if (e.checkVisibility() && e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 12) wrong.push('a text of ' + getComputedStyle(e).fontSize + ': ' + e.textContent.slice(0, 30));
  }
  if (document.compatMode !== 'CSS1Compat') wrong.push('quirks');
  if (document.styleSheets.length !== 1 || !document.styleSheets[0].cssRules.length) wrong.push('no style');
  return wrong;
})()`

// look runs axe in the page, and gives what it finds.
const look = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations
  .map(v => v.impact + ' ' + v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | ')))`

// TestBrowser shows the pages of a small index in a browser.
func TestBrowser(t *testing.T) {
	testkit.Need(t, "chromium")
	axe := testkit.NeedAxe(t)
	all := shown(t)
	base := serve(t, all)
	chromium := newBrowser(t)
	t.Run("every page", func(t *testing.T) {
		windowAt(t, chromium, base).everyPage(t, base, axe)
	})
	t.Run("by keyboard", func(t *testing.T) {
		windowAt(t, chromium, base).byKeyboard(t, base)
	})
	t.Run("search", func(t *testing.T) {
		windowAt(t, chromium, base).search(t, base, axe)
	})
	t.Run("search without its file", func(t *testing.T) {
		without := maps.Clone(all)
		delete(without, searchIndex)
		base := serve(t, without)
		windowAt(t, chromium, base).searchWithout(t, base)
	})
	t.Run("from a folder", func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, all)
		base := (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/"}).String()
		windowAt(t, chromium, base).fromFolder(t, base)
	})
	t.Run("without scripts", func(t *testing.T) {
		windowAt(t, chromium, base).withoutScripts(t, base)
	})
}

// everyPage shows a page of every kind, on a telephone in the dark and on a desk in
// light. Nothing is wider than the window, nothing is on the console, nothing is
// asked of another place, and axe finds nothing. Pictures in light and in
// dark go into the folder NACRE_SCREENSHOTS, where it is set.
func (b *browser) everyPage(t *testing.T, base, axe string) {
	pictures := os.Getenv("NACRE_SCREENSHOTS")
	pages := kinds()
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		t.Run(name, func(t *testing.T) {
			for _, as := range []struct {
				width  int64
				scheme string
				more   bool
			}{{390, "dark", true}, {1280, "light", true}, {390, "light", false}, {1280, "dark", false}} {
				if !as.more && pictures == "" {
					continue
				}
				var wrong, found []string
				b.run(t, size(as.width, as.scheme), chromedp.Navigate(base+pages[name]),
					chromedp.Evaluate("document.querySelectorAll('details').forEach(d => d.open = true)", nil),
					chromedp.Evaluate(measure, &wrong), chromedp.Evaluate(axe, nil), chromedp.Evaluate(look, &found, awaited))
				for _, w := range append(wrong, found...) {
					t.Errorf("at %d in %s: %s", as.width, as.scheme, w)
				}
				b.quiet(t)
				if pictures != "" {
					b.picture(t, filepath.Join(pictures, fmt.Sprintf("%s-%d-%s.png", name, as.width, as.scheme)))
				}
			}
		})
	}
}

// fromFolder opens pages from a folder, without a server, and follows
// links between them.
func (b *browser) fromFolder(t *testing.T, base string) {
	for _, step := range []struct{ page, follow, heading string }{
		{"index.html", "a[href='advisory/CVE-2099-0008/index.html']", "Acme::Demo writes its password"},
		{"advisory/CVE-2099-0001/index.html", "a[href='../../dist/Foo-Bar/index.html']", "Foo-Bar"},
		{"dist/Foo-Bar/index.html", "nav a[href='../../statistics/index.html']", "Statistics"},
		{"list/all/index.html", "a[href='../../list/cwe/CWE-22/index.html']", "CWE-22: Path traversal"},
		{"list/dist/index.html", ".brand a", "CPAN advisories"},
		{"health/index.html", "nav a[href='../changes/index.html']", "Changes"},
	} {
		var heading, styled string
		b.run(t, chromedp.Navigate(base+step.page))
		b.goes(t, chromedp.Click(step.follow, chromedp.ByQuery))
		b.run(t, chromedp.Text("h1", &heading, chromedp.ByQuery), chromedp.Evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor", &styled))
		if !strings.Contains(heading, step.heading) {
			t.Errorf("%s: %s leads to the page %q, want %q", step.page, step.follow, heading, step.heading)
		}
		if styled == "rgba(0, 0, 0, 0)" {
			t.Errorf("%s leads to a page without style", step.page)
		}
		b.quiet(t)
	}
	// The page of another name leads on by itself.
	var at string
	b.run(t, chromedp.Navigate(base+"advisory/CPANSA-Foo-Bar-2099-01/index.html"), chromedp.WaitReady(".marks", chromedp.ByQuery), chromedp.Location(&at))
	if at != base+"advisory/CVE-2099-0001/index.html" {
		t.Errorf("another name leads to %s", at)
	}
	var said string
	b.run(t, chromedp.Navigate(base+"index.html"))
	b.goes(t, chromedp.SendKeys("#find", "foo\r", chromedp.ByQuery))
	b.run(t, chromedp.Text("#found", &said, chromedp.ByQuery))
	if !strings.Contains(said, "opened from a folder") {
		t.Errorf("search from a folder says %q", said)
	}
	b.quiet(t)
}

// withoutScripts shows pages where scripts do not run: all is there but
// the search, which says so and names the lists.
func (b *browser) withoutScripts(t *testing.T, base string) {
	b.run(t, emulation.SetScriptExecutionDisabled(true))
	for name, page := range kinds() {
		var text string
		b.run(t, chromedp.Navigate(base+page), chromedp.Text("main", &text, chromedp.ByQuery))
		if len(text) < 100 {
			t.Errorf("%s shows only %q", name, text)
		}
		if has := strings.Contains(text, "scripts do not run here"); has != (name == "search") {
			t.Errorf("%s speaks of scripts: %v", name, has)
		}
	}
	var address, text string
	b.run(t, chromedp.Navigate(base+"index.html"))
	b.goes(t, chromedp.SendKeys("#find", "Foo Bar\r", chromedp.ByQuery))
	b.run(t, chromedp.Location(&address), chromedp.Text("main", &text, chromedp.ByQuery))
	if address != base+"search/index.html?q=Foo+Bar" || !strings.Contains(text, "Distributions by the alphabet") {
		t.Errorf("the form leads to %s, which shows %q", address, text)
	}
	b.quiet(t)
}

// stops are what the tabulator leads to, in order, as the names of elements and
// their texts.
func (b *browser) stops(t *testing.T, n int) []string {
	t.Helper()
	var all []string
	for range n {
		var at struct{ Name, Text string }
		var raw string
		b.run(t, chromedp.KeyEvent("\t"), chromedp.Evaluate(`(() => { const e = document.activeElement;
  return JSON.stringify({Name: e.tagName, Text: (e.id || e.textContent).trim().slice(0, 40)}); })()`, &raw))
		if err := json.Unmarshal([]byte(raw), &at); err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.ToLower(at.Name)+" "+at.Text)
	}
	return all
}

// byKeyboard goes through a page with the tabulator: first past the
// head, then along it, and each stop can be seen.
func (b *browser) byKeyboard(t *testing.T, base string) {
	b.run(t, chromedp.Navigate(base+"dist/Foo-Bar/index.html"))
	got := b.stops(t, 10)
	want := []string{
		"a Skip to the content", "a CPAN advisories", "input find", "button Search", "a Advisories", "a Distributions", "a Changes",
		"a Statistics", "a Feed health", "a Use it",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the tabulator leads to\n%q, want\n%q", got, want)
	}
	var inside, seen bool
	b.run(t, chromedp.Navigate(base+"dist/Foo-Bar/index.html"), chromedp.KeyEvent("\t"),
		chromedp.Evaluate("document.activeElement.getBoundingClientRect().left >= 0 && getComputedStyle(document.activeElement).outlineStyle !== 'none'", &seen),
		chromedp.KeyEvent("\r"), chromedp.KeyEvent("\t"), chromedp.Evaluate("document.activeElement.closest('main') !== null", &inside))
	if !seen {
		t.Error("the link past the head cannot be seen when it is reached")
	}
	if !inside {
		t.Error("the link past the head does not lead past it")
	}
	b.quiet(t)
}
