//go:build unix

package app

import (
	"fmt"
	"path/filepath"
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

// The form works without scripts, and shows the text of an advisory as text: the worst
// that a source may have.
func TestServedScan(t *testing.T) {
	chromium := browser.Start(t, testkit.Need(t, "chromium"))
	base := startServer(t, sample.Sources(t), filepath.Join(t.TempDir(), "site")).base
	w := chromium.Window(t, base)
	send := func(text string) (heading string) {
		w.Run(t, emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(base+"/scan/"), chromedp.SetValue("#text", text, chromedp.ByID))
		w.Goes(t, chromedp.Click("main button", chromedp.ByQuery))
		w.Run(t, emulation.SetScriptExecutionDisabled(false), chromedp.Text("body", &heading, chromedp.ByQuery))
		return heading
	}
	if got := send("Acme-Demo==1.9\nFoo-Bar==1.1\n"); !strings.Contains(got, "CVE-2099-0002") || !strings.Contains(got, "CVE-2099-0001") {
		t.Errorf("the page says\n%s", got)
	}
	w.Quiet(t)
	w.Picture(t, "served-findings")
	if got := send("Dear all,"); !strings.Contains(got, "This could not be scanned.") {
		t.Errorf("the page says\n%s", got)
	}
}
