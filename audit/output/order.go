package output

import (
	"cmp"
	"slices"
	"strings"

	"nacre/audit"
)

// told gives the findings that count, the files with the gravest first; those of
// a like shape stay in their order.
func (s *stream) told() []*audit.Finding {
	var told []*audit.Finding
	gravest := map[string]int{}
	for i := range s.findings {
		f := &s.findings[i]
		if f.Allowed != nil || f.Known {
			continue
		}
		told = append(told, f)
		gravest[f.File] = max(gravest[f.File], weight(f))
	}
	if s.config.Options.Like != "" {
		return told
	}
	slices.SortStableFunc(told, func(a, b *audit.Finding) int {
		if a.File == b.File {
			return 0
		}
		return cmp.Or(gravest[b.File]-gravest[a.File], strings.Compare(a.File, b.File))
	})
	return told
}

// weight orders findings by severity, and then by confidence.
func weight(f *audit.Finding) int {
	severity, _ := audit.ParseSeverity(f.Severity) // both were looked at where they came from
	confidence, _ := audit.ParseConfidence(f.Confidence)
	return int(severity)<<8 + int(confidence)
}

// byWeight gives the first finding of each rule, the gravest rules first.
func byWeight(told []*audit.Finding) []*audit.Finding {
	gravest := map[string]*audit.Finding{}
	var first []*audit.Finding
	for _, f := range told {
		switch old := gravest[f.Rule]; {
		case f.Likeness > 0:
		case old == nil:
			gravest[f.Rule] = f
			first = append(first, f)
		case weight(f) > weight(old):
			gravest[f.Rule] = f
		}
	}
	slices.SortStableFunc(first, func(a, b *audit.Finding) int {
		return weight(gravest[b.Rule]) - weight(gravest[a.Rule])
	})
	return first
}
