// Package decode holds the rules about reading data that somebody else wrote:
// what makes objects or runs code while it reads, what fetches other files
// because the data asks for it, and what never stops.
//
//	my $session = thaw(decode_base64($cgi->cookie('session')));
//
// is a finding of DES01: whoever sends the cookie chooses the classes of the
// objects in it.
//
// Who may have written the data is told by package audit/input, and, where that
// says only "a caller", by names: a cookie, a packet and a request come from far
// away, $config and $cache_file do not. A signature that is checked before the
// data is read makes a finding "possible" only.
//
// Not promised: that data that is kept in a database or a file is one's own.
//
// Sources: the documentation of Storable, YAML, XML::LibXML, XML::Twig,
// XML::Parser, Sereal::Decoder and CBOR::XS; the advisories that the rules name.
package decode

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed DES01.txtar
	des01 string
	//go:embed DES02.txtar
	des02 string
	//go:embed DES03.txtar
	des03 string
	//go:embed DES04.txtar
	des04 string
	//go:embed DES05.txtar
	des05 string
)

// Rules gives the rules of this family.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: des01, Words: []string{"thaw", "retrieve"}, Perl: storable},
		{Text: des02, Words: []string{"LoadBlessed", "LoadCode", "UseCode", "YAML"}, Perl: yaml},
		{Text: des03, Words: []string{"eval", "sereal", "Sereal", "cbor", "CBOR", "allow_tags", "Data::Serializer"}, Perl: dumped},
		{Text: des04, Words: []string{"XML"}, Perl: entities},
		{Text: des05, Perl: unbounded},
	}
}
