//go:build unix

package app

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"nacre/internal/snapshot/sample"
	"nacre/internal/testkit"
	"nacre/internal/testkit/browser"
)

// The pages in a browser, as the server sends them: with its headers, and with the
// pages that it alone has.
func TestServedPages(t *testing.T) {
	chromium := browser.Start(t, testkit.Need(t, "chromium"))
	axe := testkit.NeedAxe(t)
	base := startServer(t, sample.Sources(t), filepath.Join(t.TempDir(), "site")).base
	for _, path := range []string{"", "dist/Foo-Bar/", "advisory/CVE-2099-0002/", "health/", "search/?q=foo", "scan/", "api/"} {
		t.Run("/"+path, func(t *testing.T) {
			w := chromium.Window(t, base)
			for _, as := range []struct {
				width  int64
				scheme string
			}{{390, "dark"}, {1280, "light"}} {
				if ours := path == "scan/" || path == "api/"; !ours && as.width > 390 {
					continue // index/page looks it over at every size
				}
				w.Run(t, browser.Size(as.width, as.scheme), chromedp.Navigate(base+"/"+path))
				w.LookOver(t, axe)
				w.Quiet(t)
				w.Picture(t, fmt.Sprintf("served-%s-%d-%s", strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path), "-"), as.width, as.scheme))
			}
		})
	}
}

// What is not there has a page for people, in the frame of the others, however deep
// its address is.
func TestServedMissing(t *testing.T) {
	chromium := browser.Start(t, testkit.Need(t, "chromium"))
	axe := testkit.NeedAxe(t)
	base := startServer(t, sample.Sources(t), filepath.Join(t.TempDir(), "site")).base
	w := chromium.Window(t, base)
	for _, path := range []string{"/nothing", "/advisory/%3Cscript%3Ealert(1)%3C%2Fscript%3E/", "/a/b/c/d/%7B%7B.%7D%7D"} {
		w.Run(t, browser.Size(390, "dark"), chromedp.Navigate(base+path))
		w.LookOver(t, axe)
		for _, heard := range w.Heard() {
			if !strings.Contains(heard, "404 (Not Found)") { // which the browser says of the page itself
				t.Errorf("%s: %s", path, heard)
			}
		}
		var heading string
		w.Goes(t, chromedp.Click(".brand a", chromedp.ByQuery))
		w.Run(t, chromedp.Text("h1", &heading, chromedp.ByQuery))
		if heading != "CPAN advisories" {
			t.Errorf("%s leads back to %q", path, heading)
		}
		w.Quiet(t)
	}
}

// The form works without scripts and by keyboard, with a text, with a file, and again
// after what cannot be scanned; its result can be read everywhere and leads back.
func TestServedScan(t *testing.T) {
	chromium := browser.Start(t, testkit.Need(t, "chromium"))
	axe := testkit.NeedAxe(t)
	base := startServer(t, sample.Sources(t), filepath.Join(t.TempDir(), "site")).base
	w := chromium.Window(t, base)
	scripts := func(on bool) chromedp.Action { return emulation.SetScriptExecutionDisabled(!on) }
	said := func() (text string) {
		w.Run(t, scripts(true), chromedp.Text("body", &text, chromedp.ByQuery))
		return text
	}
	open := func() { w.Run(t, scripts(false), chromedp.Navigate(base+"/scan/")) }
	for _, as := range []struct {
		width  int64
		scheme string
	}{{390, "dark"}, {1280, "light"}} {
		open()
		w.Run(t, browser.Size(as.width, as.scheme), chromedp.SetValue("#text", "Acme-Demo==1.9\nFoo-Bar==1.1\n", chromedp.ByID))
		w.Goes(t, chromedp.Click("main button", chromedp.ByQuery))
		if got := said(); !strings.Contains(got, "CVE-2099-0002") || !strings.Contains(got, "CVE-2099-0001") {
			t.Errorf("the page says\n%s", got)
		}
		w.LookOver(t, axe)
		w.Quiet(t)
		w.Picture(t, fmt.Sprintf("served-findings-%d-%s", as.width, as.scheme))
	}
	w.Goes(t, chromedp.Click(`a[href="../scan/index.html"]`, chromedp.ByQuery))
	if got, want := w.Stops(t, 15)[10:], []string{"input file", "textarea text", "input perl", "button Scan", "a POST /api/v1/scan"}; !slices.Equal(got, want) {
		t.Errorf("past the head the tabulator leads to %q, want %q", got, want)
	}

	lock := filepath.Join(t.TempDir(), "<b>lock.txt")
	sample.Write(t, lock, []byte("Foo-Bar==1.1\n"))
	open()
	w.Run(t, chromedp.SetUploadFiles("#file", []string{lock}, chromedp.ByID))
	w.Goes(t, chromedp.Click("main button", chromedp.ByQuery))
	if got := said(); !strings.Contains(got, "CVE-2099-0001") || strings.Contains(got, "lock.txt") {
		t.Errorf("of a file the page says\n%s", got)
	}
	w.Quiet(t)

	open()
	w.Run(t, chromedp.SetValue("#text", "Dear all, <script>alert(1)</script>", chromedp.ByID))
	w.Goes(t, chromedp.Click("main button", chromedp.ByQuery))
	if got := said(); !strings.Contains(got, "This could not be scanned.") {
		t.Errorf("of what is no list the page says\n%s", got)
	}
	w.LookOver(t, axe)
	w.Heard() // that the answer is 400
	w.Run(t, chromedp.SetValue("#text", "Foo-Bar==1.1", chromedp.ByID))
	w.Goes(t, chromedp.Click("main button", chromedp.ByQuery))
	if got := said(); !strings.Contains(got, "CVE-2099-0001") {
		t.Errorf("at the second attempt the page says\n%s", got)
	}
	w.Quiet(t)
}

