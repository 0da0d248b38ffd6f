package sources

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"nacre/advisory/cve"
	"nacre/advisory/osv"
	"nacre/fault"
)

// maxDepth is how deep folders of folders are looked into, and maxFolders how
// many: links that lead back could make any number of them.
const (
	maxDepth   = 8
	maxFolders = 10_000
)

// sampled is how many files of a folder say what it holds.
const sampled = 16

// folder reads a folder and says whether it is a source, or holds any.
func (s *reading) folder(fsys fs.FS, name string, depth int) (found bool, err error) {
	if s.folders++; s.folders > maxFolders {
		return false, fault.New(fault.Invalid, "%s has more than %d folders, with links to folders (limit: folders)", name, maxFolders).
			WithHint("name the folders that hold the advisories themselves")
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return false, err
	}
	if commit := commitOf(fsys); commit != "" {
		above := s.commit
		s.commit = commit
		defer func() { s.commit = above }()
	}
	if is, err := s.listFolder(fsys, entries, name); is || err != nil {
		return is, err
	}
	released, isMirror := s.releaseFolder(fsys, entries, name)
	checkout, err := isCheckout(fsys, entries)
	if err != nil {
		return false, err
	}
	if checkout {
		s.progress(name)
		if err := s.take(KindCPANSA, name)(s.cpansa().ReadDir(fsys)); err != nil {
			return false, err
		}
		found = true
	}
	var indexes, whole, records []string
	forms := map[form]bool{}
	for _, e := range entries {
		if e.IsDir() || !isJSON(e.Name()) {
			continue
		}
		if len(records) >= sampled {
			break
		}
		switch form, err := formOf(fsys, e.Name()); {
		case err != nil:
			return false, err
		case form != formIndex && isIndexName(e.Name()):
			return false, notTheIndex(path.Join(name, e.Name()))
		case form == formIndex:
			indexes = append(indexes, e.Name())
		case form == formDebian, form == formAlpine:
			s.vendor(fsys, e.Name(), path.Join(name, e.Name()), form)
			whole = append(whole, e.Name())
		case form.isReleases():
			s.releases(fsys, e.Name(), path.Join(name, e.Name()), form)
			released = true
		case form != formUnknown:
			records = append(records, e.Name())
			forms[form] = true
		}
	}
	for _, index := range indexes {
		where := path.Join(name, index)
		s.progress(where)
		if err := s.index(fsys, index, where); err != nil {
			return false, err
		}
		found = true
	}
	whole = append(whole, indexes...)
	switch {
	case len(forms) > 1:
		var names []string
		for _, form := range slices.Sorted(maps.Keys(forms)) {
			names = append(names, recordNames[form])
		}
		return false, fault.New(fault.Invalid, "%s holds %s records", name, strings.Join(names, " and ")).
			WithHint("keep them in folders of their own, and name each")
	case len(records) > 0 && len(whole) > 0:
		return false, fault.New(fault.Invalid, "%s holds %s and %s, two kinds of source", name, whole[0], records[0]).
			WithHint("keep them in two folders, and name both")
	case forms[formCVE]:
		s.progress(name)
		return true, s.take(KindCVE, name)(cve.ReadFS(fsys))
	case forms[formOSV]:
		s.progress(name)
		return true, s.take(KindOSV, name)(osv.ReadFS(fsys))
	case forms[formVendorOSV]:
		s.vendor(fsys, ".", name, formVendorOSV)
		return true, nil
	case found:
		return true, nil
	}
	found = len(whole) > 0 || released // files beside which there may be folders
	var none []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || !isFolder(fsys, e) || isMirror && slices.Contains(mirrorFolders, e.Name()) {
			continue
		}
		below := path.Join(name, e.Name())
		if depth == maxDepth {
			return false, fault.New(fault.Invalid, "%s is more than %d folders deep (limit: folder depth)", below, maxDepth).
				WithHint("name the folders that hold the advisories themselves")
		}
		sub, err := fs.Sub(fsys, e.Name())
		if err != nil {
			return false, err
		}
		is, err := s.folder(sub, below, depth+1)
		if err != nil {
			return false, err
		}
		if found = found || is; !is {
			none = append(none, below)
		}
	}
	if found {
		s.skipped = append(s.skipped, none...)
	}
	return found, nil
}

// isFolder says whether an entry is a folder, or a link to one. A link that
// leads back ends at the greatest depth.
func isFolder(fsys fs.FS, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := fs.Stat(fsys, e.Name())
	return err == nil && info.IsDir()
}
