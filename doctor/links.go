package doctor

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"nacre/jsondoc"
)

// closed are forges and sites that ended in public, by host, with the year and
// what to do.
var closed = []struct{ host, since string }{
	{"code.google.com", "closed since 2016"},
	{"googlecode.com", "closed since 2016"},
	{"gitorious.org", "closed since 2015"},
	{"codeplex.com", "closed since 2017"},
	{"berlios.de", "closed since 2014"},
	{"alioth.debian.org", "closed since 2018"},
	{"fedorahosted.org", "closed since 2017"},
	{"gna.org", "closed since 2017"},
	{"java.net", "closed since 2017"},
	{"search.cpan.org", "closed since 2018; its addresses lead to MetaCPAN"},
}

// encrypted are hosts that are known to answer on https, so that only the scheme
// needs to change.
var encrypted = []string{"github.com", "www.github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "sourceforge.net", "metacpan.org", "rt.cpan.org", "dev.perl.org", "perl.org", "www.perl.org", "opensource.org", "www.opensource.org", "www.apache.org", "www.gnu.org", "git.sr.ht", "launchpad.net"}

// link is one address in META's resources.
type link struct {
	path []string // "repository", "url"
	*jsondoc.Node
}

func (l link) at() string { return "resources " + strings.Join(l.path, ".") }

// allLinks gives the addresses of resources but for those of x_ keys, which are
// free.
func allLinks(d document) []link {
	var out []link
	texts(d.Tree.Get("resources"), nil, func(path []string, n *jsondoc.Node) {
		if len(path) == 0 {
			return // M03 tells that resources is no map
		}
		last := path[len(path)-1]
		if last == "type" || last == "mailto" || strings.HasPrefix(strings.ToLower(path[0]), "x_") || len(out) == 100 {
			return
		}
		out = append(out, link{path, n})
	})
	return out
}

// badLinks are those that no browser opens, which CPAN::Meta refuses, too.
func (e *examination) badLinks(d document) []link {
	var out []link
	for _, l := range allLinks(d) {
		if scpLike().MatchString(l.Text) || !hasScheme().MatchString(l.Text) {
			out = append(out, l)
		}
	}
	return out
}

var (
	hasScheme = lazy(`^[A-Za-z][A-Za-z0-9+.-]*://[^/]|^mailto:`)
	scpLike   = lazy(`^(?:[\w.-]+@)([\w.-]+):/?([\w./~-]+)$`)
	hostPath  = lazy(`^(?:www\.)?[\w-]+(?:\.[\w-]+)+/`)
	// A forge's key for programs may stand where a name does.
	token    = lazy(`^(?:gh[opsur]_|github_pat_|glpat-|x-token-auth$|x-oauth-basic$)`)
	stranger = lazy(`(?i)^(?:[\w.-]+\.)?example\.(?:com|net|org)$`)
)

// links judges the addresses of META by their form.
func (e *examination) links() {
	for i, d := range e.docs {
		if i > 0 && len(e.docs[0].Tree.Members) > 0 {
			break // META.yml says the same, or M05 has told
		}
		all := allLinks(d)
		has := func(key string) bool {
			return slices.ContainsFunc(all, func(l link) bool { return strings.EqualFold(l.path[0], key) }) ||
				isFilled(d.Tree.At("resources", key))
		}
		if !has("repository") {
			e.add("L01", d.name, lineOf(d, "resources"), "it names no repository", e.write("the address that anybody can clone", e.tool.links))
		}
		if !has("bugtracker") {
			e.add("L02", d.name, lineOf(d, "resources"), "it names no place for bugs", e.write("the issues of your forge, or an address in resources.bugtracker.mailto", e.tool.links))
		}
		for _, l := range all {
			e.link(d, l)
		}
	}
}

// isFilled reports whether a node is a map with something in it.
func isFilled(n *jsondoc.Node) bool { return n.Is(jsondoc.KindObject) && len(n.Members) > 0 }

// link judges one address.
func (e *examination) link(d document, l link) {
	at, text := l.at(), strings.TrimSpace(l.Text)
	propose := func(to string) []edit {
		if strings.HasSuffix(d.name, ".yml") { // where an address needs no quotes
			return e.reword(d.name, l.Line, text, to)
		}
		return e.reword(d.name, l.Line, `"`+l.Text+`"`, `"`+to+`"`)
	}
	if m := scpLike().FindStringSubmatch(text); m != nil && !strings.Contains(text, "://") {
		to := "https://" + m[1] + "/" + strings.TrimPrefix(m[2], "/")
		e.add("L03", d.name, l.Line, at+" is a form for those who have a key there", "write it as "+to+"", propose(to)...)
		return
	}
	if !hasScheme().MatchString(text) {
		how := "write the whole address, with https:// in front"
		var edits []edit
		if hostPath().MatchString(text) {
			edits = propose("https://" + text)
		}
		e.add("L03", d.name, l.Line, fmt.Sprintf("%s has no scheme: %s", at, cut(text)), how, edits...)
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "mailto" {
		if err != nil {
			e.add("L03", d.name, l.Line, fmt.Sprintf("%s is no address: %s", at, cut(text)), byTool)
		}
		return
	}
	host := strings.ToLower(u.Hostname())
	if _, secret := u.User.Password(); secret || token().MatchString(u.User.Username()) {
		e.add("L06", d.name, l.Line, at+" carries a password", "take it out, and change it: it was published")
		return
	}
	if stranger().MatchString(host) {
		e.add("L07", d.name, l.Line, fmt.Sprintf("%s leads to %s", at, host), "put the real address there, or leave it out")
		return
	}
	for _, c := range closed {
		if host == c.host || strings.HasSuffix(host, "."+c.host) {
			e.add("L05", d.name, l.Line, fmt.Sprintf("%s: %s is %s", at, host, c.since), "name where it has moved to, or leave it out")
			return
		}
	}
	scheme := strings.ToLower(u.Scheme)
	switch {
	case scheme == "git" && (host == "github.com" || host == "www.github.com"):
		to := "https://" + strings.TrimPrefix(text, "git://")
		e.add("L05", d.name, l.Line, at+": GitHub has not answered on git:// since 2022", "write it as "+to+"", propose(to)...)
	case scheme == "ssh" || strings.HasSuffix(scheme, "+ssh"):
		e.add("L03", d.name, l.Line, at+" is a form for those who have a key there", "name the address with https:// that anybody can clone")
	case scheme == "http" && slices.Contains(encrypted, host):
		to := "https://" + text[len("http://"):]
		e.add("L04", d.name, l.Line, at+" is not encrypted", "write it as "+to+"", propose(to)...)
	case scheme == "http" || scheme == "git" || scheme == "svn":
		e.add("L04", d.name, l.Line, at+" is not encrypted", "see whether it answers on https://, and write that")
	}
}

// cut shortens an address for a title.
func cut(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}
