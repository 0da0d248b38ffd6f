package meta

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"nacre/fault"
	"nacre/jsondoc"
	"nacre/limit"
)

// ReadYAML reads META.yml or MYMETA.yml: at most limit.Metadata bytes, to the
// end of r. Of several documents the first that is a map counts. JSON is YAML,
// so a META.yml that holds JSON is read as well. Bytes that are not UTF-8,
// mostly authors' names of before 2008, are replaced and warned about.
func ReadYAML(r io.Reader) (Meta, error) {
	b, err := limit.ReadAll(r, limit.Metadata, "metadata file size")
	if err != nil {
		return Meta{}, err
	}
	warnings := []string(nil)
	if !utf8.Valid(b) {
		b = bytes.ToValidUTF8(b, []byte("\ufffd"))
		warnings = []string{"the file is not UTF-8; what is not was replaced"}
	}
	doc, err := parseYAML(b)
	if err != nil {
		return Meta{}, err
	}
	m, err := readTree(doc)
	m.Warnings = append(warnings, m.Warnings...)
	return m, err
}

// parseYAML gives the first document that is a map, or the first one.
func parseYAML(b []byte) (*jsondoc.Node, error) {
	// The library builds the whole document before it can be counted, and a
	// token or value takes some hundred bytes; of many, each has one of these.
	var seps budget
	for _, c := range b {
		if strings.IndexByte("\n,:[{?'\"!&*", c) >= 0 {
			if err := seps.take(); err != nil {
				return nil, err
			}
		}
	}
	loader, err := yaml.NewLoader(bytes.NewReader(b), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, errYAML(err)
	}
	var first *jsondoc.Node
	for {
		var doc yaml.Node
		if err := loader.Load(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, errYAML(err)
		}
		r := yamlReader{}
		n, err := r.value(&doc, 0)
		if err != nil {
			return nil, err
		}
		if n.Is(jsondoc.KindObject) {
			return n, nil
		}
		if first == nil {
			first = n
		}
	}
	if first == nil {
		return nil, fault.New(fault.Invalid, "no YAML: the file is empty")
	}
	return first, nil
}

func errYAML(err error) error {
	return fault.Wrap(fault.Invalid, err, "no YAML that can be read").
		WithHint("metadata of old tools is often not quite YAML; META.json or MYMETA.json of the same distribution may be")
}

// yamlReader turns YAML into nodes. Aliases are followed, and what they stand
// for is counted every time, so that a small file cannot become a large one.
type yamlReader struct{ nodes budget }

func (r *yamlReader) value(y *yaml.Node, depth int) (*jsondoc.Node, error) {
	n := &jsondoc.Node{Line: y.Line}
	if depth > maxDepth {
		return nil, errDeep(y.Line)
	}
	if err := r.nodes.take(); err != nil {
		return nil, err
	}
	switch y.Kind {
	case yaml.DocumentNode:
		if len(y.Content) == 0 {
			return n, nil
		}
		return r.value(y.Content[0], depth+1)
	case yaml.AliasNode:
		return r.value(y.Alias, depth+1)
	case yaml.ScalarNode:
		if y.ShortTag() != "!!null" {
			n.Kind, n.Text = jsondoc.KindString, y.Value
		}
	case yaml.SequenceNode:
		n.Kind = jsondoc.KindArray
		for _, c := range y.Content {
			item, err := r.value(c, depth+1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, item)
		}
	case yaml.MappingNode:
		n.Kind = jsondoc.KindObject
		for i := 0; i+1 < len(y.Content); i += 2 {
			key, err := r.value(y.Content[i], depth+1)
			if err != nil {
				return nil, err
			}
			value, err := r.value(y.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			text := key.Text
			if y.Content[i].Kind == yaml.ScalarNode {
				text = y.Content[i].Value // Null is a fine name for a module
			}
			n.Members = append(n.Members, jsondoc.Member{Key: text, Line: key.Line, Value: value})
		}
	}
	return n, nil
}
