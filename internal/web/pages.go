package web

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"nacre/fault"
	"nacre/index/page"
	"nacre/internal/problem"
	"nacre/internal/snapshot"
	"nacre/internal/upload"
)

//go:embed templates/*.html
var templates embed.FS

// pages are the pages that only a server has, in the frame of the index's own.
type pages struct {
	opt       Options
	frame     *page.Frame
	templates *template.Template
	docs      []byte // /api/
	form      []byte // /scan/ before anything was posted
	// assets are the style and scripts that the frame names: an index that another
	// version has built may have others.
	assets map[string]*snapshot.File
}

func newPages(opt Options) (*pages, error) {
	p := &pages{opt: opt, frame: page.NewFrame(opt.Site), assets: map[string]*snapshot.File{}}
	var err error
	if p.templates, err = template.ParseFS(templates, "templates/*.html"); err != nil {
		return nil, err
	}
	for _, f := range p.frame.Assets() {
		p.assets[f.Path] = snapshot.NewFile(f.Path, f.Data)
	}
	d, err := readDocument(opt.Document, opt.Site.URL)
	if err != nil {
		return nil, err
	}
	if p.docs, err = p.page("api/index.html", "API", "The API of this index, with examples", "api.html", d); err != nil {
		return nil, err
	}
	p.form, err = p.page("scan/index.html", "Scan a file", "Find the known vulnerabilities of what a Perl project uses", "scan.html", scanForm{Root: "../", Size: opt.Limits.MaxUpload})
	return p, err
}

// page renders a template in the frame.
func (p *pages) page(path, title, about, name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	return p.frame.Page(path, title, about, template.HTML(b.String())) //nolint:gosec // html/template made it
}

