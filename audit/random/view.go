package random

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// view is a file as this room's rules see it, made once for all of them.
type view struct {
	p    *audit.Pass
	f    *audit.File
	t    *perlsrc.Tree
	g    *flow.Graph
	good []perlsrc.NodeID // where the file turns to a good source
	// goodAsked is set once good is filled.
	goodAsked bool
	loads     around // what the loaded modules say
	subs      map[string]bool
	held      map[string]bool // see mentions
}

type viewKey struct{}

func look(p *audit.Pass) *view {
	v := p.File.Memo(viewKey{}, func() any {
		v := &view{f: p.File, t: p.File.Tree, g: p.File.Flow(), subs: map[string]bool{}, held: map[string]bool{}}
		for s := range v.f.All(perlsrc.SubNode) {
			if name := v.t.Sub(s).Name; name != "" {
				v.subs[name] = true
			}
		}
		for _, l := range v.f.Facts().Loads {
			if strings.HasPrefix(l.Module, "Crypt::") || strings.HasPrefix(l.Module, "Authen::") {
				v.loads.secure = true
			}
			v.loads.socket = v.loads.socket || isSocket(l.Module)
		}
		for range v.f.Calls("encrypt", "decrypt", "encrypt_block", "start_encrypting") {
			v.loads.secure = true
		}
		return v
	}).(*view)
	v.p = p
	return v
}

// source is where a weak value is made.
type source struct {
	node perlsrc.NodeID
	name string     // for the message: "rand", "rand_chars of Data::Random"
	from *generator // nil for rand itself
	made bool       // the source gives a string, and needs not be made into one
}

func (v *view) defines(sub string) bool { return v.subs[sub] }

// mentions reports whether the file holds a text.
func (v *view) mentions(s string) bool {
	held, asked := v.held[s]
	if !asked {
		held = bytes.Contains(v.f.Src, []byte(s))
		v.held[s] = held
	}
	return held
}

// isA reports whether a method is called on an object of a class, as far as the
// file tells, or on the class.
func (v *view) isA(c perlsrc.Call, class string) bool {
	if c.Class != "" {
		return c.Class == class
	}
	if c.Invocant == 0 {
		return false
	}
	of, ok := v.g.ClassOf(c.Invocant)
	if !ok && c.Callee != "new" && c.Callee != "create" && c.Callee != "format" && c.Callee != "guid" {
		// $self->generator->rand, where the file loads the class.
		_, loaded := v.f.Loads(class)
		return loaded
	}
	return ok && of == class
}

// around tells what surrounds a node.
func (v *view) around(n perlsrc.NodeID) around {
	pkg := v.t.EnclosingPackage(n)
	sub := v.f.SubName(n)
	a := v.loads
	a.secure = a.secure || secureName(pkg) || secureName(sub)
	a.socket = a.socket || isSocket(pkg) || isSocket(sub)
	if pkg == "main" {
		// A program's name stands for a package's.
		a.secure = a.secure || secureName(v.f.Path)
	}
	return a
}

// isSocket reports whether a name is about WebSocket.
func isSocket(name string) bool {
	words := purpose.Words(name)
	for i, w := range words {
		if w == "websocket" || w == "hybi" || w == "socket" && i > 0 && words[i-1] == "web" {
			return true
		}
	}
	return false
}
