package bill

import (
	"fmt"

	"nacre/inventory"
)

// thing is a component or package of a bill, of whatever ecosystem.
type thing struct {
	line       int
	where      string // "components[3]", "packages[0]"
	ref        string
	kind       string
	name       string
	version    string
	purls      []string
	versions   string // versionRange
	scope      inventory.Scope
	properties []property
}

type property struct {
	Name  text `json:"name"`
	Value text `json:"value"`
}

// get gives the value of the first of some properties, "" for none.
func (t *thing) get(names ...string) string {
	for _, name := range names {
		for _, p := range t.properties {
			if string(p.Name) == name && p.Value != "" {
				return string(p.Value)
			}
		}
	}
	return ""
}

func (b *reader) metadata(field string) (bool, error) {
	if field != "component" {
		return false, nil
	}
	t, err := b.component("metadata.component", 0)
	if err != nil {
		return true, err
	}
	b.name = t.name
	if t.ref != "" {
		b.project[t.ref] = true
	}
	return true, b.root(t)
}

// components reads a list of components, and those within them.
func (b *reader) components(where string, depth int) error {
	if depth > maxDepth {
		return b.deep()
	}
	return b.list(func(i int) error {
		if err := b.take(); err != nil {
			return err
		}
		t, err := b.component(fmt.Sprintf("%s[%d]", where, i), depth)
		if err != nil {
			return err
		}
		return b.add(t)
	})
}

func (b *reader) component(where string, depth int) (*thing, error) {
	t := &thing{where: where}
	err := b.object(&t.line, func(field string) (bool, error) {
		var s string
		switch field {
		case "bom-ref":
			return true, b.string(&t.ref)
		case "type":
			return true, b.string(&t.kind)
		case "name":
			return true, b.string(&t.name)
		case "version":
			return true, b.string(&t.version)
		case "versionRange":
			return true, b.string(&t.versions)
		case "purl":
			err := b.string(&s)
			if s != "" {
				t.purls = append(t.purls, s)
			}
			return true, err
		case "scope":
			err := b.string(&s)
			switch s {
			case "optional":
				t.scope = inventory.Optional
			case "excluded":
				t.scope = inventory.Develop
			}
			return true, err
		case "properties":
			return true, b.value(&t.properties)
		case "components":
			return true, b.components(where+".components", depth+1)
		}
		return false, nil
	})
	return t, err
}

func (b *reader) dependency(int) error {
	var from string
	var to texts
	line := 0
	err := b.object(&line, func(field string) (bool, error) {
		switch field {
		case "ref":
			return true, b.string(&from)
		case "dependsOn":
			return true, b.value(&to)
		}
		return false, nil
	})
	for _, ref := range to {
		if err == nil {
			err = b.relate(relation{from: from, to: string(ref), line: line})
		}
	}
	return err
}

// composition counts those that are not said to be complete.
func (b *reader) composition(int) error {
	var aggregate string
	line := 0
	err := b.object(&line, func(field string) (bool, error) {
		if field == "aggregate" {
			return true, b.string(&aggregate)
		}
		return false, nil
	})
	if aggregate != "complete" && aggregate != "" {
		b.incomplete++
		b.first("incomplete", line)
	}
	return err
}
