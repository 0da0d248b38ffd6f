package archive

import (
	"io/fs"
	"path"
	"strings"
	"sync"
)

// RootFS is a folder that holds the root of a system, with links resolved as
// that system would: absolute ones, such as /usr/bin/perl to
// /etc/alternatives/perl, lead to the folder's own files, and none leads out of
// it. Devices, pipes and sockets are not opened. What Stat describes has the
// name of the file that links lead to.
//
// fsys must implement fs.ReadLinkFS, as what os.Root.FS gives does; every path
// that reaches it is free of links, unless somebody changes the folder
// meanwhile, which os.Root then stands up to.
func RootFS(fsys fs.FS) fs.FS {
	return &rootFS{fsys: fsys, folders: map[string]string{}}
}

type rootFS struct {
	fsys fs.FS

	mu      sync.Mutex
	folders map[string]string // paths of folders to where their links lead
}

// maxFolders bounds how many folders are remembered.
const maxFolders = 4096

// folder gives a folder's path without links.
func (r *rootFS) folder(name string) (string, error) {
	if name == "." {
		return name, nil
	}
	r.mu.Lock()
	known, ok := r.folders[name]
	r.mu.Unlock()
	if ok {
		return known, nil
	}
	if strings.Count(name, "/") > maxSteps {
		return "", errLong
	}
	resolved, err := r.below(name)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.folders) >= maxFolders {
		clear(r.folders)
	}
	r.folders[name] = resolved
	return resolved, nil
}

// below gives a folder's path without links from that of the folder above,
// which is mostly known: a walk asks once for each folder.
func (r *rootFS) below(name string) (string, error) {
	dir, err := r.folder(path.Dir(name))
	if err != nil {
		return "", err
	}
	next := path.Join(dir, path.Base(name))
	info, err := fs.Lstat(r.fsys, next)
	switch {
	case err != nil:
		return "", cause(err)
	case info.IsDir():
		return next, nil
	case info.Mode()&fs.ModeSymlink != 0:
		return r.follow(next)
	}
	return "", errNotDir
}

// follow takes a path element by element, as walk does in a tree.
func (r *rootFS) follow(rest string) (string, error) {
	done, hops, steps := ".", 0, 0
	for rest != "" {
		if steps++; steps > maxSteps || len(rest) > maxRest {
			return "", errLong
		}
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		switch name {
		case "", ".":
			continue
		case "..":
			done = path.Dir(done)
			continue
		}
		next := path.Join(done, name)
		info, err := fs.Lstat(r.fsys, next)
		switch {
		case err != nil:
			return "", cause(err)
		case info.Mode()&fs.ModeSymlink == 0:
			if rest != "" && !info.IsDir() {
				return "", errNotDir
			}
			done = next
			continue
		}
		if hops++; hops > maxHops {
			return "", errLoop
		}
		target, err := fs.ReadLink(r.fsys, next)
		if err != nil {
			return "", cause(err)
		}
		if strings.HasPrefix(target, "/") {
			done = "."
		}
		rest = target + "/" + rest
	}
	return done, nil
}

// cause is what a fs.PathError says: the path is told by who asked.
func cause(err error) error {
	if p, ok := err.(*fs.PathError); ok {
		return p.Err
	}
	return err
}

// resolve gives a path without links, but for the last element where last is not
// set; and what is there, where it is set: each look at a file of a deep folder
// costs a call for each element.
func (r *rootFS) resolve(op, name string, last bool) (resolved string, info fs.FileInfo, err error) {
	if !fs.ValidPath(name) {
		return "", nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	dir, err := r.folder(path.Dir(name))
	resolved = path.Join(dir, path.Base(name))
	if err == nil && last {
		info, err = fs.Lstat(r.fsys, resolved)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			if resolved, err = r.follow(resolved); err == nil {
				info, err = fs.Lstat(r.fsys, resolved)
			}
		}
	}
	return resolved, info, named(err, op, name)
}

func named(err error, op, name string) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: cause(err)}
}

func (r *rootFS) Open(name string) (fs.File, error) {
	resolved, info, err := r.resolve("open", name, true)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() {
		return nil, named(errIrregular, "open", name)
	}
	f, err := r.fsys.Open(resolved)
	return f, named(err, "open", name)
}

func (r *rootFS) Stat(name string) (fs.FileInfo, error) {
	_, info, err := r.resolve("stat", name, true)
	return info, err
}

func (r *rootFS) Lstat(name string) (fs.FileInfo, error) {
	resolved, _, err := r.resolve("lstat", name, false)
	if err != nil {
		return nil, err
	}
	info, err := fs.Lstat(r.fsys, resolved)
	return info, named(err, "lstat", name)
}

func (r *rootFS) ReadLink(name string) (string, error) {
	resolved, _, err := r.resolve("readlink", name, false)
	if err != nil {
		return "", err
	}
	target, err := fs.ReadLink(r.fsys, resolved)
	return target, named(err, "readlink", name)
}

func (r *rootFS) ReadDir(name string) ([]fs.DirEntry, error) {
	resolved, _, err := r.resolve("readdir", name, true)
	if err != nil {
		return nil, err
	}
	list, err := fs.ReadDir(r.fsys, resolved)
	return list, named(err, "readdir", name)
}
