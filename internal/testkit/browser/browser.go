// Package browser shows pages in Debian's Chromium, for tests of pages: it hears what
// a page says on the console or asks of other places, and looks it over.
//
//	all := browser.Start(t, testkit.Need(t, "chromium"))
//	w := all.Window(t, base)
//	w.Run(t, browser.Size(390, "dark"), chromedp.Navigate(base+"index.html"))
//	w.LookOver(t, testkit.NeedAxe(t))
//	w.Quiet(t)
//
// Each window is a client of its own, which hears nothing of another.
package browser

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Browser is a Chromium that runs until its test ends.
type Browser struct{ ctx context.Context }

// Window is a window of a browser, and what it says while it shows pages.
type Window struct {
	ctx  context.Context
	base string // of what it may ask for

	lock  sync.Mutex // of what follows
	heard []string
}

// Start starts a browser, the program exe. All of what it does may take four minutes.
func Start(t *testing.T, exe string) *Browser {
	t.Helper()
	// The browser's own processes may outlive it by a moment, and write; what they
	// leave is no fault of a page.
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(profile) })
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, // which containers and some systems have not; the pages are ours
		chromedp.ExecPath(exe), chromedp.UserDataDir(profile), chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(time.Minute))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	ctx, late := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(late)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return &Browser{ctx}
}

// Window opens a window for pages below an address, as wide as a desk, in light. What
// it asks for outside of the address is heard, and so is everything on its console.
// It is closed when the test ends, before a server that the test started.
func (b *Browser) Window(t *testing.T, base string) *Window {
	t.Helper()
	ctx, closed := chromedp.NewContext(b.ctx)
	t.Cleanup(closed)
	w := &Window{ctx: ctx, base: base}
	chromedp.ListenTarget(ctx, w.hear)
	w.Run(t, network.Enable(), cdplog.Enable(), runtime.Enable(), page.Enable(), Size(1280, "light"))
	return w
}

// hear takes note of an event that is none of a page that behaves.
func (w *Window) hear(event any) {
	w.lock.Lock()
	defer w.lock.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		w.heard = append(w.heard, "the console says something")
	case *runtime.EventExceptionThrown:
		w.heard = append(w.heard, "an error: "+e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		w.heard = append(w.heard, "the browser says: "+e.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		w.heard = append(w.heard, "a script runs: "+e.Message)
		// The page waits for its answer, and this is where events come from.
		go func() { _ = chromedp.Run(w.ctx, page.HandleJavaScriptDialog(true)) }()
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, w.base) {
			w.heard = append(w.heard, "it asks for "+e.Request.URL)
		}
	}
}

// Run does something in the window.
func (w *Window) Run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(w.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// Heard gives what the browser said since it was asked last.
func (w *Window) Heard() []string {
	w.lock.Lock()
	defer w.lock.Unlock()
	all := w.heard
	w.heard = nil
	return all
}

// Quiet fails the test if the browser said anything since it was asked last.
func (w *Window) Quiet(t *testing.T) {
	t.Helper()
	for _, h := range w.Heard() {
		t.Error(h)
	}
}

// Size makes the window so wide, and the system's colours "light" or "dark".
func Size(width int64, scheme string) chromedp.Action {
	return chromedp.Tasks{
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.EmulateViewport(width, 800),
	}
}

// Goes does what leads to another page, and waits until that is there. A page at
// the same address, which a form may lead to, is another one as well.
func (w *Window) Goes(t *testing.T, action chromedp.Action) {
	t.Helper()
	w.Run(t, chromedp.Evaluate("document.documentElement.setAttribute('data-left', '')", nil), action)
	for {
		var there bool
		// While one page gives way to another there is nothing to ask.
		err := chromedp.Run(w.ctx, chromedp.Evaluate("!document.documentElement.hasAttribute('data-left') && document.readyState === 'complete'", &there))
		switch {
		case err == nil && there:
			return
		case w.ctx.Err() != nil:
			t.Fatal("nothing leads away from the page")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
