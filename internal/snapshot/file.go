package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
)

// File is one file of an index, ready to be sent.
type File struct {
	path   string
	data   []byte
	digest string // SHA-256 in hex
	plain  form
	// gzip is the packed form; it is set when it is first asked for, which once
	// guards, or by pack. nil where packing makes it no smaller.
	gzip atomic.Pointer[form]
	once *sync.Once
}

// form is a file in one encoding with its headers, whose slices are shared by
// all answers and never changed.
type form struct {
	data   []byte
	etag   string
	header []field
}

type field struct {
	key    string
	values []string
}

// digestOf is the SHA-256 of data in hex.
func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// NewFile makes a file that is in no index. Its path decides its headers.
func NewFile(path string, data []byte) *File { return newFile(path, data, "") }

// newFile makes a file; digest may be "".
func newFile(name string, data []byte, digest string) *File {
	if digest == "" {
		digest = digestOf(data)
	}
	f := &File{path: name, data: data, digest: digest, once: new(sync.Once)}
	f.plain = form{data: data, etag: `"` + digest[:32] + `"`}
	f.plain.header = f.headers(&f.plain, "")
	return f
}

// Data gives the bytes, which must not be changed.
func (f *File) Data() []byte { return f.data }

// ETag gives the entity tag of the bytes.
func (f *File) ETag() string { return f.plain.etag }

// Policy is the content security policy of every page: its own style, script and
// pictures and nothing else.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// headers are those of a form.
func (f *File) headers(of *form, encoding string) []field {
	kind := contentType(f.path)
	all := []field{
		{"Content-Type", []string{kind}},
		{"Content-Length", []string{strconv.Itoa(len(of.data))}},
		{"Etag", []string{of.etag}},
		{"Cache-Control", []string{caching(f.path)}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Access-Control-Allow-Origin", []string{"*"}},
	}
	if packable(f.path) {
		all = append(all, field{"Vary", []string{"Accept-Encoding"}})
	}
	if encoding != "" {
		all = append(all, field{"Content-Encoding", []string{encoding}})
	}
	if strings.HasPrefix(kind, "text/html") || strings.HasPrefix(kind, "image/svg") {
		all = append(all,
			field{"Content-Security-Policy", []string{Policy}},
			field{"Referrer-Policy", []string{"no-referrer"}},
			field{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		)
	}
	return all
}

// Caching is how long what may change may be used without asking.
const Caching = "public, max-age=300"

// caching says how long a file may be used without asking: what has its digest in
// its name for ever.
func caching(name string) string {
	if strings.HasPrefix(name, "assets/") && strings.Count(path.Base(name), ".") > 1 {
		return "public, max-age=31536000, immutable"
	}
	return Caching
}

// contentType is the media type of a file by its name.
func contentType(name string) string {
	switch {
	case name == "feeds/advisories.json":
		return "application/feed+json"
	case strings.HasSuffix(name, ".note"), name == "nacre-index":
		return "text/plain; charset=utf-8"
	}
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".json":
		return "application/json"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".atom":
		return "application/atom+xml; charset=utf-8"
	case ".rss":
		return "application/rss+xml; charset=utf-8"
	case ".txt", ".sha256", ".sha512", ".asc":
		return "text/plain; charset=utf-8"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".gz":
		return "application/gzip"
	case ".zip":
		return "application/zip"
	}
	return "application/octet-stream"
}

// smallest is the size below which packing saves less than its header costs.
const smallest = 512

// packable says whether a file's kind gets smaller by packing.
func packable(name string) bool {
	kind := contentType(name)
	return kind != "application/gzip" && kind != "application/zip" && kind != "application/octet-stream"
}

// pack sets the packed form.
func (f *File) pack(data []byte) {
	if !packable(f.path) || len(data) >= len(f.data) {
		return
	}
	of := &form{data: data, etag: f.plain.etag[:len(f.plain.etag)-1] + `-gzip"`}
	of.header = f.headers(of, "gzip")
	f.gzip.Store(of)
}

// packed gives the packed form, nil where there is none.
func (f *File) packed() *form {
	if of := f.gzip.Load(); of != nil || !packable(f.path) || len(f.data) < smallest {
		return of
	}
	f.once.Do(func() {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(f.data); err == nil && z.Close() == nil {
			f.pack(b.Bytes())
		}
	})
	return f.gzip.Load()
}

// large is the size from which a part of a file is given to whoever asks for one.
const large = 1 << 20

// ServeHTTP answers GET and HEAD. The status is that of the writer.
func (f *File) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	of := &f.plain
	if accept := r.Header["Accept-Encoding"]; len(accept) > 0 && AcceptsGzip(accept) {
		if packed := f.packed(); packed != nil {
			of = packed
		}
	}
	if len(f.data) >= large && r.Header["Range"] != nil {
		of = &f.plain
	}
	h := w.Header()
	for _, v := range of.header {
		h[v.key] = v.values
	}
	if asked := r.Header["If-None-Match"]; len(asked) > 0 && Matches(asked, f.plain.etag) {
		delete(h, "Content-Type")
		delete(h, "Content-Length")
		delete(h, "Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if len(f.data) >= large && r.Header["Range"] != nil {
		delete(h, "Content-Length")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.data))
		return
	}
	if r.Method == http.MethodHead {
		return
	}
	w.Write(of.data) //nolint:errcheck // the client that went away hears nothing
}

// Matches says whether lists of entity tags, the values of If-None-Match, have one
// in either encoding: both change together.
func Matches(lists []string, etag string) bool {
	bare := etag[1 : len(etag)-1]
	for _, list := range lists {
		for tag := range strings.SplitSeq(list, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == "*" {
				return true
			}
			if len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' {
				continue
			}
			if strings.TrimSuffix(tag[1:len(tag)-1], "-gzip") == bare {
				return true
			}
		}
	}
	return false
}

// AcceptsGzip reads Accept-Encoding: gzip, x-gzip or * that are not ruled out.
func AcceptsGzip(lists []string) bool {
	any := false
	for _, list := range lists {
		for part := range strings.SplitSeq(list, ",") {
			name, q, _ := strings.Cut(part, ";")
			name = strings.TrimSpace(name)
			ok := true
			if value, has := strings.CutPrefix(strings.ReplaceAll(strings.TrimSpace(q), " ", ""), "q="); has {
				n, err := strconv.ParseFloat(value, 64)
				ok = err == nil && n > 0
			}
			switch {
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				return ok
			case name == "*":
				any = ok
			}
		}
	}
	return any
}
