package facts

import (
	"strings"

	"nacre/perlsrc"
)

// variable takes notice of the variable at i: $VERSION, @ISA, @EXPORT and
// their like, @INC, and globs that get a sub.
func (w *walker) variable(i int) {
	t := w.toks[i]
	text := w.src[t.Start:t.End]
	last := text[len(text)-1]
	if last == 'N' && (text[0] == '$' || text[0] == '*') {
		w.version(i)
	}
	if w.file == nil {
		return
	}
	if len(text) == 2 && (text[0] == '%' || text[0] == '*' || text[0] == '$' && w.is(i+1, "{")) {
		switch last {
		case '!':
			w.implicit(i, "Errno")
		case '+', '-':
			w.implicit(i, "Tie::Hash::NamedCapture")
		}
	}
	switch text[0] {
	case '@', '%':
		pkg, name := w.qualified(string(text))
		switch name {
		case "@ISA":
			w.isa(i, pkg)
		case "@EXPORT", "@EXPORT_OK", "@EXPORT_FAIL", "%EXPORT_TAGS":
			w.export(i, pkg, name[1:])
		case "@INC":
			if w.isChanged(i) {
				end, _ := w.end(i)
				w.dynamic(i, "inc", w.between(w.begin(), min(end, i+40)))
			}
		}
	case '$':
		if last == 'S' && w.is(i+1, "{") {
			if pkg, name := w.qualified(string(text)); name == "$EXPORT_TAGS" {
				w.exportTag(i, pkg)
			}
		}
		if string(text) == "$INC" && w.is(i+1, "{") && w.is(w.close(i+1)+1, "=") {
			end, _ := w.end(i)
			w.dynamic(i, "inc", w.between(i, min(end, i+40)))
		}
	case '*':
		if w.is(i+1, "=") && (w.is(i+2, "sub") || w.is(i+2, `\`) && strings.HasPrefix(w.text(i+3), "&")) {
			pkg, name := w.qualified(string(text))
			w.file.Subs = append(w.file.Subs, Sub{Name: name[1:], Package: pkg, Line: w.lineOf(i), Glob: true})
		}
	}
}

// qualified takes a variable's package apart from its name with the sigil.
func (w *walker) qualified(text string) (pkg, name string) {
	name = strings.ReplaceAll(text[1:], "'", "::")
	if at := strings.LastIndex(name, "::"); at >= 0 {
		pkg = strings.TrimPrefix(name[:at], "::")
		if pkg == "" {
			pkg = "main"
		}
		return pkg, text[:1] + name[at+2:]
	}
	return w.pkg, text
}

// isChanged reports whether the array or hash at i is assigned to or pushed to.
func (w *walker) isChanged(i int) bool {
	switch w.word(i - 1) {
	case "push", "unshift", "splice":
		return true
	case "local", "my", "state":
		return false
	}
	if w.is(i-1, "(") {
		switch w.word(i - 2) {
		case "push", "unshift", "splice":
			return true
		case "our", "":
			return w.is(i+1, ")") && w.is(i+2, "=")
		}
	}
	return w.is(i+1, "=") || w.is(i+1, "||=") || w.is(i+1, "//=")
}

// given are the values that the array or hash at i gets.
func (w *walker) given(i int) []item {
	from := i + 1
	for w.is(from, ")") || w.is(from, ",") || w.is(from, "=") || w.is(from, "||=") || w.is(from, "//=") {
		if !w.step() {
			break
		}
		from++
	}
	end, _ := w.end(from)
	for n := from; n < end && w.step(); n++ {
		if w.opening(n) != 0 {
			n = w.close(n)
			continue
		}
		switch w.word(n) {
		case "if", "unless", "for", "foreach", "or", "and":
			if !w.is(n+1, "=>") {
				end = n
			}
		}
	}
	return w.items(from, end)
}

// isa reads what @ISA gets.
func (w *walker) isa(i int, pkg string) {
	if !w.isChanged(i) {
		return
	}
	p := w.declare(pkg, w.lineOf(i))
	told := false
	for _, it := range w.given(i) {
		if it.ok && isModule(moduleName(it.s)) {
			p.inherit(moduleName(it.s))
			continue
		}
		if w.is(it.from, "@ISA") || w.is(it.from, "@"+pkg+"::ISA") {
			continue
		}
		if !told {
			w.dynamic(i, "isa", w.between(i, it.to))
		}
		p.DynamicISA, told = true, true
	}
}

// export reads what a list of exports gets.
func (w *walker) export(i int, pkg, kind string) {
	if !w.isChanged(i) {
		return
	}
	list := w.given(i)
	if kind != "EXPORT_TAGS" {
		e := Export{Package: pkg, Line: w.lineOf(i), Kind: kind}
		var all bool
		e.Names, all = names(list)
		w.exported(e, all, i)
		return
	}
	for n := 0; n < len(list); n += 2 {
		e := Export{Package: pkg, Line: w.lineOf(list[n].from), Kind: kind}
		all := list[n].ok && n+1 < len(list)
		if list[n].ok {
			e.Tag = strings.TrimPrefix(list[n].s, ":")
		}
		if n+1 < len(list) {
			value := list[n+1]
			if value.isNested && w.is(value.from, "[") {
				var whole bool
				e.Names, whole = names(w.items(value.from+1, value.to-1))
				all = all && whole
			} else {
				all = false
			}
		}
		w.exported(e, all, i)
	}
}

// exportTag reads $EXPORT_TAGS{name} = [...] at i.
func (w *walker) exportTag(i int, pkg string) {
	end := w.close(i + 1)
	if !w.is(end+1, "=") {
		return
	}
	tag, all := names(w.items(i+2, end))
	if len(tag) != 1 || !all {
		return
	}
	e := Export{Package: pkg, Line: w.lineOf(i), Kind: "EXPORT_TAGS", Tag: strings.TrimPrefix(tag[0], ":")}
	all = false
	if list := w.given(end); len(list) == 1 && list[0].isNested && w.is(list[0].from, "[") {
		e.Names, all = names(w.items(list[0].from+1, list[0].to-1))
	}
	w.exported(e, all, i)
}

func (w *walker) exported(e Export, all bool, i int) {
	if !all {
		e.Dynamic = true
		end, _ := w.end(i)
		w.dynamic(i, "export", w.between(i, min(end, i+40)))
	}
	w.file.Exports = append(w.file.Exports, e)
}

// setup reads the exports that the list of a module of the family of
// Sub::Exporter sets up: exports => [...], groups => { name => [...] }, or the
// hash after -setup.
func (w *walker) setup(l *Load, list []item) {
	for n := 0; n+1 < len(list); n++ {
		value := list[n+1]
		if !list[n].ok || !value.isNested {
			continue
		}
		switch list[n].s {
		case "-setup", "setup":
			if w.is(value.from, "{") {
				w.setup(l, w.items(value.from+1, value.to-1))
			}
		case "exports", "as_is", "with_meta":
			e := Export{Package: w.pkg, Line: w.lineOf(value.from), Kind: l.Module}
			inner := w.items(value.from+1, value.to-1)
			all := true
			for k, it := range inner {
				switch {
				case it.ok && (k == 0 || !inner[k-1].isKey):
					e.Names = append(e.Names, it.s)
				case k > 0 && inner[k-1].isKey: // how it is made
				case it.isNested && w.is(it.from, `\`): // \&name
					e.Names = append(e.Names, strings.TrimPrefix(w.text(it.from+1), "&"))
				default:
					all = false
				}
			}
			w.exported(e, all, value.from)
		case "groups":
			inner := w.items(value.from+1, value.to-1)
			for k := 0; k+1 < len(inner); k += 2 {
				e := Export{Package: w.pkg, Line: w.lineOf(inner[k].from), Kind: l.Module, Tag: inner[k].s}
				var all bool
				if inner[k+1].isNested && w.is(inner[k+1].from, "[") {
					e.Names, all = names(w.items(inner[k+1].from+1, inner[k+1].to-1))
				}
				w.exported(e, all && inner[k].ok, inner[k].from)
			}
		}
	}
}

// cast takes notice of globs and @ISA whose name is computed.
func (w *walker) cast(i int) {
	switch w.text(i) {
	case "*":
		end := i + 2
		if w.is(i+1, "{") {
			end = w.close(i+1) + 1
		}
		if w.is(end, "=") && !w.is(i-1, "local") {
			stop, _ := w.end(end)
			w.dynamic(i, "symbol", w.between(i, min(stop, end+6)))
		}
	case "@":
		if !w.is(i+1, "{") {
			return
		}
		if w.word(i-1) != "push" && w.word(i-1) != "unshift" && w.word(i-2) != "push" {
			if end := w.close(i+1) + 1; !w.is(end, "=") {
				return
			}
		}
		for n := i + 2; n < i+12 && w.has(n) && !w.is(n, "}"); n++ {
			if w.kind(n) == perlsrc.Quote && strings.Contains(quotedParts(w.src, w.toks[n]).body, "ISA") {
				stop, _ := w.end(i)
				w.dynamic(i, "isa", w.between(max(w.begin(), i-2), min(stop, i+40)))
				return
			}
		}
	}
}
