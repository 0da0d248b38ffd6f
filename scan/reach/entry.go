package reach

import (
	"context"
	"io/fs"

	"nacre/cpan"
	"nacre/perlsrc/entry"
)

// entryPoints are where reading begins.
type entryPoints struct {
	programs, libraries, tests []string
	modules                    map[string]cpan.Module // that the libraries are
}

// entries finds the entry points of a project, and apart from them its tests.
func entries(ctx context.Context, fsys fs.FS) (entryPoints, error) {
	p, err := entry.Find(ctx, fsys)
	return entryPoints{p.Programs, p.Libraries, p.Tests, p.Modules}, err
}

// isSystem tells the root of an operating system from a project.
func isSystem(fsys fs.FS) bool { return entry.IsSystem(fsys) }
