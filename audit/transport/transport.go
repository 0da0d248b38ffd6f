// Package transport holds the rules on what travels over the network: whether a
// program makes sure whom it talks to, and that nobody reads along.
//
//	LWP::UserAgent->new(ssl_opts => { verify_hostname => 0 })
//
// talks to whoever answers. TLS01 finds checks of certificates that are turned
// off, TLS02 clients that make none unless they are asked, TLS03 addresses without
// TLS that carry secrets or programs, TLS04 protocols and ciphers that are broken,
// and TLS05 checks that answer yes to everything.
//
// Promised: a check that a user of the code must turn off by a setting whose name
// says so is no finding. Sockets that listen are none: a server need not ask its
// clients for certificates.
//
// Not promised: that a connection without a finding is safe. Settings that come
// from a file or another module are not seen.
//
// Sources: the documentation of IO::Socket::SSL, Net::SSLeay, LWP::UserAgent,
// HTTP::Tiny, Mojo::UserAgent, Net::LDAP and WWW::Curl; RFC 9325.
package transport

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed TLS01.txtar
	tls01 string
	//go:embed TLS02.txtar
	tls02 string
	//go:embed TLS03.txtar
	tls03 string
	//go:embed TLS04.txtar
	tls04 string
	//go:embed TLS05.txtar
	tls05 string
)

// Rules gives the rules of the room.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: tls01, Words: unverifiedWords, Perl: unverified, Native: unverifiedNative},
		{Text: tls02, Words: []string{"HTTP::Tiny"}, Perl: trusting},
		{Text: tls03, Words: []string{"http://"}, Perl: plain},
		{Text: tls04, Words: weakWords, Perl: weak},
		{Text: tls05, Words: yesWords, Perl: yes},
	}
}
