package cli

import (
	"github.com/spf13/pflag"

	"nacre/archive"
	"nacre/cpan/mirror"
	"nacre/fault"
	"nacre/internal/files"
)

// mirrorFlag is the flag of all commands that look things up in a mirror.
func mirrorFlag(flags *pflag.FlagSet, dir *string) {
	flags.StringVar(dir, "mirror", "", "the folder of a CPAN mirror, or of a part of one")
}

// openMirror opens the mirror that --mirror names; without one it is nil. What
// closes it is never nil.
func openMirror(dir string) (m *mirror.Mirror, done func(), err error) {
	if dir == "" {
		return nil, func() {}, nil
	}
	tree, err := files.OpenTree(dir)
	if err != nil {
		return nil, func() {}, unopened(dir, err)
	}
	done = func() { tree.Close() }
	// Links stay inside, and a pipe is not waited for.
	if m, err = mirror.Open(archive.RootFS(tree)); err != nil {
		done()
		return nil, func() {}, fault.Wrap(fault.KindOf(err), err, "%s", dir)
	}
	return m, done, nil
}
