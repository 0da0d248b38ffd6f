package facts

import (
	"strings"

	"nacre/perlsrc"
)

// use reads "use MODULE VERSION LIST" or "no ..." at i.
func (w *walker) use(i int, how How) {
	end, whole := w.end(i + 1)
	l := Load{How: how, Line: w.lineOf(i), Phase: Compile, Sub: w.sub, Package: w.pkg}
	next := i + 1
	if w.versionFollows(next) {
		l.Module, l.Version = "perl", w.text(next)
		w.add(l)
		return
	}
	if w.kind(next) != perlsrc.Word {
		if w.kind(next) != perlsrc.Variable && w.kind(next) != perlsrc.Cast {
			return
		}
		if values, ok := w.loopValues(next); ok { // in an evaluated string
			for _, s := range values {
				if l.Module = s; isModule(s) {
					w.add(l)
				}
			}
			return
		}
		l.Dynamic, l.Expr = true, w.between(next, end)
		w.add(l)
		return
	}
	w.skip = next + 1
	l.Module = moduleName(w.text(next))
	next++
	if w.goesOn(next - 1) {
		l.Prefix = l.Module + "::"
		l.Dynamic, l.Expr, l.Module = true, w.between(next-1, end), ""
		w.add(l)
		return
	}
	if !isModule(l.Module) {
		return
	}
	if w.versionFollows(next) && !w.is(next+1, ",") && !w.is(next+1, "=>") {
		l.Version = w.text(next)
		next++
	}
	list := w.items(next, end)
	l.HasImports = next < end
	var all bool
	l.Imports, all = names(list)
	l.DynamicImports = l.HasImports && (!all || !whole)
	if l.DynamicImports {
		l.Args = w.between(next, end)
	}
	w.add(l)
	if how == Use {
		w.useModule(&l, list, next, end)
	}
}

// useModule says what else the list of some modules loads.
func (w *walker) useModule(l *Load, list []item, from, end int) {
	each := func(how How, items []item, module func(string) string) {
		for _, it := range items {
			w.named(l.Line, how, it, module)
		}
	}
	same := func(s string) string { return s }
	inherit := func(s string) string {
		w.declare(w.pkg, l.Line).inherit(s)
		return s
	}
	switch l.Module {
	case "if":
		w.useIf(l, from, end)
	case "parent":
		load := true
		for _, it := range list {
			switch {
			case it.ok && it.s == "-norequire":
				load = false
			case !it.ok:
				w.isaUnknown(it.from, w.between(it.from, it.to))
				if load {
					w.named(l.Line, Parent, it, same)
				}
			case load:
				w.named(l.Line, Parent, it, inherit)
			default:
				inherit(it.s)
			}
		}
	case "base", "superclass":
		for _, it := range list {
			if !it.ok {
				w.isaUnknown(it.from, w.between(it.from, it.to))
			} else if l.Module == "superclass" && !isModule(it.s) || strings.HasPrefix(it.s, "-") {
				continue
			}
			w.named(l.Line, Base, it, inherit)
		}
	case "Mojo::Base", "Mojo::Base::Tiny":
		if len(list) > 0 && (!list[0].ok || !strings.HasPrefix(list[0].s, "-")) {
			w.named(l.Line, MojoBase, list[0], inherit)
		}
	case "aliased":
		if len(list) > 0 {
			w.named(l.Line, Aliased, list[0], same)
		}
	case "ok":
		if len(list) > 0 {
			w.named(l.Line, UseOKModule, list[0], same)
		}
	case "autouse":
		if len(list) > 0 {
			w.named(l.Line, Autouse, list[0], same)
		}
	case "Catalyst":
		each(Catalyst, list, catalystPlugin)
	case "POE":
		each(POE, list, func(s string) string { return "POE::" + s })
	case "Inline":
		if len(list) > 0 && list[0].ok && list[0].s != "Config" && !strings.HasPrefix(list[0].s, "with") {
			w.named(l.Line, Inline, list[0], func(s string) string { return "Inline::" + s })
		}
	case "Test::Requires", "Test::Needs":
		for n, it := range list {
			switch {
			case it.isNested:
				for k, key := range w.items(it.from+1, it.to-1) {
					if k%2 == 0 {
						w.maybe(l.Line, TestRequires, key, same)
					}
				}
			case n > 0 && list[n-1].isKey:
			default:
				w.maybe(l.Line, TestRequires, it, same)
			}
		}
	case "Sub::Exporter", "Sub::Exporter::Progressive":
		w.setup(l, list)
	case "Exporter::Shiny":
		e := Export{Package: w.pkg, Line: l.Line, Kind: l.Module}
		var all bool
		e.Names, all = names(list)
		w.exported(e, all, from)
	case "Module::Pluggable", "Module::Pluggable::Fast":
		w.pluggable(l, list)
	default:
		if l.Module == "Switch" || strings.HasPrefix(l.Module, "Filter::") && l.Module != "Filter::Util::Call" && l.Module != "Filter::Simple" {
			w.file.Dynamic = append(w.file.Dynamic, Dynamic{Line: l.Line, What: "filter", Text: "use " + l.Module, Package: w.pkg, Sub: w.sub})
		}
	}
}

// named records a load whose module an item names; module makes its full
// name, "" for none.
func (w *walker) named(line int, how How, it item, module func(string) string) {
	w.record(Load{How: how, Line: line, Phase: Compile}, it, module)
}

