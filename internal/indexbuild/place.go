package indexbuild

import (
	"os"
	"path/filepath"
	"strings"

	"nacre/fault"
)

// place is where the index is: the folder itself, where Out is a link to one, so
// that whoever shows that folder shows what is built. It must be apart from the
// sources: an index that is read as one of them would carry on whatever they take
// back.
func (b *Builder) place() (string, error) {
	out, err := resolve(b.Out)
	if err != nil {
		return "", fault.Wrap(fault.KindOf(err), err, "build the index").WithHint("name a folder in one that is there, with -o")
	}
	for _, name := range b.Sources {
		source, err := resolve(name)
		if err != nil {
			continue // an address; or it is not there, which its reading tells
		}
		for _, of := range []struct{ what, dir string }{{"index", out}, {"folder for the next build", b.Work}} {
			if of.dir == "" {
				continue
			}
			dir, err := resolve(of.dir)
			if err != nil {
				continue
			}
			if within(dir, source) {
				return "", fault.New(fault.Invalid, "the %s in %s is inside of the source %s, and would be read as a part of it", of.what, of.dir, name).
					WithHint("name a folder beside the source, not in it")
			}
		}
		if within(source, out) {
			return "", fault.New(fault.Invalid, "the source %s is inside of the index in %s, which is replaced as a whole", name, b.Out).
				WithHint("name a folder beside the source, not around it")
		}
	}
	return out, nil
}

// resolve gives where a name leads to; its last part need not be there.
func resolve(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(name); !os.IsNotExist(err) {
		return filepath.EvalSymlinks(name)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	return filepath.Join(dir, filepath.Base(name)), err
}

// within says whether a real name is that of a folder or of something below it.
func within(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
