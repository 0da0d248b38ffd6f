package input

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// makers are functions, and methods that are called on a class or a handle with
// the value as an argument, by what they make of a value. 0 is for those that
// pass it on changed, and as dangerous.
var makers = map[string]Check{
	"int": Number, "abs": Number, "hex": Number, "oct": Number, "ord": Number, "length": Number, "looks_like_number": Number,
	"time": Number, "floor": Number, "ceil": Number, "round": Number,

	"shell_quote": Shell, "shell_quote_best_effort": Shell, "quote_literal": Shell, "shell_escape": Shell, "escape_shell_arg": Shell,
	"shellquote": Shell, "escapeshellarg": Shell, "shell_quoted": Shell, "quote_shell": Shell, "argv_quote": Shell, "quote_native": Shell, "quote_system_list": Shell,

	"quotemeta": Pattern | Shell | Rejected,

	"encode_entities": HTML, "encode_entities_numeric": HTML, "escape_html": HTML, "escapeHTML": HTML, "html_escape": HTML,
	"xml_escape": HTML, "escape_xml": HTML, "xmlesc": HTML, "escape_html_entities": HTML, "encode_html": HTML, "html_encode": HTML,
	"htmlspecialchars": HTML, "html_quote": HTML, "quote_html": HTML, "encodeHTML": HTML, "esc_html": HTML,
	"escape_attr": HTML, "encode_xml": HTML, "h": HTML, "strip_tags": HTML, "scrub": HTML, "sanitize": HTML | Rejected, "sanitise": HTML | Rejected,

	"uri_escape": URI | HTML | Rejected, "uri_escape_utf8": URI | HTML | Rejected, "url_escape": URI | HTML | Rejected, "escape_uri": URI | HTML | Rejected,
	"uri_encode": URI | HTML | Rejected, "url_encode": URI | HTML | Rejected, "encode_uri": URI | HTML | Rejected, "urlencode": URI | HTML | Rejected,
	"escape_url": URI | HTML | Rejected, "www_form_encode": URI | HTML | Rejected, "url_quote": URI | HTML | Rejected, "uri_escape_path": URI | HTML | Rejected,

	"quote": SQL, "quote_identifier": SQL, "quote_ident": SQL, "dbquote": SQL, "sql_quote": SQL, "quote_value": SQL, "_quote": SQL, "quote_table": SQL, "quote_column": SQL,

	"basename": Base, "fileparse": Base,

	"md5_hex": Plain, "md5_base64": Plain, "sha1_hex": Plain, "sha1_base64": Plain, "sha224_hex": Plain, "sha256_hex": Plain, "sha256_base64": Plain,
	"sha384_hex": Plain, "sha512_hex": Plain, "sha512_base64": Plain, "md5_sum": Plain, "sha1_sum": Plain, "encode_base64": Plain, "encode_base64url": Plain, "b64_encode": Plain,
	"hmac_sha256_hex": Plain, "hmac_sha1_hex": Plain, "crc32": Plain,

	"decode": 0, "encode": 0, "decode_utf8": 0, "encode_utf8": 0, "uri_unescape": 0, "url_unescape": 0, "decode_base64": 0,
	"decode_entities": 0, "trim": 0, "chomped": 0, "catfile": 0, "catdir": 0, "canonpath": 0, "rel2abs": 0, "abs_path": 0, "realpath": 0,
	"decode_json": 0, "from_json": 0, "unpack": 0, "split": 0, "dirname": 0, "strip": 0, "unescape": 0, "deserialize": 0,
	"first": 0, "uniq": 0, "pack": 0, "sprintf": 0, "validate": 0, "validate_with": 0, "validate_pos": 0, "rearrange": 0, "self_or_default": 0,
}

// makes tells what a function makes of its argument, by the table or by its name;
// ok is false where neither says.
func makes(name string) (c Check, ok bool) {
	if c, ok = makers[name]; ok {
		return c, true
	}
	c = byName(name)
	return c, c != 0
}

// byName tells what a function that is called so makes of its argument:
// _html_escape, quote_args, clean_name.
func byName(name string) Check {
	name = strings.ToLower(name)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) })
	}
	var c Check
	switch {
	case has("unescape", "unquote", "decode", "dequote", "descape"):
		return 0
	case has("escape", "quote", "encode", "entit", "filter", "esc_"):
	case has("sanit", "untaint", "cleanup", "clean_", "_clean", "strip_", "safe_", "_safe"):
		return Rejected | Lines | HTML
	default:
		return 0
	}
	if has("html", "xml", "entit", "attr") {
		c |= HTML
	}
	if has("uri", "url") {
		c |= URI | HTML | Rejected
	}
	if has("shell", "arg", "cmd", "command") {
		c |= Shell
	}
	if has("sql", "ident", "db") {
		c |= SQL
	}
	if c == 0 && has("escape", "quote") {
		c = HTML | URI | Shell | SQL // of which language, its name does not say
	}
	return c
}

// methodOfName reports whether a method call makes something of its argument, as
// $dbh->quote($x) and File::Spec->catfile($x) do, and not of its object.
func (r *reader) methodOfName(c perlsrc.Call) bool {
	if len(c.Args) == 0 {
		return false
	}
	switch c.Callee {
	case "catfile", "catdir", "canonpath", "rel2abs", "basename", "decode_json", "scrub", "sanitize":
		return true
	}
	made, _ := makes(c.Callee)
	return made.Has(HTML | URI | Shell | SQL)
}

// madeBy gives what functions on a value's way made of it.
func madeBy(through []string) Check {
	var c Check
	for _, name := range through {
		made, _ := makes(audit.Unqualified(name))
		c |= made
		switch name {
		case "+", "-", "*", "/", "%", "**", "++", "--", "..", "...":
			c |= Number
		}
	}
	return c
}

// returnedBy gives what the file's own subs made of a value, by their names.
func returnedBy(steps []flow.Step) Check {
	var c Check
	for _, s := range steps {
		if name, ok := strings.CutPrefix(s.What, "returned by "); ok {
			c |= byName(audit.Unqualified(name))
		}
	}
	return c
}