// hostile is what no text of an advisory should be, as JSON and so as YAML: markup,
// ends of what it may stand in, characters that turn or hide text, and a word that is
// wider than a telephone.
const hostile = `"<script>alert(1)</script>\" onload='alert(2)' \u202eesrever\u202c \u2067{{.}} ${7*7} </title></style></textarea></svg> <!-- <![CDATA[ ]]> ` +
	`<style>*{display:none}</style> <img src=x onerror=alert(3)> <a href=javascript:alert(4)>here</a> ` +
	`IamasinglewordthatisverylongandhasnoplacewhereitmaybebrokenunlessthepagethatshowsitsaysthatitmaybebrokenanywhereatallwhichitshouldIIIIIII"`

// No text of a source comes alive on any page that the server has, hides any of it or
// is wider than a telephone.
func TestServedHostile(t *testing.T) {
	chromium := browser.Start(t, testkit.Need(t, "chromium"))
	axe := testkit.NeedAxe(t)
	from, out := sample.Sources(t), filepath.Join(t.TempDir(), "site")
	sample.Write(t, filepath.Join(from, "advisories", "cpansa", "CPANSA-Acme-Nasty.yml"), []byte(strings.ReplaceAll(`
advisories:
- affected_versions: ['<2', NASTY]
  cves: [CVE-2099-0007, NASTY]
  description: NASTY
  fixed_versions: [NASTY]
  github_security_advisory: [NASTY]
  id: CPANSA-Acme-Nasty-2099-01
  references: [NASTY, "javascript:alert(5)", "https://example.org/\"><script>alert(6)</script>"]
  reported: 2099-02-03
  severity: critical
  embedded_vulnerability: {name: NASTY, distributed_version: NASTY, affected_versions: NASTY}
- affected_versions: NASTY
  id: NASTY
  description: NASTY
cpansa_version: 2
distribution: Acme-Nasty
main_module: NASTY
repo: NASTY
`, "NASTY", hostile)))
	base := startServer(t, from, out).base
	w := chromium.Window(t, base)
	look := func(t *testing.T) {
		w.LookOver(t, axe)
		var text string
		w.Run(t, chromedp.Text("body", &text, chromedp.ByQuery))
		if strings.ContainsAny(text, "\u202e\u202c\u2067") || len(text) < 100 {
			t.Errorf("the page shows %q", text)
		}
		w.Quiet(t)
	}
	w.Run(t, browser.Size(390, "light"))
	shown := 0
	for _, path := range []string{
		"", "advisory/CVE-2099-0007/", "dist/Acme-Nasty/", "list/all/", "list/year/2099/", "health/", "changes/", "search/?q=alert", "scan/?text=" + url.QueryEscape(hostile), "api/",
	} {
		t.Run("/"+path[:min(len(path), 25)], func(t *testing.T) {
			w.Run(t, chromedp.Navigate(base+"/"+path))
			if strings.HasPrefix(path, "search") {
				w.Run(t, chromedp.WaitVisible("#advisories a.id", chromedp.ByQuery))
			}
			look(t)
			var there bool
			w.Run(t, chromedp.Evaluate("document.body.textContent.includes('<script>alert(1)</script>')", &there))
			if there {
				shown++
			}
		})
	}
	if shown < 5 { // else this shows nothing
		t.Errorf("%d pages show the text", shown)
	}
	t.Run("result", func(t *testing.T) {
		w.Run(t, chromedp.Navigate(base+"/scan/"), chromedp.SetValue("#text", "Acme-Nasty==1.0\nAcme-Demo==1.9\n", chromedp.ByID))
		w.Goes(t, chromedp.Click("main button", chromedp.ByQuery))
		look(t)
		var there bool
		w.Run(t, chromedp.Evaluate("document.body.textContent.includes('<script>alert(1)</script>')", &there))
		if !there {
			t.Error("the result does not show the text")
		}
		w.Picture(t, "served-hostile-findings")
	})
}
