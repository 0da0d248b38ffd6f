package output

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"nacre/advisory"
	"nacre/internal/testkit"
	"nacre/internal/testkit/browser"
	"nacre/inventory"
	"nacre/scan"
)

// reachedAndPackaged is a stream with what recordings of older scans lack: what
// is loaded, and by what, and what makers of packages say.
func reachedAndPackaged() []scan.Message {
	step := func(file string, line int, m string) scan.Step {
		return scan.Step{At: inventory.Evidence{File: file, Line: line}, File: "lib/" + m + ".pm"}
	}
	pack := func(name string) *inventory.Package {
		return &inventory.Package{
			Manager: "dpkg", Name: name, Version: "5.36.0-7+deb12u1", Source: "perl", SourceVersion: "5.36.0-7+deb12u1",
			Distro: "debian:12", Codename: "bookworm",
		}
	}
	flaw := func(n int, s advisory.Severity) scan.Advisory {
		return scan.Advisory{
			ID: advisory.ID(fmt.Sprintf("CVE-2099-%04d", n)), Title: "Foo::Bar does what it should not do", Severity: s,
			References: []advisory.Reference{{Kind: "FIX", URL: fmt.Sprintf("https://example.org/fix/%d", n)}},
		}
	}
	foo := scan.Component{Ref: "Foo-Bar@1.2", Dist: "Foo-Bar", Version: "1.2", Kind: "exact", Scope: "runtime", Place: "usr/local/share/perl/5.36.0"}
	return []scan.Message{
		{Config: &scan.Config{Schema: scan.Schema, Tool: "nacre v0.1.0", Time: "2099-07-01T12:00:00Z", Path: "rootfs", Database: scan.Database{Path: "db", Built: "2099-06-30T00:00:00Z"}}},
		{Finding: &scan.Finding{
			Component: foo, Advisory: flaw(1, advisory.SeverityHigh), Verdict: advisory.StatusAffected, Reason: "1.2 is in <1.3", Counts: true,
			Fixed: scan.FixedIn{Basis: "stated", Versions: []string{"1.3"}}, Paths: [][]string{{"Foo-Bar@1.2"}},
			Reach: &scan.Reach{State: "loaded", What: "Foo::Bar::unpack", Chain: []scan.Step{step("bin/shop", 3, "Shop"), step("lib/Shop.pm", 12, "Foo/Bar")}},
		}},
		{Finding: &scan.Finding{
			Component: foo, Advisory: flaw(2, advisory.SeverityMedium), Verdict: advisory.StatusAffected, Reason: "1.2 is in <1.4", Counts: true,
			Fixed: scan.FixedIn{Basis: "none"}, Reach: &scan.Reach{State: "unknown", Why: "a module's name that is computed", At: inventory.Evidence{File: "lib/Shop/Plugins.pm", Line: 40}},
		}},
		{Finding: &scan.Finding{
			Component: scan.Component{Ref: "perl@5.36.0", Dist: "perl", Version: "5.36.0", Kind: "interpreter", Scope: "shipped", Package: pack("perl-base")},
			Advisory:  flaw(3, advisory.SeverityCritical), Verdict: advisory.StatusUnknown, Reason: "upstream 5.36.0 is affected; Debian may have patched it",
			Vendor: &scan.Vendor{Status: "unknown", URL: "https://security-tracker.debian.org/tracker/CVE-2099-0003", Changelog: true},
		}},
		{Finding: &scan.Finding{
			Component: scan.Component{Ref: "Pets-Core@1.10 (in perl)", Dist: "Pets-Core", Version: "1.10", Kind: "core", Scope: "shipped", Package: pack("perl-modules-5.36")},
			Advisory:  flaw(4, advisory.SeverityLow), Verdict: advisory.StatusUnknown, Reason: "upstream 1.10 is affected; Debian may have patched it",
			Vendor: &scan.Vendor{Status: "unknown", URL: "https://security-tracker.debian.org/tracker/CVE-2099-0004"},
		}},
		{Finding: &scan.Finding{
			Component: scan.Component{Ref: "Foo-Baz@2", Dist: "Foo-Baz", Version: "2", Kind: "exact", Scope: "runtime", Package: &inventory.Package{Name: "libfoo-baz-perl", Version: "2-1", Distro: "debian:12"}},
			Advisory:  flaw(5, advisory.SeverityUnknown), Verdict: advisory.StatusAffected, Reason: "2-1 is before 2-2", Counts: true, Fixed: scan.FixedIn{Basis: "none"},
			Vendor: &scan.Vendor{Status: "affected", Note: "no-dsa", Source: "Debian security tracker", URL: "https://security-tracker.debian.org/tracker/CVE-2099-0005"},
		}},
		{Summary: &scan.Summary{Components: 1500, OnRecord: 30, Affected: 3, Unknown: 2, Status: 1}},
	}
}

