// Package indexbuild makes the folder of an index: it reads the sources, joins
// what they say, draws the conclusions, and writes every form of them.
//
//	b := indexbuild.Builder{Site: site, Sources: []string{"cpan-security-advisory"}, Out: "site", Now: time.Now, ...}
//	result, err := b.Build(ctx)
//
// # Promises
//
// The folder is replaced as a whole: whoever looks finds all of the build before
// or all of this one, also where the program is killed or the disk is full. The
// same sources, settings and time give the same bytes, and so does a build on top
// of another one of the same.
//
// An index never gets worse by a source that fails. Of an address whose last good
// copy Builder.Work has, that copy is used, Result.Kept tells, and what the other
// sources have is taken. Where any other source cannot be read, has gone back in
// time, or where more than a stated share of the records of the build before would
// be gone, the files of that build stay as they are, and only the page and the
// document of health, the state and the list of files are new. Result.Refused tells
// it, too. The notes keep their expiry then, so that readers hear of it as well when
// it lasts. In both cases the page of health says what is wrong and since when.
//
// What has not changed is not made again where Builder.Work has what the last build
// noted of it; the program itself is part of that, so a new version makes all
// files anew.
//
// Where Out is a link, the folder that it leads to is the index. A source that is in
// the index, or has it inside, is an error: an index would be its own source.
//
// Not promised: that two builds into one folder at a time take turns; the second is
// an error.
package indexbuild

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/advice"
	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/advisory/merge"
	"nacre/fault"
	"nacre/index"
	"nacre/index/manifest"
	"nacre/internal/files"
)

// Builder is what a build is made with. Out, Now and Site must be set.
type Builder struct {
	Site      index.Site
	Generator string // "nacred v0.1.0"
	Now       func() time.Time
	Formats   []index.Format
	// Health makes the files that say how things stand, which a refused build renews.
	Health func(m *index.Model, kept index.Kept) ([]index.File, error)

	Sources  []string // paths and addresses
	Curation fs.FS    // the folder of corrections; nil for none
	Metadata fs.FS    // a folder of releases or their META files; nil for none
	Work     string   // folder for what the next build can use; "" for none
	Out      string   // the folder of the index
	Program  []byte   // a digest of the program, so that Work is not used by another one

	Signers []note.Signer // none makes an index that only who asks for it reads
	NextKey string
	// Expires is for how long the notes hold; 0 is DefaultExpires.
	Expires time.Duration
	// MaxLoss is which share of advisories or of releases may be gone since the
	// build before, 0 to 1. Less than 1 also lets no kind of source, and not all
	// corrections, be forgotten.
	MaxLoss float64
	// AcceptOlder takes sources that have gone back in time.
	AcceptOlder bool

	// Say is told what is read, and Ask each address before it is asked;
	// without Ask, Say is. Both may be nil.
	Say, Ask  func(what string)
	Transport http.RoundTripper // nil: the standard one, within limits
	// MaxFetch is the most bytes of one address; 0 is what package sources says.
	MaxFetch int64
}

// DefaultExpires is how long notes hold where nobody says: a nightly job may fail
// for a week before readers are warned.
const DefaultExpires = 8 * 24 * time.Hour

// Result says how a build ended.
type Result struct {
	// Model is what was concluded, also where it was refused.
	Model *index.Model
	// Refused says why the conclusions are not in the folder, "" where they are.
	Refused string
	// Kept are the sources of which a copy was used in their place, and why, a
	// sentence without a full stop for each.
	Kept     []string
	Manifest manifest.Manifest
	// Reused is how many of the files were taken over from the build before.
	Reused int
	// Unchanged is set where every file is as it was.
	Unchanged bool
}

// Build makes the folder. An error leaves it as it was.
func (b *Builder) Build(ctx context.Context) (*Result, error) {
	if err := b.Site.Check(); err != nil {
		return nil, err
	}
	out, err := b.place()
	if err != nil {
		return nil, err
	}
	unlock, err := files.Lock(out + ".lock")
	if err != nil {
		if fault.HintOf(err) == "" {
			err = fault.Wrap(fault.KindOf(err), err, "build the index").WithHint("the folder that %s is in must be writable: the next index comes to be in it", b.Out)
		}
		return nil, err
	}
	defer unlock() //nolint:errcheck // the lock ends with the process anyway
	if err := recoverFolder(out); err != nil {
		return nil, err
	}
	old, err := readPrevious(ctx, out)
	if err != nil {
		return nil, err
	}
	m, err := b.conclude(ctx, old)
	if err != nil {
		return nil, err
	}
	refused := b.refuse(m.Model, old)
	if refused != "" && old == nil {
		return nil, fault.New(fault.Unavailable, "build the index: %s", refused).
			WithHint("there is no index yet that could stay as it is; mend the source, or build without it")
	}
	s, err := newStage(ctx, out, old, b.Work != "")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	var of sealed
	if refused != "" {
		of, err = b.keep(s, m.Model, old, refused)
	} else {
		of, err = b.write(ctx, s, m.Model, withGone(m.set, m.Model))
	}
	if err != nil {
		return nil, err
	}
	list, err := b.seal(s, of)
	if err != nil {
		return nil, err
	}
	r := &Result{Model: m.Model, Refused: refused, Kept: kept(m.Sources), Manifest: list, Reused: s.reused, Unchanged: s.reused == len(s.files)}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Canceled, err, "build the index")
	}
	if err := s.commit(); err != nil {
		return nil, err
	}
	return r, nil
}

