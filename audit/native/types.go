// Types as they are written. Of those of one byte it matters whether they have a sign:
//
//	unsigned char c;    table[c] is well
//	char c;             table[c] may be before the table

package native

import (
	"strings"
)

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

func isInteger(typ string) bool {
	switch strings.TrimPrefix(typ, "unsigned ") {
	case "int", "long", "IV", "UV", "I32", "U32", "SSize_t", "ssize_t", "size_t", "STRLEN", "short", "unsigned", "long long", "long int", "int32_t", "uint32_t", "int64_t":
		return true
	}
	return false
}

func isUnsigned(typ string) bool {
	switch typ {
	case "STRLEN", "size_t", "Size_t", "UV", "U32", "unsigned", "unsigned int", "unsigned long", "uint32_t", "uint64_t", "uint":
		return true
	}
	return false
}

func isWide(typ string) bool {
	switch typ {
	case "int", "long", "short", "I32", "IV", "unsigned", "unsignedint", "unsignedlong", "size_t", "UV", "U32", "STRLEN":
		return true
	}
	return false
}
