package input

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// Names of variables that say what they hold. They are words: req is in $req and
// in $http_req.
var (
	requests      = []string{"cgi", "q", "query", "req", "request", "r", "c", "ctx", "context", "app", "apr", "plack", "fcgi", "catalyst", "controller", "webapp", "rq"}
	requestHashes = []string{"params", "param", "form", "formdata", "cookies", "query", "headers", "post", "cgi", "input", "fields", "captures"}
	answers       = []string{"res", "resp", "response", "reply", "answer", "result", "r", "rsp", "http", "page", "ua", "mech", "tx"}
	mails         = []string{"mail", "email", "msg", "message", "mime", "entity", "head", "part", "parsed"}
	uploads       = []string{"upload", "uploads", "file", "fh", "up"}
	members       = []string{"member", "entry", "zip", "tar", "archive", "ae", "file"}
	sockets       = []string{"sock", "socket", "client", "conn", "connection", "remote", "peer", "server", "new"}
	optionHashes  = []string{"opt", "opts", "options", "option", "config", "conf", "cfg", "settings"}
)

// named reports whether the last word of a variable's name is one of these.
func named(name string, words []string) bool {
	name = strings.ToLower(strings.TrimRight(name, "0123456789"))
	if i := strings.LastIndexByte(name, '_'); i >= 0 {
		name = name[i+1:]
	}
	return slices.Contains(words, name)
}

// result tells who chooses what a function or method returns.
func (r *reader) result(n perlsrc.NodeID, name string) (Who, string) {
	t := r.tree
	if t.Nodes[n].Kind != perlsrc.CallNode {
		if t.Nodes[n].Kind == perlsrc.TermNode {
			switch t.Token(n).Kind {
			case perlsrc.Readline:
				return r.line(string(t.Text(n)))
			case perlsrc.Command:
				return Unknown, "the output of a command"
			case perlsrc.Glob:
				return File, "the name of a file"
			}
		}
		if strings.HasPrefix(name, "<") {
			return r.line(name)
		}
		return Unknown, name
	}
	c := t.Call(n)
	if c.Method {
		return r.method(n, c)
	}
	switch audit.Unqualified(c.Callee) {
	case "rand", "time", "localtime", "gmtime", "wantarray", "caller", "getpwuid", "getcwd", "cwd", "fork", "getppid", "times", "ref", "hostname",
		"tempfile", "tempdir", "tmpdir", "tmpnam", "curdir", "rootdir", "updir", "defined", "length", "exists", "scalar", "keys", "int", "strftime", "uname", "blessed", "which", "can_run", "undef":
		return Constant, ""
	case "shift", "pop":
		if len(c.Args) == 0 && t.EnclosingSub(n) == 0 || len(c.Args) > 0 && string(t.Text(c.Args[0])) == "@ARGV" {
			return Operator, "an argument of the program"
		}
		return Unknown, r.gives(n, c.Callee)
	case "param", "params", "query_parameters", "body_parameters", "route_parameters", "cookie", "cookies", "request_header", "raw_cookie", "splat":
		if r.web() {
			return Remote, r.ofRequest(c, t)
		}
	case "read", "sysread":
		if len(c.Args) == 0 {
			break
		}
		handle := string(t.Text(c.Args[0]))
		switch {
		case named(strings.Trim(handle, "$*{}"), sockets):
			return Remote, "what a socket receives"
		case strings.Contains(handle, "STDIN") && r.file.Holds("CONTENT_LENGTH"):
			return Remote, "the body of a request"
		case strings.Contains(handle, "STDIN"):
			return Operator, "the standard input"
		}
		return File, "what " + c.Callee + " reads"
	case "recv":
		return Remote, "what " + c.Callee + " gives"
	case "get", "getprint":
		if _, ok := r.file.Loads("LWP::Simple"); ok {
			return Remote, "the answer of a server"
		}
	case "read_file", "slurp", "read_text", "read_binary", "read_lines", "LoadFile", "retrieve", "readdir", "readlink":
		if len(c.Args) > 0 && r.namesSetting(c.Args[0]) {
			return Operator, "the configuration"
		}
		return File, "what " + c.Callee + " reads"
	case "readline":
		if len(c.Args) > 0 {
			return r.line("<" + string(t.Text(c.Args[0])) + ">")
		}
	case "prompt", "promptUser", "ReadLine":
		return Operator, "what somebody answers"
	case "getenv":
		return Operator, "the environment"
	}
	return Unknown, r.gives(n, c.Callee)
}

