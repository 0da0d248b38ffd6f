package makefile

import (
	"nacre/meta"
	"nacre/perlsrc"
)

// installWords are the words of Module::Install that hold requirements.
var installWords = map[string]meta.Prereq{
	"requires":           {Phase: "runtime", Relation: "requires"},
	"recommends":         {Phase: "runtime", Relation: "recommends"},
	"build_requires":     {Phase: "build", Relation: "requires"},
	"test_requires":      {Phase: "test", Relation: "requires"},
	"configure_requires": {Phase: "configure", Relation: "requires"},
	"author_requires":    {Phase: "develop", Relation: "requires"},
}

// word is a routine of Module::Install.
func (r *reader) word(n perlsrc.NodeID, c perlsrc.Call) {
	line := r.t.Line(n)
	as, ok := installWords[c.Callee]
	switch {
	case ok && len(c.Args) > 0:
		r.made++
		t := r.hashOf(c.Args)
		r.given(t)
		r.requireAll(pair{key: c.Callee, value: value{kind: hash, hash: t}, line: line}, as)
		return
	case c.Callee == "cpanfile" && len(c.Args) == 0:
		r.elsewhere(line, "cpanfile, which takes requirements from that file")
		return
	case len(c.Args) == 0:
		return
	}
	switch c.Callee {
	case "name":
		r.made++
		r.out.Name = r.scalar(c.Args[0]).text
	case "all_from", "perl_version_from":
		r.made++
		if v := r.scalar(c.Args[0]); v.kind == text {
			r.out.From = append(r.out.From, From{v.text, line})
		} else {
			r.unresolved(meta.Construct{Line: line, What: c.Callee + ": " + v.what()})
		}
	case "perl_version":
		r.require(meta.Prereq{Phase: "runtime", Relation: "requires", Line: line}, "perl", r.scalar(c.Args[0]), r.cond)
	case "requires_from", "test_requires_from":
		r.unresolved(meta.Construct{Line: line, What: c.Callee + ", which reads another file"})
	case "feature":
		r.feature(r.scalar(c.Args[0]), c.Args[1:], line)
	case "features":
		for i := 0; i+1 < len(c.Args); i += 2 {
			name, in := r.scalar(c.Args[i]), c.Args[i+1]
			if r.t.Nodes[in].Kind != perlsrc.ArrayNode {
				r.unresolved(meta.Construct{Line: r.t.Line(in), What: "features: what is not literal"})
				continue
			}
			r.feature(name, r.children(in), r.t.Line(in))
		}
	}
}

// feature is feature 'NAME', -default => 0, 'Foo' => '1.0'.
func (r *reader) feature(name value, args []perlsrc.NodeID, line int) {
	if name.kind != text {
		r.unresolved(meta.Construct{Line: line, What: "feature: " + name.what()})
		return
	}
	t := r.hashOf(args)
	t.remove("-default", nil)
	t.remove("-tests", nil)
	r.given(t)
	r.requireAll(pair{key: "feature", value: value{kind: hash, hash: t}, line: line},
		meta.Prereq{Phase: "runtime", Relation: "requires", Feature: name.text})
}
