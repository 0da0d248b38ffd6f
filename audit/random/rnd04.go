package random

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
)

// weakModules finds secrets that a module made which is not for secrets.
func weakModules(p *audit.Pass) {
	v := look(p)
	found := false
	told := map[string]bool{}
	for _, s := range v.weakCalls() {
		weak, known := v.admitted(s.from)
		good := s.from.below != ""
		if s.from.below != "" && v.named(s.node, "Provider") == "rand" {
			weak, known = true, true
			s.from = &generator{module: s.from.module}
		}
		if !weak || !good && v.mixedIn(s.node) {
			continue
		}
		uses := v.follow(s)
		best, ok := worst(uses)
		if at := slices.IndexFunc(uses, func(u use) bool { return u.plain && v.fallback(u) }); !ok && !good && at >= 0 {
			best, ok = uses[at], true
			best.goal = goal{what: "what stands in for good random bytes", sure: audit.Likely, severity: audit.High}
		}
		if !ok || !best.built && s.from.module == "List::Util" {
			continue
		}
		at := fmt.Sprint(v.t.EnclosingSub(s.node), best.end)
		if told[at] {
			continue
		}
		told[at] = true
		found = true
		v.doubt(&best)
		f := audit.Found{Node: s.node, Confidence: best.sure, Severity: best.severity, Steps: v.steps(best)}
		f.Message = fmt.Sprintf("%s is made by %s, which is not for secrets: what it gives can be guessed", best.what, s.name)
		if s.from.below != "" {
			f.Message = fmt.Sprintf("%s is made by %s, which falls back to rand before version %s", best.what, s.name, s.from.below)
			f.Confidence = min(best.sure, audit.Likely)
			if !known {
				f.Confidence = audit.Possible
			}
		}
		p.Report(f)
	}
	if found || p.File.Role == audit.Build {
		return
	}
	for _, l := range v.f.Facts().Loads {
		for i := range generators {
			if g := &generators[i]; g.module == l.Module && !g.plain && g.below == "" && !strings.HasPrefix(g.module, "Crypt::") {
				p.Report(audit.Found{
					Line: l.Line, Confidence: audit.Possible, Severity: audit.Low,
					Message: fmt.Sprintf("%s is not for secrets; nothing here says that it makes one", l.Module),
				})
			}
		}
	}
}
