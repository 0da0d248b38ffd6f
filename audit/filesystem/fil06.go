package filesystem

import (
	"slices"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// stays are the checks behind which a name stays in its folder.
const stays = input.Number | input.Allowed | input.Rejected | input.Plain | input.Base | input.Dots | input.URI

// climbs is FIL06.
func climbs(p *audit.Pass) {
	for _, x := range touches(p.File) {
		if p.File.Late() {
			return
		}
		climbing(p, x)
	}
	wayOut(p)
}

// ownCheckout is a folder of a distribution, from which its author's tools begin.
var ownCheckout = lazyregexp.New(`\A(?:\./)?(?:lib|blib|t|xt|inc)/`)

// climbing reports a path that others have a part in.
func climbing(p *audit.Pass, x touched) {
	var names []perlsrc.NodeID
	for i, part := range x.path {
		if part.node != 0 && (i > 0 || len(x.path) == 1) && !isOwn(p.File, part.node) {
			names = append(names, part.node)
		}
	}
	if len(names) == 0 || x.path[0].node == 0 && ownCheckout.MatchString(x.path[0].text) {
		return
	}
	c := by(p.File, x.at, stays, names...)
	if c.Who <= input.Operator && c.Who != input.Held && c.Who != input.Unknown || c.listed || isMember(p.File, c.Source) || lookedAt(p.File, stays, x.arg) {
		return
	}
	found := audit.Found{Node: x.at, Severity: audit.Medium, Steps: append(c.Steps, p.StepsAt(x.at)...)}
	risky := x.writes || x.how == "loaded as code"
	switch {
	case c.Who == input.Remote:
		found.Confidence, found.Severity = audit.Likely, audit.High
		if risky {
			found.Severity = audit.Critical
		}
		if len(c.Steps) > nearSteps {
			found.Severity = audit.Medium
			if len(x.path) == 1 {
				found.Confidence = audit.Possible
			}
		}
	case c.Who == input.File:
		found.Confidence = audit.Possible
	case len(x.path) == 1 || p.File.Role != audit.Library:
		return
	case x.writes && isDecoded(p.File, x.at, names):
		found.Confidence, c.What = audit.Likely, "a field of a message that is decoded"
	case c.Who != input.Unknown && handedOn(p.File, c, names), c.Who == input.Caller && inPromised(p.File, c, x.path):
		found.Confidence = audit.Likely
	case c.Who == input.Caller && risky:
		found.Confidence, found.Severity = audit.Possible, audit.Low
	default:
		return
	}
	if isResolved(p.File, x.arg) || found.Confidence > audit.Possible && heldElsewhere(p, names) {
		found.Confidence = audit.Possible
	}
	found.Message = "the path that is " + x.how + " may climb out of its folder: a part of it is " + c.What
	p.Report(found)
}

// decoders give the fields of a message.
var decoders = []string{
	"decode_json", "from_json", "bdecode", "thaw", "decode_cbor", "decode", "unpack", "parse_json", "bdecode_file", "decode_sereal", "sereal_decode",
	"XMLin", "Load", "jsonToObj", "deserialize", "yaml_load",
}

// isDecoded reports whether a value is a field of a message that callers give to
// be decoded, whose names others have written.
func isDecoded(f *audit.File, at perlsrc.NodeID, names []perlsrc.NodeID) bool {
	t := f.Tree
	for _, n := range names {
		origins, _ := f.Flow().Origins(n)
		for _, o := range origins {
			if o.Kind != flow.Result || !slices.Contains(decoders, audit.Unqualified(o.Name)) || t.Nodes[o.Node].Kind != perlsrc.CallNode {
				continue
			}
			if by(f, at, 0, t.Call(o.Node).Args...).Who >= input.Caller {
				return true
			}
		}
	}
	return false
}

// isResolved reports whether a path went through what takes .. out of it, so that
// it can be compared with its folder.
func isResolved(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	if t.Nodes[n].Kind == perlsrc.TermNode {
		if from := assignedOnce(f, n); from != 0 {
			n = from
		}
	}
	if t.Nodes[n].Kind != perlsrc.CallNode {
		return false
	}
	switch audit.Unqualified(t.Callee(n)) {
	case "realpath", "abs_path", "fast_abs_path", "fast_realpath", "resolve":
		return true
	}
	return false
}

// handedOn reports whether a value that a caller gives is one that applications
// take from their users and hand on as it is: a language, the id of a session.
func handedOn(f *audit.File, c chosen, names []perlsrc.NodeID) bool {
	said := []string{}
	if c.From.Kind == flow.Param || c.From.Kind == flow.Field {
		said = append(said, c.From.Name, c.From.Key)
	}
	for _, n := range names {
		said = append(said, string(f.Tree.Text(n)))
	}
	for _, name := range said {
		words := purpose.Words(name)
		if len(words) == 0 {
			continue
		}
		if purpose.Of(name) == purpose.Session {
			return true
		}
		if slices.Contains([]string{"lang", "language", "locale", "sid", "upload"}, words[len(words)-1]) {
			return true
		}
	}
	return false
}
