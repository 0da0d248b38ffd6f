package build

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

var (
	// clients are classes that reach the network, and fetches what they are asked.
	clients = map[string]bool{
		"LWP::UserAgent": true, "HTTP::Tiny": true, "HTTP::Lite": true, "WWW::Mechanize": true, "Net::FTP": true, "File::Fetch": true,
		"Mojo::UserAgent": true, "Furl": true, "HTTP::Tinyish": true, "LWP::RobotUA": true, "CPAN::Shell": true, "CPAN": true,
		"CPANPLUS::Backend": true, "Git::Repository": true, "Git::Wrapper": true,
	}
	fetches = map[string]bool{
		"get": true, "mirror": true, "request": true, "fetch": true, "download": true, "install": true, "clone": true, "getstore": true, "getprint": true, "simple_request": true, "post": true, "notest": true, "force": true,
	}
	// starts are the functions that start a program.
	starts = []string{"system", "exec", "qx", "open", "run", "do_system", "capture", "capturex", "systemx", "run3"}
	// network are commands that reach it.
	network = lazyregexp.New(`(?:\A|[\s;&|/'"({\[])(?:curl|wget|lwp-download|lwp-request|lynx|ftp|GET)\s[^;|&\n]*?(?:(?:https?|ftp)://|\$|\s-[A-Za-z]*[oO]\b)`)
	clones  = lazyregexp.New(`(?:\A|[\s;&|/'"({\[])(git\s+(?:-\S+\s+)*(?:clone|pull|fetch|submodule\s+(?:update|add)|submodule\b[^;|]*--init)|svn\s+(?:co|checkout|export|up|update)|hg\s+clone|cvs\s+(?:co|checkout))\b`)
	install = lazyregexp.New(`(?:\A|[\s;&|/'"({\[])((?:cpanm?|cpanp)\s+(?:-\S+\s+)*[\w:$"'./-]+|perl\s+-MCPAN\b|\S*\s*-MCPAN\b|(?:apt|apt-get|aptitude|yum|dnf|brew|port|pkg|zypper|pacman)\s+(?:-\S+\s+)*(?:install|add|-S)|(?:npm|pip3?|gem|cargo|go|bower|yarn)\s+(?:-\S+\s+)*(?:install|get|add))\b`)
	// mindful is what an author's own branch asks for.
	mindful = map[string]bool{"author": true, "maintainer": true, "release": true, "git": true, "dev": true, "developer": true, "devel": true, "checkout": true}
)

// reaching finds programs that reach the network, or install something, when a
// release is configured.
func reaching(p *audit.Pass) {
	f := p.File
	if f.Role != audit.Build || strings.HasPrefix(f.Path, "inc/Module/") || strings.HasPrefix(f.Path, "inc/ExtUtils/") || bytes.HasPrefix(f.Src, []byte("#line 1")) {
		return // what lies there is a copy of the tools, not the author's program
	}
	if !isRun(p) {
		return
	}
	t := f.Tree
	tell := func(n perlsrc.NodeID, how audit.Confidence, severity audit.Severity, message string) {
		if authors(f, n) {
			return
		}
		if how == audit.Likely && (f.Matches(checked) || agreed(f, n)) || how == audit.Certain && agreed(f, n) || !isCalled(p, n) {
			how = audit.Possible
		}
		p.Report(audit.Found{Node: n, Confidence: how, Severity: severity, Message: strings.Replace(message, "configured", phase(f, n), 1)})
	}
	fetched := false
	for n := range f.Calls("get", "mirror", "request", "fetch", "download", "install", "clone", "getstore", "getprint", "simple_request", "post", "notest", "force") {
		c := t.Call(n)
		if !reaches(f, c) || len(c.Args) == 0 && c.Callee != "fetch" && c.Callee != "install" {
			continue
		}
		fetched = true
		what := "something is fetched from the network"
		if c.Callee == "install" || c.Callee == "notest" || c.Callee == "force" {
			what = "something is installed"
		}
		if isProbe(t, n) {
			tell(n, audit.Possible, audit.Low, "the network is asked for while the release is configured")
			continue
		}
		tell(n, audit.Likely, audit.Medium, what+" while the release is configured, and nothing says what it must be")
	}
	for n := range f.Calls("new") {
		if c := t.Call(n); !fetched && clients[c.Class] && c.Class != "Git::Repository" {
			tell(n, audit.Likely, audit.Medium, "the network is reached while the release is configured")
		}
	}
	for n := range f.Calls(starts...) {
		text := command(t, n)
		switch {
		case piped.MatchString(text):
			tell(n, audit.Certain, audit.High, "a program that comes from the network is run while the release is configured")
		case clones.MatchString(text), network.MatchString(text):
			tell(n, audit.Likely, audit.Medium, "something is fetched from the network while the release is configured, and nothing says what it must be")
		case install.MatchString(text):
			tell(n, audit.Likely, audit.Medium, "something is installed while the release is configured, and nobody was asked")
		case strings.HasPrefix(text, "sudo ") || strings.Contains(text, " sudo "):
			tell(n, audit.Likely, audit.Medium, "a program is run with the rights of root while the release is configured")
		}
	}
	for n := range f.All(perlsrc.TermNode) {
		if t.Token(n).Kind == perlsrc.Readline && string(t.Text(n)) == "<STDIN>" {
			tell(n, audit.Possible, audit.Low, "the configuration waits for an answer, which nobody gives where releases are built by machines")
		}
	}
	for n := range f.Calls("auto_install") {
		tell(n, audit.Possible, audit.Low, "missing modules are installed while the release is configured")
	}
}

