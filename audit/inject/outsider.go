package inject

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
)

// A value that a caller gives becomes code by the caller's own wish, in most
// modules: names of classes, operators, pieces of code. Here are the signs that it
// is data to them, which they have from somebody else.

// outsiders are names of values that programs have from those who use them.
var outsiders = set("value", "values", "val", "vals", "field", "column", "key", "user", "username", "input", "param", "params", "parameter", "query", "term", "terms", "left", "right", "lhs", "rhs", "amount", "date", "range", "ranges", "units", "unit", "limit", "answer", "word", "title", "comment", "search", "sum")

// kinds are names of what a file's or a request's data is, of which a module's name
// is made.
var kinds = set("type", "kind", "format", "fmt", "file", "filename", "ext", "extension", "suffix", "scheme", "protocol", "proto", "mime", "mimetype", "lang", "language", "locale", "charset", "encoding", "algorithm", "cipher", "digest", "command", "action", "page")

// settings are names of what a program is set up with.
var settings = set("dsn", "config", "conf", "cfg", "configuration", "settings", "preferences", "setup")

// cutters are functions that cut a text into pieces.
var cutters = set("split", "m", "unpack", "substr", "decode", "uri_unescape", "from_json", "decode_json")

// subscripted is the text before the key of a hash, or an element's index.
var subscripted = lazyregexp.New(`(?:->|[\w\]}])(?:\{\s*|\[\s*)\z`)

// blocked is the same text where a block begins there: sub {, do {.
var blocked = lazyregexp.New(`(?:\A|[^$@%&\w])(?:sub|do|eval|else|BEGIN|map|grep)\s*\{\s*\z`)

// fromOutside reports whether a value that a caller gave is data at its place in
// code: it was cut out of a text, somebody looked at what it holds, it stands where
// data does, or its name says so.
func fromOutside(f *audit.File, at piece, v taint, name string) bool {
	load := loads.MatchString(at.before)
	switch {
	case says(v.From.Name, settings), !load && strings.HasPrefix(at.after, "("): // a sub of a name
		return false
	case slices.ContainsFunc(v.From.Through, func(by string) bool { return cutters[by] }):
		return true
	case strings.HasSuffix(at.before, "::"): // a short name behind a prefix, as users give them
		return !says(v.From.Name, packageNames) && !says(v.From.Name, classNames) && !(wholly(v.Source) && says(name, packageNames))
	case v.Check&^input.Ref != 0, asData(at), input.Serves(f):
		return true
	case load:
		return says(name, kinds) || says(v.From.Name, kinds)
	}
	return says(name, outsiders) || says(v.From.Name, outsiders) || says(name, dataNames) || says(v.From.Name, dataNames)
}

// asData reports whether a value stands where code holds data: in quotes, in a
// pattern, as a key.
func asData(at piece) bool {
	return quoteAt(at) != "" || subscripted.MatchString(at.before) && !blocked.MatchString(at.before)
}
