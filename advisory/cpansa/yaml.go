package cpansa

import (
	"bytes"
	"errors"
	"io"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"nacre/fault"
)

// parseYAML reads one YAML document as a tree of texts. Anchors may stand
// there; an alias is refused, because no report has one and a few of them can
// stand for more than memory holds.
func (b *budget) parseYAML(data []byte) (value, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return value{}, err
	}
	var doc, rest yaml.Node
	if err := loader.Load(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return value{}, fault.New(fault.Invalid, "the document is empty")
		}
		return value{}, fault.Wrap(fault.Invalid, err, "read YAML")
	}
	if err := loader.Load(&rest); !errors.Is(err, io.EOF) {
		if err != nil {
			return value{}, fault.Wrap(fault.Invalid, err, "read YAML")
		}
		return value{}, fault.New(fault.Invalid, "a second document follows the first")
	}
	node := &doc
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 {
		node = doc.Content[0]
	}
	return b.yaml(node, 1)
}

// yaml turns a node into a value. Scalars keep the text that stands in the
// document; null is what YAML calls null (nothing, ~, null).
func (b *budget) yaml(n *yaml.Node, depth int) (value, error) {
	if err := b.spend(depth, n.Value); err != nil {
		return value{}, fault.Wrap(fault.Invalid, err, "line %d", n.Line)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return value{kind: null}, nil
		}
		return value{kind: scalar, text: n.Value}, nil
	case yaml.SequenceNode:
		v := value{kind: list, list: make([]value, 0, len(n.Content))}
		for _, c := range n.Content {
			e, err := b.yaml(c, depth+1)
			if err != nil {
				return value{}, err
			}
			v.list = append(v.list, e)
		}
		return v, nil
	case yaml.MappingNode:
		v := value{kind: mapping}
		seen := make(map[string]bool, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			if k.Kind != yaml.ScalarNode {
				return value{}, fault.New(fault.Invalid, "line %d: a key is not a text", k.Line)
			}
			if err := b.spend(depth+1, k.Value); err != nil {
				return value{}, fault.Wrap(fault.Invalid, err, "line %d", k.Line)
			}
			// Readers differ in which of two values they take.
			if seen[k.Value] {
				return value{}, fault.New(fault.Invalid, "line %d: key %.60q stands twice", k.Line, k.Value)
			}
			seen[k.Value] = true
			e, err := b.yaml(n.Content[i+1], depth+1)
			if err != nil {
				return value{}, err
			}
			v.keys, v.vals = append(v.keys, k.Value), append(v.vals, e)
		}
		return v, nil
	case yaml.AliasNode:
		return value{}, fault.New(fault.Invalid, "line %d: an alias stands there (limit: aliases)", n.Line).
			WithHint("write the value out; reports have no aliases")
	}
	return value{kind: null}, nil
}
