// Package jsondoc is a JSON document as a tree that keeps what an edit must not
// lose: the order of keys, the digits of numbers, and the line of each value.
//
//	doc, err := jsondoc.Parse([]byte(`{"version": 1.10, "x_other": [1, 2]}`), jsondoc.Limits{})
//	doc.Get("version").Text == "1.10"
//	doc.Set("name", jsondoc.String("Foo-Bar"))
//	doc.Append(nil) // {"version": 1.10, "x_other": [1, 2], "name": "Foo-Bar"}, on lines of their own
//
// Promised: what is parsed and written again has the same values in the same
// order, numbers in the same digits; a document beyond its limits is refused
// with an error that names the limit, in time and memory that grow with its
// bytes. Written is UTF-8 with two blanks for each level, without escapes that
// JSON does not ask for, and a line feed at the end.
//
// Not promised: white space and the escapes of strings. Bytes that are not
// UTF-8, and escapes of half a character, become U+FFFD.
//
// Source: RFC 8259.
package jsondoc

import (
	"nacre/fault"
)

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	KindNull Kind = iota
	KindBool
	KindNumber
	KindString
	KindArray
	KindObject
)

// String gives the kind as a reader would call it, as in "a list".
func (k Kind) String() string {
	return [...]string{"nothing", "true or false", "a number", "a text", "a list", "an object"}[k]
}

// Node is one value. A nil Node is null, and can be asked everything.
type Node struct {
	Kind Kind
	Line int // in the text that was parsed, from 1; 0 for what was made
	// Text is the value of a string, the literal of a number, "true" or
	// "false"; "" for all else.
	Text    string
	Items   []*Node  // of an array
	Members []Member // of an object, in order
}

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Line  int // of the key
	Value *Node
}

// String makes a string.
func String(s string) *Node { return &Node{Kind: KindString, Text: s} }

// Number makes a number of its literal, which is not checked.
func Number(literal string) *Node { return &Node{Kind: KindNumber, Text: literal} }

// Bool makes a true or false.
func Bool(b bool) *Node {
	if b {
		return &Node{Kind: KindBool, Text: "true"}
	}
	return &Node{Kind: KindBool, Text: "false"}
}

// Array makes an array.
func Array(items ...*Node) *Node { return &Node{Kind: KindArray, Items: items} }

// Strings makes an array of strings.
func Strings(items ...string) *Node {
	n := &Node{Kind: KindArray}
	for _, s := range items {
		n.Items = append(n.Items, String(s))
	}
	return n
}

// Object makes an empty object.
func Object() *Node { return &Node{Kind: KindObject} }

// Get gives the value of a key, nil where n is no object or has no such key.
// Of a key that stands twice the last counts.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Key == key {
			return n.Members[i].Value
		}
	}
	return nil
}

// At gives the value at a path of keys, nil where there is none.
func (n *Node) At(keys ...string) *Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

// Str gives the text of a string, and "" of all else.
func (n *Node) Str() string {
	if n == nil || n.Kind != KindString {
		return ""
	}
	return n.Text
}

// Is reports whether n is of kind k; nil is null.
func (n *Node) Is(k Kind) bool {
	if n == nil {
		return k == KindNull
	}
	return n.Kind == k
}

// List gives the items of an array, nil of all else.
func (n *Node) List() []*Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// Set gives a key a value, at its place or, where it is new, at the end. A nil
// value removes the key.
func (n *Node) Set(key string, value *Node) {
	if value == nil {
		n.Remove(key)
		return
	}
	for i := len(n.Members) - 1; i >= 0; i-- {
		if n.Members[i].Key == key {
			n.Members[i].Value = value
			return
		}
	}
	n.Members = append(n.Members, Member{Key: key, Value: value})
}

// SetString sets a key to a string, or removes it where s is empty.
func (n *Node) SetString(key, s string) {
	if s == "" {
		n.Remove(key)
		return
	}
	n.Set(key, String(s))
}

// Remove takes a key away, however often it stands there.
func (n *Node) Remove(key string) {
	kept := n.Members[:0]
	for _, m := range n.Members {
		if m.Key != key {
			kept = append(kept, m)
		}
	}
	clear(n.Members[len(kept):])
	n.Members = kept
}

// Clone gives a copy that shares nothing with n.
func (n *Node) Clone() *Node {
	if n == nil {
		return nil
	}
	c := *n
	if n.Items != nil {
		c.Items = make([]*Node, len(n.Items))
		for i, item := range n.Items {
			c.Items[i] = item.Clone()
		}
	}
	if n.Members != nil {
		c.Members = make([]Member, len(n.Members))
		for i, m := range n.Members {
			c.Members[i] = Member{Key: m.Key, Line: m.Line, Value: m.Value.Clone()}
		}
	}
	return &c
}

// Equal reports whether both have the same values in the same order, wherever
// they stand. Numbers are the same where their digits are.
func (n *Node) Equal(o *Node) bool {
	switch {
	case n == nil || o == nil:
		return n.Is(KindNull) && o.Is(KindNull)
	case n.Kind != o.Kind || n.Text != o.Text || len(n.Items) != len(o.Items) || len(n.Members) != len(o.Members):
		return false
	}
	for i, item := range n.Items {
		if !item.Equal(o.Items[i]) {
			return false
		}
	}
	for i, m := range n.Members {
		if m.Key != o.Members[i].Key || !m.Value.Equal(o.Members[i].Value) {
			return false
		}
	}
	return true
}

// hint goes with every limit.
const hint = "the file is far larger than its kind ever is; check that it is the right one"

func exceeded(format string, args ...any) error {
	return fault.New(fault.Invalid, format, args...).WithHint(hint)
}
