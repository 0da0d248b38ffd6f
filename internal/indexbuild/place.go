package indexbuild

import (
	"nacre/fault"
	"nacre/internal/files"
)

// place is where the index is: the folder itself, where Out is a link to one, so
// that whoever shows that folder shows what is built. It must be apart from the
// sources: an index that is read as one of them would carry on whatever they take
// back.
func (b *Builder) place() (string, error) {
	out, err := files.Resolve(b.Out)
	if err != nil {
		return "", fault.Wrap(fault.KindOf(err), err, "build the index").WithHint("name a folder in one that is there, with -o")
	}
	if work, err := files.Resolve(b.Work); b.Work != "" && err == nil && files.Within(work, out) {
		return "", fault.New(fault.Invalid, "the folder for the next build in %s is inside of the index in %s, which is replaced as a whole", b.Work, b.Out).
			WithHint("name a folder beside the index, not in it")
	}
	for _, name := range b.Sources {
		source, err := files.Resolve(name)
		if err != nil {
			continue // an address; or it is not there, which its reading tells
		}
		for _, of := range []struct{ what, dir string }{{"index", out}, {"folder for the next build", b.Work}} {
			if of.dir == "" {
				continue
			}
			dir, err := files.Resolve(of.dir)
			if err != nil {
				continue
			}
			if files.Within(dir, source) {
				return "", fault.New(fault.Invalid, "the %s in %s is inside of the source %s, and would be read as a part of it", of.what, of.dir, name).
					WithHint("name a folder beside the source, not in it")
			}
		}
		if files.Within(source, out) {
			return "", fault.New(fault.Invalid, "the source %s is inside of the index in %s, which is replaced as a whole", name, b.Out).
				WithHint("name a folder beside the source, not around it")
		}
	}
	return out, nil
}
