package facts

import (
	"bytes"
	"strings"

	"nacre/perlsrc"
)

// here is a load at i, with what it depends on.
func (w *walker) here(i int, how How) Load {
	return Load{
		How: how, Line: w.lineOf(i), Phase: w.phase, Package: w.pkg, Sub: w.sub,
		If: w.condition(i), Optional: w.optional,
	}
}

// maxBack bounds, in tokens, how far back a condition is looked for.
const maxBack = 60

// condition is what the expression at i depends on: an operator before it in
// the same statement, a modifier behind it, or else the block's.
func (w *walker) condition(i int) string {
	depth := 0
	for n := i - 1; n >= 0 && n >= w.stmt && n > i-maxBack; n-- {
		switch {
		case w.closing(n) != 0:
			depth++
		case w.opening(n) != 0:
			if depth == 0 && w.opening(n) == '{' {
				n = -1
				break
			}
			depth = max(0, depth-1)
		case depth == 0:
			switch w.text(n) {
			case "and", "or", "&&", "||", "//", "?", ":", "xor":
				if k := w.kind(n); k == perlsrc.Word || k == perlsrc.Operator {
					return w.between(max(w.stmt, n-maxBack), n+1)
				}
			}
		}
	}
	end, _ := w.end(i)
	depth = 0
	for n := i; n < end && w.step(); n++ {
		switch {
		case w.opening(n) != 0:
			depth++
		case w.closing(n) != 0:
			depth--
		case depth == 0 && w.kind(n) == perlsrc.Word && !w.is(n+1, "=>"):
			switch w.text(n) {
			case "if", "unless", "while", "until":
				return w.between(n, end)
			}
		}
	}
	return w.cond
}

func sameName(s string) string { return s }

