package perlsrc

// Kind is the class of a token.
type Kind uint8

// The kinds. What perl skips comes first: Kind.Significant tells it apart.
const (
	Space   Kind = iota // blanks and line ends
	Comment             // from # to the end of the line, which is not part of it
	Pod                 // from a line that begins with =word to the line that begins with =cut, whole lines
	// HereBody is what a here-document holds, with its terminator's line. It
	// stands behind the line of its HereDoc; several on a line follow each
	// other in order.
	HereBody
	Format // the lines of a format, with the line of its dot
	Data   // everything behind __END__, __DATA__ or a byte that ends source (^D, ^Z), but for the Pod there

	Word       // a bareword, keyword, operator's word (x, and, lt), class or function name, with :: and '
	Label      // a word and its colon: "LINE:"
	Number     // 1_000, 0x1f, 0b1, 0o17, 1.5e3, .5
	VString    // v1.2.3, 1.2.3
	Variable   // $x, @x, %x, &x, *x, $#x, $::x, ${^NAME}, $$, $/, with the sigil
	Cast       // a sigil before a block or another variable: the first $ of $$x, the @ of @{...}, $# of $#{...}
	Operator   // ->, =~, <=>, -e, ...
	Structure  // one of { } [ ] ( ) ;
	Quote      // '...', "...", q, qq
	Words      // qw
	Command    // `...`, qx
	Match      // /.../, m, the ?...? of old perls
	Pattern    // qr
	Substitute // s
	Translate  // tr, y
	Readline   // <FH>, <$fh>, <>, <<>>
	Glob       // <*.c>
	HereDoc    // <<"END", <<~END: its text is the HereBody of the same number
	Prototype  // the characters of a prototype, with its parentheses; a signature is not one
	Attribute  // the name behind a colon, with its arguments: "lvalue", "isa(Foo)"
	EndMark    // __END__ or __DATA__
	Unknown    // a byte that is no Perl, and all from a break on
)

// Significant reports whether perl takes notice of tokens of this kind.
func (k Kind) Significant() bool { return k > Data }

// Token is a piece of source. Its text is src[Start:End].
type Token struct {
	Kind Kind
	// Here numbers a HereDoc and its HereBody alike, from 1 in a file; it is 0
	// for other tokens. A number may lack its HereBody, where the lines lie
	// within another token (the string that began on the HereDoc's line and ends
	// behind it), and may lack its HereDoc, where that stands in a string or in
	// the replacement of s///e.
	Here       int32
	Start, End int // bytes
	Line       int // of the first byte, from 1
}

// Text gives a token's bytes.
func (t Token) Text(src []byte) []byte { return src[t.Start:t.End] }
