package sources

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cvelist"
	"nacre/fault"
)

// reading is the reading of one source.
type reading struct {
	r       *Reader
	memo    *memo // nil where nothing is remembered
	name    string
	source  int  // in Result.Health
	hasBase bool // a database was named before

	at    string         // what is read: the path, or a copy of what was fetched
	copy  *copies        // of an address
	steps []func() error // done so far, after path
	err   error          // why the source, or what was fetched of it, cannot be used
	kept  bool           // with err: the last good copy was read
	gathered
}

// gathered is what was read of a source.
type gathered struct {
	batches []advisory.Batch
	parts   []Part
	partOf  []int // of each batch, in parts
	skipped []string
	base    *advisory.Set
	age     time.Time
	folders int    // that were looked into
	zipped  bool   // the folder that is looked into is a zip
	commit  string // of the checkout that is looked into

	// What is read when the rest of all sources is.
	later []later
	files []io.Closer // of later
	lists []cveList
	known []releaseList

	found  []cvelist.List // in lists
	review []cvelist.Review
	more   int
}

func (s *gathered) close() {
	for _, f := range s.files {
		f.Close()
	}
	*s = gathered{}
}

// begin reads the source, as far as it can be read by itself.
func (s *reading) begin(ctx context.Context) {
	err := ctx.Err()
	if err == nil && s.r.Work != "" && isAddress(s.name) {
		err = s.fetch(ctx)
	}
	if err == nil {
		err = s.path()
	}
	if err != nil && (s.copy == nil || !strings.Contains(err.Error(), s.name)) {
		err = unread(s.name, err)
	}
	if err != nil {
		s.fail(err)
	}
}

// step does what comes next in reading the source.
func (s *reading) step(do func() error) {
	s.steps = append(s.steps, do)
	if s.err != nil && !s.kept {
		return
	}
	if err := do(); err != nil {
		s.fail(err)
	}
}

// fail gives up what was read. Of an address the last good copy is read
// instead; where there is none, or it fails too, the source gives nothing.
func (s *reading) fail(err error) {
	s.close()
	retry := !s.kept && s.copy != nil && s.copy.good != ""
	if s.err == nil {
		s.err = err
	}
	if s.kept = retry; !retry {
		return
	}
	s.at = s.copy.good
	err = s.path()
	for i := 0; err == nil && i < len(s.steps); i++ {
		err = s.steps[i]()
	}
	if err != nil {
		s.close()
		s.kept = false
	}
}

// cpansa is what reads reports and their index.
func (s *reading) cpansa() cpansa.Reader {
	if s.memo == nil {
		return cpansa.Reader{}
	}
	return cpansa.Reader{Memo: s.memo}
}

// unread is the error of a path that cannot be read.
func unread(name string, err error) error {
	kind, hint := fault.KindOf(err), fault.HintOf(err)
	if p, ok := errors.AsType[*fs.PathError](err); ok && err == error(p) && (p.Path == name || p.Path == ".") {
		err, hint = p.Err, "name a file or folder that is there and that you can read"
	}
	return fault.Wrap(kind, err, "read %s", name).WithHint("%s", hint)
}

// add takes what a reader made of something of a kind.
func (s *reading) add(kind, where string, b advisory.Batch) {
	s.partOf = append(s.partOf, len(s.parts))
	s.batches = append(s.batches, b)
	s.parts = append(s.parts, Part{
		Path: where, Kind: kind, Commit: cmp.Or(b.Source.Commit, s.commit), Time: b.Source.Time,
		Licence: b.Source.Licence, Attribution: b.Source.Attribution,
	})
}

// take gives what takes the result of a reader.
func (s *reading) take(kind, where string) func(advisory.Batch, error) error {
	return func(b advisory.Batch, err error) error {
		if err == nil {
			s.add(kind, where, b)
		}
		return err
	}
}

// progress says what is being read, to somebody who is watching.
func (s *reading) progress(what string) {
	if s.r.Say != nil {
		s.r.Say(what)
	}
}
