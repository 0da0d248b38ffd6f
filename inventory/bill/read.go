package bill

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/inventory"
	"nacre/purl"
)

// reader gathers what a bill says.
type reader struct {
	*bom.Bill
	file  string
	inv   *inventory.Inventory
	start int // the first component that is this bill's

	kept    map[key]int    // components of inv, by what they are
	refs    map[string]int // and by the references of the bill
	project map[string]bool
	holder  map[string]string // the ref of what a part is in, by the part's
	seen    map[arc]bool

	others     map[string]int // by ecosystem
	nameless   []nameless     // without a package URL
	packages   int            // of operating systems
	incomplete int            // what the bill says it does not know whole
	inside     int            // components whose parts it says it does not know whole
	unread     int            // package URLs that may be of CPAN
	at         map[string]int // lines of the first of these
}

// nameless is what has no package URL: a part of the project, as like as not.
type nameless struct {
	ref     string
	line    int
	library bool // the bill says so: it may be one of Perl
}

// arc is what makes two edges the same.
type arc struct {
	from, to int
	scope    inventory.Scope
}

// Read adds what a bill lists to inv. The file's name is for evidence.
func Read(ctx context.Context, b *bom.Bill, file string, inv *inventory.Inventory) error {
	r := &reader{
		Bill: b, file: file, inv: inv, start: len(inv.Components),
		kept: map[key]int{}, refs: map[string]int{}, project: map[string]bool{}, holder: map[string]string{}, seen: map[arc]bool{},
		others: map[string]int{}, at: map[string]int{},
	}
	if root := b.Root; root != nil {
		r.project[root.Ref] = true
		if inv.Name == "" {
			inv.Name = root.Name
		}
		if isAny(root, isCPAN) {
			r.add(root)
		}
		if err := r.parts(ctx, root.Parts, root); err != nil {
			return err
		}
	}
	if err := r.parts(ctx, b.Components, nil); err != nil {
		return err
	}
	r.completeness()
	inv.Bill = &inventory.Bill{Format: b.Format.String(), Serial: b.Serial, Revision: b.Revision}
	r.link()
	r.notices()
	return nil
}

// completeness counts what the bill says it does not know. That it does not know
// the parts of components is no more than any other source of components leaves
// open; what perl needs is judged with perl.
func (b *reader) completeness() {
	perls := map[string]bool{}
	for c := range b.All() {
		if p, err := purl.Parse(c.PURL); err == nil && p.Name() == "perl" && (p.IsCPAN() || p.Type() == "generic") {
			perls[c.Ref] = true
		}
	}
	for _, c := range b.Compositions {
		about := slices.DeleteFunc(slices.Clone(c.Dependencies), func(ref string) bool { return perls[ref] })
		switch {
		case c.Aggregate == "complete", c.Aggregate == "not_specified", c.Aggregate == "":
		case len(about) > 0, len(c.Dependencies) == 0 && len(c.Assemblies) == 0:
			b.incomplete++
			b.first("incomplete", c.Line)
		case len(c.Assemblies) > 0:
			b.inside += len(c.Assemblies)
			b.first("inside", c.Line)
		}
	}
}

// parts takes components, and what they hold.
func (b *reader) parts(ctx context.Context, all []*bom.Component, in *bom.Component) error {
	for _, c := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if in != nil {
			b.holder[c.Ref] = in.Ref
		}
		b.add(c)
		if err := b.parts(ctx, c.Parts, c); err != nil {
			return err
		}
	}
	return nil
}

// purls are the package URLs of a component, its own first.
func purls(c *bom.Component) []string {
	var all []string
	if c.PURL != "" {
		all = append(all, c.PURL)
	}
	for _, id := range c.IDs {
		if id.Type == "purl" {
			all = append(all, id.Value)
		}
	}
	return all
}

func isAny(c *bom.Component, is func(string) bool) bool {
	for _, s := range purls(c) {
		if is(s) {
			return true
		}
	}
	return false
}

// get gives the value of the first of some properties, "" for none.
func get(c *bom.Component, names ...string) string {
	for _, name := range names {
		if v := c.Property(name); v != "" {
			return v
		}
	}
	return ""
}

// where is the place of a component in its document, as a person would say it:
// "components[3].components[0]" of the pointer /components/3/components/0.
func where(c *bom.Component) string {
	var s strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(c.Pointer, "/"), "/") {
		switch {
		case part != "" && strings.Trim(part, "0123456789") == "":
			fmt.Fprintf(&s, "[%s]", part)
		case s.Len() > 0:
			s.WriteString("." + part)
		default:
			s.WriteString(part)
		}
	}
	return s.String()
}

// scopeOf is what the project needs a component for.
func scopeOf(c *bom.Component) inventory.Scope {
	switch c.Scope {
	case bom.OptionalUse:
		return inventory.Optional
	case bom.Excluded:
		return inventory.Develop
	}
	return inventory.Runtime
}

// maxNotices bounds how many notices of one kind there are.
const maxNotices = 20

// first remembers the first line of something that is counted.
func (b *reader) first(what string, line int) {
	if b.at[what] == 0 {
		b.at[what] = line
	}
}
