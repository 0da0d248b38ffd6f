package dbupdate

import (
	"bytes"
	"context"
	"os"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/db"
	"nacre/advisory/merge"
	"nacre/fault"
)

// maxJSON is the most that the built JSON may have, in bytes; the real one has
// 4 MB.
const maxJSON = 64 << 20

// cpansa updates from the built JSON of the CPAN Security Advisory database.
func (r *run) cpansa(ctx context.Context, s *Source) (Result, error) {
	var keys []Key
	if !r.Unsigned {
		var err error
		if keys, err = r.Trust.candidates(s, r.now); err != nil {
			return Result{}, err
		}
	}
	d := &download{address: s.URL, part: r.File + ".part", max: maxJSON, bound: "size of the CPANSA index"}
	tags, done, err := r.fetch(ctx, d, r.haveSigned(s, keys))
	if err != nil {
		return Result{}, err
	}
	if !done {
		result, err := r.unchanged()
		result.Signer = r.state.Installed.Signer
		return result, err
	}
	defer d.discard()

	var by signed
	if !r.Unsigned {
		if by, err = r.checkSignature(ctx, s, d, keys); err != nil {
			return Result{}, fault.Wrap(fault.KindOf(err), err, "check %s", s.URL)
		}
	}
	batch, err := readBatch(d.part)
	if err != nil {
		return Result{}, fault.Wrap(fault.KindOf(err), err, "read %s", s.URL)
	}
	made, err := r.made(s, batch.Source.Time, by.when)
	if err != nil {
		return Result{}, err
	}
	info, err := r.build(ctx, batch, made)
	if err != nil {
		return Result{}, err
	}
	if !r.Unsigned { // what nobody signed does not shut out what somebody signs
		r.state.Made[s.URL] = made
	}
	r.state.Installed = installed{
		Source: s.URL, SHA256: r.current, ETag: tags.etag, LastModified: tags.lastModified,
		Unsigned: r.Unsigned, Signer: string(by.by),
	}
	if err := r.state.write(r.stateFile()); err != nil {
		return Result{}, err
	}
	return Result{Changed: true, Info: info, Signer: string(by.by)}, nil
}

// haveSigned is have, but nothing where the database rests on less than is
// asked for now: on no signature, or on a key that is not accepted any more.
func (r *run) haveSigned(s *Source, keys []Key) validators {
	in := r.state.Installed
	accepted := slices.ContainsFunc(keys, func(k Key) bool { return string(k.Fingerprint) == in.Signer && k.Problem == nil })
	if !r.Unsigned && (in.Unsigned || !accepted) {
		return validators{}
	}
	return r.have(s.URL)
}

func (r *run) checkSignature(ctx context.Context, s *Source, d *download, keys []Key) (signed, error) {
	signature, _, err := r.small(ctx, s.Signature, maxSignature, "signature size", validators{})
	if err != nil {
		return signed{}, err
	}
	f, err := os.Open(d.part)
	if err != nil {
		return signed{}, fault.Wrap(fault.KindOf(err), err, "read the download")
	}
	defer f.Close()
	return verify(f, signature, keys, r.now)
}

func readBatch(name string) (advisory.Batch, error) {
	f, err := os.Open(name)
	if err != nil {
		return advisory.Batch{}, fault.Wrap(fault.KindOf(err), err, "read the download")
	}
	defer f.Close()
	return cpansa.ReadJSON(f)
}

// made is when the data was made, by its own word or else by its signature's,
// which must not be before what was seen.
func (r *run) made(s *Source, stated, when time.Time) (time.Time, error) {
	if stated.IsZero() {
		stated = when
	}
	if stated.IsZero() {
		return r.now, nil
	}
	if err := r.future(stated); err != nil {
		return time.Time{}, err
	}
	if seen := r.state.Made[s.URL]; stated.Before(seen) {
		return time.Time{}, fault.New(fault.Denied, "%s went back from data of %s to data of %s (a rollback)",
			s.URL, seen.Format(time.RFC3339), stated.Format(time.RFC3339)).
			WithHint("somebody may show you old data; ask the publisher. To start over, remove %s", r.stateFile())
	}
	return stated, nil
}

// build makes a database of the data and installs it.
func (r *run) build(ctx context.Context, batch advisory.Batch, made time.Time) (db.Info, error) {
	set, _ := merge.Merge([]advisory.Batch{batch})
	if r.Unsigned {
		set.Notes = append(set.Notes, "the signature of the data was not checked (--insecure-unsigned)")
	}
	var b bytes.Buffer
	if err := db.Write(&b, set, made); err != nil {
		return db.Info{}, err
	}
	return r.install(ctx, bytes.NewReader(b.Bytes()), int64(b.Len()), time.Time{})
}
