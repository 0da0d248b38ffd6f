// Package license reads and writes licences as SPDX expressions, and knows what
// the licence names of CPAN's META files mean in those.
//
//	e, err := license.Parse("artistic-1.0-perl or gpl-1.0+")
//	e.String()          == "Artistic-1.0-Perl OR GPL-1.0+"
//	e.IDs()             == []string{"Artistic-1.0-Perl", "GPL-1.0"}
//	e.Current().String() == "Artistic-1.0-Perl OR GPL-1.0-or-later"
//
//	license.FromMeta("perl_5").Expression.String() == "Artistic-1.0-Perl OR GPL-1.0-or-later"
//
// The grammar is that of SPDX 2.3 and 3.0.1: ids of the list, also with "+",
// LicenseRef- and DocumentRef-...:LicenseRef-, WITH an exception or an
// AdditionRef-, AND before OR, parentheses. Operators are all upper case or all
// lower case; ids and exceptions count without regard to case, references with
// it. NONE ("there is no licence") and NOASSERTION ("nobody says") are values
// of their own, and stand alone.
//
// Promised: String gives one spelling for one meaning as far as spelling goes
// (the list's own case of ids, operators in upper case, parentheses only where
// they are needed), in the order that was read, and Parse reads it back. An id
// that is not on the list is no error, because lists grow: Unknown names it.
// A deprecated id stays what it is: Deprecated names it, and Current puts its
// successor in its place.
//
// Not promised: that two expressions of one meaning in law are Equal, or that
// anything of a text that Recognise names was not changed. Nothing here is
// advice on law.
//
// Sources: SPDX 2.3 annex D and SPDX 3.0.1 annex "SPDX license expressions";
// the ids of the npm packages spdx-license-ids and spdx-exceptions
// (internal/maketable); CPAN::Meta::Spec 2, "license".
package license

import (
	"strings"
)

// Expression is a licence expression. The zero Expression says nothing, which
// is neither NONE nor NOASSERTION.
type Expression struct {
	root *node // nil for the zero Expression
}

// node is one part of an expression.
type node struct {
	op    operator
	parts []*node // of and, or: two at least, none of them with the same op
	// Of a leaf: the id in the list's spelling, a reference, NONE or NOASSERTION.
	id     string
	plus   bool
	listed bool   // id is on the list
	with   string // the exception or addition, "" for none
	known  bool   // with is on the list, or a reference
}

type operator uint8

const (
	leaf operator = iota
	and
	or
)

const (
	none        = "NONE"
	noAssertion = "NOASSERTION"
)

// None is NONE: there is no licence.
func None() Expression { return Expression{&node{id: none}} }

// NoAssertion is NOASSERTION: nothing is said about the licence.
func NoAssertion() Expression { return Expression{&node{id: noAssertion}} }

// Ref is the reference to a licence that is not on the list. What an idstring
// cannot hold becomes a hyphen: Ref("my own") is LicenseRef-my-own.
func Ref(name string) Expression {
	clean := []byte(name)
	for i, c := range clean {
		if !inID(c) {
			clean[i] = '-'
		}
	}
	return Expression{&node{id: licenseRef + string(clean)}}
}

// IsZero reports whether the expression says nothing.
func (e Expression) IsZero() bool { return e.root == nil }

// IsNone reports whether the expression is NONE.
func (e Expression) IsNone() bool { return e.root != nil && e.root.id == none }

// IsNoAssertion reports whether the expression is NOASSERTION.
func (e Expression) IsNoAssertion() bool { return e.root != nil && e.root.id == noAssertion }

// ID gives the id of an expression that is nothing but one id of the list: what
// CycloneDX wants as the id of a licence.
func (e Expression) ID() (id string, ok bool) {
	if e.root == nil || !e.root.listed || e.root.plus || e.root.with != "" {
		return "", false
	}
	return e.root.id, true
}

// String gives the canonical spelling; "" for the zero Expression.
func (e Expression) String() string {
	if e.root == nil {
		return ""
	}
	var b strings.Builder
	e.root.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	if n.op == leaf {
		b.WriteString(n.id)
		if n.plus {
			b.WriteByte('+')
		}
		if n.with != "" {
			b.WriteString(" WITH " + n.with)
		}
		return
	}
	word := " AND "
	if n.op == or {
		word = " OR "
	}
	for i, part := range n.parts {
		if i > 0 {
			b.WriteString(word)
		}
		if n.op == and && part.op == or {
			b.WriteByte('(')
			part.write(b)
			b.WriteByte(')')
		} else {
			part.write(b)
		}
	}
}

// Equal reports whether two expressions have the same canonical spelling.
func (e Expression) Equal(other Expression) bool { return e.String() == other.String() }

// And joins expressions: all of them hold. What says nothing is left out; NONE
// and NOASSERTION cannot be joined, and make the whole NOASSERTION.
func And(list ...Expression) Expression { return join(and, list) }

// Or joins expressions: one of them is to be chosen. The rules are And's.
func Or(list ...Expression) Expression { return join(or, list) }

func join(op operator, list []Expression) Expression {
	var parts []*node
	for _, e := range list {
		switch {
		case e.root == nil:
		case e.IsNone(), e.IsNoAssertion():
			if len(list) > 1 {
				return NoAssertion()
			}
			return e
		case e.root.op == op:
			parts = append(parts, e.root.parts...)
		default:
			parts = append(parts, e.root)
		}
	}
	switch len(parts) {
	case 0:
		return Expression{}
	case 1:
		return Expression{parts[0]}
	}
	return Expression{&node{op: op, parts: parts}}
}
