package bill

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/inventory"
)

// link makes edges of the relations between components, and says of each
// evidence which format it is of.
func (b *reader) link() {
	title := b.Format.String()
	own := b.inv.Components[b.start:]
	for i := range own {
		for j := range own[i].Evidence {
			e := &own[i].Evidence[j]
			e.How = title + " " + e.How
		}
	}
	unnamed := b.nameless[:0]
	for _, n := range b.nameless {
		if !b.project[n.ref] {
			unnamed = append(unnamed, n)
		}
	}
	b.nameless = unnamed
	for _, n := range unnamed {
		if n.ref != "" {
			b.project[n.ref] = true
		}
	}
	needed := map[int]bool{}
	for _, e := range b.Edges {
		// CycloneDX says what a component is needed for, not an edge.
		scoped := b.Format.Name == "SPDX" || e.Relation != bom.DependsOn
		b.edge(relation{from: e.From, to: e.To, scope: scopes[e.Relation], scoped: scoped, line: e.Line}, title, needed)
	}
	held := map[int]bool{} // by what only contains them
	for c := range b.All() {
		in, ok := b.holder[c.Ref]
		if to, known := b.refs[c.Ref]; ok && known && !needed[to] {
			b.edge(relation{from: in, to: c.Ref, line: c.Line}, title, held)
		}
	}
	for i := range own {
		if at := b.start + i; !needed[at] && !held[at] {
			own[i].Direct = true // nothing in the bill asks for it
		}
	}
}

// scopes are what the relations of a bill are needed for.
var scopes = [...]inventory.Scope{
	bom.DependsOn: inventory.Runtime,
	bom.Optional:  inventory.Optional,
	bom.Configure: inventory.Configure,
	bom.BuildTime: inventory.Build,
	bom.Test:      inventory.Test,
	bom.Develop:   inventory.Develop,
	bom.Provided:  inventory.Runtime,
}

// relation says that one thing needs another, by the references of the bill.
type relation struct {
	from, to string
	scope    inventory.Scope
	scoped   bool // scope says something; else it is that of the component
	line     int
}

// edge adds what a relation says, where both ends matter here.
func (b *reader) edge(r relation, title string, met map[int]bool) {
	to, ok := b.refs[r.to]
	if !ok || b.project[r.to] {
		return
	}
	from := -1
	if !b.project[r.from] {
		if from, ok = b.refs[r.from]; !ok || from == to {
			return
		}
	}
	e := inventory.Edge{From: from, To: to, Scope: b.inv.Components[to].Scope}
	if r.scoped {
		e.Scope = r.scope
	}
	a := arc{e.From, e.To, e.Scope}
	if b.seen[a] {
		return
	}
	b.seen[a] = true
	if r.scoped && !met[to] {
		b.inv.Components[to].Scope = r.scope
	} else if r.scoped {
		b.inv.Components[to].Scope = min(b.inv.Components[to].Scope, r.scope)
	}
	met[to] = true
	if from < 0 {
		b.inv.Components[to].Direct = true
	}
	e.Evidence = inventory.Evidence{File: b.file, Line: r.line, How: title}
	b.inv.Edges = append(b.inv.Edges, e)
}

func (b *reader) notice(partial bool, line int, format string, args ...any) {
	b.inv.Notices = append(b.inv.Notices, inventory.Notice{
		Partial: partial, Text: fmt.Sprintf(format, args...), At: inventory.Evidence{File: b.file, Line: line, How: b.file},
	})
}

// notices tells what was counted.
func (b *reader) notices() {
	if b.unread > maxNotices {
		b.notice(true, 0, "%d more package URLs cannot be read", b.unread-maxNotices)
	}
	if b.incomplete > 0 {
		b.notice(true, b.at["incomplete"], "the bill says of itself, %s, that it is not complete", times(b.incomplete))
	}
	if b.inside > 0 {
		b.notice(false, b.at["inside"], "the bill says that it does not know all that is inside of %s: what they embed is not judged",
			count(b.inside, "component", "components"))
	}
	if b.packages > 0 {
		b.notice(true, b.at["packages"], "%s known by name only: which distributions they carry is a guess",
			count(b.packages, "package of the operating system is", "packages of the operating system are"))
	}
	total := 0
	var list []string
	for _, ecosystem := range slices.Sorted(maps.Keys(b.others)) {
		n := b.others[ecosystem]
		if total += n; len(list) < maxNotices {
			list = append(list, fmt.Sprintf("%s %d", ecosystem, n))
		}
	}
	if total > 0 {
		b.notice(false, 0, "%s not judged: %s", count(total, "component of other ecosystems is", "components of other ecosystems are"), strings.Join(list, ", "))
	}
	if n := len(b.nameless); n > 0 {
		library := slices.ContainsFunc(b.nameless, func(n nameless) bool { return n.library })
		b.notice(library, b.nameless[0].line, "%s not judged", count(n, "component without a package URL is", "components without a package URL are"))
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
