package spdx

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"nacre/bom"
	"nacre/jsondoc"
)

// The fields of the model that a document may carry, in the order of notes.
// Those of neither list are the bill's structure, or belong to reading.
var (
	componentFields = []string{
		"Ref", "Type", "Group", "Name", "Version", "Range", "External", "Scope", "PURL", "CPE", "IDs", "Description",
		"Authors", "Supplier", "Manufacturer", "Publisher", "Licenses", "Copyright", "Hashes", "File", "Released",
		"References", "Evidence", "Pedigree", "Unknown", "Redacted", "Origins", "Properties",
	}
	billFields = []string{
		"Serial", "Revision", "Created", "Type", "Authors", "Manufacturer", "Supplier", "Tools", "Licenses", "Sharing",
		"Comment", "Compositions", "References", "Properties",
	}
)

// fieldOf gives a field of a component or a bill. The pedigree comes without
// ancestors and patches, which are elements of their own.
func fieldOf[T any](t *T, name string) reflect.Value {
	v := reflect.ValueOf(t).Elem().FieldByName(name)
	if v.Kind() != reflect.Pointer {
		return v
	}
	if p, ok := v.Interface().(*bom.Pedigree); ok && p != nil {
		reduced := bom.Pedigree{Commits: p.Commits, Notes: p.Notes}
		if len(p.Commits) == 0 && p.Notes == "" {
			return reflect.ValueOf((*bom.Pedigree)(nil))
		}
		return reflect.ValueOf(&reduced)
	}
	return v
}

// same reports whether a and b say the same in a field. The order of digests,
// references, properties and compositions says nothing.
func same[T any](a, b *T, name string) bool {
	v, w := fieldOf(a, name), fieldOf(b, name)
	switch v.Kind() {
	case reflect.String:
		return v.String() == w.String()
	case reflect.Bool, reflect.Int:
		return v.Equal(w)
	}
	if empty(v) || empty(w) {
		return empty(v) && empty(w)
	}
	switch name {
	case "Compositions":
		return slices.Equal(statements(v.Interface().([]bom.Composition)), statements(w.Interface().([]bom.Composition)))
	case "Hashes", "References", "Properties":
		return slices.Equal(sortedItems(encode(v)), sortedItems(encode(w)))
	}
	return encode(v).Equal(encode(w))
}

func sortedItems(n *jsondoc.Node) []string {
	out := make([]string, 0, len(n.Items))
	for _, item := range n.Items {
		out = append(out, string(compact(nil, item)))
	}
	slices.Sort(out)
	return out
}

// statement is what compositions say of one ref.
type statement struct{ what, ref, aggregate string }

func compareStatements(a, b statement) int {
	return cmp.Or(cmp.Compare(a.what, b.what), cmp.Compare(a.ref, b.ref), cmp.Compare(a.aggregate, b.aggregate))
}

func statements(list []bom.Composition) []statement {
	var out []statement
	for _, c := range list {
		for _, ref := range c.Assemblies {
			out = append(out, statement{"assemblies", ref, c.Aggregate})
		}
		for _, ref := range c.Dependencies {
			out = append(out, statement{"dependencies", ref, c.Aggregate})
		}
		if len(c.Assemblies)+len(c.Dependencies) == 0 {
			out = append(out, statement{aggregate: c.Aggregate})
		}
	}
	slices.SortFunc(out, compareStatements)
	return slices.Compact(out)
}

const (
	noteField      = "cpan:bom:"
	noteOrigin     = "cpan:provenance:"
	noteUnknown    = "cpan:unknown"
	noteRedacted   = "cpan:redacted"
	noteRange      = "cpan:prereq:range"
	noteExecutable = "bsi:component:executable"
	noteArchive    = "bsi:component:archive"
	noteStructured = "bsi:component:structured"
	noteProperty   = noteField + "property"
	noteRootOrigin = noteField + "origin"
)

// notes are the lines that make of native, which is what the format's own
// fields give, what is wanted.
func notes[T any](want, native *T, fields []string) []string {
	var lines []string
	for _, name := range fields {
		if !same(want, native, name) {
			lines = noteOf(lines, fieldOf(want, name), name, reflect.ValueOf(native).Elem())
		}
	}
	return lines
}

