package like

import (
	"fmt"

	"nacre/audit"
)

// ID is what findings of a like shape are called in an audit's stream.
const ID = "LIKE01"

// Rule looks for a shape as an audit's rule does. what names where it was taken
// from, as in lib/Foo.pm:12.
func Rule(s *Shape, what string, least float64) *audit.Rule {
	return &audit.Rule{
		Doc: audit.Doc{
			ID: ID, Title: "code of the same shape", CWE: []string{},
			What: "Code that is alike in what it does, whatever its variables are called, to " + what + ".",
			Why:  "Forks and siblings of code share its flaws.",
			Fix:  "Look at each place: what was wrong there may be wrong here, or may have been mended here.",
		},
		Perl: func(p *audit.Pass) {
			for _, m := range s.Find(p.File, least) {
				c := audit.Likely
				if m.Likeness >= 1 {
					c = audit.Certain
				}
				p.Report(audit.Found{
					Likeness: max(1, int(100*m.Likeness)), Node: m.Node, Confidence: c, Severity: audit.Medium,
					Message: fmt.Sprintf("the code is like that of %s by %d %%", what, int(100*m.Likeness)),
				})
			}
		},
	}
}
