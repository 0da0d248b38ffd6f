package dbupdate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/db"
	"nacre/advisory/merge"
	"nacre/fault"
	"nacre/internal/fetch"
	"nacre/limit"
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
	d := &fetch.Download{Address: s.URL, Part: r.File + ".part", Max: maxJSON, Bound: "size of the CPANSA index"}
	tags, done, err := r.Download(ctx, d, r.haveSigned(s, keys))
	if err != nil {
		return Result{}, err
	}
	if !done {
		result, err := r.unchanged()
		result.Signer = r.state.Installed.Signer
		return result, err
	}
	defer d.Discard()

	// What is checked and what is read are the same bytes in memory, whatever
	// becomes of the file meanwhile.
	data, err := readPart(d)
	if err != nil {
		return Result{}, err
	}
	var by signed
	if !r.Unsigned {
		if by, err = r.checkSignature(ctx, s, data, keys); err != nil {
			return Result{}, fault.Wrap(fault.KindOf(err), err, "check %s", s.URL)
		}
	}
	batch, err := cpansa.ReadJSON(bytes.NewReader(data))
	if err != nil {
		return Result{}, fault.Wrap(fault.KindOf(err), err, "read %s", s.URL)
	}
	made, err := r.made(s, batch.Source.Time, by.when)
	if err != nil {
		return Result{}, err
	}
	file, err := r.build(batch, made)
	if err != nil {
		return Result{}, err
	}
	content, size := bytes.NewReader(file), int64(len(file))
	info, err := r.check(ctx, content, size)
	if err != nil {
		return Result{}, err
	}
	next := *r.state
	if !r.Unsigned { // what nobody signed does not shut out what somebody signs
		next.Made = maps.Clone(next.Made)
		next.Made[s.URL] = made
	}
	next.Installed = installed{
		Source: s.URL, SHA256: hexSum(file), ETag: tags.ETag, LastModified: tags.LastModified,
		Unsigned: r.Unsigned, Signer: string(by.by),
	}
	if err := r.install(content, size, &next); err != nil {
		return Result{}, err
	}
	return Result{Changed: true, Info: info, Signer: string(by.by)}, nil
}

// haveSigned is have, but nothing where the database rests on less than is
// asked for now: on no signature, or on a key that is not accepted any more.
func (r *run) haveSigned(s *Source, keys []Key) fetch.Validators {
	in := r.state.Installed
	accepted := slices.ContainsFunc(keys, func(k Key) bool { return string(k.Fingerprint) == in.Signer && k.Problem == nil })
	if !r.Unsigned && (in.Unsigned || !accepted) {
		return fetch.Validators{}
	}
	return r.have(s.URL)
}

func (r *run) checkSignature(ctx context.Context, s *Source, data []byte, keys []Key) (signed, error) {
	signature, _, err := r.Small(ctx, s.Signature, maxSignature, "signature size", fetch.Validators{})
	if err != nil {
		return signed{}, err
	}
	return verify(bytes.NewReader(data), signature, keys, r.now)
}

func readPart(d *fetch.Download) ([]byte, error) {
	f, err := os.Open(d.Part)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the download")
	}
	defer f.Close()
	return limit.ReadAll(f, d.Max, d.Bound)
}

func hexSum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
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

// build makes a database of the data.
func (r *run) build(batch advisory.Batch, made time.Time) ([]byte, error) {
	set, _ := merge.Merge([]advisory.Batch{batch})
	if r.Unsigned {
		set.Notes = append(set.Notes, "the signature of the data was not checked (--insecure-unsigned)")
	}
	var b bytes.Buffer
	if err := db.Write(&b, set, made); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
