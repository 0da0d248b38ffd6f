package sources

import (
	"archive/zip"
	"context"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/fault"
	"nacre/limit"
)

// Bounds of the zips of the CVE List. All records come to some 2 GB unpacked,
// and their zip to a quarter of that.
const (
	maxListSize = 16 << 30 // unpacked
	maxListZip  = 2 << 30  // of the zip inside a zip
	maxZips     = 20_000   // of one folder: every hour of two years
)

// cveList is a CVE List, or a part of one, that is read when it is known which
// ids are asked for.
type cveList struct {
	path   string
	whole  bool // has all records
	commit string
	read   func(ctx context.Context, want cvelist.Want) (cvelist.List, error)
}

// listFolder takes a folder that holds the CVE List, and says whether it does.
func (s *reading) listFolder(fsys fs.FS, entries []fs.DirEntry, name string) (bool, error) {
	shape, root := cvelist.ShapeOf(fsys)
	onDisk := !s.zipped // the times of a zip's files say nothing
	if shape != cvelist.None {
		s.lists = append(s.lists, cveList{name, shape == cvelist.Whole, s.commit, func(ctx context.Context, want cvelist.Want) (cvelist.List, error) {
			s.progress(name)
			var remembered *passed
			if onDisk {
				remembered = s.r.openPassed(name)
			}
			if remembered == nil {
				return cvelist.Read(ctx, fsys, root, want, nil)
			}
			list, err := cvelist.Read(ctx, fsys, root, want, remembered)
			if err == nil {
				remembered.save()
			}
			return list, err
		}})
		return true, nil
	}
	zips := 0
	for _, e := range entries {
		is, all := cvelist.IsZip(e.Name())
		if !is || e.IsDir() {
			continue
		}
		if zips++; zips > maxZips {
			return false, fault.New(fault.Invalid, "%s has more than %d zips of CVE records (limit: zips)", name, maxZips).
				WithHint("keep the zip of all records and those since then")
		}
		s.listZip(fsys, e.Name(), name+"/"+e.Name(), all)
	}
	return zips > 0, nil
}

// listZip takes a zip of CVE records, which is opened when it is read.
func (s *reading) listZip(fsys fs.FS, name, where string, all bool) {
	s.lists = append(s.lists, cveList{where, all, "", func(ctx context.Context, want cvelist.Want) (cvelist.List, error) {
		s.progress(where)
		z, closeZip, err := s.openZip(fsys, name)
		if err != nil {
			return cvelist.List{}, err
		}
		defer closeZip()
		if _, err := fs.Stat(z, cvelist.InnerZip); err == nil {
			inner, closeInner, err := s.openZip(z, cvelist.InnerZip)
			if err != nil {
				return cvelist.List{}, err
			}
			defer closeInner()
			z = inner
		}
		shape, root := cvelist.ShapeOf(z)
		if shape == cvelist.None {
			return cvelist.List{}, fault.New(fault.Invalid, "no CVE records are in it").
				WithHint("the zips of the CVE List have a folder deltaCves, or cves.zip in them")
		}
		return cvelist.Read(ctx, z, root, want, nil)
	}})
}

// openZip opens a zip in a folder or in another zip, out of which it is copied
// to a file that has no name for long.
func (s *reading) openZip(fsys fs.FS, name string) (*zip.Reader, func(), error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, nil, err
	}
	at, ok := f.(io.ReaderAt)
	if !ok {
		spooled, err := s.spool(f)
		f.Close()
		if err != nil {
			return nil, nil, err
		}
		at, f = spooled, spooled
	}
	closeZip := func() { f.Close() }
	info, err := f.Stat()
	if err == nil {
		var z *zip.Reader
		if z, err = zip.NewReader(at, info.Size()); err == nil {
			if err = checkZip(z, maxListSize); err == nil {
				return z, closeZip, nil
			}
		} else {
			err = fault.Wrap(fault.Invalid, err, "open zip")
		}
	}
	closeZip()
	return nil, nil, err
}

