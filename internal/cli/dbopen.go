package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/pflag"

	"nacre/advisory/db"
	"nacre/fault"
	"nacre/internal/files"
	"nacre/internal/starter"
)

// databaseName is the advisory database's file in the user's data folder.
const databaseName = "nacre.db"

// starterPath is what stands for a path where the built-in set is used.
const starterPath = "built-in starter set"

// database is an open advisory database and where it came from.
type database struct {
	*db.DB
	path    string // starterPath for the built-in set
	starter bool
	file    *os.File // nil for the built-in set
}

// Close closes the file.
func (d *database) Close() error {
	if d.file == nil {
		return nil
	}
	return d.file.Close()
}

// age is how long ago the database was built, in whole days, never negative.
func (d *database) age(now time.Time) int {
	return max(0, int(now.Sub(d.Info().Built)/(24*time.Hour)))
}

// note says on standard error that answers rest on the built-in set alone.
func (d *database) note(env *Env) {
	if !d.starter {
		return
	}
	info := d.Info()
	fmt.Fprintf(env.Stderr, "note: this rests on the built-in starter set of %d advisories on %d\n"+
		"distributions of %s; nacre db update fetches all\n",
		info.Records, info.Dists, info.Built.Format(time.DateOnly))
}

// dbFlag is the flag --db of a command that reads advisories.
func dbFlag(flags *pflag.FlagSet, path *string) {
	flags.StringVar(path, "db", "", "advisory database, a `FILE` (default: "+databaseName+" in the user's data folder, else the built-in starter set)")
}

// databasePath is where the user's database is, whether it exists or not.
func databasePath(env *Env) (string, error) {
	dir, err := files.DataFolder(runtime.GOOS, env.Getenv)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, databaseName), nil
}

// openDB opens the advisory database: path where it is not empty, else the one
// in the user's data folder, else the set that is built in. A file that is
// there and cannot be read is an error; the built-in set stands in only for
// one that was never fetched.
func openDB(env *Env, path string) (*database, error) {
	if path != "" {
		return openFile(path)
	}
	path, err := databasePath(env)
	if err == nil {
		d, err := openFile(path)
		if !errors.Is(err, fs.ErrNotExist) {
			return d, err
		}
	}
	set, err := starter.Open()
	if err != nil {
		return nil, err
	}
	return &database{DB: set, path: starterPath, starter: true}, nil
}

func openFile(path string) (*database, error) {
	// Looked at before it is opened: opening a pipe waits for a writer.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "open database %s: is not a plain file", path).
			WithHint("name the file that nacre db build wrote")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "open database").
			WithHint("nacre db build makes one, nacre db update fetches one")
	}
	d, err := openAt(f, path)
	if err != nil {
		f.Close()
		return nil, err
	}
	return d, nil
}

func openAt(f *os.File, path string) (*database, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "open database")
	}
	d, err := db.Open(f, info.Size())
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "open database %s", path)
	}
	return &database{DB: d, path: path, file: f}, nil
}
