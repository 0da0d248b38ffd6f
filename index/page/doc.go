// Package page makes the pages of the advisory index: plain files that any page
// host can serve, or that a browser opens from a folder.
//
//	advisory/CVE-2099-0001/index.html   one advisory
//	advisory/CPANSA-Foo-Bar-2099-01/... another name of one, which leads there
//	dist/Foo-Bar/index.html             one distribution, with its version axis
//	index.html                          the start page
//	formats/index.html                  how to use each form of the index
//	list/all/index.html                 lists of advisories: all, by year, severity and weakness
//	list/dist/index.html                distributions by the alphabet
//	statistics/index.html               drawings, each with a table of its numbers
//	health/index.html                   how fresh the sources are, and what could not be used
//	changes/index.html                  what became different from build to build
//	search/index.html                   a script that looks through assets/search.json
//
// # Promises
//
// Each page is complete without JavaScript, without a server and without another
// site: links between pages are relative and name index.html, so that a page
// works from file:// as it does from a host. Its content security policy allows
// its own style, script and pictures and nothing else; no style and no script
// stands inside a page.
//
// What a source wrote is text: html/template escapes it, only links of http and
// https can be followed, and no character that turns the direction of writing or
// acts on a terminal is in a page. A page has one heading of the first level,
// landmarks, a link past the navigation, captions and scopes in its tables, and a
// table with the same content beside each drawing.
//
// The pages of an advisory and a distribution say nothing of the time of the
// build, so that the same conclusions give the same bytes.
//
// Not promised: the markup, the addresses of assets, and the words.
//
// Public sources: the HTML standard (https://html.spec.whatwg.org), Content
// Security Policy Level 3, WCAG 2.2 for contrast and names.
package page
