// Package random holds the rules about secrets that can be guessed: what a weak
// source of randomness made, where something depends on that nobody foretells it.
//
//	sub new_session_id { return md5_hex(time . $$ . rand) }    # RND01
//	my $delay = 1 + rand 5;                                    # nothing
//
// A rule starts at a weak source (rand, a module over it, a UUID, a mix of the
// time and the process id), follows its value to where it ends, and asks the names
// on that way what the value is for: those of variables, keys, arguments, subs,
// attributes, and, where these say nothing, of the package. One place is one
// finding; the rule is told by the source and by what the value is for:
//
//	rand         session id, token, password           RND01
//	             salt                                   RND02
//	             key, seed, nonce, initialisation vector RND03
//	             form token, captcha, frame mask        RND07
//	             bytes for anything, where a good source fails RND08
//	a module     any of them                            RND04
//	time, $$, {} any of them                            RND05
//	a UUID       any of them                            RND06
//
// RND09 and RND10 are about good sources used badly.
//
// Promised: a weak source whose value ends under no name that is of a secret is
// not reported as likely. Not promised: that names tell the truth, nor that a
// value is found which leaves the file under a name that says nothing.
//
// Sources: perlfunc on rand and srand; RFC 4086; RFC 9562; the documentation of
// the modules that modules.go names; the published CVEs in the rules' files.
package random

import (
	_ "embed"

	"nacre/audit"
)

//go:embed RND01.txtar
var rnd01 string

//go:embed RND02.txtar
var rnd02 string

//go:embed RND03.txtar
var rnd03 string

//go:embed RND04.txtar
var rnd04 string

//go:embed RND05.txtar
var rnd05 string

//go:embed RND06.txtar
var rnd06 string

//go:embed RND07.txtar
var rnd07 string

//go:embed RND08.txtar
var rnd08 string

//go:embed RND09.txtar
var rnd09 string

//go:embed RND10.txtar
var rnd10 string

// Rules gives the rules of this room.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: rnd01, Words: []string{"rand"}, Perl: func(p *audit.Pass) { guessed(p, "RND01") }},
		{Text: rnd02, Words: []string{"rand"}, Perl: func(p *audit.Pass) { guessed(p, "RND02") }},
		{Text: rnd03, Words: []string{"rand"}, Perl: func(p *audit.Pass) { guessed(p, "RND03") }},
		{Text: rnd04, Words: moduleWords, Perl: weakModules},
		{Text: rnd05, Words: []string{"time", "$$", "$PID", "hostname", "refaddr"}, Perl: mixes},
		{Text: rnd06, Words: []string{"UUID", "GUID", "uuid", "guid", "niqid", "UNIQUE_ID"}, Perl: uuids},
		{Text: rnd07, Words: []string{"rand"}, Perl: func(p *audit.Pass) { guessed(p, "RND07") }},
		{Text: rnd08, Words: []string{"rand"}, Perl: func(p *audit.Pass) { guessed(p, "RND08") }},
		{Text: rnd09, Words: generatorWords, Perl: sharedGenerators},
		{Text: rnd10, Words: []string{"unpack"}, Perl: shortUnpacks},
	}
}
