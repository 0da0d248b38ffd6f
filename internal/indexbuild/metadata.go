package indexbuild

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"path"
	"strings"
	"testing/fstest"

	"nacre/cpan"
	"nacre/fault"
	"nacre/index"
	"nacre/limit"
	"nacre/perlver"
	"nacre/release"
)

// Bounds of a folder of metadata.
const (
	maxReleases = 200_000
	maxMeta     = limit.Metadata
)

// contacts reads how distributions want vulnerabilities reported, out of a folder
// of unpacked releases (Foo-Bar-1.3/) and of META files by themselves
// (Foo-Bar-1.3.meta, as mirrors have them, or .json). Of several releases the
// greatest version counts. Distributions that no advisory is about are passed
// over by their names.
func contacts(ctx context.Context, fsys fs.FS, wanted func(cpan.Dist) bool) (map[cpan.Dist]index.Security, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read metadata")
	}
	if len(entries) > maxReleases {
		return nil, fault.New(fault.Invalid, "read metadata: more than %d entries (limit: releases)", maxReleases)
	}
	found := map[cpan.Dist]index.Security{}
	versions := map[cpan.Dist]perlver.Version{}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, fault.Wrap(fault.Canceled, err, "read metadata")
		}
		name := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".json"), ".meta")
		of := cpan.ParsePath(name + ".tar.gz")
		if !e.IsDir() && name == e.Name() || !wanted(of.Dist) {
			continue
		}
		v, _, err := perlver.Approximate(of.Version)
		if err != nil || !versions[of.Dist].IsZero() && v.Compare(versions[of.Dist]) <= 0 {
			continue
		}
		in, err := releaseOf(fsys, e)
		if err != nil {
			return nil, err
		}
		facts, err := release.Read(ctx, in, release.Options{File: name + ".tar.gz"})
		if err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "read metadata of %s", name)
		}
		said := index.Security{Policy: facts.Security.Policy, Bugs: facts.Bugtracker.Value, From: name}
		if all := facts.Security.Contacts; len(all) > 0 {
			said.Contact = all[0].Value
		}
		versions[of.Dist] = v
		if delete(found, of.Dist); cmp.Or(said.Policy, said.Contact, said.Bugs) != "" {
			found[of.Dist] = said
		}
	}
	return found, nil
}

// releaseOf is an unpacked release, or one of which only META is there.
func releaseOf(fsys fs.FS, e fs.DirEntry) (fs.FS, error) {
	if e.IsDir() {
		return fs.Sub(fsys, e.Name())
	}
	text, err := limit.ReadFile(fsys, e.Name(), maxMeta, "META size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read metadata %s", path.Base(e.Name()))
	}
	name := "META.yml"
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		name = "META.json"
	}
	return fstest.MapFS{name: &fstest.MapFile{Data: text}}, nil
}
