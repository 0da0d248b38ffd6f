package inject

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// codeNames are names of values that are code, by design of what takes them.
var codeNames = set("code", "src", "source", "perl", "expr", "expression", "eval", "program", "script", "body", "stmt", "statement", "statements", "block", "snippet", "sub", "subs", "text", "string", "str", "condition", "template", "compiled", "evaltext", "buf", "buffer", "out", "output", "line", "input", "cmd", "command", "func", "function", "cond", "where", "filter", "test", "rule", "wanted", "calc", "formula")

// packageNames are names of values that are packages or subs, which the code
// around them chooses.
var packageNames = set("package", "pkg", "class", "caller", "callpkg", "target", "caller_pkg", "module", "mod", "pack", "into", "ns", "namespace", "accessor", "method", "meth", "sub", "subname", "backend", "driver", "engine", "plugin", "impl", "base", "parent", "superclass", "role", "import", "imports")

// dataNames are names of values that are data, and no code of who calls.
var dataNames = set("json", "data", "response", "content", "packet", "bytes", "reply", "header", "cookie", "yaml", "dump", "dumped", "serialized", "frozen", "stored", "list", "hash", "number", "num", "value", "answer", "payload", "record", "row", "file", "path", "url", "query", "message", "msg")

// classNames are names of values that are classes wherever they are loaded as
// they come: what does a part of the work, whose author names it in code.
var classNames = set("packages", "classes", "modules", "backends", "drivers", "engines", "plugins", "bases", "parents", "roles", "component", "components", "mixin", "mixins", "middleware", "serializer", "deserializer", "parser", "formatter", "adapter", "provider", "handler", "handlers", "store", "storage", "transport", "loader", "factory", "generator", "renderer", "renderers", "model", "view", "controller", "implementation", "interface", "delegate", "helper", "helpers", "reader", "writer", "encoder", "decoder", "logger", "appender", "agent", "ua", "connector", "resolver", "dispatcher", "translator", "strategy", "cache", "lexer", "visitor", "builder", "validator")

// Words of lists of classes, and of subs that load a class.
var (
	classLists = set("plugins", "components", "mixins", "middleware", "roles")
	classWords = set("class", "classes", "component", "components", "role", "roles")
	loadWords  = set("load", "loaded", "require", "ensure", "use", "import", "inject")
)

var (
	loads = lazyregexp.New(`(?:\A|[\s;{(])(?:require|use|no)\s+(?:[\w:]*::)?\z`)
	// versioned is the text before the version of a module that is loaded.
	versioned = lazyregexp.New(`(?:\A|[\s;{(])(?:use|no)\s+[\w:]*\x00[\w:]*\s+\z|(?:->|::)VERSION\(\s*['"]?\z`)
	packages  = lazyregexp.New(`(?:\A|[\s;{])package\s+[\w:]*\z`)
	declares  = lazyregexp.New(`(?:\A|[\s;{])sub\s+(?:\x00?::)?[\w:]*\z`)
	qualifies = lazyregexp.New(`\A\\?::`)
	globbed   = lazyregexp.New(`[*&$@%]\{?"?[\w:\x00]*\z`)
	inherits  = lazyregexp.New(`(?:\A|[\s;{])use\s+(?:base|parent)\b[^;]*\z`)
	// prelude is what stands before code that is wholly another's, and postlude
	// what stands behind it.
	prelude  = lazyregexp.New(`\A(?:\s*(?:package\s+[\w:\x00]+|no\s+\w+[^;]*|use\s+(?:strict|warnings|utf8|feature)[^;]*|local\s[^;]*|my\s[^;]*)\s*;|\s*#\s*line[^\n]*\n|\s*\x00\s*\n)*\s*(?:return\s+|do\s*\{\s*|sub\s*\{\s*)?\z`)
	postlude = lazyregexp.New(`\A[\s;}1\x00]*\z`)
)

// codeOfString is INJ01: a string eval of more than literals.
func codeOfString(p *audit.Pass) {
	f := p.File
	t := f.Tree
	for n := range f.Calls("eval") {
		c := t.Call(n)
		if c.Method || c.Block != 0 || len(c.Args) == 0 {
			continue
		}
		arg := c.Args[0]
		if _, ok := t.Literal(arg); ok {
			continue
		}
		x := textOf(f, arg)
		if x == nil {
			x = &text{node: arg, pieces: []piece{{node: arg}}}
		}
		found, ok := evaluated(f, x)
		if filled, is := filledIn(f, x); is && filled.confidence > found.confidence {
			found, ok = filled, true
		}
		if ok {
			p.Report(audit.Found{
				Node: n, Confidence: found.confidence, Severity: found.severity,
				Message: compiles(found),
				Steps:   found.way(p.File),
			})
		}
	}
}

