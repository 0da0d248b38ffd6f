package bill

import (
	"fmt"
	"strings"

	"nacre/inventory"
)

// spdxPackage reads a package of SPDX 2.
func (b *reader) spdxPackage(i int) error {
	if err := b.take(); err != nil {
		return err
	}
	t := &thing{where: fmt.Sprintf("packages[%d]", i)}
	err := b.object(&t.line, func(field string) (bool, error) {
		switch field {
		case "SPDXID":
			return true, b.string(&t.ref)
		case "name":
			return true, b.string(&t.name)
		case "versionInfo":
			return true, b.string(&t.version)
		case "externalRefs":
			var refs []struct {
				Type    text `json:"referenceType"`
				Locator text `json:"referenceLocator"`
			}
			err := b.value(&refs)
			for _, r := range refs {
				if r.Type == "purl" || strings.HasSuffix(string(r.Type), "/purl") {
					t.purls = append(t.purls, string(r.Locator))
				}
			}
			return true, err
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return b.add(t)
}

// What holds something needs it, if nothing else is said to.
const contains, containedBy = "CONTAINS", "CONTAINED_BY"

// dependencies are the relationships of SPDX 2 that say that one thing needs
// another, and in which scope. Those in reverse begin at what is needed.
var dependencies = map[string]struct {
	scope   inventory.Scope
	reverse bool
}{
	"DEPENDS_ON":             {inventory.Runtime, false},
	"DEPENDENCY_OF":          {inventory.Runtime, true},
	"RUNTIME_DEPENDENCY_OF":  {inventory.Runtime, true},
	"PROVIDED_DEPENDENCY_OF": {inventory.Runtime, true},
	"OPTIONAL_DEPENDENCY_OF": {inventory.Optional, true},
	"OPTIONAL_COMPONENT_OF":  {inventory.Optional, true},
	"BUILD_DEPENDENCY_OF":    {inventory.Build, true},
	"BUILD_TOOL_OF":          {inventory.Build, true},
	"TEST_DEPENDENCY_OF":     {inventory.Test, true},
	"TEST_TOOL_OF":           {inventory.Test, true},
	"DEV_DEPENDENCY_OF":      {inventory.Develop, true},
	"DEV_TOOL_OF":            {inventory.Develop, true},
	"HAS_PREREQUISITE":       {inventory.Runtime, false},
	"PREREQUISITE_FOR":       {inventory.Runtime, true},
	contains:                 {inventory.Runtime, false},
	containedBy:              {inventory.Runtime, true},
	"DYNAMIC_LINK":           {inventory.Runtime, false},
	"STATIC_LINK":            {inventory.Runtime, false},
}

// relationship reads one of SPDX 2.
func (b *reader) relationship(int) error {
	var r struct {
		From text `json:"spdxElementId"`
		To   text `json:"relatedSpdxElement"`
		Type text `json:"relationshipType"`
	}
	if err := b.value(&r); err != nil {
		return err
	}
	line := b.line()
	from, to := string(r.From), string(r.To)
	if r.Type == "DESCRIBES" {
		b.project[to] = true
		return nil
	}
	if r.Type == "DESCRIBED_BY" {
		b.project[from] = true
		return nil
	}
	d, ok := dependencies[string(r.Type)]
	if !ok || to == "NONE" {
		return nil
	}
	if to == "NOASSERTION" || from == "NOASSERTION" {
		b.incomplete++
		b.first("incomplete", line)
		return nil
	}
	if d.reverse {
		from, to = to, from
	}
	return b.relate(relation{from: from, to: to, scope: d.scope, scoped: true, contains: r.Type == contains || r.Type == containedBy, line: line})
}

// context reads what names SPDX 3: the address of its JSON-LD context.
func (b *reader) context() error {
	var all texts
	if err := b.value(&all); err != nil {
		return err
	}
	for _, one := range all {
		_, rest, ok := strings.Cut(string(one), "spdx.org/rdf/")
		if version, _, _ := strings.Cut(rest, "/"); ok && strings.HasPrefix(version, "3") {
			b.format, b.version = "SPDX", version
		}
	}
	return nil
}

// element reads one of SPDX 3: a package, a relationship, or what names the
// roots.
func (b *reader) element(i int) error {
	t := &thing{where: fmt.Sprintf("@graph[%d]", i)}
	var r struct {
		from, kind, scope, completeness string
		to, roots                       texts
	}
	err := b.object(&t.line, func(field string) (bool, error) {
		switch field {
		case "type", "@type":
			return true, b.string(&t.kind)
		case "spdxId", "@id":
			return true, b.string(&t.ref)
		case "name":
			return true, b.string(&t.name)
		case "software_packageVersion":
			return true, b.string(&t.version)
		case "software_packageUrl":
			var s string
			err := b.string(&s)
			if s != "" {
				t.purls = append(t.purls, s)
			}
			return true, err
		case "externalIdentifier":
			var ids []struct {
				Type       text `json:"externalIdentifierType"`
				Identifier text `json:"identifier"`
			}
			err := b.value(&ids)
			for _, id := range ids {
				if id.Type == "packageUrl" || id.Type == "purl" {
					t.purls = append(t.purls, string(id.Identifier))
				}
			}
			return true, err
		case "rootElement":
			return true, b.value(&r.roots)
		case "from":
			return true, b.string(&r.from)
		case "to":
			return true, b.value(&r.to)
		case "relationshipType":
			return true, b.string(&r.kind)
		case "scope":
			return true, b.string(&r.scope)
		case "completeness":
			return true, b.string(&r.completeness)
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	for _, root := range r.roots {
		b.project[string(root)] = true
	}
	switch t.kind {
	case "software_Package":
		if err := b.take(); err != nil {
			return err
		}
		return b.add(t)
	case "Relationship", "LifecycleScopedRelationship":
		return b.relation3(r.from, r.kind, r.scope, r.completeness, r.to, t.line)
	}
	return nil
}

// relation3 takes a relationship of SPDX 3.
func (b *reader) relation3(from, kind, lifecycle, completeness string, to texts, line int) error {
	scope, ok := map[string]inventory.Scope{
		"dependsOn": inventory.Runtime, "contains": inventory.Runtime, "hasPrerequisite": inventory.Runtime,
		"hasProvidedDependency": inventory.Runtime, "hasDynamicLink": inventory.Runtime, "hasStaticLink": inventory.Runtime,
		"hasOptionalDependency": inventory.Optional, "hasOptionalComponent": inventory.Optional,
	}[kind]
	if !ok {
		return nil
	}
	switch lifecycle {
	case "development":
		scope = inventory.Develop
	case "build":
		scope = inventory.Build
	case "test":
		scope = inventory.Test
	}
	if strings.HasSuffix(completeness, "ncomplete") || strings.HasSuffix(completeness, "oAssertion") {
		b.incomplete++
		b.first("incomplete", line)
	}
	for _, ref := range to {
		if strings.HasSuffix(string(ref), "NoneElement") || strings.HasSuffix(string(ref), "NoAssertionElement") {
			continue
		}
		if err := b.relate(relation{from: from, to: string(ref), scope: scope, scoped: true, contains: kind == "contains", line: line}); err != nil {
			return err
		}
	}
	return nil
}
