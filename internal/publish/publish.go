package publish

import (
	"context"

	"nacre/fault"
	"nacre/index/manifest"
)

// Target is where releases are: a Folder or a Bucket.
type Target interface {
	// Releases lists the releases that are whole, newest first.
	Releases(ctx context.Context) ([]Release, error)

	// apart refuses an index that is around the releases: they would be in it.
	apart(b *Built) error
	// lock keeps others away until unlock.
	lock() (unlock func() error, err error)
	// open gives the files of a release.
	open(name string) manifest.Open
	// put writes a whole release, or completes and mends one that is there, and
	// leaves what is current alone. Before is the release from which unchanged
	// files may be taken, "" for none.
	put(ctx context.Context, b *Built, name, before string, seen Seen) (Written, error)
	// renew replaces the notes of a release.
	renew(ctx context.Context, name string, x *manifest.Index) error
	// use makes a release the current one.
	use(ctx context.Context, name string, x *manifest.Index, seen Seen) error
	// mark says of a release that it was rolled back, or takes that back.
	mark(ctx context.Context, name string, rolledBack bool) error
	// remove removes a release.
	remove(ctx context.Context, name string) error
	// clean removes what is left of releases that are not whole.
	clean(ctx context.Context) error
}

// Written is how the files of a release came to be.
type Written struct {
	New    int // written
	Shared int // as in the release before, and not written again
	Kept   int // there already
}

// Seen is told how many of so many files are done. It is not called twice at once.
type Seen func(done, all int)

// Options are how to publish.
type Options struct {
	Keep  int  // how many releases stay; less than two are two
	Force bool // publish what would be refused
	Seen  Seen // may be nil
}

// Result is what was done.
type Result struct {
	Release Release
	// New says that it is a new release, Renewed that only its notes are new.
	New, Renewed bool
	Signed       bool // somebody has signed it
	Written      Written
	Removed      []string // releases
}

// Publish makes a built index the current release.
func Publish(ctx context.Context, t Target, b *Built, o Options) (*Result, error) {
	if err := t.apart(b); err != nil {
		return nil, err
	}
	all, unlock, err := begin(ctx, t)
	if err != nil {
		return nil, err
	}
	defer unlock()
	name, before := nameOf(b.Index.Seal), ""
	var was *manifest.Index
	if i := current(all); i >= 0 {
		before = all[i].Name
		was, err = manifest.Load(ctx, t.open(before), nil)
		if err != nil && !o.Force {
			return nil, fault.Wrap(fault.KindOf(err), err, "read the current release %s", before).
				WithHint("nacre db verify says what is wrong with it; --force publishes all the same")
		}
	}
	if !o.Force {
		if err := admit(all, b.Index, was); err != nil {
			return nil, err
		}
	}
	r := &Result{Release: Release{
		Name: name, Sequence: b.Index.Seal.Sequence, Built: b.Index.Seal.Built, Expires: b.Index.Seal.Expires, Current: true,
	}}
	r.New, r.Signed = name != before, len(signersOf(b.Index.Note)) > 0
	r.Renewed = !r.New && was != nil && !sameNotes(was, b.Index)
	if r.Written, err = t.put(ctx, b, name, before, o.Seen); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "publish %s", name)
	}
	if err := t.renew(ctx, name, b.Index); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "publish %s", name)
	}
	if err := t.mark(ctx, name, false); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "publish %s", name)
	}
	if err := t.use(ctx, name, b.Index, o.Seen); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "switch to %s", name)
	}
	r.Removed, err = prune(ctx, t, o.Keep)
	return r, err
}

// begin keeps others away until end, and lists the releases.
func begin(ctx context.Context, t Target) (all []Release, end func(), err error) {
	unlock, err := t.lock()
	if err != nil {
		return nil, nil, err
	}
	end = func() { unlock() } //nolint:errcheck // the lock ends with the process anyway
	if all, err = t.Releases(ctx); err != nil {
		end()
		return nil, nil, err
	}
	return all, end, nil
}

// prune removes the releases beyond keep, and what others have left.
func prune(ctx context.Context, t Target, keep int) ([]string, error) {
	all, err := t.Releases(ctx)
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, r := range surplus(all, max(2, keep)) {
		if err := t.remove(ctx, r.Name); err != nil {
			return gone, fault.Wrap(fault.KindOf(err), err, "remove the old release %s", r.Name)
		}
		gone = append(gone, r.Name)
	}
	if err := t.clean(ctx); err != nil {
		return gone, fault.Wrap(fault.KindOf(err), err, "remove what earlier runs left")
	}
	return gone, nil
}

// Rollback makes another release the current one: the one with a name or a
// sequence, or where that is "", the newest that is older than the current one
// and was not rolled back itself. Before the switch every file of it is checked.
func Rollback(ctx context.Context, t Target, name string) (*Release, error) {
	all, unlock, err := begin(ctx, t)
	if err != nil {
		return nil, err
	}
	defer unlock()
	at := current(all)
	to, err := rollbackTo(all, at, name)
	if err != nil {
		return nil, err
	}
	x, err := manifest.Load(ctx, t.open(to.Name), nil)
	if err == nil {
		var found []manifest.Finding
		if found, err = x.Manifest.Verify(ctx, t.open(to.Name), 8, nil); err == nil {
			err = damaged(found)
		}
	}
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read release %s", to.Name).WithHint("choose another: nacred index releases lists them")
	}
	// Marked first: a publisher that runs by itself does not bring it back, even
	// where this program is stopped between the two.
	if at >= 0 && all[at].Sequence > to.Sequence {
		if err := t.mark(ctx, all[at].Name, true); err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "mark %s", all[at].Name)
		}
	}
	if err := t.mark(ctx, to.Name, false); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "mark %s", to.Name)
	}
	if err := t.use(ctx, to.Name, x, nil); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "switch to %s", to.Name)
	}
	to.Current, to.RolledBack = true, false
	return &to, nil
}

func rollbackTo(all []Release, at int, name string) (Release, error) {
	if name != "" {
		to, err := pick(all, name)
		if err == nil && to.Current {
			err = fault.New(fault.Conflict, "release %s is the current one", to.Name).WithHint("nacred index releases lists the others")
		}
		return to, err
	}
	if at < 0 {
		return Release{}, fault.New(fault.NotFound, "no release is the current one").WithHint("name one: nacred index releases lists them")
	}
	for _, r := range all[at+1:] {
		if !r.RolledBack {
			return r, nil
		}
	}
	return Release{}, fault.New(fault.NotFound, "no release is older than the current one, %s", all[at].Name).
		WithHint("nacred index releases lists them")
}