// spool copies what cannot be read at any place to a file.
func (s *reading) spool(r io.Reader) (*os.File, error) {
	f, err := os.CreateTemp(s.r.Work, "cves-*.zip")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "unpack a zip")
	}
	_ = os.Remove(f.Name()) // the open file stays; where it does not, the folder is for such files
	if _, err := io.Copy(f, limit.Reader(r, maxListZip, "size of a zip in a zip")); err != nil {
		f.Close()
		return nil, fault.Wrap(fault.KindOf(err), err, "unpack a zip")
	}
	return f, nil
}

// wanted is which CVE records are taken whatever they say: those that the
// caller asks for, and those that sources name.
func (r *Reader) wanted(all []*reading) cvelist.Want {
	want := cvelist.Want{}
	for _, a := range r.Allow {
		want.Add(a.ID, a.Reason)
	}
	for _, one := range all {
		for i := range one.batches {
			b := &one.batches[i]
			reason := b.Source.Name + " names it"
			for j := range b.Items {
				if rec := b.Items[j].Record; rec != nil {
					want.Add(rec.ID, reason)
					for _, id := range rec.Aliases {
						want.Add(id, reason)
					}
				}
			}
		}
	}
	return want
}

// readLists reads the CVE lists of a source, now that all that is no list is
// read: first the whole ones. What one has is taken out of the next ones, too,
// whatever they say of it: a later state may have been rejected.
func (s *reading) readLists(ctx context.Context, whole bool, want cvelist.Want) error {
	for _, l := range s.lists {
		if l.whole != whole {
			continue
		}
		list, err := l.read(ctx, want)
		if err != nil {
			return unread(l.path, err)
		}
		for i := range list.Batch.Items {
			if rec := list.Batch.Items[i].Record; rec != nil {
				want.Add(rec.ID, "another state of it was taken")
			}
		}
		s.found = append(s.found, list)
		s.add(KindCVE, l.path, list.Batch)
		p := &s.parts[len(s.parts)-1]
		p.Others, p.Commit = list.Others, l.commit
		s.review = append(s.review, list.Review...)
		s.more += list.More
	}
	return nil
}

func (s *reading) hasWholeList() bool {
	return slices.ContainsFunc(s.lists, func(l cveList) bool { return l.whole })
}

// found are the lists of all sources.
func found(all []*reading) []cvelist.List {
	var lists []cvelist.List
	for _, one := range all {
		lists = append(lists, one.found...)
	}
	return lists
}

// forReview are the records for review without those that another list had in a
// state that was taken; of several states the last is told.
func forReview(all []cvelist.Review, lists []cvelist.List) []cvelist.Review {
	taken := map[string]bool{}
	for _, l := range lists {
		for i := range l.Batch.Items {
			if rec := l.Batch.Items[i].Record; rec != nil {
				taken[rec.ID.Key()] = true
			}
		}
	}
	var told []cvelist.Review
	at := map[string]int{}
	for _, r := range all {
		key := r.ID.Key()
		i, again := at[key]
		switch {
		case taken[key]:
		case again:
			told[i] = r
		default:
			at[key] = len(told)
			told = append(told, r)
		}
	}
	return told
}

// newest refuses what a later state of a record displaces, where there is a
// list. Of a record in a plain folder of CVE records only the day is known: it
// counts from that day's beginning.
func newest(all []*reading) {
	lists := found(all)
	if len(lists) == 0 {
		return
	}
	var plain []cvelist.List
	for _, one := range all {
		for i := range one.batches {
			if p := one.parts[one.partOf[i]]; p.Kind == KindCVE && !one.isList(p.Path) {
				plain = append(plain, dated(&one.batches[i]))
			}
		}
	}
	cvelist.Newest(append(plain, lists...))
}

func (s *reading) isList(path string) bool {
	return slices.ContainsFunc(s.lists, func(l cveList) bool { return l.path == path })
}

// dated is a plain folder of CVE records as a list.
func dated(b *advisory.Batch) cvelist.List {
	l := cvelist.List{Batch: *b, Updated: make([]time.Time, len(b.Items))}
	for i := range b.Items {
		if rec := b.Items[i].Record; rec != nil {
			l.Updated[i] = rec.Modified.Time()
		}
	}
	return l
}

// Allowed is a CVE record that is taken whatever it says of itself.
type Allowed struct {
	ID     advisory.ID
	Reason string // why it is: "perl itself"
}