// Review draws the conclusions that a build would draw, on top of the index in the
// folder where there is one, and writes nothing. It gives them with what is found
// about the corrections.
func (b *Builder) Review(ctx context.Context) (*index.Model, []advice.Finding, error) {
	var old *previous
	if b.Out != "" {
		var err error
		if old, err = readPrevious(ctx, b.Out); err != nil {
			return nil, nil, err
		}
	}
	m, err := b.conclude(ctx, old)
	if err != nil {
		return nil, nil, err
	}
	return m.Model, m.findings, nil
}

// sealed is what the list of files and the notes say.
type sealed struct {
	list           manifest.Manifest // without its files
	built, expires time.Time
	databaseBuilt  time.Time
	units          map[string]unitFiles
}

// write writes what was concluded, in every form.
func (b *Builder) write(ctx context.Context, s *stage, m *index.Model, set advisory.Set) (sealed, error) {
	units, err := b.formats(ctx, s, m)
	if err != nil {
		return sealed{}, err
	}
	state, err := m.State.Encode()
	if err != nil {
		return sealed{}, err
	}
	if err := s.add(index.File{Path: stateName, Data: state}); err != nil {
		return sealed{}, err
	}
	now := b.Now().UTC().Truncate(time.Second)
	built := set.Time().UTC().Truncate(time.Second)
	if built.IsZero() || built.After(now) { // a source may say that it is of the future
		built = now
	}
	_, err = s.stream(manifest.DatabaseName, func(w io.Writer) error { return db.Write(w, set, built) })
	expires := b.Expires
	if expires == 0 {
		expires = DefaultExpires
	}
	return sealed{
		list: b.listOf(m), built: now, expires: now.Add(expires), databaseBuilt: built, units: units,
	}, err
}

// listOf is the list of an index of these conclusions, without its files.
func (b *Builder) listOf(m *index.Model) manifest.Manifest {
	list := manifest.Manifest{
		Generator: b.Generator, Day: advisory.DateOf(m.Day).String(), Sequence: m.State.Sequence,
		Skipped: map[string]int{}, Curation: map[string]int{},
	}
	for _, a := range m.Advisories {
		list.Counts.Advisories++
		if a.IsWithdrawn() {
			list.Counts.Withdrawn++
		}
	}
	list.Counts.Distributions = len(m.Dists)
	for _, d := range m.Dists {
		list.Counts.Releases += len(d.Releases)
	}
	for _, h := range m.Sources {
		list.Sources = append(list.Sources, manifest.Source{
			Name: h.Name, Commit: h.Commit, Time: h.Time, Licence: h.Licence, Attribution: h.Attribution,
			Entries: h.Entries, Refused: h.Refused,
		})
	}
	for _, e := range m.Ledger.Entries {
		if e.Outcome == merge.Refused {
			list.Skipped[e.Reason]++
		}
	}
	for _, c := range m.Curated {
		list.Curation[c.Outcome]++
	}
	return list
}

// seal writes the list of files and the notes.
func (b *Builder) seal(s *stage, of sealed) (manifest.Manifest, error) {
	list, err := manifest.Make(of.list, s.files)
	if err != nil {
		return list, err
	}
	text, seal, head, err := list.Notes(manifest.Terms{
		Built: of.built, Database: of.databaseBuilt, Expires: of.expires, NextKey: b.NextKey,
	}, b.Signers...)
	if err != nil {
		return list, err
	}
	for name, data := range map[string][]byte{manifest.ListName: text, manifest.SealName: seal, manifest.HeadName: head} {
		if err := s.write(name, data); err != nil {
			return list, err
		}
	}
	return list, b.writeUnits(of.units, text)
}

// stateName is the file of index.State.
const stateName = "state.json"

// previous is the index that is in the folder.
type previous struct {
	index *manifest.Index
	state *index.State
	kept  []advisory.Record
}

// opener opens files of an index in a folder.
func opener(dir string) manifest.Open {
	return func(_ context.Context, path string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(dir, filepath.FromSlash(path)))
	}
}

// readPrevious reads the index in a folder, nil where there is none. What is in
// the way and is no index is an error: nobody loses a folder by a wrong name.
func readPrevious(ctx context.Context, out string) (*previous, error) {
	entries, err := os.ReadDir(out)
	if os.IsNotExist(err) || err == nil && len(entries) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "build the index").WithHint("name a folder for the index with -o")
	}
	if _, err := os.Stat(filepath.Join(out, manifest.ListName)); err != nil {
		return nil, fault.New(fault.Conflict, "%s is there, and is no index", out).WithHint("name an empty folder, or one that nacred index build made")
	}
	x, err := manifest.Load(ctx, opener(out), nil)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index in %s", out).WithHint("nacre db verify says more; put the published one in its place")
	}
	text, err := os.ReadFile(filepath.Join(out, stateName))
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index in %s", out)
	}
	if err := isListed(x, stateName, bytes.NewReader(text)); err != nil {
		return nil, err
	}
	state, err := index.ParseState(text)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(out, manifest.DatabaseName))
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index in %s", out)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := isListed(x, manifest.DatabaseName, f); err != nil {
		return nil, err
	}
	d, err := db.Open(f, info.Size())
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index in %s", out)
	}
	set, err := d.Set(ctx)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the index in %s", out)
	}
	return &previous{index: x, state: state, kept: set.Records}, nil
}

// isListed holds what the next index is made of to the list of files: a sequence or
// a record that was damaged would be carried on and signed.
func isListed(x *manifest.Index, path string, r io.Reader) error {
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "read %s of the index before", path)
	}
	if f, ok := x.Manifest.File(path); !ok || f.SHA256 != hex.EncodeToString(h.Sum(nil)) {
		return damaged(fault.New(fault.Conflict, "read %s of the index before: it is not what the index lists", path))
	}
	return nil
}

// damaged says what to do about an index that is not what it lists.
func damaged(err *fault.Error) error {
	return err.WithHint("the index is damaged: nacre db verify says how; put the published one in its place")
}
