package bom

import (
	"slices"
	"strings"

	"nacre/jsondoc"
)

// Shapes says what of a format's objects the model holds: the keys of each kind
// of object, and of a key the kind of what stands there, or "" where the value is
// held whole.
type Shapes map[string]map[string]string

// ParseShapes makes shapes of words: the keys of each kind, and behind a colon
// the kind of what stands there.
//
//	bom.ParseShapes(map[string]string{"package": "name checksums:checksum", "checksum": "algorithm checksumValue"})
func ParseShapes(table map[string]string) Shapes {
	out := Shapes{}
	for kind, keys := range table {
		s := map[string]string{}
		for field := range strings.FieldsSeq(keys) {
			key, sub, _ := strings.Cut(field, ":")
			s[key] = sub
		}
		out[kind] = s
	}
	return out
}

// Beyond lists what of a value the shapes do not have: what a writer of another
// format, named by title, cannot take over. Values that say nothing, as an empty
// list, false and each of nothing, are no loss.
func (s Shapes) Beyond(n *jsondoc.Node, pointer, kind, title string, nothing ...string) []Loss {
	if kind == "" {
		return nil
	}
	var losses []Loss
	for i, item := range n.List() {
		losses = append(losses, s.Beyond(item, pointer+jsondoc.Pointer(i), kind, title, nothing...)...)
	}
	if !n.Is(jsondoc.KindObject) {
		return losses
	}
	for _, m := range n.Members {
		at, v := pointer+jsondoc.Pointer(m.Key), m.Value
		sub, known := s[kind][m.Key]
		switch {
		case known:
			losses = append(losses, s.Beyond(v, at, sub, title, nothing...)...)
		case len(v.Items)+len(v.Members)+len(v.Text) == 0, v.Is(jsondoc.KindBool) && v.Text == "false",
			v.Is(jsondoc.KindString) && slices.Contains(nothing, v.Text):
		default:
			losses = append(losses, Loss{Pointer: at, What: m.Key + " has no place in " + title})
		}
	}
	return losses
}
