package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// clock tells when the time for a file, or for the release as a whole, is over.
// Its zero value never does.
type clock struct {
	until time.Time // zero for no limit
	stop  <-chan struct{}
	now   func() time.Time
	late  bool
	ticks uint
}

// clock starts the time of one file, or of the release as a whole.
func (opt *Options) clock() clock {
	c := clock{stop: opt.stop}
	if opt.MaxTime > 0 && opt.Now != nil {
		c.now, c.until = opt.Now, opt.Now().Add(opt.MaxTime)
	}
	return c
}

// tick is over, asked of the clock itself now and then only.
func (c *clock) tick() bool {
	if c.ticks++; c.late || c.ticks%64 != 0 {
		return c.late
	}
	return c.over()
}

// over reports whether the time is over, or the whole run.
func (c *clock) over() bool {
	select {
	case <-c.stop:
		c.late = true
	default:
		c.late = c.late || !c.until.IsZero() && c.now().After(c.until)
	}
	return c.late
}

// ends reports whether no further rule is to be asked after r, since the time is
// over, and tells so where that is not because the whole run ended.
func (out *Result) ends(c *clock, r *Rule, limit time.Duration) bool {
	if !c.over() {
		return false
	}
	select {
	case <-c.stop:
		out.stopped = true
	default:
		about := "the rules"
		if out.File == "" {
			about += " about the release"
		}
		out.Notes = append(out.Notes, Note{File: out.File, Partial: true, What: fmt.Sprintf("%s took longer than %s, and ended at %s", about, limit, r.Doc.ID)})
	}
	return true
}

// timed is the files of a release until the time for rules about it is over: then
// none is there any more, so that a rule that goes through them comes to its end.
type timed struct {
	fs.FS
	clock *clock
}

// over gives the error of what is asked for too late.
func (t timed) over(op, name string) error {
	if t.clock.over() {
		return &fs.PathError{Op: op, Path: name, Err: errLate}
	}
	return nil
}

var errLate = errors.New("the time for the release is over")

func (t timed) Open(name string) (fs.File, error) {
	if err := t.over("open", name); err != nil {
		return nil, err
	}
	return t.FS.Open(name)
}

func (t timed) Stat(name string) (fs.FileInfo, error) {
	if err := t.over("stat", name); err != nil {
		return nil, err
	}
	return fs.Stat(t.FS, name)
}