// TestReachAndVendor holds that each format tells what is loaded, and by what, and
// what the vendor of a package says.
func TestReachAndVendor(t *testing.T) {
	stream := reachedAndPackaged()
	for format, vendor := range map[string]bool{
		"text": false, "openvex": false, "cyclonedx": false, "sarif": false, "markdown": false, // the vendor's word is their reason
		"csaf": true, "junit": true, "csv": true, "html": true, "github": true,
	} {
		b := print(t, format, Options{}, stream)
		checks[format](t, b)
		want := []string{"loaded: Foo::Bar::unpack", "lib/Shop.pm:12", "weak evidence of a fix"}
		if format != "text" { // which is short about what cannot be told
			want = append(want, "lib/Shop/Plugins.pm:40")
		}
		if vendor {
			want = append(want, "Debian security tracker: affected, no-dsa", "libfoo-baz-perl 2-1 of debian:12")
		}
		text := strings.NewReplacer("Loaded", "loaded", "&#58;", ":", "\n", " ").Replace(string(b))
		for _, want := range want {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", format, want, b)
			}
		}
	}
}

// measure is run in the page: what is wrong with it, in words.
const measure = `(() => {
  const wrong = [], seen = new Set();
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide) wrong.push('the page is ' + document.documentElement.scrollWidth + ' wide');
  const rgb = s => { const m = s.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] > .99) return c; } return [255, 255, 255, 1]; };
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('.skip, .hidden, svg') || !e.checkVisibility()) continue;
    const box = e.getBoundingClientRect();
    if (box.width && (box.right > wide + 1 || box.left < -1)) wrong.push(e.tagName + '.' + e.className + ' reaches from ' + box.left + ' to ' + box.right);
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const s = getComputedStyle(e), a = light(rgb(s.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(s.fontSize);
    const large = size >= 24 || size >= 18.66 && s.fontWeight >= 700;
    if (ratio < (large ? 3 : 4.5)) wrong.push('contrast ' + ratio.toFixed(2) + ' of ' + e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 30));
    if (size < 12) wrong.push('a text of ' + size + ' pixels: ' + e.textContent.slice(0, 30));
  }
  let level = 0;
  for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const n = +h.tagName[1];
    if (n > level + 1) wrong.push('h' + n + ' after h' + level);
    level = n;
  }
  if (document.querySelectorAll('h1').length !== 1) wrong.push('not one h1');
  for (const name of ['header', 'nav', 'main', 'footer']) if (document.querySelectorAll(name).length !== 1) wrong.push('not one ' + name);
  for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) wrong.push('two of the id ' + e.id); seen.add(e.id); }
  for (const e of document.querySelectorAll('[aria-labelledby]')) if (!document.getElementById(e.getAttribute('aria-labelledby'))) wrong.push('no label ' + e.getAttribute('aria-labelledby'));
  for (const e of document.querySelectorAll('script, img, iframe, object, embed, link, form, input, base, video, audio')) wrong.push('a ' + e.tagName);
  for (const e of document.querySelectorAll('*')) for (const a of e.attributes) if (/^on|^style$/i.test(a.name)) wrong.push('an attribute ' + a.name);
  for (const e of document.querySelectorAll('a')) {
    const to = e.getAttribute('href');
    if (!/^(#|https?:\/\/)/.test(to)) wrong.push('a link to ' + to);
    if (to[0] === '#' && !document.getElementById(to.slice(1))) wrong.push('no ' + to);
    if (to[0] !== '#' && e.rel !== 'noopener noreferrer') wrong.push('a link that tells where it was: ' + to);
    if (!e.textContent.trim()) wrong.push('a link without a text');
  }
  if (document.compatMode !== 'CSS1Compat') wrong.push('quirks');
  return wrong;
})()`