// serve answers for /api/ and /scan/.
func (p *pages) serve(w http.ResponseWriter, r *http.Request) {
	scan := strings.HasPrefix(r.URL.Path, "/scan") // a form may be posted without the slash
	switch {
	case r.Method == http.MethodPost && scan:
		p.scan(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		of := problem.New(http.StatusMethodNotAllowed, "this page can be read").WithHint("POST /api/v1/scan scans")
		of.Allow = "GET, HEAD"
		if scan {
			of.Allow = "GET, HEAD, POST"
		}
		problem.Write(w, of)
	case scan:
		send(w, http.StatusOK, p.form)
	default:
		send(w, http.StatusOK, p.docs)
	}
}

// pageHeaders are those of every page that is made here.
func pageHeaders(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	strict(w.Header())
}

// strict sets what keeps an answer from doing anything in a browser.
func strict(h http.Header) {
	h.Set("Content-Security-Policy", snapshot.Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
}

func send(w http.ResponseWriter, status int, text []byte) {
	pageHeaders(w)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	w.Write(text) //nolint:errcheck // the client that went away hears nothing
}

// intoMain puts markup at the beginning of a page's main part; a page without one
// stays as it is.
func intoMain(text []byte, markup string) []byte {
	_, behind, ok := bytes.Cut(text, []byte("<main"))
	end := bytes.IndexByte(behind, '>') + 1
	if !ok || end == 0 {
		return text
	}
	at := len(text) - len(behind) + end
	return slices.Concat(text[:at], []byte(markup), text[at:])
}

// missing is the page for a path that the index does not have. It says nothing of
// the path.
func (p *pages) missing(w http.ResponseWriter, r *http.Request) {
	// Links are relative, so they lead back from as many folders as the path has.
	depth := min(strings.Count(r.URL.Path, "/")-1, 20)
	text, err := p.page(strings.Repeat("x/", max(0, depth))+"missing.html", "Not here", "", "missing.html", nil)
	if err != nil {
		problem.Write(w, err)
		return
	}
	send(w, http.StatusNotFound, text)
}

// scanForm is what the form is shown with.
type scanForm struct {
	Root          string // leads to the root of the site
	Size          int64  // the most that may be posted, in bytes
	Problem, Hint string
}

// Megabytes writes Size for people.
func (f scanForm) Megabytes() string {
	return strconv.FormatFloat(float64(f.Size)/(1<<20), 'f', -1, 64) + " MB"
}

// resultPolicy is what a result page may do: nothing but show itself. Which style it
// has it says itself, by a digest.
const resultPolicy = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// scan scans what the form posts, and shows what was found, with a way back.
func (p *pages) scan(w http.ResponseWriter, r *http.Request) {
	at, root := "scan/index.html", "../"
	if !strings.HasPrefix(r.URL.Path, "/scan/") {
		at, root = "scan", ""
	}
	answer, err := p.scanned(r)
	if err != nil {
		of := problem.Of(err)
		text, err := p.page(at, "Scan a file", "", "scan.html", scanForm{Root: root, Size: p.opt.Limits.MaxUpload, Problem: of.Detail, Hint: of.Hint})
		if err != nil {
			problem.Write(w, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		if of.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(of.RetryAfter))
		}
		send(w, of.Status, text)
		return
	}
	pageHeaders(w)
	w.Header().Set("Content-Security-Policy", resultPolicy)
	w.Header().Set("Cache-Control", "no-store")
	back := `<p><a href="` + root + `scan/index.html">Scan another file</a> · <a href="` + root + `index.html">` + template.HTMLEscapeString(p.opt.Site.Title) + `</a></p>`
	w.Write(intoMain(answer.Data, back)) //nolint:errcheck // the client that went away hears nothing
}

func (p *pages) scanned(r *http.Request) (upload.Answer, error) {
	s := p.opt.Keeper.Current()
	if s == nil {
		return upload.Answer{}, problem.New(http.StatusServiceUnavailable, "the index is not loaded yet").WithHint("try again in a few seconds")
	}
	f, err := readForm(r, p.opt.Limits.MaxUpload)
	if err != nil {
		return upload.Answer{}, err
	}
	f.Format = "html"
	return p.opt.Scanner.Scan(r.Context(), s.DB, f)
}

// The limits of a form beside that of its size.
const (
	maxParts = 8
	maxField = 200 // bytes of a field that is no file
)

// readForm reads a form of the type multipart/form-data: a file, or a text instead,
// and the version of perl. It is read in memory; the standard library's own way may
// write files.
func readForm(r *http.Request, most int64) (f upload.File, err error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return f, problem.New(http.StatusUnsupportedMediaType, "this is no form").WithHint("use the form of this page, or POST /api/v1/scan")
	}
	parts := multipart.NewReader(http.MaxBytesReader(nil, r.Body, most), params["boundary"])
	var pasted []byte
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF { //nolint:errorlint // NextRawPart promises the value
			break
		}
		if err != nil {
			return f, formError(err)
		}
		if n == maxParts {
			return f, fault.New(fault.Invalid, "the form has more than %d parts (limit: parts of a form)", maxParts).WithHint("use the form of this page")
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return f, formError(err)
		}
		switch name := part.FormName(); {
		case name == "file" && len(text) > 0:
			f.Name, f.Text = part.FileName(), text
		case name == "text":
			pasted = text
		case name == "perl":
			if len(text) > maxField {
				return f, fault.New(fault.Invalid, "the version of perl has more than %d bytes (limit: text of a field)", maxField).WithHint("write it as perl -v does: 5.36.0")
			}
			f.Perl = strings.TrimSpace(string(text))
		}
	}
	if f.Text == nil {
		f.Text = bytes.ReplaceAll(pasted, []byte("\r\n"), []byte("\n")) // browsers send lines so
	}
	return f, nil
}

func formError(err error) error {
	if of := problem.Of(err); of.Status == http.StatusRequestEntityTooLarge {
		return of
	}
	return fault.Wrap(fault.Invalid, err, "read the form").WithHint("use the form of this page, or POST /api/v1/scan")
}
