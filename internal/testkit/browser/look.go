package browser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

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
  for (const e of document.querySelectorAll('text, p, li, td, th, a, dd, dt, summary, label, pre')) {
    if (e.checkVisibility() && e.textContent.trim() && parseFloat(getComputedStyle(e).fontSize) < 12) wrong.push('a text of ' + getComputedStyle(e).fontSize + ': ' + e.textContent.slice(0, 30));
  }
  const cards = [...document.querySelectorAll('.card, .figure, .notice, .scroll')].filter(e => e.checkVisibility());
  for (const e of cards) {
    const next = e.nextElementSibling;
    if (!cards.includes(next)) continue;
    const a = e.getBoundingClientRect(), b = next.getBoundingClientRect();
    if (b.top < a.bottom + 4 && b.left < a.right && a.left < b.right) wrong.push('no space below ' + e.className + ': ' + e.textContent.trim().slice(0, 30));
  }
  if (document.compatMode !== 'CSS1Compat') wrong.push('quirks');
  if (document.styleSheets.length !== 1 || !document.styleSheets[0].cssRules.length) wrong.push('no style');
  return wrong;
})()`

// look runs axe in the page, and gives what it finds.
const look = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations
  .map(v => v.impact + ' ' + v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | ')))`

// LookOver fails the test for everything that is wrong with the page that the window
// shows, all of it unfolded: what is wider than the window, what cannot be reached by
// keyboard, what is too small or has no space around it, and what axe finds, whose
// source testkit.NeedAxe gives.
func (w *Window) LookOver(t *testing.T, axe string) {
	t.Helper()
	var wrong, found []string
	w.Run(t, chromedp.Evaluate("document.querySelectorAll('details').forEach(d => d.open = true)", nil),
		chromedp.Evaluate(measure, &wrong), chromedp.Evaluate(axe, nil),
		chromedp.Evaluate(look, &found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	for _, what := range append(wrong, found...) {
		t.Error(what)
	}
}

// Stops are what the tabulator leads to, in order, as the names of elements and
// their ids or texts: "button Search".
func (w *Window) Stops(t *testing.T, n int) []string {
	t.Helper()
	var all []string
	for range n {
		var at struct{ Name, Text string }
		var raw string
		w.Run(t, chromedp.KeyEvent("\t"), chromedp.Evaluate(`(() => { const e = document.activeElement;
  return JSON.stringify({Name: e.tagName, Text: (e.id || e.textContent).trim().slice(0, 40)}); })()`, &raw))
		if err := json.Unmarshal([]byte(raw), &at); err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.ToLower(at.Name)+" "+at.Text)
	}
	return all
}

// Pictures is the folder that pictures of pages go into, from NACRE_SCREENSHOTS; ""
// for none.
func Pictures() string { return os.Getenv("NACRE_SCREENSHOTS") }

// Picture keeps what the window shows, and all that is below it, in [Pictures] if
// there is one.
func (w *Window) Picture(t *testing.T, name string) {
	t.Helper()
	if Pictures() == "" {
		return
	}
	var png []byte
	w.Run(t, chromedp.Evaluate("document.querySelectorAll('details').forEach(d => d.open = false)", nil), chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(Pictures(), name+".png"), png, 0o666); err != nil {
		t.Fatal(err)
	}
}
