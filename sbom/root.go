package sbom

import (
	"strings"

	"nacre/bom"
)

// addRoot makes the component that the bill is of.
func (m *maker) addRoot() error {
	n := &node{Component: &bom.Component{Type: "application", Name: m.in.Name}}
	m.root = n
	switch distro := m.distro(); {
	case m.in.Image:
		n.Type = "container"
		n.SetOrigin("name", bom.Operator, "the name of what was looked at")
		n.deps, n.holds = incomplete, incomplete
	case distro != "" && m.opt.Type != bom.Source:
		n.Type = "operating-system"
		id, version, _ := strings.Cut(distro, ":")
		n.Name, n.Version = id, version
		n.SetOrigin("name", bom.Archive, "os-release")
		if version != "" {
			n.SetOrigin("version", bom.Archive, "os-release")
		}
		n.deps, n.holds = incomplete, incomplete
	default:
		if err := m.addProject(n); err != nil {
			return err
		}
	}
	if by := m.opt.Manufacturer; by != nil && n.Manufacturer == nil {
		n.Manufacturer = by
		n.SetOrigin("manufacturer", bom.Operator, "--manufacturer")
	}
	if n.Name == "" {
		n.Name = "unnamed"
		n.SetUnknown("name")
	}
	return nil
}

// distro is the system whose packages were found, "" for none.
func (m *maker) distro() string {
	for i := range m.inv.Components {
		if p := m.inv.Components[i].Package; p != nil && p.Distro != "" {
			return p.Distro
		}
	}
	return ""
}
