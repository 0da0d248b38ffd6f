package sources

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"nacre/fault"
	"nacre/internal/fetch"
	"nacre/internal/files"
)

// Bounds of what is fetched.
const (
	maxFetch  = 256 << 20
	fetchTime = 15 * time.Minute
	maxCopy   = 64 << 10 // bytes of what is known of a copy
)

// copies are those of what an address serves, in a folder of Work of its own:
//
//	fetched/<digest of the address>/copy.json          which copy is good, and of when
//	fetched/<digest of the address>/<digest>/<name>    the copies, under the name that the address has
//
// A new copy is beside the good one until it was read.
type copies struct {
	folder  string
	address string
	changed bool      // the server sent something that is not read yet
	fresh   string    // that copy, where changed
	good    string    // the last good copy; "" where there is none
	fetched time.Time // when the server last had what is read
	known   known
	next    known
}

// known is what is known of a good copy.
type known struct {
	Address      string    `json:"address"`
	File         string    `json:"file"` // <digest>/<name>
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Fetched      time.Time `json:"fetched"`
	Time         time.Time `json:"time,omitzero"` // the newest that its data knows of
}

// isAddress says whether a source is named by its address.
func isAddress(name string) bool {
	return strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://")
}

// fetch asks the source's address, and makes s.at the copy that is to be read.
func (s *reading) fetch(ctx context.Context) error {
	if err := fetch.CheckURL(s.name); err != nil {
		return err
	}
	key := sha256.Sum256([]byte(s.name))
	c := &copies{folder: filepath.Join(s.r.Work, "fetched", hex.EncodeToString(key[:8])), address: s.name}
	s.copy = c
	c.recall()
	c.clean()
	if err := os.MkdirAll(c.folder, 0o755); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "keep a copy").WithHint("the folder for the reader's own files must be writable")
	}
	limit, most := s.r.FetchTime, s.r.MaxFetch
	if limit == 0 {
		limit = fetchTime
	}
	if most == 0 {
		most = maxFetch
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fetch.ErrTotal)
	defer cancel()
	d := &fetch.Download{Address: s.name, Part: filepath.Join(c.folder, "part"), Max: most, Bound: "size of a source"}
	have := fetch.Validators{}
	if c.good != "" {
		have = fetch.NewValidators(c.known.ETag, c.known.LastModified)
	}
	o := s.r.Fetch
	if o.Say == nil {
		o.Say = s.r.Say
	}
	tags, done, err := fetch.New(o).Download(ctx, d, have)
	if err != nil {
		return err
	}
	c.next = known{Address: s.name, ETag: tags.ETag, LastModified: tags.LastModified, Fetched: s.r.Now.UTC()}
	if !done {
		c.next = c.known
		c.next.Fetched = s.r.Now.UTC()
		s.at, c.fetched = c.good, c.next.Fetched
		return nil
	}
	defer d.Discard()
	return s.receive(d.Part)
}

// recall finds the last good copy.
func (c *copies) recall() {
	text, err := os.ReadFile(filepath.Join(c.folder, "copy.json"))
	if err != nil || len(text) > maxCopy || json.Unmarshal(text, &c.known) != nil || c.known.Address != c.address || !filepath.IsLocal(c.known.File) {
		c.known = known{}
		return
	}
	file := filepath.Join(c.folder, c.known.File)
	if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
		c.good, c.fetched = file, c.known.Fetched
	}
}

// clean removes the copies that are not the good one: a reading that was stopped
// has left them.
func (c *copies) clean() {
	entries, err := os.ReadDir(c.folder)
	if err != nil {
		return // there are none
	}
	for _, e := range entries {
		if dir := filepath.Join(c.folder, e.Name()); e.IsDir() && (c.good == "" || dir != filepath.Dir(c.good)) {
			_ = os.RemoveAll(dir)
		}
	}
}

// receive takes a download that is whole, and makes it the copy that is read.
func (s *reading) receive(part string) error {
	c := s.copy
	f, err := os.Open(part)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "read the download")
	}
	start := make([]byte, 512)
	n, _ := io.ReadFull(f, start) // what is shorter is so
	start = start[:n]
	sum := sha256.New()
	sum.Write(start)
	_, err = io.Copy(sum, f)
	f.Close() // before it is moved
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "read the download")
	}
	if n == 0 {
		return fault.New(fault.Unavailable, "fetch %s: the answer is empty", s.name).WithHint("try again later, and then tell the publisher")
	}
	if isPage(start) {
		return fault.New(fault.Unavailable, "fetch %s: the answer is a web page", s.name).
			WithHint("a login page or a proxy may stand between; open the address in a browser")
	}
	c.next.File = filepath.Join(hex.EncodeToString(sum.Sum(nil)[:8]), baseOf(s.name))
	file := filepath.Join(c.folder, c.next.File)
	if file == c.good { // the same bytes under another tag
		s.at, c.fetched = c.good, c.next.Fetched
		return nil
	}
	if err = os.MkdirAll(filepath.Dir(file), 0o755); err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "keep a copy")
	}
	s.at, c.fresh, c.changed = file, file, true
	return nil
}

// isPage tells a page for people, whatever its server calls it.
func isPage(start []byte) bool {
	start = bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n"))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")) || bytes.HasPrefix(start, []byte("<head"))
}

// baseOf is the name that a file of an address has here: the last part of its
// path, which may say what the file is, where it is fit for a name.
func baseOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "data"
	}
	base := path.Base(u.Path)
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if len(base) > 100 || strings.HasPrefix(base, ".") || strings.ContainsFunc(base, func(r rune) bool { return !plain(r) }) {
		return "data"
	}
	return base
}

// install makes the copy that was read the good one, and removes the one before
// it. What was fetched and could not be read is removed.
func (s *reading) install() {
	c := s.copy
	if c == nil || c.next.File == "" {
		return
	}
	if s.err != nil {
		if c.changed {
			_ = os.RemoveAll(filepath.Dir(c.fresh))
		}
		return
	}
	c.next.Time = s.health().Time
	err := files.Replace(filepath.Join(c.folder, "copy.json"), func(w io.Writer) error {
		return json.NewEncoder(w).Encode(c.next)
	})
	if err != nil {
		return // the copy before it stays the good one; what was read was read
	}
	c.fetched = c.next.Fetched
	if c.changed && c.good != "" {
		_ = os.RemoveAll(filepath.Dir(c.good))
	}
}
