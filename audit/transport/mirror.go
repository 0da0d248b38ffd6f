package transport

import (
	"slices"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// Where a program installs code, the mirrors and indexes that it has it from decide
// what is run.

var (
	// installs is code that installs other code.
	installs = lazyregexp.New(`(?i)\bMakefile\.PL\b|\bBuild\.PL\b|\b(?:make|build|npm|pip3?|apt-get|yum|ppm|gem)['",\s]+install\b|\binstall_(?:dists?|dist(?:ribution)?s?|modules?|packages?|plugins?|extensions?|addons?|releases?|updates?)\b|\bself_?(?:upgrade|update)\b|\bdpkg['",\s]+(?:-i|--install)\b|\brpm['",\s]+-[iUF]|\b02packages\b|\bchmod\W[^\n]{0,40}\b0?7[057][057]\b`)
	// fetches is code that has something from elsewhere.
	fetches = lazyregexp.New(`\bLWP\b|\bHTTP::|\bFurl\b|Mojo::UserAgent|Net::FTP|\b(?:curl|wget|lynx)\b|->(?:mirror|fetch|download|get)\b|\bgetstore\b`)
	// compared is code that holds what was fetched against what is known of it.
	compared = lazyregexp.New(`(?i)Digest::SHA|sha(?:256|384|512)|\bgpgv?\b|signify|Crypt::OpenPGP|Module::Signature|verify_?signature|CHECKSUMS`)
	// optional is such a check that is only made where somebody asks for it.
	optional = lazyregexp.New(`(?i)\{['"]?(?:verify|check_?(?:sig(?:nature)?s?|sums?))['"]?\}|['"!|](?:no-?)?verify[!|'"=]`)

	mirrors     = purpose.NewSet("mirror mirrors urllist backpan metadb cpanmetadb pkgindex registry repos")
	places      = purpose.NewSet("url urls uri uris base host hosts server servers site sites root address location prefix endpoint from api")
	distributed = purpose.NewSet("download downloads update updates upgrade upgrades packages index indexes installer cpan darkpan plugins addons modules")
)

// installed tells of the address of a mirror or an index without TLS, where the
// file installs what it gets from there.
func installed(f *audit.File, n perlsrc.NodeID, host string) (audit.Found, bool) {
	if f.Role != audit.Library && f.Role != audit.Program || !f.Matches(installs) || !f.Matches(fetches) {
		return audit.Found{}, false
	}
	name := ""
	if names := keptAs(f, n); !slices.ContainsFunc(names, people.In) {
		if i := slices.IndexFunc(names, isMirror); i >= 0 {
			name = names[i]
		}
	}
	if name == "" || permitted(f, n) {
		return audit.Found{}, false
	}
	found := audit.Found{
		Node: n, Confidence: audit.Likely, Severity: audit.High,
		Message: "what is installed comes from " + host + " without TLS, by " + name + ": anybody on the way can put other code in its place",
	}
	if f.Matches(compared) && !f.Matches(optional) {
		found.Confidence, found.Severity = audit.Possible, audit.Low
		found.Message = "what is installed comes from " + host + " without TLS, by " + name + ", and is safe only as far as it is compared with what is known of it"
	}
	return found, true
}

// people are words of names that hold addresses for people.
var people = purpose.NewSet("home homepage doc docs documentation help support bug bugs bugtracker tracker license ns schema spec reference web website image logo author vendor")

// isMirror reports whether a name says that code comes from there.
func isMirror(name string) bool {
	if mirrors.In(name) {
		return true
	}
	words := purpose.Words(name)
	return len(words) > 1 && places[words[len(words)-1]] && slices.ContainsFunc(words[:len(words)-1], func(w string) bool { return distributed[w] })
}

// keptAs gives the names that an address is kept under: of variables and fields, of
// lists that it is put on, of the sub that returns it.
func keptAs(f *audit.File, n perlsrc.NodeID) []string {
	t := f.Tree
	var names []string
	sinks, _ := f.Flow().Sinks(n)
	for _, s := range sinks {
		if s.Kind == flow.Stored {
			names = append(names, s.Names...)
		}
	}
	for at := n; at != 0; at = t.Nodes[at].Parent {
		if key, ok := t.Key(at); ok {
			names = append(names, key)
		}
		up := t.Nodes[at].Parent
		switch t.Nodes[up].Kind {
		case perlsrc.AssignNode:
			for name := range setting.Names(f, t.Nodes[up].Child) {
				names = append(names, name)
			}
		case perlsrc.CallNode:
			switch t.Callee(up) {
			case "push", "unshift":
				return append(names, audit.NameOf(t, t.Arg(up, 0)), lastName(f, t.Arg(up, 0)))
			case "has":
				return append(names, setting.Word(t, t.Arg(up, 0)))
			}
			if shown[t.Callee(up)] {
				return nil
			}
		case perlsrc.StatementNode:
			sub := t.EnclosingSub(up)
			if sub != 0 && t.Sub(sub).Name == "" {
				continue // default => sub { 'http://...' }
			}
			if t.Dest(n).Use == perlsrc.Returned {
				names = append(names, f.SubName(n))
			}
			return names
		}
	}
	return names
}

// lastName gives the last name in an expression, as of @{ $self->{mirrors} }.
func lastName(f *audit.File, n perlsrc.NodeID) (last string) {
	for name := range setting.Names(f, n) {
		last = name
	}
	return last
}
