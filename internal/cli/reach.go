package cli

import (
	"context"
	"io/fs"
	"path"
	"path/filepath"

	"nacre/advisory"
	"nacre/fault"
	"nacre/inventory"
	"nacre/scan"
	"nacre/scan/reach"
)

// reacher says whether the place that is scanned loads what a finding is about.
// Its sources are read when the first finding asks.
type reacher struct {
	ctx  context.Context // of the one scan that it is made for
	fsys fs.FS
	inv  *inventory.Inventory
	opt  reach.Options
	done func() // is called when the sources are read
	read *reach.Map
	err  error
}

// newReacher gives nil for a place without sources. The entry points are those
// that the user names, else those that the place does.
func newReacher(ctx context.Context, p *place, entries []string, inv *inventory.Inventory, jobs int) (*reacher, error) {
	if p.FS == nil {
		if len(entries) > 0 {
			return nil, fault.New(fault.Invalid, "--entry %s: %s has no files", entries[0], p.path).WithHint("name a folder, a release or an image")
		}
		return nil, nil
	}
	r := &reacher{ctx: ctx, fsys: p.FS, inv: inv, done: p.watch.clear, opt: reach.Options{Jobs: jobs, Entries: p.starts.programs, Modules: p.starts.modules}}
	if len(entries) > 0 {
		r.opt.Entries, r.opt.Modules = nil, nil
	}
	for _, e := range entries {
		name := path.Clean(filepath.ToSlash(e))
		if info, err := fs.Stat(p.FS, name); err != nil || !info.Mode().IsRegular() {
			return nil, fault.New(fault.NotFound, "--entry %s: no such file in %s", e, p.path).
				WithHint("give its path from there, as in --entry bin/app")
		}
		r.opt.Entries = append(r.opt.Entries, name)
	}
	return r, nil
}

// Reach answers for one finding. What cannot be read is unknown.
func (r *reacher) Reach(component int, a *advisory.Affected) *scan.Reach {
	if r.read == nil && r.err == nil {
		r.read, r.err = reach.Read(r.ctx, r.fsys, r.inv, r.opt)
		r.done()
	}
	if r.err != nil {
		return &scan.Reach{State: reach.Unknown, Why: "the sources could not be read: " + r.err.Error()}
	}
	return r.read.Reach(component, a)
}

// Blind says why the answers do not rest on all there is.
func (r *reacher) Blind() string {
	switch {
	case r.err != nil:
		return r.err.Error()
	case r.read == nil:
		return ""
	}
	return r.read.Blind()
}
