package meta

import (
	"strings"

	"nacre/fault"
	"nacre/jsondoc"
)

// Bounds on one metadata file, besides limit.Metadata on its size. The
// largest known files list 10,000 modules in provides.
const (
	maxDepth   = 64
	maxValues  = 300_000
	maxPrereqs = 20_000
)

// shape is what a value is in the words of the spec.
func shape(n *jsondoc.Node) string {
	switch {
	case n.Is(jsondoc.KindNull):
		return "nothing"
	case n.Is(jsondoc.KindArray):
		return "a list"
	case n.Is(jsondoc.KindObject):
		return "a map"
	}
	return "a single value"
}

// isNested says that n is a list or a map.
func isNested(n *jsondoc.Node) bool {
	return n.Is(jsondoc.KindArray) || n.Is(jsondoc.KindObject)
}

// single is the text of a string, a number or a truth value, as it is written.
func single(n *jsondoc.Node) string {
	if n == nil {
		return ""
	}
	return n.Text
}

// versionText gives a version as text. Old Module::Build wrote version objects
// as a map whose original is the text.
func versionText(n *jsondoc.Node) string {
	if n.Is(jsondoc.KindObject) {
		n = n.Get("original")
	}
	return single(n)
}

// truth gives a flag as the programs that write it mean it.
func truth(n *jsondoc.Node, unstated bool) bool {
	switch {
	case n.Is(jsondoc.KindNull):
		return unstated
	case isNested(n):
		return true
	}
	return n.Text != "" && n.Text != "0" && !strings.EqualFold(n.Text, "false")
}

// budget counts the values of a YAML document.
type budget int

func (b *budget) take() error {
	if *b++; *b > maxValues {
		return fault.New(fault.Invalid, "more than %d values (limit: metadata values)", maxValues).
			WithHint("the file is far larger than its kind ever is; check that it is the right one")
	}
	return nil
}

// errDeep is the error of a YAML document that nests too far.
func errDeep(line int) error {
	return fault.New(fault.Invalid, "line %d: nested deeper than %d (limit: metadata depth)", line, maxDepth).
		WithHint("metadata has a handful of levels; check that it is the right file")
}

// lineOf is where a value stands; 0 for none.
func lineOf(n *jsondoc.Node) int {
	if n == nil {
		return 0
	}
	return n.Line
}

// keysOf gives the keys of a map as they stand there, none of what is none.
func keysOf(n *jsondoc.Node) []jsondoc.Member {
	if n == nil {
		return nil
	}
	return n.Members
}
