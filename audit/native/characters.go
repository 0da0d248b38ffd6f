// What operators, characters and names are for: the ways to write NUL and NULL, what
// compares, what tests a character, what is the end of a text.
//
//	p < end && *p != '\0' && !isspace(*p)

package native

import (
	"strings"

	"nacre/csrc"
	"nacre/lazyregexp"
)

func isOrder(op string) bool { return op == "<" || op == ">" || op == "<=" || op == ">=" }

func isEqual(op string) bool { return op == "==" || op == "!=" }

func isCompare(op string) bool {
	switch op {
	case "<", ">", "<=", ">=", "==", "!=", "?", "%", "&":
		return true
	}
	return false
}

func isNull(text string) bool {
	switch text {
	case "NULL", "0", "Nullch", "nullptr", "Null":
		return true
	}
	return false
}

// isNUL tells the ways to write the character that ends a text.
func isNUL(text string) bool {
	switch text {
	case "0", "0x0", "0x00", `'\0'`, `'\x0'`, `'\x00'`, `'\000'`:
		return true
	}
	return false
}

// isClass tells isspace and its kin.
func isClass(name string) bool {
	return strings.HasPrefix(name, "is") && len(name) > 4 && len(name) < 14
}

// isCheck tells by its name what a number is handed to in order to hold it in bounds.
func isCheck(callee string) bool {
	c := strings.ToLower(callee)
	return strings.Contains(c, "min") || strings.Contains(c, "check") || strings.Contains(c, "valid") || strings.Contains(c, "assert")
}

// isEnd tells names of ends.
func isEnd(name string) bool {
	n := strings.ToLower(name)
	return strings.HasSuffix(n, "end") || strings.HasSuffix(n, "limit") || strings.HasSuffix(n, "stop") || n == "lim"
}

// isLength tells names of lengths.
func isLength(name string) bool {
	n := strings.ToLower(name)
	return strings.Contains(n, "len") || strings.Contains(n, "size") || n == "used" || n == "cur" || n == "n"
}

// escapes are those of C's strings.
var escapes = lazyregexp.New(`\\(?:x[0-9A-Fa-f]+|[0-7]{1,3}|.)`)

// characters counts those of a literal.
func characters(literal string) int {
	if !strings.Contains(literal, `\`) {
		return len(literal)
	}
	return len(escapes.ReplaceAllString(literal, "x"))
}

// charTests counts the tests of a character in a condition: == 'x', isspace(c).
func (r *review) charTests(cond csrc.Arg) int {
	f := r.file
	n := 0
	for i := cond.First; i < cond.End; i++ {
		if r.is(i, csrc.Char) && (isEqual(f.Text(i-1)) || isEqual(f.Text(i+1))) || f.Text(i+1) == "(" && isClass(f.Text(i)) {
			n++
		}
	}
	return n
}
