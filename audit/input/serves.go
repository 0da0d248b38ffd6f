package input

import (
	"path"

	"nacre/audit"
)

// Serves reports whether a program answers others than the one who starts it: its
// arguments and its environment may then be theirs, too.
func Serves(f *audit.File) bool {
	switch path.Ext(f.Path) {
	case ".cgi", ".fcgi", ".psgi":
		return true
	}
	if _, ok := f.Loads("FCGI", "IO::Socket::INET", "IO::Socket::SSL", "HTTP::Daemon", "Net::Server", "Plack::Request"); ok {
		return true
	}
	if _, ok := f.Loads("CGI", "CGI::Simple", "CGI::Lite", "CGI::Fast", "CGI::Minimal"); ok {
		// CGI writes HTML for programs of the command line, too.
		for range f.Calls("param", "Vars", "path_info", "upload", "url_param", "parse_form_data") {
			return true
		}
	}
	return false
}
