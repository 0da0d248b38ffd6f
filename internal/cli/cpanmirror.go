package cli

import (
	"os"

	"github.com/spf13/pflag"

	"nacre/cpan/mirror"
	"nacre/fault"
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
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, func() {}, unopened(dir, err)
	}
	done = func() { root.Close() }
	if m, err = mirror.Open(root.FS()); err != nil {
		done()
		return nil, func() {}, fault.Wrap(fault.KindOf(err), err, "%s", dir)
	}
	return m, done, nil
}