// load takes notice of the word at i, which may load something.
func (w *walker) load(i int, word string) {
	if w.is(i-1, "->") {
		w.method(i, word)
		return
	}
	if len(word) < 2 || w.is(i+1, "=>") {
		return
	}
	word = strings.TrimPrefix(word, "CORE::")
	switch word {
	case "use", "no":
		if i == w.stmt {
			w.use(i, How(word))
		}
		return
	case "require":
		if !w.isKey(i) {
			w.require(i)
		}
		return
	case "do":
		w.doFile(i)
		return
	case "eval":
		if !w.isKey(i) {
			w.eval(i)
		}
		return
	case "glob":
		if !w.isKey(i) {
			w.implicit(i, "File::Glob")
		}
		return
	case "open":
		// A reference as the third argument is a file in memory.
		for n, commas := i+1, 0; n < i+16 && w.has(n) && !w.is(n, ";"); n++ {
			if w.is(n, ",") {
				commas++
			} else if commas == 2 && w.is(n, `\`) && w.is(n-1, ",") {
				w.implicit(i, "PerlIO")
				w.implicit(i, "PerlIO::scalar")
				break
			}
		}
		return
	case "extends", "with":
		if i == w.stmt && !w.isKey(i) {
			w.inherits(i, How(word))
		}
		return
	}
	base, from := word, ""
	if at := strings.LastIndex(word, "::"); at >= 0 {
		base, from = word[at+2:], word[:at]
	}
	h, ok := loaders[base]
	if from == "XSLoader" && base == "load" || from == "DynaLoader" && base == "bootstrap" {
		h, ok = loader{how: XS, from: from, read: bootstrap}, true
	}
	if !ok || w.isKey(i) || w.is(i-1, "sub") || w.is(i-1, "&") {
		return
	}
	if from != "" && !strings.HasPrefix(from, h.from) && base != "load_class" || from == "" && h.mustUse && !w.uses(h.from) {
		return
	}
	if k := w.kind(i + 1); from == "" && !w.is(i+1, "(") && k != perlsrc.Quote && k != perlsrc.Variable && k != perlsrc.Word && k != perlsrc.Words &&
		!(base == "enable_if" && w.is(i+1, "{")) {
		return
	}
	l := w.here(i, h.how)
	l.Optional = l.Optional || h.optional
	switch {
	case from == "Plack::Util":
		l.How = PlackUtil
	case from == "Mojo::Loader" || from == "" && base == "load_class" && w.used["Mojo::Loader"]:
		l.How = MojoLoader
	case from == "Module::Load::Conditional" && base == "can_load":
	}
	list, end := w.call(i)
	w.skip = i + 1
	if len(list) > 0 && list[0].bare {
		w.skip = list[0].to
	}
	h.read(w, i, l, list, end)
}

// implicit records a module that perl itself loads for the construct at i, once
// for a file.
func (w *walker) implicit(i int, module string) {
	if w.file == nil || w.used[module] {
		return
	}
	l := Load{Module: module, How: Implicit, Line: w.lineOf(i), Phase: Compile, Sub: w.sub}
	if w.inText > 0 {
		l.Phase = w.phase
	}
	w.add(l)
}

// uses reports whether a module was loaded before here that has this name, or
// is of this family: "Mojo", "DBIx::Class".
func (w *walker) uses(prefix string) bool {
	return w.used[prefix]
}

// loader is a function that loads what its arguments name.
type loader struct {
	how      How
	from     string // the module that it is of, or what its name begins with
	mustUse  bool   // the word alone says too little
	optional bool
	read     func(w *walker, i int, l Load, list []item, end int)
}

// firstNamed loads what the first argument names.
func firstNamed(w *walker, i int, l Load, list []item, end int) {
	if len(list) == 0 {
		l.Dynamic, l.Expr = true, w.between(i, end+1)
		w.add(l)
		return
	}
	it := list[0]
	if it.ok && l.How == ModuleLoad && strings.ContainsAny(it.s, "/.") {
		if module, ok := moduleFile(it.s); ok {
			l.Module = module
		} else {
			l.File = it.s
		}
		w.add(l)
		return
	}
	w.record(l, it, sameName)
}

// eachNamed loads what each argument names.
func eachNamed(w *walker, i int, l Load, list []item, end int) {
	for _, it := range list {
		if !it.isNested {
			w.record(l, it, sameName)
		}
	}
}

var loaders = map[string]loader{
	"require_module":             {how: Runtime, from: "Module::Runtime", read: firstNamed},
	"use_module":                 {how: Runtime, from: "Module::Runtime", read: useModuleAt},
	"use_package_optimistically": {how: Runtime, from: "Module::Runtime", optional: true, read: useModuleAt},
	"load":                       {how: ModuleLoad, from: "Module::Load", mustUse: true, read: firstNamed},
	"autoload":                   {how: ModuleLoad, from: "Module::Load", mustUse: true, read: firstNamed},
	"load_remote":                {how: ModuleLoad, from: "Module::Load", mustUse: true, read: secondNamed},
	"autoload_remote":            {how: ModuleLoad, from: "Module::Load", mustUse: true, read: secondNamed},
	"can_load":                   {how: ModuleLoad, from: "Module::Load::Conditional", mustUse: true, optional: true, read: canLoad},
	"load_class":                 {how: ClassLoad, from: "Class::", read: loadClass},
	"try_load_class":             {how: ClassLoad, from: "Class::", optional: true, read: useModuleAt},
	"load_optional_class":        {how: ClassLoad, from: "Class::", optional: true, read: useModuleAt},
	"load_first_existing_class":  {how: ClassLoad, from: "Class::", optional: true, read: eachNamed},
	"ensure_class_loaded":        {how: ClassLoad, from: "Catalyst::Utils", read: firstNamed},
	"use_ok":                     {how: UseOK, from: "Test::More", read: useModuleAt},
	"require_ok":                 {how: RequireOK, from: "Test::More", read: requireOK},
	"enable":                     {how: Plack, from: "Plack::Builder", mustUse: true, read: middleware},
	"enable_if":                  {how: Plack, from: "Plack::Builder", mustUse: true, read: middleware},
	"plugin":                     {how: Mojo, from: "Mojo", mustUse: true, read: mojoPlugin},
	"useall":                     {how: Find, from: "Module::Find", mustUse: true, read: findModules},
	"usesub":                     {how: Find, from: "Module::Find", mustUse: true, read: findModules},
	"bootstrap":                  {how: XS, from: "DynaLoader", read: bootstrap},
	"alias":                      {how: Aliased, from: "aliased", mustUse: true, read: firstNamed},
	"prefix":                     {how: Aliased, from: "aliased", mustUse: true, read: below},
	"load_psgi":                  {how: PlackUtil, from: "Plack::Util", mustUse: true, read: psgi},
}

// useModuleAt loads what the first argument names, at the version that the
// second does.
func useModuleAt(w *walker, i int, l Load, list []item, end int) {
	if len(list) > 1 && list[1].ok && list[1].s != "" && list[1].s[0] >= '0' && list[1].s[0] <= '9' {
		l.Version = list[1].s
	}
	firstNamed(w, i, l, list, end)
}

func secondNamed(w *walker, i int, l Load, list []item, end int) {
	firstNamed(w, i, l, list[min(1, len(list)):], end)
}

// loadClass is the load_class of Class::Load, Plack::Util (with a prefix) and
// Mojo::Loader.
func loadClass(w *walker, i int, l Load, list []item, end int) {
	switch {
	case l.How == MojoLoader:
		l.Optional = true
	case len(list) > 1 && list[0].ok && list[1].ok && l.How == PlackUtil:
		if name, full := strings.CutPrefix(list[0].s, "+"); full {
			list[0].s = name
		} else if !strings.HasPrefix(name, list[1].s+"::") {
			list[0].s = list[1].s + "::" + name
		}
	case len(list) > 1 && l.How == PlackUtil && list[0].ok:
		list[0].ok = strings.HasPrefix(list[0].s, "+")
		list[0].s = strings.TrimPrefix(list[0].s, "+")
	}
	firstNamed(w, i, l, list, end)
}

// requireOK is require_ok, of a module or a file.
func requireOK(w *walker, i int, l Load, list []item, end int) {
	if len(list) == 1 && list[0].ok && !isModule(list[0].s) {
		if module, ok := moduleFile(list[0].s); ok {
			list[0].s = module
		} else {
			l.File = list[0].s
			w.add(l)
			return
		}
	}
	firstNamed(w, i, l, list, end)
}

// canLoad is can_load(modules => { Foo => 1.2, ... }).
func canLoad(w *walker, i int, l Load, list []item, end int) {
	for n := 0; n+1 < len(list); n++ {
		if !list[n].ok || list[n].s != "modules" || !list[n].isKey {
			continue
		}
		value := list[n+1]
		if !value.isNested || !w.is(value.from, "{") {
			break
		}
		inner := w.items(value.from+1, value.to-1)
		for k := 0; k < len(inner); k += 2 {
			one := l
			if k+1 < len(inner) && inner[k+1].ok && inner[k+1].s != "0" {
				one.Version = inner[k+1].s
			}
			w.record(one, inner[k], sameName)
		}
		return
	}
	l.Dynamic, l.Expr = true, w.between(i, end+1)
	w.add(l)
}

// middleware is enable and enable_if of Plack::Builder.
func middleware(w *walker, i int, l Load, list []item, end int) {
	if w.is(i, "enable_if") {
		// A block or a sub comes first, with or without a comma.
		at := i + 1
		if w.is(at, "(") {
			at++
		}
		for w.has(at) && at < end && !w.is(at, "{") && w.step() {
			at++
		}
		list = w.items(w.close(at)+1, end)
		l.If = strings.TrimSpace("enable_if " + l.If)
	}
	if len(list) > 0 && (list[0].isNested || w.is(list[0].from, "sub")) {
		return // a middleware that is written in place
	}
	if len(list) == 0 {
		return
	}
	w.record(l, list[0], func(s string) string {
		if full, ok := strings.CutPrefix(s, "+"); ok {
			return full
		}
		if strings.HasPrefix(s, "Plack::Middleware::") {
			return s
		}
		return "Plack::Middleware::" + s
	})
}

// mojoPlugin is plugin of Mojolicious.
func mojoPlugin(w *walker, i int, l Load, list []item, end int) {
	if len(list) == 0 {
		return
	}
	if list[0].isNested {
		return
	}
	w.record(l, list[0], func(s string) string { return "Mojolicious::Plugin::" + camelize(s) })
	if list[0].ok && strings.Contains(camelize(list[0].s), "::") { // or the name as it is
		added := &w.file.Loads[len(w.file.Loads)-1]
		added.Optional = true
		l.Optional = true
		w.record(l, list[0], camelize)
	}
}

// camelize is Mojo::Util's: foo_bar-baz is FooBar::Baz; what begins with a
// capital stays.
func camelize(s string) string {
	if s == "" || s[0] >= 'A' && s[0] <= 'Z' {
		return s
	}
	var parts []string
	for part := range strings.SplitSeq(s, "-") {
		var b strings.Builder
		for word := range strings.SplitSeq(part, "_") {
			if word != "" {
				b.WriteString(strings.ToUpper(word[:1]) + strings.ToLower(word[1:]))
			}
		}
		parts = append(parts, b.String())
	}
	return strings.Join(parts, "::")
}

// findModules is useall and usesub of Module::Find.
func findModules(w *walker, i int, l Load, list []item, end int) {
	l.Dynamic = true
	l.Expr = w.between(i, end)
	if len(list) > 0 && list[0].ok && isModule(list[0].s) {
		l.Module = list[0].s
	}
	w.add(l)
}

// below makes a function that loads what is below the module that is named.
func below(w *walker, i int, l Load, list []item, end int) {
	if w.closing(end) != 0 {
		end++
	}
	l.Dynamic, l.Expr = true, w.between(i, end)
	if len(list) > 0 && list[0].ok && isModule(list[0].s) {
		l.Prefix = list[0].s + "::"
	}
	w.add(l)
}

// bootstrap is bootstrap Foo of DynaLoader and XSLoader.
func bootstrap(w *walker, i int, l Load, list []item, _ int) {
	l.Module = w.pkg
	if len(list) > 0 && list[0].ok && isModule(list[0].s) {
		l.Module = list[0].s
	} else if len(list) == 0 && w.is(i, "bootstrap") && w.word(i+1) == "" {
		return
	}
	w.add(l)
}

func psgi(w *walker, i int, l Load, list []item, end int) {
	if len(list) > 0 && list[0].ok {
		l.File = list[0].s
	} else {
		l.Dynamic, l.Expr = true, w.between(i, end+1)
	}
	w.add(l)
}

// inherits is extends and with of Moose and its like.
func (w *walker) inherits(i int, how How) {
	if k := w.kind(i + 1); k != perlsrc.Quote && k != perlsrc.Words && k != perlsrc.Word && k != perlsrc.Variable && !w.is(i+1, "(") && !w.is(i+1, "+") {
		return
	}
	if w.is(i+2, "->") || w.is(i+1, "=>") {
		return
	}
	list, _ := w.call(i)
	p := w.declare(w.pkg, w.lineOf(i))
	for _, it := range list {
		switch {
		case it.isNested || it.bare && !strings.Contains(it.s, "::"):
			continue // options of the one before
		case !it.ok:
			p.DynamicISA = true
			w.dynamic(i, "isa", w.between(i, it.to))
		default:
			it.s = strings.TrimPrefix(it.s, "+")
			if isModule(it.s) {
				p.inherit(it.s)
			}
		}
		w.record(w.here(i, how), it, sameName)
	}
}

// require reads require of a module, a file or a version.
func (w *walker) require(i int) {
	l := w.here(i, Require)
	next, end := i+1, 0
	parens := 0
	for w.is(next, "(") && parens < 5 {
		next, parens = next+1, parens+1
	}
	end, _ = w.end(next)
	if parens > 0 {
		end = min(end, w.close(i+1))
	}
	ends := func(at int) bool { // nothing of the expression follows
		if at >= end || w.closing(at) != 0 || w.is(at, ",") || w.is(at, "?") || w.is(at, ":") {
			return true
		}
		switch w.text(at) {
		case "if", "unless", "for", "foreach", "while", "until", "and", "or", "xor", "&&", "||", "//":
			return true
		}
		return false
	}
	switch k := w.kind(next); {
	case k == perlsrc.Number || k == perlsrc.VString:
		l.Module, l.Version = "perl", w.text(next)
		w.add(l)
		return
	case (k == perlsrc.Quote || k == perlsrc.HereDoc) && ends(next+1):
		if s, ok := w.literal(next); ok {
			if module, ok := moduleFile(s); ok {
				l.Module = module
			} else {
				l.File = s
			}
			w.add(l)
			return
		}
	case k == perlsrc.Word && (parens == 0 || parens == 1 && w.is(next+1, ")")) && !isFunction(w.text(next)):
		w.skip = next + 1
		if !w.is(next+1, "->") && !w.is(next+1, "(") && !w.goesOn(next) {
			l.Module = moduleName(w.text(next))
			w.add(l)
			return
		}
	case k == perlsrc.Variable && ends(next+1):
		if values, ok := w.loopValues(next); ok {
			for _, s := range values {
				one := l
				if module, ok := moduleFile(s); ok {
					one.Module = module
				} else if w.inText > 0 && isModule(s) {
					one.Module = s
				} else {
					one.File = s
				}
				w.add(one)
			}
			return
		}
	}
	stop := next
	if w.goesOn(next) { // over Foo::
		for stop++; w.is(stop, ":") && w.step(); stop++ {
		}
	}
	for n := 0; stop < end && n < 200; n++ {
		if ends(stop) && stop > next {
			break
		}
		if w.opening(stop) != 0 {
			stop = w.close(stop)
		}
		stop++
	}
	l.Dynamic, l.Expr, l.Prefix = true, w.between(i, min(stop, max(end, i+1))), w.prefix(next, stop)
	w.add(l)
}

// goesOn reports whether a variable follows the word at i without a blank, as
// in the text of eval "require Foo::$name".
func (w *walker) goesOn(i int) bool {
	next := i + 1
	if w.is(next, ":") && w.is(next+1, ":") {
		next += 2
	}
	k := w.kind(next)
	return (k == perlsrc.Variable || k == perlsrc.Cast) && w.toks[next].Start-w.toks[i].End == next-i-1
}

// isFunction reports whether perl takes a word behind require for a function
// of its own and not for the name of a module.
func isFunction(word string) bool {
	switch word {
	case "shift", "pop", "join", "sprintf", "lc", "uc", "lcfirst", "ucfirst", "do", "eval", "map", "grep", "ref", "caller", "delete",
		"reverse", "substr", "__PACKAGE__", "__FILE__", "qq", "q", "defined", "each", "values", "keys", "sort", "splice", "wantarray", "my", "our", "local":
		return true
	}
	return false
}

// doFile reads do of a file; do BLOCK is not one.
func (w *walker) doFile(i int) {
	if w.isKey(i) || w.is(i+1, "{") {
		return
	}
	next := i + 1
	if w.is(next, "(") {
		next++
	}
	switch w.kind(next) {
	case perlsrc.Quote, perlsrc.Variable, perlsrc.Cast, perlsrc.Word, perlsrc.HereDoc:
	default:
		return
	}
	l := w.here(i, Do)
	if s, ok := w.literal(next); ok && !w.is(next+1, ".") {
		l.File = s
	} else {
		_, end := w.call(i)
		l.Dynamic, l.Expr = true, w.between(i, min(end, i+40))
	}
	w.add(l)
}

// eval reads eval of a string; eval BLOCK is not one.
func (w *walker) eval(i int) {
	next := i + 1
	if w.is(next, "{") {
		return
	}
	parens := w.is(next, "(")
	if parens {
		next++
	}
	k := w.kind(next)
	if (k == perlsrc.Quote || k == perlsrc.HereDoc) && !w.is(next+1, ".") && !w.is(next+1, "x") {
		before := w.context
		w.cond = w.condition(i)
		onlyLoads := w.evaluated(next)
		w.context = before
		if _, ok := w.literal(next); !ok && !onlyLoads {
			w.dynamic(i, "eval", w.between(i, next+1))
		}
		return
	}
	_, end := w.call(i)
	text := w.between(i, min(end, i+60))
	if parens && !strings.HasSuffix(text, "...") {
		text = w.between(i, min(end+1, i+60))
	}
	w.dynamic(i, "eval", text)
	// eval "package $name;" . q{ ... }: pieces of several lines are code.
	for n := next; n < end && n < next+40; n++ {
		switch {
		case w.opening(n) != 0:
			n = w.close(n)
		case w.kind(n) == perlsrc.HereDoc,
			w.kind(n) == perlsrc.Quote && bytes.IndexByte(w.toks[n].Text(w.src), '\n') >= 0:
			before := w.context
			w.cond = w.condition(i)
			w.evaluated(n)
			w.context = before
		}
	}
	if k == perlsrc.Quote {
		// eval "require " . $module
		switch word, _, _ := strings.Cut(strings.TrimLeft(quotedParts(w.src, w.toks[next]).body, " \t\n;"), " "); word {
		case "use", "require", "no", "do":
			l := w.here(i, Require)
			if word == "use" {
				l.How = Use
			}
			l.Dynamic, l.Expr, l.InString, l.Optional = true, text, true, true
			w.add(l)
		}
	}
}

// method takes notice of a method's call that may load something.
func (w *walker) method(i int, name string) {
	switch name {
	case "connect", "connect_cached", "install_driver":
		if !w.is(i-2, "DBI") {
			return
		}
		list, end := w.call(i)
		if len(list) == 0 {
			return
		}
		l := w.here(i, DBI)
		if name == "install_driver" {
			w.record(l, list[0], func(s string) string { return "DBD::" + s })
			return
		}
		if list[0].ok || w.kind(list[0].from) == perlsrc.Quote && dsnOf(quotedParts(w.src, w.toks[list[0].from]).body) != "" {
			return // quote reads it
		}
		if list[0].to == list[0].from+1 && w.dsn[w.text(list[0].from)] {
			return
		}
		l.Dynamic, l.Expr, l.Prefix = true, w.between(i-2, min(end, list[0].to)+1), "DBD::"
		w.add(l)
	case "require", "use":
		if w.used["UNIVERSAL::require"] {
			l := w.here(i, Universal)
			l.Optional = true
			w.record(l, w.element(i-2, i-1)[0], sameName)
		}
	case "plugin", "load_plugin", "register_plugin":
		if w.uses("Mojo") {
			list, end := w.call(i)
			mojoPlugin(w, i, w.here(i, Mojo), list, end)
		}
	case "load_components", "load_own_components":
		base := "DBIx::Class::"
		list, _ := w.call(i)
		for _, it := range list {
			own := it
			w.record(w.here(i, Components), own, func(s string) string {
				if full, ok := strings.CutPrefix(s, "+"); ok {
					return full
				}
				if name == "load_own_components" {
					return w.pkg + "::" + s
				}
				return base + s
			})
		}
	case "load_namespaces", "load_classes":
		if w.uses("DBIx::Class") || w.is(i-2, "__PACKAGE__") {
			l := w.here(i, Find)
			l.Module, l.Dynamic, l.Expr = w.pkg, true, "->"+name
			w.add(l)
		}
	case "setup":
		if w.used["Catalyst"] || w.uses("Catalyst::Runtime") {
			list, _ := w.call(i)
			for _, it := range list {
				w.record(w.here(i, Catalyst), it, catalystPlugin)
			}
			l := w.here(i, Catalyst)
			l.Module, l.Dynamic, l.Expr = w.pkg, true, "->setup loads the components below "+w.pkg
			w.add(l)
		}
	case "load_class", "ensure_class_loaded":
		if list, _ := w.call(i); len(list) > 0 && list[0].ok && !list[0].bare {
			w.record(w.here(i, ClassLoad), list[0], sameName)
		}
	case "bootstrap":
		l := w.here(i, XS)
		l.Module = w.pkg
		if it := w.element(i-2, i-1)[0]; it.ok && isModule(it.s) {
			l.Module = it.s
		}
		w.add(l)
	case "setup_import_methods", "build_import_methods":
		if w.is(i-2, "Moose::Exporter") || w.is(i-2, "Mouse::Exporter") {
			list, _ := w.call(i)
			w.setup(&Load{Module: w.text(i - 2)}, list)
		}
	case "new":
		if w.is(i-2, "Module::Pluggable::Object") {
			list, _ := w.call(i)
			l := w.here(i, Pluggable)
			w.pluggable(&l, list)
		}
	}
}
