package dbupdate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"nacre/fault"
	"nacre/limit"
)

// download is a file that is fetched to the disk, in parts if need be.
type download struct {
	address string
	part    string // the file; part + ".json" says what it is a part of
	size    int64  // what it must have; 0 where nobody states it
	max     int64  // the most that it may have
	bound   string // the name of max
}

// partial is what is known of a part: of which file, and in which state. Only
// a strong tag says that the rest will fit.
type partial struct {
	URL   string `json:"url"`
	ETag  string `json:"etag"`
	Total int64  `json:"total,omitempty"` // the size of the whole, if the server stated it
}

// resumable gives what is known of the part that is there, and its size: 0 if
// there is nothing to go on with, and then nothing is left.
func (d *download) resumable() (partial, int64) {
	var p partial
	var text []byte
	about, err := os.Lstat(d.part + ".json")
	if err == nil && about.Mode().IsRegular() && about.Size() <= maxState {
		text, err = os.ReadFile(d.part + ".json")
	} // else no text, and that is no JSON
	info, err2 := os.Lstat(d.part)
	if err == nil && err2 == nil && json.Unmarshal(text, &p) == nil &&
		p.URL == d.address && newValidators(p.ETag, "").strong() &&
		info.Mode().IsRegular() && info.Size() > 0 && info.Size() < d.max &&
		(d.size == 0 || info.Size() < d.size) && (p.Total == 0 || info.Size() < p.Total) {
		return p, info.Size()
	}
	d.discard()
	return partial{}, 0
}

// discard removes what was fetched.
func (d *download) discard() {
	_ = os.Remove(d.part)
	_ = os.Remove(d.part + ".json")
}

// fetch fetches the file whole to d.part, going on with what is there. done is
// false where the server says that the file is still in the state have. After
// an error the part stays only if a later run can go on with it.
func (f *fetcher) fetch(ctx context.Context, d *download, have validators) (now validators, done bool, err error) {
	p, offset := d.resumable()
	header := http.Header{}
	wanted := []int{http.StatusOK}
	switch {
	case offset > 0:
		header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
		header.Set("If-Range", p.ETag)
		wanted = append(wanted, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable)
	case have != (validators{}):
		have.unless(header)
		wanted = append(wanted, http.StatusNotModified)
	}
	keep := offset > 0 // a server that does not answer leaves the part
	err = f.ask(ctx, d.address, header, func(a answer) error {
		now = a.validators
		keep = false
		switch a.StatusCode {
		case http.StatusNotModified:
			return nil
		case http.StatusRequestedRangeNotSatisfiable:
			return fmt.Errorf("fetch %s: %w", d.address, errOtherPart())
		case http.StatusPartialContent:
			if err := p.continues(a, offset); err != nil {
				return fmt.Errorf("fetch %s: %w", d.address, err)
			}
		default:
			offset = 0
			p = partial{URL: d.address, ETag: a.etag, Total: max(0, a.ContentLength)}
		}
		done = true
		keep, err = f.receive(a, d, p, offset)
		return err
	}, wanted...)
	if err == nil {
		return now, done, nil
	}
	if !keep || !errors.As(err, &unreachable{}) && fault.KindOf(err) != fault.Canceled {
		d.discard()
	}
	return now, false, err
}

// continues holds an answer to being the rest of the file after offset bytes.
func (p *partial) continues(a answer, offset int64) error {
	var first, last, total int64
	text := a.Header.Get("Content-Range")
	n, err := fmt.Sscanf(text, "bytes %d-%d/%d", &first, &last, &total)
	switch {
	case err != nil || n != 3 || text != fmt.Sprintf("bytes %d-%d/%d", first, last, total):
	case first != offset || last != total-1 || last < first:
	case a.ContentLength >= 0 && a.ContentLength != last-first+1:
	case p.Total != 0 && p.Total != total:
	case a.etag != p.ETag:
	default:
		p.Total = total
		return nil
	}
	return errOtherPart()
}

func errOtherPart() error {
	return fault.New(fault.Invalid, "the server does not send the part that it was asked for").
		WithHint("the part that was there is removed; try again")
}

// receive writes an answer's body to the part from offset on. keep says
// whether a later run can go on after an error.
func (f *fetcher) receive(a answer, d *download, p partial, offset int64) (keep bool, err error) {
	switch {
	case d.size > 0 && p.Total > 0 && p.Total != d.size:
		return false, fault.New(fault.Invalid, "fetch %s: the server states %d bytes, the index %d", d.address, p.Total, d.size).
			WithHint("the index may just be changing: try again in ten minutes, and then tell the publisher")
	case p.Total > d.max:
		return false, fault.New(fault.Invalid, "fetch %s: the server states %d bytes, more than %d (limit: %s)", d.address, p.Total, d.max, d.bound)
	}
	file, err := d.open(offset)
	if err != nil {
		return false, fault.Wrap(fault.KindOf(err), err, "store the download")
	}
	keep = offset > 0
	if strong := (validators{etag: p.ETag}).strong(); strong && !keep {
		if err := writeJSON(d.part+".json", p); err != nil {
			file.Close()
			return false, err
		}
		keep = true
	}
	most := d.max
	if d.size > 0 {
		most = d.size
	}
	whole := max(p.Total, d.size)
	to := &counter{w: file, done: offset, report: func(done int64) { f.progress(done, whole) }}
	_, err = io.Copy(to, limit.Reader(a.read, most-offset, d.bound))
	if bad := file.Close(); err == nil && bad != nil {
		err = fault.Wrap(fault.KindOf(bad), bad, "store the download")
	}
	switch {
	case err != nil:
		return keep, named(err, d.address)
	case whole > 0 && to.done != whole:
		return keep, gone(nil, "try again; the download goes on where it stopped, if the server can",
			"fetch %s: it ends after %d of %d bytes", d.address, to.done, whole)
	}
	return true, nil
}

// open opens the part to write from offset on. A new part is a new file, so
// that a link which somebody laid there in a shared folder leads nowhere.
func (d *download) open(offset int64) (*os.File, error) {
	if offset > 0 {
		return os.OpenFile(d.part, os.O_WRONLY|os.O_APPEND, 0)
	}
	d.discard()
	return os.OpenFile(d.part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

// counter reports how much was written.
type counter struct {
	w      io.Writer
	done   int64
	report func(done int64)
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.done += int64(n)
	c.report(c.done)
	return n, err
}
