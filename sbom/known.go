package sbom

import (
	"nacre/inventory"
)

// lookUp asks the mirror for a release.
func (m *maker) lookUp(c *inventory.Component) (Release, error) {
	if m.in.Mirror == nil || originOf(c) != "cpan" {
		return Release{}, nil
	}
	return m.in.Mirror.Release(m.ctx, releaseOf(c))
}

// describe tells what is known of a release beyond its name.
func (m *maker) describe(n *node, known Release) {}
