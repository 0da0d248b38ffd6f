package db

import (
	"context"

	"nacre/cpan"
)

// OwnerOf gives the distribution that a module belongs to, "" where the table
// does not know the module.
func (d *DB) OwnerOf(ctx context.Context, m cpan.Module) (cpan.Dist, error) {
	owners, err := d.OwnersOf(ctx, []cpan.Module{m})
	if err != nil {
		return "", err
	}
	return owners[0], nil
}

// OwnersOf gives the distribution of each of the modules, in their order, ""
// where the table does not know it. For modules in order it reads each block of
// the table at most once; in any other order it is right and slower.
func (d *DB) OwnersOf(ctx context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	owners := make([]cpan.Dist, len(modules))
	blocks, err := d.blocks[sectionModules]()
	if err != nil {
		return nil, err
	}
	for next := 0; next < len(modules); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		// The block that has the next module if any has, and the modules after
		// it that are in order and before the block that follows.
		i := blocks.before(string(modules[next]))
		n := next + 1
		for n < len(modules) && modules[n] >= modules[n-1] && (i+1 >= blocks.len() || string(modules[n]) < blocks.first(i+1)) {
			n++
		}
		if i >= 0 {
			if err := d.ownersIn(i, modules[next:n], owners[next:n]); err != nil {
				return nil, err
			}
		}
		next = n
	}
	return owners, nil
}

// ownersIn answers for modules in order out of the ith block.
func (d *DB) ownersIn(i int, modules []cpan.Module, owners []cpan.Dist) error {
	var failed error
	err := d.block(sectionModules, i, func(key []byte, value string) bool {
		for len(modules) > 0 && string(modules[0]) < string(key) {
			modules, owners = modules[1:], owners[1:]
		}
		for len(modules) > 0 && string(modules[0]) == string(key) {
			in := decoder{s: value}
			n := in.uvarint()
			if failed = in.err; failed == nil {
				owners[0], failed = d.name(n)
			}
			if failed != nil {
				return false
			}
			modules, owners = modules[1:], owners[1:]
		}
		return len(modules) > 0
	})
	return firstError(err, failed)
}

// name gives the ith distribution's name.
func (d *DB) name(i uint64) (cpan.Dist, error) {
	index, err := d.dists()
	if err != nil {
		return "", err
	}
	if i >= uint64(index.len()) {
		return "", damaged("distribution %d of %d", i, index.len())
	}
	in := decoder{s: index.at(int(i))}
	name := in.str()
	return cpan.Dist(name), in.err
}