// TestBrowser loads pages in a browser: on a phone, a tablet and a desk, in light
// and in dark. Nothing leaves the window, nothing is too faint to read, nothing is
// asked of the network, and nothing of a hostile stream comes alive.
func TestBrowser(t *testing.T) {
	exe := testkit.Need(t, "chromium")
	pages := map[string][]scan.Message{
		"everything": recording(t, "everything.jsonl"),
		"starter":    recording(t, "starter.jsonl"),
		"reach":      reachedAndPackaged(),
		"packages":   recording(t, "packages.jsonl"),
		"much":       much(),
		"clean": {
			{Config: &scan.Config{Schema: scan.Schema, Tool: "nacre v0.1.0", Time: "2099-07-01T12:00:00Z", Path: "shop", Database: scan.Database{Path: "db", Built: "2099-06-30T00:00:00Z"}}},
			{Summary: &scan.Summary{Components: 95, OnRecord: 12}},
		},
		"cut off": recording(t, "everything.jsonl")[:3],
	}
	// Every string by turns, so that each is in each place of one of the pages.
	kinds := slices.Sorted(maps.Keys(nasty))
	for first := range 4 {
		turn := first * len(kinds) / 4
		pages[fmt.Sprintf("hostile %d", first+1)] = filled(t, func(old string) string {
			turn++
			if kind := kinds[turn%len(kinds)]; kind != "nothing" { // a link without a text is what nothing gives
				return old + nasty[kind]
			}
			return old
		})
	}
	dir := t.TempDir()
	w := browser.Start(t, exe).Window(t, (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String())
	for name, stream := range pages {
		file := filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".html")
		if err := os.WriteFile(file, print(t, "html", Options{}, stream), 0o644); err != nil {
			t.Fatal(err)
		}
		at := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
		for _, width := range []int64{360, 768, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				if strings.HasPrefix(name, "hostile") && (width == 768 || scheme == "dark") {
					continue
				}
				var wrong []string
				w.Run(t, browser.Size(width, scheme), chromedp.Navigate(at),
					chromedp.Evaluate("document.querySelectorAll('details').forEach(d => d.open = true)", nil), chromedp.Evaluate(measure, &wrong))
				for i, what := range append(wrong, w.Heard()...) {
					if i < 10 {
						t.Errorf("%s at %d in %s: %s", name, width, scheme, what)
					}
				}
				w.Picture(t, fmt.Sprintf("scan-%s-%d-%s", strings.ReplaceAll(name, " ", "-"), width, scheme))
			}
		}
		if name != "everything" {
			continue
		}
		var wrong, more []string
		w.Run(t,
			emulation.SetEmulatedMedia().WithMedia("print"), chromedp.Navigate(at), chromedp.Evaluate(printed, &wrong),
			emulation.SetEmulatedMedia(), chromedp.Navigate(at), chromedp.KeyEvent(kb.Tab), chromedp.Evaluate(tabbed, &more))
		for _, what := range append(wrong, more...) {
			t.Error(what)
		}
	}
}

// printed is run in the page as a printer gets it, where nobody can unfold or
// follow anything; tabbed behind the first press of the tabulator.
const (
	printed = `[...document.querySelectorAll('details ul, details ol')].filter(e => !e.checkVisibility({contentVisibilityAuto: true})).map(e => 'on paper, this is folded: ' + e.textContent)
  .concat(document.querySelector('nav').checkVisibility() ? ['links into the page on paper'] : [])`
	tabbed = `(() => { const e = document.activeElement, box = e.getBoundingClientRect();
  return e.className === 'skip' && box.left >= 0 && box.top >= 0 ? [] : ['the first stop is ' + e.outerHTML + ' at ' + box.left]; })()`
)
