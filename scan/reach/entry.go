package reach

import (
	"context"
	"fmt"
	"io/fs"

	"nacre/cpan"
	"nacre/perlsrc/entry"
)

// entryPoints are where reading begins.
type entryPoints struct {
	programs, libraries, tests []string
	modules                    map[string]cpan.Module // that the libraries are
	lacks                      string                 // what was not found, "" nothing
}

// entries finds the entry points of a project, and apart from them its tests.
func entries(ctx context.Context, fsys fs.FS) (entryPoints, error) {
	p, err := entry.Find(ctx, fsys)
	e := entryPoints{p.Programs, p.Libraries, p.Tests, p.Modules, ""}
	switch {
	case p.Cut:
		e.lacks = fmt.Sprintf("there are more than %d entry points of a kind (limit: entry points)", entry.Max)
	case p.Closed != "":
		e.lacks = p.Closed + " may be an entry point, and cannot be read"
	}
	return e, err
}
