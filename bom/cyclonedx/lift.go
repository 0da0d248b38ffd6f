package cyclonedx

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
)

// The names of properties that the model has fields for.
const (
	propUnknown    = "cpan:unknown"
	propRedacted   = "cpan:redacted"
	propProvenance = "cpan:provenance:"
	propReleased   = "cpan:dist:release_date"
	propExternal   = "cpan:external"
	propRange      = "cpan:prereq:range"
	propFilename   = "bsi:component:filename"
	propExecutable = "bsi:component:executable"
	propArchive    = "bsi:component:archive"
	propStructured = "bsi:component:structured"

	propType    = "cpan:sbom:type"
	propComment = "cpan:sbom:comment"
	propSharing = "cpan:sbom:tlp"
)

// lifted is what properties say, and the properties that are left.
type lifted struct {
	properties        []bom.Property
	unknown, redacted []string
	origins           []bom.Origin
	fields            map[string]bool // of origins
	file              bom.File
	released, ranges  string
	external          bool

	kind             bom.Type
	comment, sharing string
}

// lift takes out what the model has fields for: those of a component, or those
// of the document. What cannot be read, and a second value, stays a property.
func lift(all []bom.Property, component bool) lifted {
	l := lifted{fields: map[string]bool{}}
	for _, p := range all {
		if p.Value == "" || !l.take(p, component) {
			l.properties = append(l.properties, p)
		}
	}
	for _, list := range [...]*[]string{&l.unknown, &l.redacted} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	sortOrigins(l.origins)
	return l
}

func (l *lifted) take(p bom.Property, component bool) bool {
	if !component {
		switch p.Name {
		case propType:
			return isType(p.Value) && first((*string)(&l.kind), p.Value)
		case propComment:
			return first(&l.comment, p.Value)
		case propSharing:
			return isSharing(p.Value) && first(&l.sharing, p.Value)
		}
		return false
	}
	switch p.Name {
	case propUnknown:
		return names(&l.unknown, p.Value)
	case propRedacted:
		return names(&l.redacted, p.Value)
	case propReleased:
		return first(&l.released, p.Value)
	case propRange:
		return first(&l.ranges, p.Value)
	case propExternal:
		if p.Value != "true" || l.external {
			return false
		}
		l.external = true
		return true
	case propFilename:
		return first(&l.file.Name, p.Value)
	case propExecutable:
		return first(&l.file.Executable, p.Value)
	case propArchive:
		return first(&l.file.Archive, p.Value)
	case propStructured:
		return first(&l.file.Structured, p.Value)
	}
	field, ok := strings.CutPrefix(p.Name, propProvenance)
	if !ok || field == "" {
		return false
	}
	o, ok := parseOrigin(field, p.Value)
	if !ok || l.fields[field] {
		return false
	}
	l.fields[field] = true
	l.origins = append(l.origins, o)
	return true
}

func first(place *string, value string) bool {
	if *place != "" {
		return false
	}
	*place = value
	return true
}

// names adds the names of a list with commas.
func names(place *[]string, value string) bool {
	for name := range strings.SplitSeq(value, ",") {
		if name = strings.TrimSpace(name); name != "" {
			*place = append(*place, name)
		}
	}
	return true
}

func isType(s string) bool {
	return slices.ContainsFunc(phases[:], func(p struct {
		phase string
		kind  bom.Type
	},
	) bool {
		return string(p.kind) == s
	})
}

func isSharing(s string) bool {
	return slices.Contains([]string{"CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"}, s)
}

// parseOrigin reads "author-stated: META.json license".
func parseOrigin(field, s string) (bom.Origin, bool) {
	from, detail, _ := strings.Cut(s, ": ")
	switch bom.From(from) {
	case bom.Stated, bom.Index, bom.Archive, bom.Computed, bom.ThirdParty, bom.Operator:
		return bom.Origin{Field: field, From: bom.From(from), Detail: detail}, true
	}
	return bom.Origin{}, false
}

func originText(o bom.Origin) string {
	if o.Detail == "" {
		return string(o.From)
	}
	return string(o.From) + ": " + o.Detail
}

func sortOrigins(list []bom.Origin) {
	slices.SortStableFunc(list, func(a, b bom.Origin) int { return cmp.Compare(a.Field, b.Field) })
}

// lower gives the properties that say what a component says, sorted by name:
// the other way round of lift. Native tells which of range and external the
// version has a place for.
func lower(c *bom.Component, nativeExternal, nativeRange bool, origins []bom.Origin) []bom.Property {
	var list []bom.Property
	add := func(name, value string) {
		if value != "" {
			list = append(list, bom.Property{Name: name, Value: value})
		}
	}
	add(propArchive, c.File.Archive)
	add(propExecutable, c.File.Executable)
	add(propFilename, c.File.Name)
	add(propStructured, c.File.Structured)
	add(propReleased, c.Released)
	if c.External && !nativeExternal {
		add(propExternal, "true")
	}
	if !nativeRange {
		add(propRange, c.Range)
	}
	for _, o := range origins {
		add(propProvenance+o.Field, originText(o))
	}
	add(propRedacted, strings.Join(c.Redacted, ","))
	add(propUnknown, strings.Join(c.Unknown, ","))
	return list
}

// lowerBill is lower for the document.
func lowerBill(b *bom.Bill, nativeSharing bool) []bom.Property {
	var list []bom.Property
	add := func(name, value string) {
		if value != "" {
			list = append(list, bom.Property{Name: name, Value: value})
		}
	}
	add(propComment, b.Comment)
	if !nativeSharing {
		add(propSharing, b.Sharing)
	}
	add(propType, string(b.Type))
	return list
}

func compareProperties(a, b bom.Property) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
}
