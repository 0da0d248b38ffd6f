package indexbuild

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"nacre/fault"
	"nacre/index"
	"nacre/internal/files"
)

// unit is an advisory or a distribution: what changes together.
type unit struct {
	key    string
	digest index.Digest
	make   func() ([]index.File, error)
}

// units are the note of a build about which files its units made.
type units struct {
	Program string `json:"program"`
	// Manifest is the SHA-256 of the list of the index that the files are in.
	Manifest string               `json:"manifest"`
	Units    map[string]unitFiles `json:"units"`
}

type unitFiles struct {
	Digest index.Digest `json:"digest"`
	Paths  []string     `json:"paths"`
}

const (
	unitsName = "units.json"
	maxUnits  = 256 << 20
)

// formats writes the files of all formats, and notes which unit made which.
func (b *Builder) formats(ctx context.Context, s *stage, m *index.Model) (map[string]unitFiles, error) {
	before := b.readUnits(s.old)
	all := b.units(m)
	made := make([][]string, len(all))
	g, running := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, f := range b.Formats {
		if f.Whole == nil {
			continue
		}
		g.Go(func() error {
			files, err := f.Whole(running, m)
			if err != nil {
				return fault.Wrap(fault.KindOf(err), err, "make %s", f.Name)
			}
			_, err = s.addAll(files)
			return err
		})
	}
	for i, u := range all {
		if running.Err() != nil {
			break
		}
		if was, ok := before[u.key]; ok && was.Digest == u.digest && s.has(was.Paths) {
			for _, path := range was.Paths {
				f, _ := s.old.index.Manifest.File(path)
				if err := s.reuse(f); err != nil {
					return nil, err
				}
			}
			made[i] = was.Paths
			continue
		}
		g.Go(func() error {
			if err := running.Err(); err != nil {
				return err
			}
			files, err := u.make()
			if err != nil {
				return err
			}
			made[i], err = s.addAll(files)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fault.Wrap(fault.Canceled, err, "build the index")
	}
	now := map[string]unitFiles{}
	for i, u := range all {
		now[u.key] = unitFiles{Digest: u.digest, Paths: made[i]}
	}
	return now, nil
}

// units are all units of a model.
func (b *Builder) units(m *index.Model) []unit {
	var all []unit
	for _, a := range m.Advisories {
		all = append(all, unit{"advisory/" + string(a.ID), a.Digest, func() ([]index.File, error) {
			var made []index.File
			for _, f := range b.Formats {
				if f.Advisory == nil {
					continue
				}
				files, err := f.Advisory(m, a)
				if err != nil {
					return nil, fault.Wrap(fault.KindOf(err), err, "make %s of %s", f.Name, a.ID)
				}
				made = append(made, files...)
			}
			return made, nil
		}})
	}
	for _, d := range m.Dists {
		all = append(all, unit{"dist/" + string(d.Name), d.Digest, func() ([]index.File, error) {
			var made []index.File
			for _, f := range b.Formats {
				if f.Dist == nil {
					continue
				}
				files, err := f.Dist(m, d)
				if err != nil {
					return nil, fault.Wrap(fault.KindOf(err), err, "make %s of %s", f.Name, d.Name)
				}
				made = append(made, files...)
			}
			return made, nil
		}})
	}
	return all
}

// addAll writes files and gives their paths.
func (s *stage) addAll(made []index.File) ([]string, error) {
	var paths []string
	for _, f := range made {
		if err := s.add(f); err != nil {
			return nil, err
		}
		if paths = append(paths, f.Path); f.Pack {
			paths = append(paths, f.Path+".gz")
		}
	}
	return paths, nil
}

// has says whether the index before lists all of the paths.
func (s *stage) has(paths []string) bool {
	return s.old != nil && !slices.ContainsFunc(paths, func(path string) bool {
		_, ok := s.old.index.Manifest.File(path)
		return !ok
	})
}

// readUnits reads which unit made which files of the index before. A note that is
// not there, not this program's, not of that index, or damaged, is none: it only
// saves work.
func (b *Builder) readUnits(old *previous) map[string]unitFiles {
	if b.Work == "" || len(b.Program) == 0 || old == nil {
		return nil
	}
	f, err := os.Open(filepath.Join(b.Work, unitsName))
	if err != nil {
		return nil
	}
	defer f.Close()
	var u units
	if err := json.NewDecoder(io.LimitReader(f, maxUnits)).Decode(&u); err != nil ||
		u.Program != hex.EncodeToString(b.Program) || u.Manifest != digestOf(old.index.Text) {
		return nil
	}
	return u.Units
}

// writeUnits notes which unit made which files of the index whose list is text.
func (b *Builder) writeUnits(all map[string]unitFiles, text []byte) error {
	if b.Work == "" || len(b.Program) == 0 {
		return nil
	}
	return files.Replace(filepath.Join(b.Work, unitsName), func(w io.Writer) error {
		return json.NewEncoder(w).Encode(units{Program: hex.EncodeToString(b.Program), Manifest: digestOf(text), Units: all})
	})
}

// digestOf is the SHA-256 of a text in hex.
func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