// maybe is named for a load that may fail.
func (w *walker) maybe(line int, how How, it item, module func(string) string) {
	w.record(Load{How: how, Line: line, Phase: Compile, Optional: true}, it, module)
}

// record records a load that an item names, as one that only running would
// tell where the item is not literal.
func (w *walker) record(l Load, it item, module func(string) string) {
	l.Package, l.Sub = w.pkg, w.sub
	if !it.ok && it.to == it.from+1 && w.kind(it.from) == perlsrc.Variable {
		if values, ok := w.loopValues(it.from); ok {
			for _, s := range values {
				w.record(l, item{s: s, ok: true, from: it.from, to: it.to}, module)
			}
			return
		}
	}
	if it.ok {
		l.Module = module(it.s)
		if l.Module == "" {
			return
		}
		if file, ok := moduleFile(l.Module); ok {
			l.Module = file
		}
		l.Module = moduleName(l.Module)
	}
	if !it.ok || !isModule(l.Module) {
		if l.Prefix = w.prefix(it.from, it.to); l.Prefix != "" {
			l.Prefix = prefixed(module, l.Prefix)
		}
		if l.How == Mojo { // may also be the name as it is
			l.Prefix = ""
		}
		l.Module, l.Dynamic, l.Expr = "", true, w.between(it.from, it.to)
	}
	w.add(l)
}

// prefix is what the name in the tokens [i,to) begins with, where that is
// literal: a word that a variable follows, and the beginning of a string.
func (w *walker) prefix(i, to int) string {
	s := ""
	for n := i + 1; n < to && w.kind(i) == perlsrc.Quote && w.step(); n++ {
		switch k := w.kind(n); {
		case w.opening(n) != 0:
			n = w.close(n)
		case k == perlsrc.Word && !w.is(n-1, "->") && !w.is(n+1, "->"), k == perlsrc.Operator && !w.is(n, ".") && !w.is(n, "->"):
			return "" // the string need not be where it begins
		}
	}
	switch w.kind(i) {
	case perlsrc.Word:
		if w.goesOn(i) {
			s = strings.TrimSuffix(w.text(i), "::") + "::"
		}
	case perlsrc.Quote:
		q := quotedParts(w.src, w.toks[i])
		s = q.body
		if q.interpolates {
			if at := strings.IndexAny(s, "$@"); at >= 0 {
				s = s[:at]
			}
		}
	}
	s = strings.ReplaceAll(s, "/", "::")
	for n := range len(s) {
		if !isWordByte(s[n]) && s[n] != ':' {
			return ""
		}
	}
	if len(s) > maxClip {
		return ""
	}
	return s
}

// prefixed is a prefix as module makes it of the beginning of a name.
func prefixed(module func(string) string, prefix string) string {
	const mark = "A"
	full, ok := strings.CutSuffix(module(prefix+mark), mark)
	if !ok {
		return ""
	}
	return full
}

// isaUnknown marks the package as inheriting from what only running would tell.
func (w *walker) isaUnknown(i int, text string) {
	w.declare(w.pkg, w.lineOf(i)).DynamicISA = true
	w.dynamic(i, "isa", text)
}

// useIf reads "use if COND, MODULE => LIST", from behind the if.
func (w *walker) useIf(l *Load, from, end int) {
	if w.is(from, "(") && w.close(from) == end-1 {
		from, end = from+1, end-1
	}
	comma := from
	for depth := 0; comma < end && w.has(comma) && w.step(); comma++ {
		if w.opening(comma) != 0 {
			depth++
		} else if w.closing(comma) != 0 {
			depth--
		} else if depth == 0 && (w.is(comma, ",") || w.is(comma, "=>")) {
			break
		}
	}
	list := w.items(comma+1, end)
	if len(list) == 0 {
		return
	}
	inner := Load{How: If, Line: l.Line, Phase: Compile, If: "if " + w.between(from, comma)}
	var all bool
	inner.Imports, all = names(list[1:])
	inner.HasImports = len(list) > 1
	if inner.DynamicImports = !all; !all {
		inner.Args = w.between(list[1].from, end)
	}
	w.record(inner, list[0], func(s string) string { return s })
}

// catalystPlugin is the module of a word of Catalyst's list, "" for a flag.
func catalystPlugin(s string) string {
	switch {
	case strings.HasPrefix(s, "-"):
		return ""
	case strings.HasPrefix(s, "+"):
		return s[1:]
	}
	return "Catalyst::Plugin::" + s
}

// pluggable reads the list of Module::Pluggable, which looks for modules when
// it runs.
func (w *walker) pluggable(l *Load, list []item) {
	var paths []string
	for n, it := range list {
		if !it.ok || it.s != "search_path" || n+1 >= len(list) {
			continue
		}
		value := list[n+1]
		if value.isNested && w.is(value.from, "[") {
			found, _ := names(w.items(value.from+1, value.to-1))
			paths = append(paths, found...)
		} else if value.ok {
			paths = append(paths, value.s)
		} else {
			w.add(Load{How: Pluggable, Line: l.Line, Phase: Run, Sub: w.sub, Dynamic: true, Expr: "modules below " + w.between(value.from, value.to)})
			paths = append(paths, "")
		}
	}
	if paths == nil {
		paths = []string{w.pkg + "::Plugin"}
	}
	for _, p := range paths {
		if p == "" {
			continue
		}
		w.add(Load{Module: p, How: Pluggable, Line: l.Line, Phase: Run, Sub: w.sub, Dynamic: true, Expr: clip([]byte("modules below " + p))})
	}
}
