package dbupdate

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/advisory/db"
	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/fetch"
)

// index updates from a signed note.
func (r *run) index(ctx context.Context, s *Source) (Result, error) {
	first, err := note.NewVerifier(s.Keys[0])
	if err != nil {
		return Result{}, fault.Wrap(fault.Invalid, err, "key %.60q", s.Keys[0])
	}
	name := first.Name()
	line := r.state.Indexes[name].clone()
	keys := line.keys(s.Keys)
	var have fetch.Validators
	if slices.Contains(keys, r.state.Installed.Signer) {
		have = r.have(s.URL)
	}
	body, tags, err := r.Small(ctx, s.URL, manifest.MaxNote, "index note size", have)
	if err != nil {
		return Result{}, err
	}
	if body == nil {
		return r.known(name, line)
	}
	head, signers, err := manifest.OpenHead(body, keys)
	if err != nil {
		return Result{}, fault.Wrap(fault.KindOf(err), err, "read %s", s.URL)
	}
	if err := r.admit(name, line, head); err != nil {
		return Result{}, err
	}
	line.Sequence, line.SHA256, line.Expires = head.Sequence, head.SHA256, head.Expires
	for _, key := range signers {
		if head.NextKey != "" {
			line.learn(head.NextKey, key)
		}
	}
	for _, key := range signers {
		line.signedBy(key)
	}

	next := *r.state
	next.Indexes = maps.Clone(next.Indexes)
	next.Indexes[name] = line
	next.Installed = installed{
		Source: s.URL, SHA256: head.SHA256, ETag: tags.ETag, LastModified: tags.LastModified,
		Signer: signers[len(signers)-1],
	}
	var result Result
	if r.current == head.SHA256 {
		if result, err = r.unchanged(); err == nil {
			err = next.write(r.stateFile())
		}
	} else {
		result.Changed = true
		result.Info, err = r.fetchDatabase(ctx, s, head, &next)
	}
	if err != nil {
		return Result{}, err
	}
	return r.finish(result, name, line), nil
}

// known is the result where the note has not changed since.
func (r *run) known(name string, line *lineage) (Result, error) {
	result, err := r.unchanged()
	if err != nil {
		return Result{}, err
	}
	return r.finish(result, name, line), nil
}

// finish completes a result with what the note says, and warns of a freeze.
func (r *run) finish(result Result, name string, line *lineage) Result {
	result.Sequence, result.Signer = line.Sequence, name
	if r.now.After(line.Expires) {
		result.Warnings = append(result.Warnings, fmt.Sprintf(
			"the index of %s has expired on %s, %d days ago: somebody may keep newer data away, or it is not maintained any more",
			name, day(line.Expires), int(r.now.Sub(line.Expires)/(24*time.Hour))))
	}
	return result
}

// admit holds a note to what was seen before.
func (r *run) admit(name string, line *lineage, head manifest.Head) error {
	if err := r.future(head.Built); err != nil {
		return err
	}
	switch {
	case head.Sequence < line.Sequence:
		return fault.New(fault.Denied, "the index of %s went back from sequence %d to %d (a rollback)", name, line.Sequence, head.Sequence).
			WithHint("somebody may show you old data; ask the publisher. To start over, remove %s", r.stateFile())
	case head.Sequence == line.Sequence && head.SHA256 != line.SHA256:
		return fault.New(fault.Denied, "the index of %s has two databases of sequence %d", name, head.Sequence).
			WithHint("somebody may show you other data than everybody else; tell the publisher")
	}
	return nil
}

// fetchDatabase fetches the database that a note names, and installs it with
// the state that goes with it.
func (r *run) fetchDatabase(ctx context.Context, s *Source, head manifest.Head, next *state) (info db.Info, err error) {
	base, err := url.Parse(s.URL)
	if err != nil {
		return info, fault.Wrap(fault.Invalid, err, "address of the index")
	}
	d := &fetch.Download{
		Address: base.ResolveReference(&url.URL{Path: head.File}).String(),
		Part:    r.File + ".part", Size: head.Size, Max: head.Size, Bound: "size in the index note",
	}
	if _, _, err := r.Download(ctx, d, fetch.Validators{}); err != nil {
		return info, err
	}
	defer d.Discard()
	sum, err := digest(d.Part)
	if err != nil {
		return info, err
	}
	if sum != head.SHA256 {
		return info, fault.New(fault.Denied, "fetch %s: the digest of the file is not the one in the index", d.Address).
			WithHint("the index may just be changing: try again in ten minutes, and then tell the publisher")
	}
	f, err := os.Open(d.Part)
	if err != nil {
		return info, fault.Wrap(fault.KindOf(err), err, "read the download")
	}
	defer f.Close()
	info, err = r.check(ctx, f, head.Size)
	switch {
	case err != nil:
		return info, err
	case !info.Built.Equal(head.Built):
		return info, fault.New(fault.Denied, "the database was built %s, its index says %s",
			info.Built.Format(time.RFC3339), head.Built.Format(time.RFC3339)).WithHint("tell the publisher")
	}
	return info, r.install(f, head.Size, next)
}