// evaluated gives the worst value of a text that is compiled.
func evaluated(f *audit.File, x *text) (taint, bool) {
	var found taint
	for _, piece := range x.pieces {
		in := quoteAt(piece)
		v, ok := worstWhere(f, piece.node, plainly, func(s input.Source) bool {
			return !in.holds(s.Check) && !(piece.quoted && in.holds(input.Pattern))
		})
		if !ok || object(v.Source) || v.Who == input.Unknown && numbers(f.Tree, piece.node) {
			continue
		}
		place, name := piece, v.name(f.Tree)
		if inner, ok := placeOf(f, v); ok {
			place.node, place.before, place.after = inner.node, piece.before+inner.before, inner.after+piece.after
			if last := audit.NameOf(f.Tree, inner.node); last != "" {
				name = last
			}
			if quoteAt(place).holds(v.Check) {
				continue
			}
		}
		v.confidence = min(v.confidence, asCode(f, x, place, v, name))
		if v.confidence > found.confidence {
			found = v
			found.loaded = loads.MatchString(place.before)
		}
	}
	return found, found.confidence != 0
}

// compiles says what is wrong with a value that eval compiles.
func compiles(v taint) string {
	if v.loaded {
		return "the name of the module that eval loads holds " + v.What + ", and whatever stands in it is compiled as Perl"
	}
	return "eval compiles " + v.What + " as Perl, so that whoever chooses it runs code here"
}

// numbers reports whether a value is a version, of which eval makes a number.
func numbers(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	return strings.HasSuffix(strings.ToLower(audit.NameOf(t, n)), "version")
}

// placeOf gives where a value stands in the string that it became a part of on
// its way.
func placeOf(f *audit.File, v taint) (piece, bool) {
	if !v.From.Quoted {
		return piece{}, false
	}
	for _, s := range v.From.Steps[:min(len(v.From.Steps), nearWay)] {
		if s.Node == 0 {
			continue
		}
		x := textIn(f, s.Node)
		if x == nil {
			continue
		}
		for _, p := range x.pieces[:min(len(x.pieces), 8)] {
			for _, in := range input.Of(f, p.node) {
				if in.Node == v.Node {
					return p, true
				}
			}
		}
	}
	return piece{}, false
}

// asCode says how sure a value of that name, at its place in code, can be a flaw.
func asCode(f *audit.File, x *text, at piece, v taint, name string) audit.Confidence {
	if v.Who == input.Remote {
		return audit.Certain
	}
	if ofProgrammer(f, x, at, v, name) {
		return audit.Possible
	}
	whole := prelude.MatchString(at.before) && postlude.MatchString(at.after)
	sub := f.SubName(x.node)
	switch {
	case whole && v.Who == input.File:
		return audit.Possible // a setting or a cache, most often of the program itself
	case v.Who == input.File && f.Role != audit.Library:
		return audit.Possible // of who runs the program
	case v.Who == input.Held:
		return audit.Possible // whoever made the object, by name or in a setting
	case whole && wholly(v.Source) && says(name, dataNames) && !evaluates(sub):
		return v.confidence
	case whole && slices.Contains(v.From.Through, "m") && !strings.Contains(strings.ToLower(v.From.Name), "code"):
		return v.confidence // what stands between some marks in a text
	case whole && (wholly(v.Source) || says(name, codeNames) || says(v.From.Name, codeNames) || evaluates(sub)):
		return audit.Possible // what is made to run code is given code
	case generated(f.Tree, x, at), inherits.MatchString(at.before), versioned.MatchString(at.before):
		return audit.Possible
	case loads.MatchString(at.before):
		if v.Who != input.Caller || v.Check.Has(input.Rejected|input.Base) || wholly(v.Source) && ofClass(at, name, v.From.Name, sub) {
			return audit.Possible
		}
	case packages.MatchString(at.before), declares.MatchString(at.before), qualifies.MatchString(at.after), globbed.MatchString(at.before):
		return audit.Possible
	case strings.Contains(strings.ToLower(name+" "+v.From.Name), "code") || says(name, packageNames):
		return audit.Possible
	}
	if v.Who == input.Caller && !fromOutside(f, at, v, name) || v.Who == input.File && !asData(at) {
		return audit.Possible
	}
	return v.confidence
}

// ofClass reports whether a value that is loaded is a class that its caller names
// in code, by its name where it is loaded and where it comes from.
func ofClass(at piece, name, from, sub string) bool {
	if says(name, packageNames) || loadsClasses(sub) || holds(from, classLists) {
		return true
	}
	// Behind a prefix stands a short name, as users give them.
	return !strings.HasSuffix(at.before, "::") && (says(from, packageNames) || says(name, classNames) || says(from, classNames))
}

// loadsClasses reports whether a sub is there to load the class that it is given,
// by its name: ensure_class_loaded, load_components.
func loadsClasses(sub string) bool {
	return holds(sub, classWords) && holds(sub, loadWords)
}

// generated reports whether a value names a sub that the code declares.
func generated(t *perlsrc.Tree, x *text, at piece) bool {
	for _, p := range x.pieces {
		if declares.MatchString(p.before) && bytes.Equal(t.Text(p.node), t.Text(at.node)) {
			return true
		}
	}
	return false
}
