package decode

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/perlsrc"
)

// opening are the options of XML::LibXML that let a document fetch what it
// names, with the value that does so and what it means.
var opening = map[string]struct {
	bad      truth
	severity audit.Severity
	what     string
}{
	"expand_entities": {yes, audit.High, "external entities are read, so a document may bring in any file that the program can read"},
	"load_ext_dtd":    {yes, audit.Medium, "external DTDs are fetched, so a document may make the program read files and addresses"},
	"expand_xinclude": {yes, audit.High, "XInclude is followed, so a document may bring in any file that the program can read"},
	"no_network":      {no, audit.Medium, "the network is open to the parser, so a document may make it fetch any address"},
	"huge":            {yes, audit.Medium, "the parser's limits are off, so a small document may grow until the memory is full"},
}

// entities is DES04: XML whose document may name other files to read.
func entities(p *audit.Pass) {
	src := string(p.File.Src)
	if strings.Contains(src, "XML::LibXML") {
		libxml(p)
	}
	if strings.Contains(src, "XML::Twig") {
		twigs(p)
	}
	if strings.Contains(src, "XML::Parser") || strings.Contains(src, "XML::SAX") {
		expat(p)
	}
}

// libxml looks at the options and methods that open XML::LibXML.
func libxml(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	some := false
	for name := range opening {
		some = some || strings.Contains(string(f.Src), name)
	}
	if !some {
		return
	}
	// A handler of one's own decides what an entity brings.
	handled := strings.Contains(string(f.Src), "ext_ent_handler") || strings.Contains(string(f.Src), "externalEntityLoader") ||
		strings.Contains(string(f.Src), "match_callback") || strings.Contains(string(f.Src), "input_callbacks") || strings.Contains(string(f.Src), "InputCallback")
	report := func(n perlsrc.NodeID, key string, value perlsrc.NodeID) {
		o := opening[key]
		is := yes
		if value != 0 {
			is = truthOf(t, value)
		}
		found := audit.Found{Node: n, Confidence: audit.Likely, Severity: o.severity, Message: key + ": " + o.what}
		switch {
		case is == unsure:
			if input.Worst(f, value, 0).Who == input.Constant {
				return
			}
			found.Confidence, found.Severity = audit.Possible, audit.Low
			found.Message = "a caller or a setting chooses " + key + "; where it is on, " + o.what
		case is != o.bad:
			return
		}
		if found.Confidence == audit.Likely && (handled && key != "huge" || ownDocuments(f, n)) {
			found.Confidence, found.Severity = audit.Possible, audit.Low
		}
		p.Report(found)
	}
	for pair := range pairs(f) {
		if _, ok := opening[pair.key]; ok && usesLibxml(f, pair.value) {
			report(pair.value, pair.key, pair.value)
		}
	}
	for n := range f.Calls("expand_entities", "load_ext_dtd", "expand_xinclude", "no_network", "huge") {
		call := t.Call(n)
		if !call.Method || len(call.Args) == 0 {
			continue
		}
		report(n, call.Callee, call.Args[0])
	}
}

// usesLibxml keeps options of other things apart that have the same names: the
// call around a pair is one of XML::LibXML's, or none.
func usesLibxml(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	for p := t.Nodes[n].Parent; p != 0; p = t.Nodes[p].Parent {
		switch t.Nodes[p].Kind {
		case perlsrc.CallNode:
			call := t.Call(p)
			switch {
			case call.Class != "":
				return strings.HasPrefix(call.Class, "XML::") || call.Class == "__PACKAGE__" || call.Callee == "new"
			case call.Callee == "bless" || call.Callee == "return":
				continue
			}
			return call.Method
		case perlsrc.StatementNode, perlsrc.AssignNode:
			return true
		}
	}
	return true
}

// ownDocuments reports whether the sub around a node parses files only whose
// path stands in the source.
func ownDocuments(f *audit.File, n perlsrc.NodeID) bool {
	t, some := f.Tree, false
	sub := t.EnclosingSub(n)
	for c := range f.Calls("parse_file", "parse_string", "parse_fh", "load_xml", "load_html", "parse", "parsefile", "parseurl", "safe_parse", "safe_parsefile") {
		call := t.Call(c)
		if sub != 0 && t.EnclosingSub(c) != sub || len(call.Args) == 0 {
			continue
		}
		data := call.Args[len(call.Args)-1]
		if v, _ := option(f, c, "location", "string", "IO"); v != 0 {
			data = v
		}
		if input.Worst(f, data, 0).Who != input.Constant {
			return false
		}
		some = true
	}
	return some
}

// twigs looks at XML::Twig, which reads external entities unless no_xxe is set.
func twigs(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	if strings.Contains(string(f.Src), "no_xxe") || strings.Contains(string(f.Src), "NoXxe") {
		return
	}
	by := parsed(f)
	for n := range f.Calls("new", "nparse", "nparse_e", "nparse_ppe", "nparse_pp") {
		call := t.Call(n)
		if call.Class != "XML::Twig" && call.Class != "XML::Twig::XPath" || call.Dynamic {
			continue
		}
		if !opaque(t, n) && opensTwig(p, n) {
			continue
		}
		reportParse(p, by, n, "XML::Twig without no_xxe reads the files that a document names as external entities, and it parses ", call.Callee != "new")
	}
	for n := range f.Calls("parseurl", "safe_parseurl", "xparse") {
		if call := t.Call(n); call.Method && call.Callee != "xparse" {
			p.Report(audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.High, Message: "XML::Twig without no_xxe parses a document of another machine, which may name files of this one to be read"})
		}
	}
}

