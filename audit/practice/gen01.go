package practice

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlver"
)

// bringStrict are modules that turn strict on for who uses them.
var bringStrict = map[string]bool{
	"strict": true, "strictures": true, "Moo": true, "Moo::Role": true, "Mouse": true, "Mouse::Role": true,
	"Mojo::Base": true, "Mojolicious::Lite": true, "Modern::Perl": true, "common::sense": true, "Dancer": true, "Dancer2": true,
	"Role::Tiny": true, "Test2::V0": true, "Moops": true, "perl5i::2": true, "perl5i::latest": true,
	"Object::Pad": true, "Kavorka": true, "Mo": true, "Web::Simple": true, "MooX": true,
}

// habits is GEN01, about a file.
func habits(p *audit.Pass) {
	if p.File.Role != audit.Library || path.Ext(p.File.Path) != ".pm" {
		return
	}
	t := p.File.Tree
	first, strict, code := perlsrc.NodeID(0), false, false
	for n := range p.File.All(perlsrc.StatementNode, perlsrc.AccessNode) {
		node := t.Nodes[n]
		switch {
		case node.Kind == perlsrc.AccessNode:
			handlesDie(p, n)
		case node.Form == perlsrc.Package && first == 0:
			first = n
		case node.Form == perlsrc.Include:
			strict = strict || turnsStrict(t.Include(n))
		case node.Form != perlsrc.Null && node.Form != perlsrc.Package:
			_, literal := t.Literal(node.Child)
			code = code || !literal
		}
	}
	if first != 0 && code && !strict {
		note(p, audit.Found{Node: first, Message: "a module without strict: a misspelt name is a new variable"})
	}
}

func note(p *audit.Pass, f audit.Found) {
	f.Confidence, f.Severity = audit.Possible, audit.Low
	p.Report(f)
}

// turnsStrict reports whether a use turns strict on.
func turnsStrict(in perlsrc.Included) bool {
	if in.Word != "use" {
		return false
	}
	if in.Module != "" {
		// What is built upon Moose passes its strict on: Acme::Moose::Role.
		return bringStrict[in.Module] || strings.Contains(in.Module, "Moose")
	}
	v, err := perlver.Parse(in.Version)
	least, _ := perlver.Parse("v5.11.0")
	return err == nil && v.Compare(least) >= 0
}

// handlesDie reports an access to $SIG{__DIE__} that sets it for everybody.
func handlesDie(p *audit.Pass, n perlsrc.NodeID) {
	t := p.File.Tree
	up := t.Nodes[n].Parent
	if t.Nodes[up].Kind != perlsrc.AssignNode || t.Nodes[n].Next == 0 {
		return
	}
	hash := strings.NewReplacer("main::", "", "::", "").Replace(string(t.Text(t.Nodes[n].Child)))
	if hash != "$SIG" && hash != "@SIG" {
		return
	}
	keys, _ := t.List(t.Nodes[t.Nodes[t.Nodes[n].Child].Next].Child)
	for _, key := range keys {
		if key == "__DIE__" {
			note(p, audit.Found{Node: n, Message: "a module sets the handler of die for everybody, also inside of their eval"})
		}
	}
}

// executable is GEN01, about the files of a release: one note for all of them.
func executable(p *audit.Pass) {
	first, count := "", 0
	for _, name := range p.Release.Files {
		if path.Ext(name) != ".pm" {
			continue
		}
		info, err := fs.Stat(p.Release.FS, name)
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			continue
		}
		if count++; count == 1 {
			first = name
		}
	}
	switch {
	case count == 1:
		note(p, audit.Found{Path: first, Line: 1, Message: "a module is marked as a program: nobody starts it"})
	case count > 1:
		note(p, audit.Found{Path: first, Line: 1, Message: fmt.Sprintf("%d modules are marked as programs, this one first: nobody starts them", count)})
	}
}
