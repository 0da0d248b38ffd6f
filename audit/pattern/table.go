package pattern

import (
	"fmt"

	"nacre/audit"
	"nacre/perlsrc"
)

// tables are what was found in a file, in its order; those of one table are one
// finding.
type tables struct {
	all []*told
	at  map[tableKey]*told
}

// told is a finding, with the others of its table.
type told struct {
	audit.Found
	others []perlsrc.NodeID
}

// tableKey is the same for patterns that stand in one statement, as those of a
// table of checks do, and let the same through.
type tableKey struct {
	statement perlsrc.NodeID
	passes    looseness
	sure      bool
}

// add puts a finding into its table.
func (p *tables) add(f *audit.File, found audit.Found, passes looseness) {
	g := tableKey{tableOf(f.Tree, found.Node), passes, found.Confidence > audit.Possible}
	if first := p.at[g]; first != nil && g.statement != 0 {
		first.others = append(first.others, found.Node)
		if found.Fix != nil && first.Fix != nil {
			first.Fix.Edits = append(first.Fix.Edits, found.Fix.Edits...)
		}
		first.Confidence, first.Severity = max(first.Confidence, found.Confidence), max(first.Severity, found.Severity)
		return
	}
	if p.at == nil {
		p.at = map[tableKey]*told{}
	}
	one := &told{Found: found}
	p.all, p.at[g] = append(p.all, one), one
}

// report tells all.
func (p *tables) report(pass *audit.Pass) {
	for _, one := range p.all {
		switch n := len(one.others); {
		case n == 1:
			one.Message += "; another pattern of this statement does the same"
		case n > 1:
			one.Message += fmt.Sprintf("; %d other patterns of this statement do the same", n)
		}
		if len(one.others) > 0 {
			one.Steps = pass.StepsAt(one.others...)
		}
		pass.Report(one.Found)
	}
}

// tableOf gives the statement that a pattern stands in: of one in a sub without a
// name, as those of a table of checks are, the statement around that.
func tableOf(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.NodeID {
	for {
		statement := t.EnclosingStatement(n)
		sub := t.EnclosingSub(statement)
		if statement == 0 || sub == 0 || t.Sub(sub).Name != "" || !short(t, sub) {
			return statement
		}
		n = sub
	}
}

// maxChecks is how many statements a sub of a table may have.
const maxChecks = 2

// short reports whether a sub has few statements.
func short(t *perlsrc.Tree, sub perlsrc.NodeID) bool {
	n := 0
	for range t.Children(t.Sub(sub).Block) {
		n++
	}
	return n <= maxChecks
}
