package sbom

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/inventory"
)

// How sure the ways are in which a component is told.
const (
	byHash     = 1.0 // the digest is that of CHECKSUMS
	byMeta     = 0.9 // META in the archive
	byLock     = 0.9 // a lock file, or an installer's record of the release
	byDatabase = 0.9 // the system's list of packages
	byPacklist = 0.8
	byVersion  = 0.6 // the version that a module's file states
	byFile     = 0.5 // a file's or folder's name
	byGuess    = 0.3
)

// method is how a piece of evidence of the inventory tells a component.
func method(e inventory.Evidence) bom.Method {
	m := bom.Method{Technique: "manifest-analysis", Value: e.How}
	switch {
	case e.How == "cpanfile.snapshot", e.How == ".meta install.json", e.How == "list":
		m.Confidence = byLock
	case e.How == ".packlist", e.How == "perllocal.pod":
		m.Confidence = byPacklist
	case e.How == "Config.pm":
		m.Technique, m.Confidence = "source-code-analysis", byVersion
	case e.How == "by name":
		m.Technique, m.Confidence, m.Value = "source-code-analysis", byVersion, "$VERSION of a module"
	case e.How == "folder", e.How == "release":
		m.Technique, m.Confidence, m.Value = "filename", byFile, e.How+"'s name"
	case strings.HasPrefix(e.How, "dpkg "), strings.HasPrefix(e.How, "apk "), strings.HasPrefix(e.How, "rpm "):
		m.Confidence = byDatabase
	case strings.HasPrefix(e.How, "Module::CoreList"):
		m.Technique, m.Confidence = "other", byPacklist
	default:
		m.Confidence = byMeta
	}
	return m
}

// seen adds the places of evidence to a component.
func (n *node) seen(evidence []inventory.Evidence) {
	for _, e := range evidence {
		o := bom.Occurrence{Location: e.File, Line: e.Line}
		if e.File != "" && !slices.ContainsFunc(n.Evidence.Occurrences, func(x bom.Occurrence) bool { return x.Location == o.Location && x.Line == o.Line }) {
			n.Evidence.Occurrences = append(n.Evidence.Occurrences, o)
		}
	}
}

// told adds what an attribute was told by. The confidence is that of the surest
// way, and never more than most.
func (n *node) told(field, value string, most float64, methods ...bom.Method) {
	if len(methods) == 0 {
		return
	}
	id := bom.Identity{Field: field, Value: value, Methods: methods}
	for i := range methods {
		methods[i].Confidence = min(methods[i].Confidence, most)
		id.Confidence = max(id.Confidence, methods[i].Confidence)
	}
	n.Evidence.Identity = append(n.Evidence.Identity, id)
}

// methods are the ways of all evidence, each once.
func methods(evidence []inventory.Evidence) []bom.Method {
	var out []bom.Method
	for _, e := range evidence {
		if e.How == "--perl" {
			continue // a statement, and no evidence
		}
		if m := method(e); !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// from is where what evidence says comes from, and in which words.
func from(evidence []inventory.Evidence) (bom.From, string) {
	if len(evidence) == 0 {
		return bom.Operator, "stated by who asked"
	}
	e := evidence[0]
	switch {
	case e.How == "cpanfile.snapshot", e.How == ".meta install.json", e.How == ".packlist":
		return bom.Archive, e.String()
	case e.How == "by name", e.How == "Config.pm", e.How == "folder", e.How == "release":
		return bom.Computed, e.String()
	case strings.HasPrefix(e.How, "Module::CoreList"), method(e).Confidence == byDatabase && e.File != "" && strings.Contains(e.How, " "):
		return bom.ThirdParty, e.String()
	case e.How == howIndex:
		return bom.Index, e.How
	case e.How == "list", e.How == "--perl":
		return bom.Operator, e.String()
	}
	return bom.Stated, e.String()
}
