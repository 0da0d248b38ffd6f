package page

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// found is what search shows: what it says, and the names that its links have, of
// distributions and of advisories.
type found struct {
	Said, Query string
	Dists, IDs  []string
}

// readFound is run in the page of search.
const readFound = `(() => ({
  Said: document.getElementById('found').textContent, Query: new URL(location.href).searchParams.get('q') || '',
  Dists: [...document.querySelectorAll('#dists a')].map(a => a.textContent),
  IDs: [...document.querySelectorAll('#advisories a.id')].map(a => a.textContent),
}))()`

// search asks for what people ask for.
func (w window) search(t *testing.T, base, axe string) {
	for _, test := range []struct {
		name, asked string
		dists, ids  string // the first ones, with blanks between
		says        string
	}{
		{"an id", "CVE-2099-0001", "", "CVE-2099-0001", "1 advisory."},
		{"an id in small letters, with blanks", "  cve-2099-0008 ", "", "CVE-2099-0008", "1 advisory"},
		{"another name of it", "cpansa-foo-bar-2099-01", "", "CVE-2099-0001", "1 advisory"},
		{"the beginning of an id", "CVE-2099-", "", "CVE-2099-0008 CVE-2099-0007", "8 advisories"},
		{"a distribution", "Foo-Bar", "Foo-Bar", "CVE-2099-0004 CVE-2099-0001", "2 advisories and 1 distribution."},
		{"a module", "foo::bar", "Foo-Bar", "CVE-2099-0004", "2 advisories and 1 distribution."},
		{"a module inside of one", "Foo::Bar::Unpack", "Foo-Bar", "CVE-2099-0004 CVE-2099-0001", "2 advisories and 1 distribution."},
		{"the beginning of several", "acme", "Acme-Demo Acme-Gone Acme-Often", "CVE-2099-0008", "5 distributions"},
		{"words of a title", "password log", "", "CVE-2099-0008", "1 advisory."},
		{"the beginnings of words, in any order", "certif belie", "", "CVE-2099-0002", "1 advisory"},
		{"what is nowhere", "zyzzyva", "", "", "Nothing is found."},
		{"markup", "<script>alert(1)</script>", "", "CVE-2099-0007", "1 advisory"},
		{"nothing", "", "", "", "Type an id"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var f found
			w.Run(t, chromedp.Navigate(base+"search/index.html"), chromedp.Poll("document.getElementById('found').textContent.startsWith('Type')", nil),
				chromedp.SendKeys("#q", test.asked+"\r", chromedp.ByQuery), chromedp.Evaluate(readFound, &f))
			first := func(names []string, want string) bool {
				words := strings.Fields(want)
				return len(names) >= len(words) && slices.Equal(names[:len(words)], words) && (want != "" || len(names) == 0)
			}
			if !first(f.Dists, test.dists) || !first(f.IDs, test.ids) || !strings.Contains(f.Said, test.says) {
				t.Errorf("%q finds %q and %q, and says %q; want %q, %q and %q", test.asked, f.Dists, f.IDs, f.Said, test.dists, test.ids, test.says)
			}
			if f.Query != test.asked {
				t.Errorf("the address asks for %q", f.Query)
			}
			w.Quiet(t)
		})
	}
	t.Run("from the head of a page, and on by keyboard", func(t *testing.T) {
		var f found
		var heading string
		w.Run(t, chromedp.Navigate(base+"statistics/index.html"))
		w.Goes(t, chromedp.SendKeys("#find", "acme::demo\r", chromedp.ByQuery))
		w.Run(t, chromedp.WaitVisible("#advisories a.id", chromedp.ByQuery),
			chromedp.Evaluate(readFound, &f))
		w.LookOver(t, axe)
		if f.Query != "acme::demo" || len(f.Dists) != 1 || len(f.IDs) != 3 {
			t.Errorf("it finds %+v", f)
		}
		w.Run(t, chromedp.Focus("#q"))
		if got, want := w.Stops(t, 3), []string{"button Search", "a Acme-Demo", "a CVE-2099-0008"}; !slices.Equal(got, want) {
			t.Errorf("from the field the tabulator leads to %q, want %q", got, want)
		}
		w.Goes(t, chromedp.KeyEvent("\r"))
		w.Run(t, chromedp.Text("h1", &heading, chromedp.ByQuery))
		if !strings.Contains(heading, "password") {
			t.Errorf("the first advisory leads to %q", heading)
		}
		w.Quiet(t)
	})
}

// searchWithout looks for something where the file that search looks through is
// not there.
func (w window) searchWithout(t *testing.T, base string) {
	var said, lists string
	w.Run(t, chromedp.Navigate(base+"search/index.html?q=foo"), chromedp.Poll("document.getElementById('found').textContent.includes('could not')", nil),
		chromedp.Text("#found", &said), chromedp.Text("main", &lists, chromedp.ByQuery))
	if !strings.Contains(said, "Use the lists below") || !strings.Contains(lists, "Distributions by the alphabet") {
		t.Errorf("it says %q", said)
	}
}