// maxShown bounds the code that names a value, in bytes.
const maxShown = 40

// gives names what a call gives, by its code where that is short.
func (r *reader) gives(n perlsrc.NodeID, name string) string {
	code := strings.Join(strings.Fields(string(r.tree.Text(n)[:min(len(r.tree.Text(n)), 2*maxShown)])), " ")
	switch {
	case len(code) <= maxShown && len(r.tree.Text(n)) < 2*maxShown:
		return "what " + code + " gives"
	case name == "":
		return "what a code reference gives"
	}
	return "what " + name + " gives"
}

// ofRequest names a parameter.
func (r *reader) ofRequest(c perlsrc.Call, t *perlsrc.Tree) string {
	if len(c.Args) > 0 {
		if key, ok := t.Literal(c.Args[0]); ok {
			name := strings.TrimSuffix(c.Callee, "s")
			if strings.HasSuffix(name, "param") {
				name = "parameter"
			}
			return fmt.Sprintf("the %s %q of a request", name, key)
		}
	}
	switch c.Callee {
	case "param", "url_param", "query_param", "multi_param":
		return "a parameter of a request"
	case "params", "Vars", "query_params", "query_parameters", "body_parameters", "body_params", "parameters", "every_param":
		return "the parameters of a request"
	case "body", "raw_body", "content", "body_data":
		return "the body of a request"
	}
	return "a request's " + c.Callee
}

// web reports whether the file is of a web application by what it loads.
func (r *reader) web() bool {
	_, ok := r.file.Loads("CGI", "CGI::Simple", "CGI::Fast", "CGI::Application", "CGI::Lite", "CGI::Carp", "Dancer", "Dancer2", "Mojolicious::Lite", "Mojolicious::Controller", "Mojo::Base", "Catalyst", "Catalyst::Controller",
		"Plack::Request", "Plack::Builder", "Apache2::Request", "Apache::Request", "Web::Simple", "HTTP::Engine", "Squatting", "Kelp", "Raisin")
	return ok
}

// requestMethods give what a client sent, where they are called on a request.
var requestMethods = []string{
	"param", "params", "url_param", "Vars", "query_param", "query_params", "query_parameters", "body_parameters", "body_params", "parameters",
	"every_param", "multi_param", "param_fetch", "raw_cookie", "cookie", "cookies", "header", "headers", "uri", "path", "path_info", "query_string", "request_uri", "user_agent", "referer", "referrer",
	"body", "raw_body", "content", "input", "json", "body_data", "data", "arguments", "args", "captures", "http", "upload", "uploads", "self_url", "url", "url_with", "virtual_host", "host", "unparsed_uri",
	"remote_user", "env", "query_form", "query", "query_keywords", "keywords", "stash", "method", "request_method", "raw_uri", "script_name", "base",
}

// remoteAnyway give what a client sent whatever they are called on.
var remoteAnyway = []string{"url_param", "multi_param", "every_param", "query_parameters", "body_parameters", "query_string", "path_info", "request_uri", "raw_cookie", "unparsed_uri"}