// isProbe reports whether a fetch is made only to know whether it succeeds.
func isProbe(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.CallNode && t.Call(up).Invocant == n {
		name := t.Callee(up)
		return name == "is_success" || name == "is_error" || name == "code" || name == "status_line"
	}
	call := t.Call(n)
	return t.Dest(n).Use == perlsrc.Condition && audit.Unqualified(call.Callee) == "get"
}

// agreed reports whether somebody at the terminal is asked in the block around.
func agreed(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	for _, name := range []string{"prompt", "y_n"} {
		for c := range f.Called(name) {
			for up := t.Nodes[n].Parent; up != 0; up = t.Nodes[up].Parent {
				if t.Nodes[up].Kind == perlsrc.BlockNode && t.Nodes[c].First >= t.Nodes[up].First && t.Nodes[c].End <= t.Nodes[up].End {
					return true
				}
			}
		}
	}
	for g := range setting.Guards(t, n) {
		if asksFor(f, g) {
			return true
		}
		for c := range t.All(g.Node, perlsrc.CallNode) {
			if name := audit.Unqualified(t.Callee(c)); name == "prompt" || name == "y_n" {
				return true
			}
		}
		for c := range t.All(g.Node, perlsrc.TermNode) {
			origins, _ := f.Flow().Origins(c)
			for _, o := range origins {
				if o.Name == "prompt" || o.Name == "y_n" {
					return true
				}
			}
		}
	}
	return false
}

// asksFor reports whether a guard is a switch that whoever configures the release
// must set: an option, or a variable of the environment.
func asksFor(f *audit.File, g setting.Guard) bool {
	t := f.Tree
	text := t.Text(g.Node)
	if g.Negated || bytes.ContainsAny(text, "!") || bytes.Contains(text, []byte("not ")) {
		return false
	}
	if bytes.Contains(text, []byte("ARGV")) || bytes.Contains(text, []byte("$ENV{")) {
		return true
	}
	all := input.Of(f, g.Node)
	return len(all) > 0 && !slices.ContainsFunc(all, func(s input.Source) bool { return s.Who != input.Operator })
}

// checked is what programs write that compare what they got with what it must be.
var checked = lazyregexp.New(`(?i)sha(?:256|512)|Digest::SHA|gpgv?\b|Module::Signature`)

var piped = lazyregexp.New(`\b(?:curl|wget|lwp-request|GET|fetch|lynx)\b[^|]*\|\s*(?:sudo\s+)?(?:perl|sh|bash|python3?|tar)\b`)

// reaches reports whether a call asks something that reaches the network.
func reaches(f *audit.File, c perlsrc.Call) bool {
	if !fetches[audit.Unqualified(c.Callee)] {
		return false
	}
	if !c.Method {
		if strings.HasPrefix(c.Callee, "LWP::Simple::") || strings.HasPrefix(c.Callee, "CPAN::") {
			return true
		}
		_, simple := f.Loads("LWP::Simple")
		return simple && (c.Callee == "get" || c.Callee == "getstore" || c.Callee == "mirror" || c.Callee == "getprint")
	}
	if c.Class != "" {
		return clients[c.Class]
	}
	if c.Callee == "clone" {
		return false
	}
	for _, class := range classes(f, c.Invocant) {
		if clients[class] {
			return true
		}
	}
	return false
}

// classes gives the classes of what a method is called on, where it was made in
// the file: $ua of my $ua = LWP::UserAgent->new, and that itself.
func classes(f *audit.File, n perlsrc.NodeID) []string {
	t := f.Tree
	if n == 0 {
		return nil
	}
	var all []string
	if t.Nodes[n].Kind == perlsrc.CallNode {
		if c := t.Call(n); c.Callee == "new" {
			return []string{c.Class}
		}
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins {
		if o.Class != "" {
			all = append(all, o.Class)
		}
	}
	return all
}

// command gives the words of a program that is started, with blanks between them.
func command(t *perlsrc.Tree, n perlsrc.NodeID) string {
	var line []string
	for a := range t.Args(n) {
		if v, ok := t.List(a); ok {
			line = append(line, v...)
			continue
		}
		line = append(line, strings.Trim(string(t.Text(a)), "'\"`"))
		if len(line) > 100 {
			break
		}
	}
	if text := strings.Join(line, " "); len(text) < 4000 {
		return text
	}
	return ""
}

// authors reports whether a place is only reached where the author works.
func authors(f *audit.File, n perlsrc.NodeID) bool {
	for g := range setting.Guards(f.Tree, n) {
		text := f.Tree.Text(g.Node)
		if bytes.Contains(text, []byte(".git")) || bytes.Contains(text, []byte("MANIFEST.SKIP")) || bytes.Contains(text, []byte("'xt")) {
			return true
		}
		for name := range setting.Names(f, g.Node) {
			for _, w := range purpose.Words(name) {
				if mindful[w] {
					return true
				}
			}
		}
	}
	name := f.SubName(n)
	return strings.HasPrefix(name, "ACTION_") && !strings.HasPrefix(name, "ACTION_build") && !strings.HasPrefix(name, "ACTION_code") && !strings.HasPrefix(name, "ACTION_install") && !strings.HasPrefix(name, "ACTION_config")
}
