package page

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
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"nacre/internal/testkit"
)

// browser is a window of Debian's Chromium, and what it says while it shows pages.
type browser struct {
	ctx  context.Context
	base string // of what it may ask for

	lock  sync.Mutex // of what follows
	heard []string
}

// newBrowser starts the browser, in whose context windows are opened.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	exe := testkit.Need(t, "chromium")
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
	return ctx
}

// windowAt opens a window for pages below an address, as wide as a desk, in light. What
// it asks for outside of the address is heard, and so is everything on its console.
// It is closed when the test ends, before the server that the test started, and
// nothing of it is heard by another.
func windowAt(t *testing.T, all context.Context, base string) *browser {
	t.Helper()
	ctx, closed := chromedp.NewContext(all)
	t.Cleanup(closed)
	b := &browser{ctx: ctx, base: base}
	chromedp.ListenTarget(ctx, func(event any) {
		b.lock.Lock()
		defer b.lock.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			b.heard = append(b.heard, "the console says something")
		case *runtime.EventExceptionThrown:
			b.heard = append(b.heard, "an error: "+e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			b.heard = append(b.heard, "the browser says: "+e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, b.base) {
				b.heard = append(b.heard, "it asks for "+e.Request.URL)
			}
		}
	})
	b.run(t, network.Enable(), cdplog.Enable(), runtime.Enable(), size(1280, "light"))
	return b
}

// run does something in the window.
func (b *browser) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// quiet fails the test if the browser said anything since it was asked last.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, h := range b.heard {
		t.Error(h)
	}
	b.heard = nil
}

// size makes the window so wide, and the system's colours light or dark.
func size(width int64, scheme string) chromedp.Action {
	return chromedp.Tasks{
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.EmulateViewport(width, 800),
	}
}

// goes does what leads to another page, and waits until that is there.
func (b *browser) goes(t *testing.T, action chromedp.Action) {
	t.Helper()
	var from string
	b.run(t, chromedp.Location(&from), action)
	for {
		var now struct{ At, State string }
		// While one page gives way to another there is nothing to ask.
		err := chromedp.Run(b.ctx, chromedp.Evaluate("({At: location.href, State: document.readyState})", &now))
		switch {
		case err == nil && now.At != from && now.State == "complete":
			return
		case b.ctx.Err() != nil:
			t.Fatalf("nothing leads away from %s", from)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// awaited waits for what a promise gives.
func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// picture keeps what the window shows, and all that is below it.
func (b *browser) picture(t *testing.T, file string) {
	t.Helper()
	var png []byte
	b.run(t, chromedp.Evaluate("document.querySelectorAll('details').forEach(d => d.open = false)", nil), chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(file, png, 0o666); err != nil {
		t.Fatal(err)
	}
}