// method tells who chooses what a method returns.
func (r *reader) method(n perlsrc.NodeID, c perlsrc.Call) (Who, string) {
	t := r.tree
	on := r.object(c.Invocant)
	name := c.Callee
	reads := func() bool { return len(c.Args) <= 1 }
	switch {
	case isSettingOf(on, name, len(c.Args)), c.Class == "" && isConfiguration(on) && !strings.HasPrefix(name, "new"):
		return Operator, "a setting"
	case name == "header" && on == "headers" && len(c.Args) == 1:
		return Remote, "a header of a request or an answer"
	case name == "decoded_content" && reads() && !named(on, requests):
		return Remote, "the answer of a server"
	case (name == "decoded_content" || slices.Contains(remoteAnyway, name)) && reads():
		return Remote, r.ofRequest(c, t)
	case name == "param" && (on == "self" || on == "app" || on == "webapp") && r.isApplication(n):
		return Held, "a setting of the application"
	case slices.Contains(requestMethods, name) && reads() && (named(on, requests) || on == "self" && (name == "param" || name == "query") && r.web() || isRequest(on)):
		switch name {
		case "method", "base", "stash", "env":
			return Unknown, "a request's " + name
		case "header", "headers":
			if len(c.Args) != 1 || named(on, []string{"cgi", "q", "query"}) || isRequest(on) {
				return Unknown, "what header gives" // of CGI, it makes a header
			}
		}
		return Remote, r.ofRequest(c, t)
	case name == "get" && slices.Contains([]string{"query_parameters", "body_parameters", "route_parameters", "parameters", "params", "cookies", "captures"}, on):
		return Remote, r.ofRequest(perlsrc.Call{Callee: "param", Args: c.Args}, t)
	case slices.Contains([]string{"content", "header", "body", "as_string", "text", "json", "dom", "headers", "content_ref", "title", "message", "uri", "filename"}, name) && named(on, answers) && reads() && r.client():
		return Remote, "the answer of a server"
	case (name == "get" || name == "head") && named(on, []string{"ua", "mech", "agent", "http", "lwp", "browser", "client", "tiny"}):
		return Remote, "the answer of a server"
	case slices.Contains([]string{"filename", "client_filename", "recommended_filename", "basename", "tempname"}, name) && (named(on, uploads) || named(on, mails)) && (name != "basename" && name != "filename" || named(on, []string{"upload", "uploads", "up", "part", "entity"})):
		return Remote, "the name of an uploaded file"
	case slices.Contains([]string{"body", "body_str", "header", "header_str", "get", "subject", "from", "stringify_body", "body_as_string", "bodyhandle", "header_raw"}, name) && named(on, mails) && (r.mail() || on == mails[0]):
		return Remote, "a mail's " + name
	case slices.Contains([]string{"memberNames", "fileName", "list_files", "full_path", "externalFileName", "list_archive", "pathname"}, name), name == "name" && named(on, members) && r.archive():
		return File, "the name of an archive's member"
	case slices.Contains([]string{"getline", "getlines", "sysread", "read", "recv", "get_line"}, name):
		if named(on, sockets) {
			return Remote, "what a socket receives"
		}
		return File, "a line of a file"
	case slices.Contains([]string{"slurp", "slurp_utf8", "slurp_raw", "lines", "lines_utf8", "spurt"}, name):
		return File, "what " + name + " reads"
	case slices.Contains([]string{"fetchrow", "fetchrow_array", "fetchrow_arrayref", "fetchrow_hashref", "selectrow_array", "fetchall_arrayref", "selectcol_arrayref", "selectall_arrayref", "selectrow_arrayref", "selectrow_hashref", "selectall_hashref", "fetchall_hashref"}, name):
		return Unknown, "what the database holds"
	case slices.Contains([]string{"new", "can", "isa", "DOES", "VERSION", "meta"}, name):
		return Constant, ""
	case len(c.Args) == 0 && on != "" && c.Class == "":
		return Held, r.gives(n, name)
	}
	return Unknown, r.gives(n, name)
}

// isApplication reports whether a node is in a class of CGI::Application, whose own
// parameters are settings: those of the request are its query's.
func (r *reader) isApplication(n perlsrc.NodeID) bool {
	const class = "CGI::Application"
	name := r.tree.EnclosingPackage(n)
	if name == class {
		return true
	}
	for _, p := range r.file.Facts().Packages {
		if p.Name == name {
			return slices.ContainsFunc(p.ISA, func(isa string) bool { return isa == class || strings.HasPrefix(isa, class+"::") })
		}
	}
	return false
}

