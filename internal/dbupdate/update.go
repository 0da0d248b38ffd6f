package dbupdate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"nacre/advisory/db"
	"nacre/fault"
	"nacre/internal/fetch"
	"nacre/internal/files"
)

// Updater fetches the database into one file. Only File, Sources and Now must
// be set.
type Updater struct {
	File    string // the database
	Trust   Trust  // the accepted OpenPGP keys
	Sources []Source
	Now     func() time.Time
	// Unsigned takes the data of cpansa sources without a signature. The
	// database then says so in its notes.
	Unsigned bool

	// Say is told every address before it is asked.
	Say func(address string)
	// Progress is told how many bytes of a file have come; total is 0 where it
	// is not known.
	Progress func(done, total int64)

	Transport http.RoundTripper // nil: the standard one, within limits
	Idle      time.Duration     // the longest time without a byte; 0: 30 s
	Total     time.Duration     // the longest time of an update; 0: 15 min
}

// Result says how an update ended.
type Result struct {
	Source   Source // that answered
	Changed  bool   // the database is a new one
	Info     db.Info
	Sequence uint64 // of an index
	Signer   string // the name of an index's key, or a fingerprint; "" for unsigned data
	Warnings []string
}

// totalTime is the longest time of a whole update.
const totalTime = 15 * time.Minute

// Update brings the database up to date. An error leaves it as it was.
func (u *Updater) Update(ctx context.Context) (Result, error) {
	result, err := u.update(ctx)
	return result, ended(err)
}

func (u *Updater) update(ctx context.Context) (Result, error) {
	total := u.Total
	if total == 0 {
		total = totalTime
	}
	ctx, cancel := context.WithTimeoutCause(ctx, total, fetch.ErrTotal)
	defer cancel()
	if err := os.MkdirAll(filepath.Dir(u.File), 0o755); err != nil {
		return Result{}, err
	}
	unlock, err := files.Lock(u.File + ".lock")
	if err != nil {
		return Result{}, err
	}
	defer unlock() //nolint:errcheck // the lock ends with the process anyway
	r := &run{Updater: u, Fetcher: fetch.New(fetch.Options{Say: u.Say, Progress: u.Progress, Transport: u.Transport, Idle: u.Idle}), now: u.Now()}
	if r.state, err = readState(r.stateFile()); err != nil {
		return Result{}, err
	}
	if r.current, err = digest(u.File); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Result{}, err
	}
	var warnings []string
	for i := range u.Sources {
		var result Result
		result, err = r.source(ctx, &u.Sources[i])
		if err == nil {
			result.Source = u.Sources[i]
			result.Warnings = append(warnings, result.Warnings...)
			return result, nil
		}
		if !errors.As(err, &fetch.Unreachable{}) || ctx.Err() != nil {
			return Result{Warnings: warnings}, err
		}
		r.passed = true
		warnings = append(warnings, err.Error())
	}
	if len(warnings) > 1 {
		return Result{Warnings: warnings}, fault.New(fault.Unavailable, "none of %d sources can be reached", len(warnings)).
			WithHint("%s", fault.HintOf(err))
	}
	return Result{}, err
}

// ended is the error of an update. What a server sends is nothing that the
// user could mend in the call, so it is not Invalid, and there is something to
// do after everything but an interrupt.
func ended(err error) error {
	if err == nil {
		return nil
	}
	kind := fault.KindOf(err)
	if kind == fault.Invalid {
		kind = fault.Unavailable
	}
	e := fault.Wrap(kind, err, "update")
	var file *fs.PathError
	var link *os.LinkError
	switch {
	case fault.HintOf(err) != "" || kind == fault.Canceled:
		return e
	case errors.As(err, &file), errors.As(err, &link):
		return e.WithHint("the database's folder must be writable and have room; --db names another file")
	}
	return e.WithHint("try again later, and then tell the publisher of the data")
}

// run is one update.
type run struct {
	*Updater
	*fetch.Fetcher
	state   *state
	now     time.Time
	current string // SHA-256 of the database that is there; "" if there is none
	passed  bool   // a source before this one could not be reached
}

func (r *run) stateFile() string { return r.File + ".state.json" }

func (r *run) source(ctx context.Context, s *Source) (Result, error) {
	if s.Kind == KindIndex {
		return r.index(ctx, s)
	}
	return r.cpansa(ctx, s)
}

// have is in which state the server's file was when the database that is there
// was made of it; nothing if it was not, or if the database is not what the
// last update wrote.
func (r *run) have(address string) fetch.Validators {
	in := r.state.Installed
	if in.Source != address || in.SHA256 == "" || in.SHA256 != r.current {
		return fetch.Validators{}
	}
	return fetch.NewValidators(in.ETag, in.LastModified)
}

// maxSkew is how far another clock may be ahead of ours.
const maxSkew = 24 * time.Hour

// future refuses what claims to be made after now.
func (r *run) future(made time.Time) error {
	if ahead := made.Sub(r.now); ahead > maxSkew {
		return fault.New(fault.Denied, "the data says it was made on %s, and today is %s", day(made), day(r.now)).
			WithHint("check this machine's clock, and then tell the publisher")
	}
	return nil
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// check reads all of a database that is to be installed.
func (r *run) check(ctx context.Context, content io.ReaderAt, size int64) (db.Info, error) {
	d, err := db.Open(content, size)
	if err == nil {
		err = d.Verify(ctx)
	}
	if err != nil {
		return db.Info{}, fmt.Errorf("check the new database: %w", err)
	}
	info := d.Info()
	if info.Records == 0 {
		return db.Info{}, fault.New(fault.Invalid, "the new database has no advisory").WithHint("tell the publisher")
	}
	if !r.passed {
		return info, nil
	}
	// Whoever keeps the first source away must not lead back in time by that.
	if here, err := r.unchanged(); err == nil && info.Built.Before(here.Info.Built) {
		return db.Info{}, fault.New(fault.Denied, "the sources before it cannot be reached, and its data of %s is older than the database that is here, of %s",
			info.Built.Format(time.RFC3339), here.Info.Built.Format(time.RFC3339)).
			WithHint("try again later; --source and its address takes the older data all the same")
	}
	return info, nil
}

// install puts a database into place that was checked, after what is to be
// remembered of it: an error between the two leaves the database as it was,
// and a memory that lets nothing older in. The digest is that of the bytes that
// are written, whatever became of the file since it was checked.
func (r *run) install(content io.ReaderAt, size int64, next *state) error {
	if err := next.write(r.stateFile()); err != nil {
		return err
	}
	return files.Replace(r.File, func(w io.Writer) error {
		sum := sha256.New()
		if _, err := io.Copy(io.MultiWriter(w, sum), io.NewSectionReader(content, 0, size)); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "write %s", r.File)
		}
		if hex.EncodeToString(sum.Sum(nil)) != next.Installed.SHA256 {
			return fault.New(fault.Conflict, "the download has changed since it was checked").
				WithHint("who else may write into the database's folder?")
		}
		return nil
	})
}

// unchanged describes the database that is there and stays.
func (r *run) unchanged() (Result, error) {
	f, err := os.Open(r.File)
	if err != nil {
		return Result{}, fault.Wrap(fault.KindOf(err), err, "read database")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Result{}, fault.Wrap(fault.KindOf(err), err, "read database")
	}
	d, err := db.Open(f, info.Size())
	if err != nil {
		return Result{}, err
	}
	return Result{Info: d.Info()}, nil
}

// digest gives the SHA-256 of a file in hex.
func digest(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
