package fetch

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

// Download is a file that is fetched to the disk, in parts if need be.
type Download struct {
	Address string
	Part    string // the file; Part + ".json" says what it is a part of
	Size    int64  // what it must have; 0 where nobody states it
	Max     int64  // the most that it may have
	Bound   string // the name of Max
}

// maxAbout bounds what is known of a part, in bytes.
const maxAbout = 64 << 10

// partial is what is known of a part: of which file, and in which state. Only
// a strong tag says that the rest will fit.
type partial struct {
	URL   string `json:"url"`
	ETag  string `json:"etag"`
	Total int64  `json:"total,omitempty"` // the size of the whole, if the server stated it
}

// resumable gives what is known of the part that is there, and its size: 0 if
// there is nothing to go on with, and then nothing is left.
func (d *Download) resumable() (partial, int64) {
	var p partial
	var text []byte
	about, err := os.Lstat(d.Part + ".json")
	if err == nil && about.Mode().IsRegular() && about.Size() <= maxAbout {
		text, err = os.ReadFile(d.Part + ".json")
	} // else no text, and that is no JSON
	info, err2 := os.Lstat(d.Part)
	if err == nil && err2 == nil && json.Unmarshal(text, &p) == nil &&
		p.URL == d.Address && NewValidators(p.ETag, "").Strong() &&
		info.Mode().IsRegular() && info.Size() > 0 && info.Size() < d.Max &&
		(d.Size == 0 || info.Size() < d.Size) && (p.Total == 0 || info.Size() < p.Total) {
		return p, info.Size()
	}
	d.Discard()
	return partial{}, 0
}

// Discard removes what was fetched.
func (d *Download) Discard() {
	_ = os.Remove(d.Part)
	_ = os.Remove(d.Part + ".json")
}

// Download fetches the file whole to d.Part, going on with what is there. done is
// false where the server says that the file is still in the state have, and then
// there is no file. After an error the part stays only if a later run can go on
// with it.
func (f *Fetcher) Download(ctx context.Context, d *Download, have Validators) (now Validators, done bool, err error) {
	p, offset := d.resumable()
	header := http.Header{}
	wanted := []int{http.StatusOK}
	switch {
	case offset > 0:
		header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
		header.Set("If-Range", p.ETag)
		wanted = append(wanted, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable)
	case have != (Validators{}):
		have.unless(header)
		wanted = append(wanted, http.StatusNotModified)
	}
	keep := offset > 0 // a server that does not answer leaves the part
	err = f.ask(ctx, d.Address, header, func(a answer) error {
		now = a.Validators
		keep = false
		switch a.StatusCode {
		case http.StatusNotModified:
			return nil
		case http.StatusRequestedRangeNotSatisfiable:
			return fmt.Errorf("fetch %s: %w", d.Address, errOtherPart())
		case http.StatusPartialContent:
			if err := p.continues(a, offset); err != nil {
				return fmt.Errorf("fetch %s: %w", d.Address, err)
			}
		default:
			offset = 0
			p = partial{URL: d.Address, ETag: a.ETag, Total: max(0, a.ContentLength)}
		}
		done = true
		keep, err = f.receive(a, d, p, offset)
		return err
	}, wanted...)
	if err == nil {
		return now, done, nil
	}
	if !keep || !errors.As(err, &Unreachable{}) && fault.KindOf(err) != fault.Canceled {
		d.Discard()
	}
	return now, false, err
}

// write writes down what is known of a part, into a new file: a link that
// somebody laid there leads nowhere. What is left of it half written is no JSON,
// and nothing to go on with.
func (p *partial) write(name string) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "store the download")
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "store the download")
	}
	_, err = f.Write(append(text, '\n'))
	if bad := f.Close(); err == nil {
		err = bad
	}
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "store the download")
	}
	return nil
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
	case a.ETag != p.ETag:
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
func (f *Fetcher) receive(a answer, d *Download, p partial, offset int64) (keep bool, err error) {
	switch {
	case d.Size > 0 && p.Total > 0 && p.Total != d.Size:
		return false, fault.New(fault.Invalid, "fetch %s: the server states %d bytes, the index %d", d.Address, p.Total, d.Size).
			WithHint("the index may just be changing: try again in ten minutes, and then tell the publisher")
	case p.Total > d.Max:
		return false, fault.New(fault.Invalid, "fetch %s: the server states %d bytes, more than %d (limit: %s)", d.Address, p.Total, d.Max, d.Bound)
	}
	file, err := d.open(offset)
	if err != nil {
		return false, fault.Wrap(fault.KindOf(err), err, "store the download")
	}
	keep = offset > 0
	if strong := (Validators{ETag: p.ETag}).Strong(); strong && !keep {
		if err := p.write(d.Part + ".json"); err != nil {
			file.Close()
			return false, err
		}
		keep = true
	}
	most := d.Max
	if d.Size > 0 {
		most = d.Size
	}
	whole := max(p.Total, d.Size)
	to := &counter{w: file, done: offset, report: func(done int64) { f.progress(done, whole) }}
	_, err = io.Copy(to, limit.Reader(a.read, most-offset, d.Bound))
	if bad := file.Close(); err == nil && bad != nil {
		err = fault.Wrap(fault.KindOf(bad), bad, "store the download")
	}
	switch {
	case err != nil:
		return keep, named(err, d.Address)
	case whole > 0 && to.done != whole:
		return keep, Gone(nil, "try again; the download goes on where it stopped, if the server can",
			"fetch %s: it ends after %d of %d bytes", d.Address, to.done, whole)
	}
	return true, nil
}

// open opens the part to write from offset on. A new part is a new file, so
// that a link which somebody laid there in a shared folder leads nowhere.
func (d *Download) open(offset int64) (*os.File, error) {
	if offset > 0 {
		return os.OpenFile(d.Part, os.O_WRONLY|os.O_APPEND, 0)
	}
	d.Discard()
	return os.OpenFile(d.Part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
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
