package native

import "strings"

// sign says whether a type is one of a single byte, and whether it may be negative.
type sign uint8

const (
	noChar sign = iota
	signedChar
	unsignedChar
)

// charTypes are types of which one takes one byte. Where plain char has a sign is up
// to the machine, so it may have one.
var charTypes = map[string]sign{
	"char": signedChar, "gchar": signedChar,
	"U8": unsignedChar, "uint8_t": unsignedChar, "u_char": unsignedChar, "uchar": unsignedChar, "byte": unsignedChar, "Uint8": unsignedChar, "guchar": unsignedChar,
}

// charType reads the type of a parameter: "unsigned char *", "const U8 *", "char".
func charType(typ string) (oneByte, signed bool) {
	words := strings.Fields(strings.ReplaceAll(typ, "*", " "))
	for _, w := range words {
		if s := charTypes[w]; s != noChar {
			oneByte, signed = true, s == signedChar
		}
	}
	for _, w := range words {
		signed = signed && w != "unsigned"
	}
	return oneByte, signed
}

// unsignedAt reports whether "unsigned" belongs to a char at a token: unsigned char,
// unsigned const char, char unsigned.
func (b *body) unsignedAt(i int) bool {
	f := b.file
	return f.Text(i-1) == "unsigned" || f.Text(i+1) == "unsigned" || f.Text(i-1) == "const" && f.Text(i-2) == "unsigned"
}
