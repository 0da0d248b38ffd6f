package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/fetch"
	"nacre/internal/files"
)

// indexVerifier checks an index in a folder or on a server.
type indexVerifier struct {
	env      *Env
	keys     []string
	unsigned bool
	jobs     int
	format   string
}

func (v *indexVerifier) verify(ctx context.Context, place string, asJSON bool) error {
	var open manifest.Open
	list := func() ([]string, []manifest.Finding, error) { return nil, nil, nil }
	if isAddress(place) {
		site, err := fetch.OpenSite(place, func(address string) { fmt.Fprintln(v.env.Stderr, "contacting", address) })
		if err != nil {
			return err
		}
		open = site.Open
	} else {
		if err := isFolder(place); err != nil {
			return err
		}
		tree, err := files.OpenTree(place)
		if err != nil {
			return fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", place)
		}
		defer tree.Close()
		open = func(_ context.Context, path string) (io.ReadCloser, error) { return tree.Open(path) }
		list = func() ([]string, []manifest.Finding, error) { return folderFiles(tree) }
	}
	result, err := v.look(ctx, place, open, list)
	if err != nil {
		return err
	}
	show := result.print
	if asJSON {
		show = result.printJSON
	}
	if err := show(v.env); err != nil {
		return err
	}
	v.warn(result)
	return result.end()
}

// look reads everything, and gives what was found; an error says that it is no
// index, or that it could not be read at all.
func (v *indexVerifier) look(ctx context.Context, place string, open manifest.Open, list func() ([]string, []manifest.Finding, error)) (*verifiedIndex, error) {
	result := &verifiedIndex{place: place}
	index, err := manifest.Load(ctx, open, v.keys)
	switch {
	case fault.KindOf(err) == fault.Denied && !errors.Is(err, fs.ErrPermission):
		result.found = []manifest.Finding{refusedBy(err)}
		result.hint = fault.HintOf(err)
		return result, nil
	case err != nil && fault.HintOf(err) == "":
		return nil, fault.Wrap(fault.KindOf(err), err, "verify %s", place).
			WithHint("name the folder or the address that %s is in", manifest.ListName)
	case err != nil:
		return nil, fault.Wrap(fault.KindOf(err), err, "verify %s", place)
	}
	result.index = index
	result.overdue = index.Expired(v.env.Now())
	watch := newWatch(v.env, place)
	found, cut := index.Manifest.Verify(ctx, open, v.jobs, func(n int64) {
		result.checked++
		result.bytes += n
		if watch != nil {
			watch.add(1, int(n))
		}
	})
	watch.clear()
	if cut == nil {
		found, cut = again(ctx, &index.Manifest, open, found)
	}
	result.found, result.cut = found, cut
	if cut != nil {
		return result, nil
	}
	paths, others, err := list()
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "list %s", place)
	}
	result.found = slices.Concat(result.found, others, index.Manifest.Unlisted(slices.Values(paths)))
	slices.SortStableFunc(result.found, manifest.Finding.Compare)
	return result, nil
}

// refusedBy is the finding of an index that was refused: it names the file, where
// the error is about one alone.
func refusedBy(err error) manifest.Finding {
	for _, name := range []string{manifest.SealName, manifest.HeadName} {
		if detail, ok := strings.CutPrefix(err.Error(), "read "+name+": "); ok {
			return manifest.Finding{Path: name, Problem: refused, Detail: detail}
		}
	}
	return manifest.Finding{Path: manifest.SealName, Problem: refused, Detail: err.Error()}
}

// again reads once more, one after the other, what could not be read: of ten
// thousand requests, one may fail for no reason that lasts.
func again(ctx context.Context, m *manifest.Manifest, open manifest.Open, found []manifest.Finding) ([]manifest.Finding, error) {
	var rest manifest.Manifest
	var sure []manifest.Finding
	for _, f := range found {
		if file, ok := m.File(f.Path); ok && f.Problem == manifest.Unread {
			rest.Files = append(rest.Files, file)
		} else {
			sure = append(sure, f)
		}
	}
	if len(rest.Files) == 0 || len(rest.Files) > maxAgain {
		return found, nil
	}
	more, err := rest.Verify(ctx, open, 1, nil)
	return append(sure, more...), err
}

// maxAgain is how many files are read once more; where it is more, the server has
// a problem.
const maxAgain = 100

// warn says on standard error what nobody should overlook.
func (v *indexVerifier) warn(r *verifiedIndex) {
	if r.hint != "" {
		fmt.Fprintln(v.env.Stderr, "hint:", r.hint)
	}
	if v.unsigned {
		fmt.Fprintln(v.env.Stderr, "warning: nobody looked at who made this index (--unsigned)")
	}
	if r.overdue > 0 {
		fmt.Fprintf(v.env.Stderr, "warning: the index has expired on %s: somebody\nmay keep newer data away, or it is not maintained any more\n",
			r.index.Expires().Format("2006-01-02 15:04 UTC"))
	}
}