// isRequest reports whether a class is of requests.
func isRequest(class string) bool {
	switch class {
	case "CGI", "CGI::Simple", "CGI::Fast", "CGI::Lite", "CGI::Minimal", "Plack::Request", "Dancer::Request", "Mojo::Message::Request":
		return true
	}
	return false
}

// object names what a method is called on: by its class, where the file says of
// which it is, and by its name.
func (r *reader) object(n perlsrc.NodeID) string {
	class, ok := r.file.Flow().ClassOf(n)
	if !ok || class == r.tree.EnclosingPackage(n) {
		return r.invocant(n)
	}
	family, _, _ := strings.Cut(class, "::")
	switch {
	case isRequest(class):
		return class
	case strings.Contains(class, "CGI"), strings.Contains(class, "Request"), strings.Contains(class, "Socket"), family == "HTTP", family == "LWP", family == "WWW", family == "Mojo", family == "Archive", family == "Furl":
		return r.invocant(n)
	case family == "Email", family == "Mail", family == "MIME", family == "Courriel":
		return mails[0]
	}
	return class
}

// invocant names what a method is called on: a variable without sigil, a class,
// or the method before it.
func (r *reader) invocant(n perlsrc.NodeID) string {
	if n == 0 {
		return ""
	}
	if name, ok := r.tree.Literal(n); ok {
		return name
	}
	switch r.tree.Nodes[n].Kind {
	case perlsrc.CallNode:
		if c := r.tree.Call(n); c.Callee == "new" && c.Class != "" {
			return c.Class // CGI->new->param
		}
		return audit.Unqualified(r.tree.Callee(n)) // $c->req->param, request->param
	case perlsrc.AccessNode:
		last := r.tree.LastChild(n)
		if r.tree.Nodes[last].Kind == perlsrc.SubscriptNode {
			if key, ok := r.tree.Literal(r.tree.Nodes[last].Child); ok {
				return key
			}
		}
		return ""
	case perlsrc.TermNode:
		return strings.TrimLeft(string(r.tree.Text(n)), "$@%{")
	}
	return ""
}

func (r *reader) client() bool {
	_, ok := r.file.Loads("LWP::UserAgent", "LWP", "LWP::Simple", "HTTP::Tiny", "HTTP::Request", "HTTP::Request::Common", "HTTP::Response", "WWW::Mechanize", "Mojo::UserAgent", "Furl", "REST::Client", "LWP::Protocol", "HTTP::Tinyish", "HTTP::Headers")
	return ok
}

func (r *reader) mail() bool {
	for _, l := range r.file.Facts().Loads {
		switch family, _, _ := strings.Cut(l.Module, "::"); family {
		case "Email", "Mail", "Courriel":
			return true
		case "MIME":
			if l.Module == "MIME::Parser" || l.Module == "MIME::Entity" || strings.HasPrefix(l.Module, "MIME::Lite") {
				return true
			}
		}
	}
	return false
}

func (r *reader) archive() bool {
	for _, l := range r.file.Facts().Loads {
		if strings.HasPrefix(l.Module, "Archive::") {
			return true
		}
	}
	return false
}

// line tells who chooses what is read from a handle.
func (r *reader) line(text string) (Who, string) {
	handle := strings.Trim(text, "<>$ ")
	switch {
	case handle == "STDIN":
		return Operator, "a line of the standard input"
	case handle == "" || handle == "ARGV":
		return File, "a line of a file or of the standard input"
	case handle == "DATA":
		return Constant, ""
	case isSetting(handle):
		return Operator, "a line of the configuration"
	case named(handle, sockets) && handle != "new":
		return Remote, "what a socket receives"
	case strings.ContainsAny(handle, "*?.~/"):
		return File, "the name of a file"
	}
	return File, "a line of a file"
}