// noteOf adds the lines of one field, whose value is v.
func noteOf(lines []string, v reflect.Value, name string, native reflect.Value) []string {
	raw := func(v reflect.Value, key string) string { return key + "=" + string(compact(nil, encode(v))) }
	key := noteField + strings.ToLower(name) + mark(native, name)
	switch f := v.Interface().(type) {
	case []bom.Property:
		for _, p := range f {
			if plain(p.Name) && !reserved(p.Name) && oneLine(p.Value) {
				lines = append(lines, p.Name+"="+p.Value)
			} else {
				lines = append(lines, raw(reflect.ValueOf(p), noteProperty))
			}
		}
		return lines
	case []bom.Origin:
		for _, o := range f {
			if from := string(o.From); plain(o.Field) && from != "" && oneLine(from) && !strings.Contains(from, " ") && oneLine(o.Detail) {
				lines = append(lines, noteOrigin+o.Field+"="+strings.TrimSuffix(from+" "+o.Detail, " "))
				if o.Detail == "" || !strings.HasSuffix(o.Detail, " ") {
					continue
				}
				lines = lines[:len(lines)-1]
			}
			lines = append(lines, raw(reflect.ValueOf(o), noteRootOrigin))
		}
		return lines
	case bom.File:
		have := native.FieldByName(name).Interface().(bom.File)
		whole := f.Name != have.Name
		for _, n := range []struct{ key, value, native string }{
			{noteExecutable, f.Executable, have.Executable}, {noteArchive, f.Archive, have.Archive}, {noteStructured, f.Structured, have.Structured},
		} {
			switch {
			case n.value == n.native:
			case n.native == "" && oneLine(n.value):
				lines = append(lines, n.key+"="+n.value)
			default:
				whole = true
			}
		}
		if whole {
			lines = append(lines, raw(v, key))
		}
		return lines
	case []string:
		if word := noteWord(name); len(f) > 0 && !slices.ContainsFunc(f, func(s string) bool { return s == "" || strings.Contains(s, ",") || !oneLine(s) || stands(native, s) }) {
			return append(lines, word+"="+strings.Join(f, ","))
		}
	case string:
		if name == "Range" && strings.HasPrefix(f, "vers:") && oneLine(f) {
			return append(lines, noteRange+"="+f)
		}
	}
	return append(lines, raw(v, key))
}

func noteWord(name string) string {
	if name == "Unknown" {
		return noteUnknown
	}
	return noteRedacted
}

// plain reports whether a name can stand before an equals sign on a line.
func plain(name string) bool {
	return name != "" && oneLine(name) && !strings.Contains(name, "=")
}

func oneLine(s string) bool { return !strings.ContainsAny(s, "\r\n") }

func reserved(name string) bool {
	return strings.HasPrefix(name, noteField) || strings.HasPrefix(name, noteOrigin) ||
		slices.Contains([]string{noteUnknown, noteRedacted, noteRange, noteExecutable, noteArchive, noteStructured}, name)
}

// apply reads the lines of notes into t, which holds what the format's own fields
// give, and gives back those that are no notes. A note does not count where those
// fields say something else now than when it was written.
func apply[T any](t *T, lines []string, fields []string) (rest []string) {
	native := *t
	said := marked{native: reflect.ValueOf(&native).Elem()}
	for _, line := range lines {
		key, value, ok := strings.Cut(line, "=")
		if !ok || key == "" || !applyOne(reflect.ValueOf(t).Elem(), &said, key, value, fields) {
			rest = append(rest, line)
		}
	}
	return rest
}

func applyOne(v reflect.Value, said *marked, key, value string, fields []string) bool {
	_, component := v.Addr().Interface().(*bom.Component)
	switch {
	case component && (key == noteUnknown || key == noteRedacted):
		f := v.FieldByName("Unknown")
		if key == noteRedacted {
			f = v.FieldByName("Redacted")
		}
		names := strings.Split(value, ",")
		f.Set(reflect.ValueOf(slices.DeleteFunc(names, func(s string) bool { return stands(said.native, s) })))
		return true
	case component && key == noteRange:
		v.FieldByName("Range").SetString(value)
		return true
	case component && (key == noteExecutable || key == noteArchive || key == noteStructured):
		name := map[string]string{noteExecutable: "Executable", noteArchive: "Archive", noteStructured: "Structured"}[key]
		if said.native.FieldByName("File").FieldByName(name).IsZero() {
			v.FieldByName("File").FieldByName(name).SetString(value)
		}
		return true
	case component && strings.HasPrefix(key, noteOrigin):
		from, detail, _ := strings.Cut(value, " ")
		o := bom.Origin{Field: strings.TrimPrefix(key, noteOrigin), From: bom.From(from), Detail: detail}
		push(v.FieldByName("Origins"), reflect.ValueOf(o))
		return true
	case !strings.HasPrefix(key, noteField):
		push(v.FieldByName("Properties"), reflect.ValueOf(bom.Property{Name: key, Value: value}))
		return true
	}
	n, err := parseNote(value)
	if err != nil {
		return false
	}
	switch key {
	case noteProperty, noteRootOrigin:
		f := v.FieldByName("Properties")
		if key == noteRootOrigin {
			f = v.FieldByName("Origins")
		}
		if !f.IsValid() {
			return false
		}
		e := reflect.New(f.Type().Elem()).Elem()
		if !decode(n, e) {
			return false
		}
		push(f, e)
		return true
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(key, noteField), ":")
	for _, name := range fields {
		if strings.ToLower(name) != word {
			continue
		}
		f := v.FieldByName(name)
		fresh := reflect.New(f.Type()).Elem()
		if !decode(n, fresh) {
			return false
		}
		if key == noteField+word+said.mark(name) {
			f.Set(fresh)
		}
		return true
	}
	return false
}

// parseNote reads the JSON of a line. Most are texts without an escape.
func parseNote(value string) (*jsondoc.Node, error) {
	if last := len(value) - 1; last > 0 && value[0] == '"' && value[last] == '"' && utf8.ValidString(value) &&
		!strings.ContainsFunc(value[1:last], func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) {
		return jsondoc.String(value[1:last]), nil
	}
	return jsondoc.Parse([]byte(value), jsondoc.Limits{Name: "note"})
}

func push(list, item reflect.Value) { list.Set(reflect.Append(list, item)) }
