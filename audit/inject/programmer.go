package inject

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
)

// Code that a programmer writes down for a sub to compile is as much the
// program's own as the sub is, and these are its signs.

// evaluators are words in names of subs that are there to run code.
var evaluators = set("eval", "evaluate", "perl", "code", "compile", "execute", "exec", "repl", "taint", "tainted", "autoload")

// runners are words in names of packages that are there to run or make code.
var runners = set("eval", "evaluate", "repl", "debug", "debugger", "benchmark", "selfloader", "autoloader", "accessor", "accessors", "attribute", "attributes", "template", "templates", "compiler", "compile", "grammar", "macro", "macros", "inline", "generator", "codegen", "delegate", "delegation", "exporter", "sugar", "shell", "console", "interpreter", "sandbox", "perl", "code", "closure", "dsl", "mop", "metaclass", "meta")

// declarers are words in names of subs with which a class is declared.
var declarers = set("extends", "declare", "alias", "aliased", "subtype", "mixin", "inherit", "export", "exports", "accessor", "accessors", "attr", "attribute", "attributes", "getter", "setter", "delegate", "delegates", "ok")

// keywords are such subs by their whole name.
var keywords = set("has", "with", "extend", "override", "wrap", "use", "require", "no")

// makers are words in names of subs that write code, where nothing is loaded.
var makers = set("generate", "gen", "generator", "install", "mk", "define", "def", "method", "methods", "closure", "sub", "subs", "func", "function", "functions", "wrapper", "inline", "codegen", "compiled", "constructor", "prototype")

// programming are names of values that are pieces of code, wherever they stand.
var programming = set("code", "src", "perl", "expr", "expression", "expressions", "body", "sub", "eval", "block", "stmt", "statement", "statements", "func", "function", "coderef", "snippet", "closure", "preamble", "prelude", "prologue", "epilogue", "proto", "prototype", "signature", "sigil", "macro", "dest", "dst", "lvalue", "varname", "symbol")

// libraries are names of modules that whoever calls writes down.
var libraries = set("lib", "libs", "library", "libraries", "subclass", "superclass", "baseclass", "bless", "parent", "toolkit", "imports")

// counts are names of numbers.
var counts = set("count", "size", "blocksize", "bufsize", "n", "num", "number", "priority", "width", "height", "depth", "level", "index", "offset", "times", "length", "len", "timeout", "seconds", "bits", "digits", "precision", "iterations", "lineno", "linenum")

// capitals is a name as directives of a configuration that is written in Perl have
// it: UPDATE_FILE, LISTEN_ON. The methods of perl's own are of one word.
var capitals = lazyregexp.New(`\A[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\z`)

// ofDirective reports whether a value is an argument of a directive of a
// configuration by the sub's name: an administrator wrote it.
func ofDirective(f *audit.File, s input.Source) bool {
	if s.Who != input.Caller || s.From.Sub == 0 {
		return false
	}
	sub := audit.Unqualified(f.Tree.Sub(s.From.Sub).Name)
	return capitals.MatchString(sub) && !attributes.MatchString(sub)
}

// delimited is text in which a value is what a quote of Perl begins with. Who gave
// that has seen the quote in code.
var delimited = lazyregexp.New(`(?:\A|[^\w$@%&>-])(?:m|qr|s|tr|y|q|qq|qw|qx)\x00`)

var (
	// compilesInto is a package that is a value: whoever compiles code there puts
	// it among the code of that package's author.
	compilesInto = lazyregexp.New(`(?:\A|[\s;{])package\s+[\w:]*\x00`)
	remark       = lazyregexp.New(`(?:\A|\n)\s*#[^\n]*\z`)
	attributes   = lazyregexp.New(`\A(?:MODIFY|FETCH)_[A-Z]+_ATTRIBUTES\z`)
)

// holds reports whether a name has one of these words.
func holds(name string, words map[string]bool) bool {
	return slices.ContainsFunc(purpose.Words(name), func(w string) bool { return words[w] })
}

// evaluates reports whether a sub is there to run code by its name.
func evaluates(sub string) bool {
	return holds(sub, evaluators) || strings.HasSuffix(strings.ToLower(sub), "eval")
}

// declared reports whether a sub is a piece of a language for declaring, whose
// arguments stand in the source of who calls.
func declared(sub string) bool {
	return strings.HasSuffix(sub, "import") || keywords[sub] || holds(sub, declarers) || attributes.MatchString(sub)
}

// ofProgrammer reports whether the code around a value says that a programmer
// writes it, in source of their own.
func ofProgrammer(f *audit.File, x *text, at piece, v taint, name string) bool {
	if v.Who != input.Caller && v.Who != input.Held && v.Who != input.File {
		return false
	}
	sub, from := audit.Unqualified(f.SubName(x.node)), ""
	if v.From.Sub != 0 {
		from = audit.Unqualified(f.Tree.Sub(v.From.Sub).Name)
	}
	load := loads.MatchString(at.before)
	switch {
	case declared(sub), declared(from):
		return true
	case compilesInto.MatchString(at.before) || len(x.pieces) > 0 && compilesInto.MatchString(x.pieces[len(x.pieces)-1].before):
		return true
	case delimited.MatchString(x.whole()):
		return true
	case remark.MatchString(at.before): // #line, and whether a value is tainted
		return true
	case load:
		return says(name, libraries) || v.Who == input.File && lists(v.What)
	case evaluates(sub), evaluates(from), runs(f.Tree.EnclosingPackage(x.node)):
		return true
	case v.Who == input.Caller && (says(name, counts) || says(v.From.Name, counts)), says(name, programming):
		return true
	}
	return holds(sub, makers) || holds(from, makers)
}

// lists reports whether a value is a name out of a folder: of a module that is
// installed.
func lists(what string) bool {
	return strings.Contains(what, "readdir") || strings.Contains(what, "glob")
}

// runs reports whether a package is there to run or make code by its name.
func runs(pkg string) bool {
	return pkg == "DB" || holds(strings.ReplaceAll(pkg, "::", "_"), runners)
}