// opensTwig reports an expand_external_ents that is set; 0 does not switch it off.
func opensTwig(p *audit.Pass, n perlsrc.NodeID) bool {
	t := p.File.Tree
	v, key := option(p.File, n, "expand_external_ents", "ExpandExternalEnts", "load_DTD", "LoadDTD")
	if v == 0 || truthOf(t, v) != yes {
		return false
	}
	p.Report(audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.High, Message: "XML::Twig's " + key + " reads the files that a document names as external entities"})
	return true
}

// expat looks at XML::Parser, whose own handler reads external entities.
func expat(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	src := string(f.Src)
	for pair := range pairs(f) {
		if strings.HasSuffix(pair.key, "features/external-general-entities") || strings.HasSuffix(pair.key, "features/external-parameter-entities") {
			if truthOf(t, pair.value) == yes {
				p.Report(audit.Found{Node: pair.value, Confidence: audit.Likely, Severity: audit.High, Message: "the feature for external entities is on, so a document may bring in any file that the program can read"})
			}
		}
	}
	if strings.Contains(src, "ExternEnt") || strings.Contains(src, "NoExpand") {
		return
	}
	by := parsed(f)
	for n := range f.Calls("new") {
		call := t.Call(n)
		if call.Class != "XML::Parser" || call.Dynamic {
			continue
		}
		if v, _ := option(f, n, "NoExpand"); v != 0 {
			continue
		}
		reportParse(p, by, n, "XML::Parser reads the files that a document names as external entities unless a handler ExternEnt forbids it, and it parses ", false)
	}
}

// documents are what things are called that hold what others wrote.
var documents = []string{"zip", "member", "archive", "contents", "content", "attachment", "part", "upload", "feed", "rss", "document", "svg"}

// reportParse reports a parser that is open as it comes, by what it parses:
// likely for documents from far away or of any caller, possible where this
// file does not parse, nothing for one's own.
func reportParse(p *audit.Pass, by *documentsOf, made perlsrc.NodeID, what string, atOnce bool) {
	f, t := p.File, p.File.Tree
	best := origin{}
	some := false
	ask := func(n perlsrc.NodeID) {
		some = true
		o := written(f, n)
		if (o.who == input.Unknown || o.who == input.Held) && firstOf(documents, append(namesIn(t, n), o.names...)...) != "" {
			o.who = input.File
		}
		if (o.who == input.File || o.who == input.Caller) && o.confidence == audit.Possible && firstOf(nearWords, namesIn(t, n)...) == "" {
			o.confidence = audit.Likely // a document is what others write
		}
		if o.confidence > best.confidence {
			best = o
		}
	}
	if atOnce {
		if call := t.Call(made); len(call.Args) > 0 {
			ask(call.Args[len(call.Args)-1])
		}
	} else {
		for _, data := range slices.Concat(by.made[made], by.unknown) {
			ask(data)
		}
	}
	switch {
	case best.confidence != 0:
		p.Report(audit.Found{Node: made, Confidence: best.confidence, Severity: max(best.severity, audit.Medium), Steps: best.steps, Message: what + best.what})
	case !some:
		p.Report(audit.Found{Node: made, Confidence: audit.Possible, Severity: audit.Low, Message: what + "what other files give it"})
	}
}

// documentsOf are what a file's parsers parse: by the constructor's call that made
// the parser, or, where flow does not know it, of all.
type documentsOf struct {
	made    map[perlsrc.NodeID][]perlsrc.NodeID
	unknown []perlsrc.NodeID
}

// maxUnknown bounds the documents of parsers that nobody knows.
const maxUnknown = 20

func parsed(f *audit.File) *documentsOf {
	d := &documentsOf{made: map[perlsrc.NodeID][]perlsrc.NodeID{}}
	for c := range f.Calls("parse", "parsefile", "parse_string", "parse_file", "safe_parse", "safe_parsefile", "parsestring", "parse_more", "parse_start") {
		call := f.Tree.Call(c)
		if !call.Method || len(call.Args) == 0 {
			continue
		}
		data, known := call.Args[0], f.Tree.Nodes[call.Invocant].Kind == perlsrc.CallNode
		if known {
			d.made[call.Invocant] = append(d.made[call.Invocant], data)
		}
		origins, _ := f.Flow().Origins(call.Invocant)
		for _, o := range origins {
			if o.Class != "" {
				d.made[o.Node] = append(d.made[o.Node], data)
				known = known || o.Class != f.Tree.EnclosingPackage(call.Invocant)
			}
		}
		if !known && len(d.unknown) < maxUnknown {
			d.unknown = append(d.unknown, data)
		}
	}
	return d
}
