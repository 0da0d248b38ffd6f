package page

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"nacre/index/news"
	"nacre/internal/testkit"
	"nacre/internal/testkit/browser"
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

// TestBrowser shows the pages of a small index in a browser.
func TestBrowser(t *testing.T) {
	chromium := browser.Start(t, testkit.Need(t, "chromium"))
	axe := testkit.NeedAxe(t)
	all := shown(t)
	base := serve(t, all)
	t.Run("every page", func(t *testing.T) {
		show(t, chromium, base).everyPage(t, base, axe)
	})
	t.Run("by keyboard", func(t *testing.T) {
		show(t, chromium, base).byKeyboard(t, base)
	})
	t.Run("search", func(t *testing.T) {
		show(t, chromium, base).search(t, base, axe)
	})
	t.Run("search without its file", func(t *testing.T) {
		without := maps.Clone(all)
		delete(without, searchIndex)
		base := serve(t, without)
		show(t, chromium, base).searchWithout(t, base)
	})
	t.Run("from a folder", func(t *testing.T) {
		dir := t.TempDir()
		write(t, dir, all)
		base := (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/"}).String()
		show(t, chromium, base).fromFolder(t, base)
	})
	t.Run("without scripts", func(t *testing.T) {
		show(t, chromium, base).withoutScripts(t, base)
	})
}

// window is a window that shows pages of an index.
type window struct{ *browser.Window }

func show(t *testing.T, all *browser.Browser, base string) window {
	t.Helper()
	return window{all.Window(t, base)}
}

// everyPage shows a page of every kind, on a telephone in the dark and on a desk in
// light. Nothing is wider than the window, nothing is on the console, nothing is
// asked of another place, and axe finds nothing. Pictures are in light and in dark,
// where there are any.
func (w window) everyPage(t *testing.T, base, axe string) {
	pages := kinds()
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		t.Run(name, func(t *testing.T) {
			for _, as := range []struct {
				width  int64
				scheme string
				more   bool
			}{{390, "dark", true}, {1280, "light", true}, {390, "light", false}, {1280, "dark", false}} {
				if !as.more && browser.Pictures() == "" {
					continue
				}
				t.Run(fmt.Sprint(as.width, as.scheme), func(t *testing.T) {
					w.Run(t, browser.Size(as.width, as.scheme), chromedp.Navigate(base+pages[name]))
					w.LookOver(t, axe)
					w.Quiet(t)
					w.Picture(t, fmt.Sprintf("%s-%d-%s", name, as.width, as.scheme))
				})
			}
		})
	}
}

// fromFolder opens pages from a folder, without a server, and follows
// links between them.
func (w window) fromFolder(t *testing.T, base string) {
	for _, step := range []struct{ page, follow, heading string }{
		{"index.html", "a[href='advisory/CVE-2099-0008/index.html']", "Acme::Demo writes its password"},
		{"advisory/CVE-2099-0001/index.html", "a[href='../../dist/Foo-Bar/index.html']", "Foo-Bar"},
		{"dist/Foo-Bar/index.html", "nav a[href='../../statistics/index.html']", "Statistics"},
		{"list/all/index.html", "a[href='../../list/cwe/CWE-22/index.html']", "CWE-22: Path traversal"},
		{"list/dist/index.html", ".brand a", "CPAN advisories"},
		{"health/index.html", "nav a[href='../changes/index.html']", "Changes"},
	} {
		var heading, styled string
		w.Run(t, chromedp.Navigate(base+step.page))
		w.Goes(t, chromedp.Click(step.follow, chromedp.ByQuery))
		w.Run(t, chromedp.Text("h1", &heading, chromedp.ByQuery), chromedp.Evaluate("getComputedStyle(document.querySelector('.top')).backgroundColor", &styled))
		if !strings.Contains(heading, step.heading) {
			t.Errorf("%s: %s leads to the page %q, want %q", step.page, step.follow, heading, step.heading)
		}
		if styled == "rgba(0, 0, 0, 0)" {
			t.Errorf("%s leads to a page without style", step.page)
		}
		w.Quiet(t)
	}
	// The page of another name leads on by itself.
	var at string
	w.Run(t, chromedp.Navigate(base+"advisory/CPANSA-Foo-Bar-2099-01/index.html"), chromedp.WaitReady(".marks", chromedp.ByQuery), chromedp.Location(&at))
	if at != base+"advisory/CVE-2099-0001/index.html" {
		t.Errorf("another name leads to %s", at)
	}
	var said string
	w.Run(t, chromedp.Navigate(base+"index.html"))
	w.Goes(t, chromedp.SendKeys("#find", "foo\r", chromedp.ByQuery))
	w.Run(t, chromedp.Text("#found", &said, chromedp.ByQuery))
	if !strings.Contains(said, "opened from a folder") {
		t.Errorf("search from a folder says %q", said)
	}
	w.Quiet(t)
}

// withoutScripts shows pages where scripts do not run: all is there but
// the search, which says so and names the lists.
func (w window) withoutScripts(t *testing.T, base string) {
	w.Run(t, emulation.SetScriptExecutionDisabled(true))
	for name, page := range kinds() {
		var text string
		w.Run(t, chromedp.Navigate(base+page), chromedp.Text("main", &text, chromedp.ByQuery))
		if len(text) < 100 {
			t.Errorf("%s shows only %q", name, text)
		}
		if has := strings.Contains(text, "scripts do not run here"); has != (name == "search") {
			t.Errorf("%s speaks of scripts: %v", name, has)
		}
	}
	var address, text string
	w.Run(t, chromedp.Navigate(base+"index.html"))
	w.Goes(t, chromedp.SendKeys("#find", "Foo Bar\r", chromedp.ByQuery))
	w.Run(t, chromedp.Location(&address), chromedp.Text("main", &text, chromedp.ByQuery))
	if address != base+"search/index.html?q=Foo+Bar" || !strings.Contains(text, "Distributions by the alphabet") {
		t.Errorf("the form leads to %s, which shows %q", address, text)
	}
	w.Quiet(t)
}

// byKeyboard goes through a page with the tabulator: first past the
// head, then along it, and each stop can be seen.
func (w window) byKeyboard(t *testing.T, base string) {
	w.Run(t, chromedp.Navigate(base+"dist/Foo-Bar/index.html"))
	got := w.Stops(t, 10)
	want := []string{
		"a Skip to the content", "a CPAN advisories", "input find", "button Search", "a Advisories", "a Distributions", "a Changes",
		"a Statistics", "a Feed health", "a Use it",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the tabulator leads to\n%q, want\n%q", got, want)
	}
	var inside, seen bool
	w.Run(t, chromedp.Navigate(base+"dist/Foo-Bar/index.html"), chromedp.KeyEvent("\t"),
		chromedp.Evaluate("document.activeElement.getBoundingClientRect().left >= 0 && getComputedStyle(document.activeElement).outlineStyle !== 'none'", &seen),
		chromedp.KeyEvent("\r"), chromedp.KeyEvent("\t"), chromedp.Evaluate("document.activeElement.closest('main') !== null", &inside))
	if !seen {
		t.Error("the link past the head cannot be seen when it is reached")
	}
	if !inside {
		t.Error("the link past the head does not lead past it")
	}
	w.Quiet(t)
}
