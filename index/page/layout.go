package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"nacre/advisory"
	"nacre/index"
)

var (
	//go:embed templates/*.html
	templates embed.FS
	//go:embed assets
	assets embed.FS
)

// Policy is the content security policy of every page, which stands in it; a server
// may say it in a header as well.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"

// shell is what all pages have in common: the templates and the names of the
// assets. It is read and never changed once it is made.
type shell struct {
	templates *template.Template
	assets    map[string]string // from "style.css" to "assets/style.<hash>.css"
}

// newShell reads the templates and the assets, which are part of the program.
func newShell() *shell {
	s := &shell{assets: make(map[string]string)}
	s.templates = template.Must(template.New("").Funcs(funcs()).ParseFS(templates, "templates/*.html"))
	files, err := s.assetFiles()
	if err != nil {
		panic(err) // the files are inside the program
	}
	for _, f := range files {
		dot := strings.Split(path.Base(f.Path), ".")
		s.assets[dot[0]+"."+dot[len(dot)-1]] = f.Path
	}
	return s
}

// assetFiles gives the style and the scripts. Their names hold a digest of their
// content, so that a browser may keep them for ever.
func (s *shell) assetFiles() ([]index.File, error) {
	var files []index.File
	err := fs.WalkDir(assets, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assets.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(name)
		files = append(files, index.File{Path: strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext, Data: b})
		return nil
	})
	return files, err
}

// page is one page: where it is, what it is called, and what its main part is
// made of.
type page struct {
	// Path is the page's file, "dist/Foo-Bar/index.html".
	Path string
	// Title names the page in a browser's tab, "Foo-Bar"; the site's title follows.
	Title string
	// About is one sentence on the page for whoever links to it; may be empty.
	About string
	// Here is the part of the site that the page belongs to: a key of navigation.
	Here string
	// Body names the template of the main part, and Data is what it is given.
	Body string
	Data any
	// Script names an asset that the page runs, "search.js"; most run none.
	Script string
	// Feed is the page's own feed, a path of the index; "" for that of the site.
	Feed string
	// Refresh is the page that a browser goes on to by itself; "" for none.
	Refresh string
	// Other are other forms of what the page tells, for machines.
	Other []alternate
}

// alternate is another form of what a page tells.
type alternate struct{ Type, Title, Path string }

// navigation is what the head of each page links to.
func navigation() []struct{ Here, Name, Path string } {
	return []struct{ Here, Name, Path string }{
		{"advisories", "Advisories", "list/all/index.html"},
		{"distributions", "Distributions", "list/dist/index.html"},
		{"changes", "Changes", "changes/index.html"},
		{"statistics", "Statistics", "statistics/index.html"},
		{"health", "Feed health", "health/index.html"},
		{"formats", "Use it", "formats/index.html"},
	}
}

// view is what the template page.html is given.
type view struct {
	at
	*page
	Site   index.Site
	Main   template.HTML
	Policy string
	Assets map[string]string
}

// Navigation is that of every page.
func (v *view) Navigation() []struct{ Here, Name, Path string } { return navigation() }

// Publisher is who publishes the index, "" where nobody has said so.
func (v *view) Publisher() string {
	if v.Site.Publisher == index.DefaultSite().Publisher {
		return ""
	}
	return v.Site.Publisher
}

// at is the path of a page, from which it links to others.
type at string

// To gives the relative address of a file of the index, "../../dist/Foo-Bar/index.html",
// escaped as a path. A fragment goes behind it.
func (a at) To(file string) string {
	parts := strings.Split(file, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	to := strings.Repeat("../", strings.Count(string(a), "/")) + strings.Join(parts, "/")
	if strings.Contains(parts[0], ":") && !strings.HasPrefix(to, ".") {
		to = "./" + to // else it would be a scheme
	}
	return to
}

// advisoryPath and distPath are the pages of an advisory and a distribution.
func advisoryPath(id advisory.ID) string { return "advisory/" + string(id) + "/index.html" }
func distPath(name string) string        { return "dist/" + name + "/index.html" }

// file makes a page into the file that it is.
func (s *shell) file(site index.Site, p *page) (index.File, error) {
	var b bytes.Buffer
	if err := s.render(&b, site, p); err != nil {
		return index.File{}, err
	}
	return index.File{Path: p.Path, Data: b.Bytes()}, nil
}

// render writes a page. Characters that no page should show are dropped from the
// whole of it, wherever they came from.
func (s *shell) render(w io.Writer, site index.Site, p *page) error {
	var main, whole bytes.Buffer
	if err := s.templates.ExecuteTemplate(&main, p.Body, p.Data); err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	v := &view{at: at(p.Path), page: p, Site: site, Main: template.HTML(main.String()), Policy: Policy, Assets: s.assets}
	if err := s.templates.ExecuteTemplate(&whole, "page.html", v); err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	text, _ := advisory.CleanText(whole.String())
	_, err := io.WriteString(w, text+"\n")
	return err
}
