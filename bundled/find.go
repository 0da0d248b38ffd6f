package bundled

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"nacre/archive"
	"nacre/fault"
	"nacre/purl"
)

// search is one call of Find.
type search struct {
	ctx   context.Context
	fsys  fs.FS
	opt   Options
	left  int64    // bytes that may still be read
	files []string // all plain files, in the order of a walk by name
	found Found

	needed map[[2]string]int // the place in found.Needs, by kind and name
	full   bool              // there are more
}

// Find looks through the tree of a release or a checkout.
func Find(ctx context.Context, fsys fs.FS, opt Options) (Found, error) {
	s := &search{ctx: ctx, fsys: fsys, opt: opt, left: cmp.Or(opt.Limits.Bytes, maxBytes), needed: map[[2]string]int{}}
	limits := archive.Limits{Entries: cmp.Or(opt.Limits.Files, maxFiles)}
	err := archive.Walk(ctx, fsys, limits, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			s.note("%s cannot be read: %v", fault.Quote(name), err)
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "blib"):
			return fs.SkipDir // not part of a release
		case d.Type().IsRegular():
			s.files = append(s.files, name)
		}
		return nil
	})
	for _, look := range []func() error{s.sourcesOfC, s.scripts, s.fonts, s.perl, s.needs, s.closed} {
		if err == nil {
			err = look()
		}
	}
	if err == nil && len(s.found.Libraries) > maxLibraries {
		err = tooMany()
	}
	if err != nil {
		return Found{}, fmt.Errorf("look for embedded libraries: %w", err)
	}
	for i := range s.found.Libraries {
		tidy(&s.found.Libraries[i])
	}
	slices.SortFunc(s.found.Libraries, func(a, b Library) int {
		return cmp.Or(strings.Compare(a.Dir, b.Dir), strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version),
			strings.Compare(strings.Join(a.Files, "\n"), strings.Join(b.Files, "\n")))
	})
	slices.SortFunc(s.found.Needs, func(a, b Need) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	return s.found, nil
}

func tooMany() error {
	return fault.New(fault.Invalid, "more than %d embedded libraries (limit: libraries of a release)", maxLibraries)
}

// tidy sorts what a library consists of.
func tidy(l *Library) {
	slices.Sort(l.Files)
	l.Files = slices.Compact(l.Files)
	slices.Sort(l.Modules)
	l.Modules = slices.Compact(l.Modules)
	slices.SortStableFunc(l.Evidence, func(a, b Evidence) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

func (s *search) note(format string, args ...any) {
	s.found.Notes = append(s.found.Notes, fmt.Sprintf(format, args...))
}

// read gives the first bytes of a file, at most n; nothing where it cannot be
// read, which is noted.
func (s *search) read(name string, n int64) ([]byte, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	f, err := s.fsys.Open(name)
	if err != nil {
		s.note("%s cannot be read: %v", fault.Quote(name), err)
		return nil, nil
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, n))
	if err != nil {
		s.note("%s cannot be read: %v", fault.Quote(name), err)
	}
	if s.left -= int64(len(b)); s.left < 0 {
		return nil, fault.New(fault.Invalid, "more than %d bytes to read (limit: bytes of sources)", cmp.Or(s.opt.Limits.Bytes, maxBytes))
	}
	return b, nil
}

// unread are the endings of what nothing here can read: compiled code, sources in
// other languages, archives.
var unread = []string{
	".so", ".dll", ".dylib", ".bundle", ".a", ".lib", ".o", ".obj", ".exe", ".wasm", ".swf", ".class", ".pyc", ".beam",
	".py", ".rb", ".java", ".go", ".rs", ".php", ".ts", ".jsx", ".tsx", ".coffee", ".lua", ".tcl", ".f", ".f90", ".m", ".mm", ".cs", ".swift",
	".zip", ".jar", ".war", ".whl", ".gem", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rpm", ".deb",
}

// closed lists what nothing here can read.
func (s *search) closed() error {
	for _, name := range s.files {
		if slices.Contains(unread, strings.ToLower(path.Ext(name))) {
			s.found.Unidentified = append(s.found.Unidentified, name)
		}
	}
	slices.Sort(s.found.Unidentified)
	return nil
}

// lazy gives a regular expression that is compiled when it is first used: a
// program that never looks for libraries starts without them.
func lazy(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// below reports whether a file or folder is in a folder or is it.
func below(name, dir string) bool {
	return dir == "." || name == dir || strings.HasPrefix(name, dir) && name[len(dir)] == '/'
}

// common is the folder that holds two files or folders.
func common(a, b string) string {
	for !below(b, a) {
		a = path.Dir(a)
	}
	return a
}

// packageURL writes the package URL of a library: base is one without version,
// and with "@v" behind it where versions have a v before them.
func packageURL(base, version string) string {
	if base == "" || version == "" {
		return ""
	}
	base, before, _ := strings.Cut(base, "@")
	p, err := purl.Parse(base)
	if err != nil {
		return ""
	}
	return urlOf(p.Type(), p.Namespace(), p.Name(), before+version)
}

func urlOf(typ, namespace, name, version string) string {
	p, err := purl.New(typ, namespace, name, version, nil, "")
	if err != nil {
		return ""
	}
	return p.String()
}
