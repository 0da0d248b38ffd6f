package input

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// who classifies an origin, and names it.
func (r *reader) who(o flow.Origin) (Who, string) {
	switch o.Kind {
	case flow.Param:
		return r.param(o)
	case flow.Result:
		if o.Key != "" && isSetting(audit.Unqualified(o.Name)) {
			return Operator, "the setting " + o.Key // config->{dir}
		}
		return r.result(o.Node, o.Name)
	case flow.Field:
		if what, ok := r.ofArgument(o); ok {
			return Caller, what
		}
		return r.field(o.Node, o.Name)
	case flow.Global:
		return r.global(o.Name, o.Key)
	case flow.Constant:
		return Constant, ""
	}
	return r.unfollowed(o.Node)
}

// param tells who chooses an argument of a sub.
func (r *reader) param(o flow.Origin) (Who, string) {
	name := strings.TrimLeft(o.Name, "$@%")
	if slices.Contains([]string{"self", "class", "this", "proto", "pkg", "package", "me"}, name) {
		return Unknown, "the object"
	}
	if o.Index == 0 && name == "" {
		return Unknown, "the first argument"
	}
	if r.file.Role == audit.Program {
		return Unknown, "the argument " + name
	}
	if upper(name) {
		if who, what, ok := r.requestVariable(name); ok {
			return who, what // $env->{PATH_INFO}
		}
	}
	if o.Index >= 2 && r.action(o.Sub) {
		return Remote, "a part of the request's path"
	}
	sub := r.tree.Sub(o.Sub).Name
	what := "an argument"
	if name != "" {
		what = "the argument $" + name
	}
	if sub != "" {
		what += " of " + audit.Unqualified(sub)
	}
	return Caller, what
}

var actionAttribute = lazyregexp.New(`:\s*(?:Local|Path|Global|Args|Regex|LocalRegex|Chained|CaptureArgs|PathPart)\b`)

// action reports whether a sub is one that Catalyst calls for requests, with what
// stands in the path behind the object and the context.
func (r *reader) action(sub perlsrc.NodeID) bool {
	start, _ := r.tree.Span(sub)
	end, _ := r.tree.Span(r.tree.Sub(sub).Block)
	return end > start && actionAttribute.Match(r.tree.Src[start:end])
}

// upper reports whether a name is in capitals.
func upper(name string) bool {
	return name != "" && name == strings.ToUpper(name) && strings.ToLower(name) != name
}

// requestVariable names what a variable of CGI or PSGI holds that the client chooses.
func (r *reader) requestVariable(key string) (Who, string, bool) {
	switch {
	case strings.HasPrefix(key, "HTTP_"):
		return Remote, "the request's header " + key, true
	case slices.Contains([]string{"QUERY_STRING", "PATH_INFO", "PATH_TRANSLATED", "REQUEST_URI", "REMOTE_USER", "REMOTE_IDENT", "CONTENT_TYPE", "REQUEST_METHOD", "REDIRECT_URL", "REDIRECT_QUERY_STRING", "SCRIPT_URI", "SCRIPT_URL", "RAW_URI"}, key):
		return Remote, "the request's " + key, true
	}
	return Unknown, "", false
}

// global tells who chooses a package variable.
func (r *reader) global(name, key string) (Who, string) {
	if sigil, rest, ok := strings.Cut(strings.Replace(name, "main::", "::", 1), "::"); ok && len(sigil) == 1 {
		name = sigil + rest // $main::x and $::x
	}
	if bare := audit.Unqualified(name); bare == "Config" {
		return Constant, "" // of Config.pm, imported
	}
	switch name {
	case "%ENV", "$ENV":
		if who, what, ok := r.requestVariable(key); ok {
			return who, what
		}
		if key == "" {
			return Operator, "the environment"
		}
		return Operator, "the environment variable " + key
	case "@ARGV", "$ARGV", "%ARGV":
		return Operator, "an argument of the program"
	case "$0", "$$", "$^X", "$^O", "$^T", "$]", "$^V", "$;", "$,", "$/", "$\\", "$\"", "$|", "$<", "$>", "$(", "$)", "%INC", "@INC", "$?", "$.", "$a", "$b", "$^W", "$@", "$!", "%Config", "$Config":
		return Constant, ""
	}
	if r.file.Holds("ReadParse") && slices.Contains([]string{"in", "input"}, audit.Unqualified(strings.TrimLeft(name, "$%"))) {
		return Remote, "a parameter of a request" // of cgi-lib.pl
	}
	return Unknown, "the variable " + name
}

// field tells who fills a field that the file does not fill itself.
func (r *reader) field(n perlsrc.NodeID, key string) (Who, string) {
	if upper(key) {
		if who, what, ok := r.requestVariable(key); ok {
			return who, what
		}
	}
	base := strings.ToLower(r.base(n))
	switch {
	case strings.Contains(base, "env") && upper(key):
		return Unknown, "the field " + key
	case (key == "content" || key == "headers" || key == "body") && named(base, answers):
		return Remote, "the answer of a server"
	case named(base, requestHashes):
		return Remote, fmt.Sprintf("the parameter %q of a request", key)
	case named(base, optionHashes), r.ofSettings(n):
		return Operator, "the setting " + key
	}
	return Held, "the field " + key
}

// dataNames are names of arguments that are structures of data, and no objects.
var dataNames = []string{
	"args", "arg", "opt", "opts", "option", "options", "params", "param", "parameters", "p", "o", "attr", "attrs", "attributes", "in", "input", "data", "h", "hash", "href", "hashref", "spec", "fields", "values", "vars",
	"info", "item", "row", "rec", "record", "entry", "query", "details", "extra",
}

// ofArgument names a field of a structure that the caller of a sub gives.
func (r *reader) ofArgument(o flow.Origin) (string, bool) {
	if string(r.tree.Text(o.Node)) != "@_" || r.file.Role == audit.Program {
		return "", false
	}
	for _, s := range o.Steps {
		if name, ok := strings.CutPrefix(s.What, "assigned to $"); ok && named(name, dataNames) {
			return "the field " + o.Name + " of the argument $" + name, true
		}
	}
	return "", false
}
