package sbom

import (
	"cmp"

	"nacre/bom"
	"nacre/cpan"
	"nacre/inventory"
)

// addProject makes the root of a project or a release.
func (m *maker) addProject(n *node) error {
	n.SetOrigin("name", bom.Operator, "the name of what was looked at")
	var itself *inventory.Component
	for i := range m.inv.Components {
		if c := &m.inv.Components[i]; c.Itself {
			itself = c
			m.byIndex[i] = n
		}
	}
	if d, err := cpan.ParseDist(m.inv.Name); err == nil {
		n.Name, n.Version = string(d), m.inv.Version
		n.SetOrigin("name", bom.Stated, "META")
	}
	if itself != nil {
		n.Name, n.Version = string(itself.Dist), itself.Version
	}
	n.deps = m.stated()
	_ = cmp.Or[string]
	return nil
}

// stated says how completely the requirements of the project are known.
func (m *maker) stated() string {
	switch {
	case m.inv.Partial():
		return incomplete
	case len(m.project) == 0 && m.opt.Type != bom.Source:
		return unknown
	}
	return complete
}
