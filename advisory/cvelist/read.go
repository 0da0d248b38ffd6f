package cvelist

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/cve"
	"nacre/fault"
	"nacre/limit"
)

// Bounds of a list.
const (
	maxRecord = 5 << 20 // bytes of one record; the largest published is below 2 MB
	maxFiles  = 2_000_000
	maxReview = 10_000 // records for review
)

// Want is which records are taken whatever they say of themselves: the reason
// by the id's [advisory.ID.Key].
type Want map[string]string

// Add asks for an id; the first reason stays. What is no CVE id is passed over.
func (w Want) Add(id advisory.ID, reason string) {
	if !id.IsCVE() {
		return
	}
	if _, ok := w[id.Key()]; !ok {
		w[id.Key()] = reason
	}
}

// Memory knows which files were passed over before and are unchanged since. It
// is a help and may forget anything.
type Memory interface {
	// Passed says whether the file was passed over in the state that info has.
	Passed(file string, info fs.FileInfo) bool
	// Pass takes note that it is.
	Pass(file string, info fs.FileInfo)
}

// List is what was found in a list.
type List struct {
	// Batch has the records that were taken, in the order of the files, and
	// those that were to be and cannot be read.
	Batch advisory.Batch
	// Updated is when each item of the batch was changed last, by its own word.
	Updated []time.Time
	// Review are the records that a person should look at, at most 10,000; More
	// counts the rest.
	Review []Review
	More   int
	// Others counts the records about other things, those of Review among them.
	Others int
	// Has are the ids that were asked for and are there.
	Has map[string]bool
}

// Review is a record that looks as if it were about CPAN, and why.
type Review struct {
	ID    advisory.ID `json:"id"`
	Where string      `json:"where"`
	Why   string      `json:"why"`
}

// Missing is a record that was asked for and is not there.
type Missing struct {
	ID     advisory.ID `json:"id"`
	Reason string      `json:"reason"` // why it was asked for
}

// Read reads the records below the folder root of fsys. memory may be nil. An
// error is one of reading fsys, or that it has no records.
func Read(ctx context.Context, fsys fs.FS, root string, want Want, memory Memory) (List, error) {
	r := reading{fsys: fsys, want: want, memory: memory, list: List{Has: map[string]bool{}}}
	r.list.Batch.Source = cve.Source()
	err := fs.WalkDir(fsys, root, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.IsDir() {
			return nil
		}
		id, ok := strings.CutSuffix(path.Base(file), ".json")
		if !ok || !strings.HasPrefix(id, "CVE-") {
			return nil // delta.json, deltaLog.json
		}
		if r.files++; r.files > maxFiles {
			return fault.New(fault.Invalid, "more than %d records (limit: records)", maxFiles)
		}
		return r.file(file, advisory.ID(id), e)
	})
	if err != nil {
		return List{}, err
	}
	if r.files == 0 {
		return List{}, fault.New(fault.NotFound, "no CVE records here").
			WithHint("name a checkout of github.com/CVEProject/cvelistV5, or a zip of its releases")
	}
	return r.list, nil
}

// reading is the reading of one list.
type reading struct {
	fsys   fs.FS
	want   Want
	memory Memory
	files  int
	buf    bytes.Buffer
	list   List
}

func (r *reading) file(file string, id advisory.ID, e fs.DirEntry) error {
	_, wanted := r.want[id.Key()]
	if wanted {
		r.list.Has[id.Key()] = true
	}
	var info fs.FileInfo
	if r.memory != nil && !wanted {
		var err error
		if info, err = e.Info(); err != nil {
			return err
		}
		if r.memory.Passed(file, info) {
			r.list.Others++
			return nil
		}
	}
	data, err := r.read(file)
	tooLarge := fault.KindOf(err) == fault.Invalid
	if err != nil && !tooLarge {
		return err
	}
	if !wanted && !tooLarge && !mayConcern(data) {
		r.pass(file, info)
		return nil
	}
	g := look(data)
	item := advisory.Item{Where: file, Native: string(id)}
	switch {
	case tooLarge:
		item.Refused = fault.Wrap(fault.Invalid, err, "read %s", file)
	case wanted || hasCPAN(data) || hasEscape(data):
		item = cve.Read(bytes.NewReader(data), file)
	}
	ours := item.Record != nil && len(item.Record.Affected) > 0
	if wanted || ours || item.Record == nil && (tooLarge || hasCPAN(data)) {
		r.take(item, g.updated())
		return nil
	}
	why := g.suspicion()
	if why == "" {
		r.pass(file, info)
		return nil
	}
	r.list.Others++
	if len(r.list.Review) >= maxReview {
		r.list.More++
		return nil
	}
	r.list.Review = append(r.list.Review, Review{ID: id, Where: file, Why: why})
	return nil
}

// pass counts a record about something else.
func (r *reading) pass(file string, info fs.FileInfo) {
	r.list.Others++
	if r.memory != nil {
		r.memory.Pass(file, info)
	}
}

// read reads a file into the buffer that all share.
func (r *reading) read(file string) ([]byte, error) {
	f, err := r.fsys.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r.buf.Reset()
	_, err = r.buf.ReadFrom(limit.Reader(f, maxRecord, "CVE record size"))
	return r.buf.Bytes(), err
}

func (r *reading) take(item advisory.Item, updated time.Time) {
	b := &r.list.Batch
	b.Items = append(b.Items, item)
	r.list.Updated = append(r.list.Updated, updated)
	if day := updated.Truncate(24 * time.Hour); item.Record != nil && day.After(b.Source.Time) {
		b.Source.Time = day
	}
}

// Absent lists what was asked for and is in none of the lists, sorted.
func (w Want) Absent(lists []List) []Missing {
	var missing []Missing
	for key, reason := range w {
		if !slices.ContainsFunc(lists, func(l List) bool { return l.Has[key] }) {
			id, err := advisory.ParseID(key)
			if err == nil {
				missing = append(missing, Missing{ID: id, Reason: reason})
			}
		}
	}
	slices.SortFunc(missing, func(a, b Missing) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return missing
}
