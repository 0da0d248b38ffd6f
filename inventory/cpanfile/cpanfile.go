// Package cpanfile finds the requirements that a project states in its
// cpanfile, with the line of each. What the file holds in so many words is
// read; what only running it would tell is listed in a notice, and the
// inventory is partial where no lock says what was installed.
//
// Source: Module::CPANfile and its document cpanfile; package meta reads the
// file.
package cpanfile

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/meta"
)

// File is the name that all tools look for.
const File = "cpanfile"

// Project finds requirements in a cpanfile.
type Project struct{}

// Name is "cpanfile".
func (Project) Name() string { return File }

// Find reads the cpanfile in the root of fsys.
func (Project) Find(_ context.Context, fsys fs.FS, inv *inventory.Inventory) (bool, error) {
	f, found, err := inventory.Open(fsys, File)
	if err != nil || !found {
		return false, err
	}
	defer f.Close()
	c, err := meta.ReadCpanfile(f)
	if err != nil {
		return true, fault.Wrap(fault.KindOf(err), err, "read %s", File)
	}
	for _, r := range c.Requires {
		before := len(inv.Edges)
		inv.Require(r.Prereq, File)
		for i := range inv.Edges[before:] {
			if e := &inv.Edges[before+i]; r.Conditional && e.Scope == inventory.Runtime {
				e.Scope = inventory.Optional
			}
			inv.Edges[before+i].Ignores = r.Ignores
			inv.Edges[before+i].Elsewhere = cmp.Or(r.Git, r.URL)
		}
		switch at := (inventory.Evidence{File: File, Line: r.Line, How: File}); {
		case r.Git != "" || r.URL != "":
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("%s is taken from %s, not from the index of CPAN", r.Module, cmp.Or(r.Git, r.URL)), At: at,
			})
		case r.Dist != "" && !r.Conditional && addRelease(inv, r.Module, r.Dist, at):
		case r.Dist != "":
			inv.Notices = append(inv.Notices, inventory.Notice{Text: fmt.Sprintf("%s is taken from %s", r.Module, r.Dist), At: at})
		case r.Mirror != "":
			inv.Notices = append(inv.Notices, inventory.Notice{Text: fmt.Sprintf("%s is looked for at the mirror %s", r.Module, r.Mirror), At: at})
		}
	}
	for _, m := range c.Mirrors {
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text: fmt.Sprintf("the file names the mirror %s, which most tools do not ask", m), At: inventory.Evidence{File: File, How: File},
		})
	}
	for _, u := range c.Unresolved {
		inv.Notices = append(inv.Notices, inventory.Notice{
			Text:    "only running the cpanfile would tell: " + u.What,
			At:      inventory.Evidence{File: File, Line: u.Line, How: File},
			Partial: true,
		})
	}
	return true, nil
}

// addRelease adds the release that a requirement names, "AUTHOR/Foo-1.2.tar.gz",
// which an installer takes instead of what the range allows. Where a lock or an
// installation already says which one is there, that stands.
func addRelease(inv *inventory.Inventory, m cpan.Module, release string, at inventory.Evidence) bool {
	author, _, _ := strings.Cut(release, "/")
	if _, err := cpan.ParseAuthor(author); err != nil || len(author) < 2 {
		return false
	}
	r := cpan.ParsePath(author[:1] + "/" + author[:2] + "/" + release)
	if r.Dist == "" || r.Version == "" {
		return false
	}
	for i := range inv.Components {
		if c := &inv.Components[i]; c.Dist == r.Dist && c.Kind == inventory.Exact {
			return false
		}
	}
	inv.Components = append(inv.Components, inventory.Component{
		Kind: inventory.Exact, Dist: r.Dist, Version: r.Version, Author: r.Author, Path: r.Path,
		Modules: []cpan.Module{m}, Evidence: []inventory.Evidence{at},
		Notes: []string{"the cpanfile names this release, whatever the index of CPAN has"},
	})
	return true
}
