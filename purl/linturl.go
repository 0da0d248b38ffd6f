package purl

import (
	"net/url"
	"strings"

	"nacre/fault"
)

// repository checks the repository's address: P16.
func (l *linter) repository() {
	raw := l.qualifier("repository_url")
	if raw == "" {
		return
	}
	if isDefaultRepository(raw) && !l.o.Private {
		l.warning("P16", "repository_url is CPAN, the default", "leave it out")
		return
	}
	if hasCredentials(raw, true) {
		l.error("P16", "repository_url has a name or a password in it", "leave out what stands before the @: a package url is passed on")
		return
	}
	const shape = "write it as in https://backpan.perl.org/"
	switch u, err := url.Parse(raw); {
	case !strings.Contains(raw, "://"):
		l.warning("P16", "repository_url "+fault.Quote(raw)+": has no scheme", shape)
	case err == nil && u.Scheme == "file":
		l.warning("P16", "repository_url "+fault.Quote(raw)+": is a folder of one machine", "write an address that others can reach")
	case err != nil || u.Host == "":
		l.warning("P16", "repository_url "+fault.Quote(raw)+": is not an absolute URL", shape)
	}
}

// address checks another address: P23.
func (l *linter) address(key string) {
	raw := l.qualifier(key)
	if raw == "" {
		return
	}
	if hasCredentials(raw, key != "vcs_url") { // git@ says nothing there
		l.error("P23", key+" has a name or a password in it", "leave out what stands before the @: a package url is passed on")
		return
	}
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || u.Host == "" && u.Scheme != "file" {
		hint := "write it as in https://example.org/Foo-Bar-1.23.tar.gz"
		if key == "vcs_url" {
			hint = "write it as in git+https://example.org/foo-bar.git@COMMIT"
		}
		l.error("P23", key+" "+fault.Quote(raw)+": is not an absolute URL", hint)
		return
	}
	switch u.Scheme[strings.LastIndexByte(u.Scheme, '+')+1:] {
	case "http", "ftp", "git", "svn", "rsync":
		l.warning("P23", key+" "+fault.Quote(raw)+": is not encrypted on its way", "write https where the server has it")
	case "file":
		l.warning("P23", key+" "+fault.Quote(raw)+": is a file of one machine", "write an address that others can reach")
	}
}

// hasCredentials says whether an address names a password, or where user is set
// a user.
func hasCredentials(raw string, user bool) bool {
	_, rest, ok := strings.Cut(raw, "://")
	if !ok {
		rest = raw
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	i := strings.LastIndexByte(rest, '@')
	return i >= 0 && (user && ok || ok && strings.Contains(rest[:i], ":") || !ok && user && strings.Contains(rest[:i], ":"))
}

// keys looks for qualifiers that nobody knows: P24.
func (l *linter) keys() {
	for _, q := range l.p.Qualifiers {
		switch strings.ToLower(q.Key) {
		case "author", "distpath", "repository_url", "download_url", "vcs_url", "ext", // of the type
			"checksum", "file_name", "vers": // of all types
		default:
			l.warning("P24", "qualifier "+fault.Quote(q.Key)+": is none of the type cpan", "leave it out; others will not read it")
		}
	}
}
