package input

import (
	"iter"
	"strings"

	"nacre/lazyregexp"
)

var (
	begins   = lazyregexp.New(`\A(?:\(\?[a-z^]*:|\()*(?:\^|\\A)`)
	flags    = lazyregexp.New(`\A\?[a-z^]*:`)
	ends     = lazyregexp.New(`(?:\$|\\z|\\Z)\)*\z`)
	anything = lazyregexp.New(`\.[*+{]|\\[SDNC][*+{]|\(\?s`)
	// printable are classes of all that can be printed, quotes and brackets too.
	printable = lazyregexp.New(`\[:(?:print|graph|punct|ascii):\]|\\x\{?[0-9a-fA-F]+\}?-\\x|[ !]-~|\\[pP]\{(?:Is)?(?:Print|Graph|Punct|Any|ASCII)`)
	// others is a pattern for any character but those of a class, and nothing else;
	// before puts a backslash before what was found.
	others  = lazyregexp.New(`\A\(?(?:\[\^(\](?:\\.|\[:[a-z^]+:\]|[^\]\\])*|(?:\\.|\[:[a-z^]+:\]|[^\]\\])+)\]|(\\[WD]))[+*]?\)?\z`)
	before  = lazyregexp.New(`\A\\\\(?:\$1|\$&|\$\{1\}|\$\{\^MATCH\})?\z`)
	blank   = lazyregexp.New(`\\[srnRvN]|\\x0?[aAdD]|\\x\{0*[aAdD]\}|\\01[25]|\x{0d}|\x{0a}|\[:space:\]|\[:cntrl:\]`)
	negated = lazyregexp.New(`\[\^(\](?:\\.|\[:[a-z^]+:\]|[^\]\\])*|(?:\\.|\[:[a-z^]+:\]|[^\]\\])+)\]`)
	class   = lazyregexp.New(`\[((?:\]|\\.|\[:[a-z^]+:\]|[^\]\\^])(?:\\.|\[:[a-z^]+:\]|[^\]\\])*)\]`)
	digits  = lazyregexp.New(`\A(?:\(\?:|\()*[-+]?(?:\[[-+0-9.\\d]*(?:0-9|\\d)[-+0-9.\\d]*\]|\\d)`)
	climb   = lazyregexp.New(`\A\^?\(?(?:\?:)?\\\.\\\.\\?/\)?[+*]?\z`)
	slash   = lazyregexp.New(`\A(?:\\?/|\[[^\]^]*/[^\]]*\])(?:\|.*)?\z|\|(?:\\?/|\[[^\]^]*/[^\]]*\])\z`)
	dots    = lazyregexp.New(`\\\.\\\.|\[\.\]\[\.\]|\\\.\{2`)
)

// shellBad are the characters that a pattern which looks for bad ones has.
const shellBad = ";|&<>`'\"$\\/(){}*?!~:"

// matchCheck tells what a value is held to that a pattern is asked about:
// matched as a whole by one that does not let everything through, or looked
// into for characters that it must not have.
func matchCheck(body, modifiers string) Check {
	if strings.Contains(modifiers, "x") {
		body = strings.Join(strings.Fields(body), "")
	}
	var c Check
	if whole(body, modifiers) {
		inner := ends.ReplaceAllString(begins.ReplaceAllString(body, ""), "")
		return groupCheck(inner)
	}
	for _, m := range negated.FindAllStringSubmatch(body, -1) {
		c |= Rejected | without(m[1])
		if !blank.MatchString(m[1]) {
			c |= Lines
		}
	}
	if strings.Contains(body, `\W`) || strings.Contains(body, `\D`) {
		c |= Rejected | Lines | HTML | SQL
	}
	// What has no character but those of a class matches it as a whole.
	if m := others.FindStringSubmatch(body); m != nil && m[2] != "" {
		c |= groupCheck(strings.ToLower(m[2]))
	} else if m != nil {
		c |= groupCheck("[" + m[1] + "]")
	}
	if blank.MatchString(body) && !strings.HasPrefix(body, `^\s`) && !strings.HasSuffix(body, `\s+$`) && !strings.HasSuffix(body, `\s*$`) {
		c |= Lines
	}
	for _, m := range class.FindAllStringSubmatch(body, -1) {
		if bad(m[1]) >= 3 {
			c |= Rejected
		}
	}
	if dots.MatchString(body) {
		c |= Dots
	}
	if slash.MatchString(body) {
		c |= Base
	}
	return c
}

// whole reports whether all of a value must match a pattern: it is anchored at
// both ends, in each of its alternatives, and not at the ends of a line.
func whole(body, modifiers string) bool {
	if strings.Contains(modifiers, "x") {
		body = strings.Join(strings.Fields(body), "")
	}
	if strings.Contains(modifiers, "m") && !strings.Contains(body, `\A`) && !strings.Contains(body, `\z`) && !strings.Contains(body, `\Z`) {
		return false
	}
	for _, a := range alternatives(body) {
		if !beginsAnchored(a, 0) || !endsAnchored(a, 0) {
			return false
		}
	}
	return true
}

// beginsAnchored reports whether a pattern begins with an anchor, or with a group
// each of whose alternatives does: (?:^a|^b), and not (^|/)a.
func beginsAnchored(body string, depth int) bool {
	if depth > maxGroups || !begins.MatchString(body) {
		return false
	}
	if body[0] != '(' {
		return true
	}
	for _, g := range groups(body) {
		if g[0] == 0 {
			return each(body[1:g[1]], depth, beginsAnchored)
		}
	}
	return false
}

// endsAnchored reports whether a pattern ends in an anchor, or in a group each of
// whose alternatives does.
func endsAnchored(body string, depth int) bool {
	i := ends.FindStringIndex(body)
	if depth > maxGroups || i == nil || i[0] > 0 && body[i[0]-1] == '\\' && !strings.HasSuffix(body[:i[0]], `\\`) {
		return false
	}
	if body[len(body)-1] != ')' {
		return true
	}
	for _, g := range groups(body) {
		if g[1] == len(body)-1 {
			return each(body[g[0]+1:g[1]], depth, endsAnchored)
		}
	}
	return false
}

// maxGroups is how deep groups may stand in each other where anchors are looked for.
const maxGroups = 5

// each reports whether an anchor stands in each alternative of what a group holds.
func each(inside string, depth int, anchored func(string, int) bool) bool {
	inside = flags.ReplaceAllString(inside, "")
	for _, a := range alternatives(inside) {
		if !anchored(a, depth+1) {
			return false
		}
	}
	return true
}

// maxClass is how long the name of a class may be: [:^xdigit:].
const maxClass = len("[:^xdigit:]")

// marks gives the parentheses and the | of a pattern that are no characters: not
// behind a backslash, nor in a class, which may begin with a ] of its own.
func marks(body string) iter.Seq2[int, byte] {
	return func(yield func(int, byte) bool) {
		inClass := false
		for i := 0; i < len(body); i++ {
			switch b := body[i]; {
			case b == '\\':
				i++
			case inClass && strings.HasPrefix(body[i:], "[:"):
				if end := strings.Index(body[i:min(len(body), i+maxClass)], ":]"); end > 0 {
					i += end + 1
				}
			case inClass:
				inClass = b != ']'
			case b == '[':
				inClass = true
				if strings.HasPrefix(body[i+1:], "^") {
					i++
				}
				if strings.HasPrefix(body[i+1:], "]") {
					i++
				}
			case b == '(' || b == ')' || b == '|':
				if !yield(i, b) {
					return
				}
			}
		}
	}
}

// alternatives gives what stands between the | of a pattern that are in no group.
func alternatives(body string) []string {
	var all []string
	start, depth := 0, 0
	for i, b := range marks(body) {
		switch {
		case b == '(':
			depth++
		case b == ')':
			depth--
		case depth == 0:
			all = append(all, body[start:i])
			start = i + 1
		}
	}
	return append(all, body[start:])
}

// groups gives where the groups of a pattern that are in no other begin and end.
func groups(body string) (all [][2]int) {
	start, depth := 0, 0
	for i, b := range marks(body) {
		switch {
		case b == '(':
			if depth++; depth == 1 {
				start = i
			}
		case b == ')' && depth > 0:
			if depth--; depth == 0 {
				all = append(all, [2]int{start, i})
			}
		}
	}
	return all
}

// without tells which languages' characters are not among those of a class, where
// only these stay.
func without(class string) Check {
	var c Check
	if !strings.ContainsAny(class, "<>&\"'") && !strings.Contains(class, `\S`) {
		c |= HTML
	}
	if !strings.ContainsAny(class, "'\"`") && !strings.Contains(class, `\S`) {
		c |= SQL
	}
	return c
}

// bad counts the characters of a class that mean something to a shell.
func bad(class string) int {
	n := 0
	for i := range len(shellBad) {
		if strings.IndexByte(class, shellBad[i]) >= 0 {
			n++
		}
	}
	return n
}

// few matches a group of at most a handful of digits.
var few = lazyregexp.New(`\A\(?(?:(?:\\d|\[[0-9-]+\])\??){0,4}(?:(?:\\d|\[[0-9-]+\])\{(?:[0-9],)?[1-5]\})?\)?\z`)

// groupCheck tells what a pattern, all of which a value must match, lets through.
func groupCheck(inner string) Check {
	if inner == "" {
		return 0
	}
	outside := class.ReplaceAllString(negated.ReplaceAllString(inner, ""), "c")
	if anything.MatchString(outside) {
		if strings.Contains(inner, `\S`) && !strings.Contains(inner, ".*") && !strings.Contains(inner, ".+") {
			return Lines
		}
		return 0
	}
	if m := negated.FindStringSubmatch(inner); m != nil {
		c := Check(0)
		if bad(m[1]) >= 3 {
			c |= Rejected
		}
		if blank.MatchString(m[1]) {
			c |= Lines
		}
		if strings.Contains(m[1], "/") {
			c |= Base
		}
		return c
	}
	if printable.MatchString(inner) {
		if strings.Contains(inner, `\x0`) || strings.Contains(inner, `\x{0`) || strings.Contains(inner, ":ascii:") {
			return 0
		}
		return Lines
	}
	c := Allowed | Lines
	if strings.Contains(inner, `\s`) || strings.Contains(inner, `\n`) || strings.Contains(inner, "[:space:]") {
		c = Allowed
	}
	if digits.MatchString(inner) && !strings.ContainsAny(inner, "wWaAzZ|") {
		c |= Number
	}
	if !strings.Contains(inner, ".") && !strings.Contains(inner, "/") {
		c |= Base
	}
	return c
}

// escapes reports whether a substitution puts a backslash before each backslash,
// and maybe before other characters.
func escapes(body, by, modifiers string) bool {
	return strings.Contains(modifiers, "g") && strings.Contains(body, `\\`) && (before.MatchString(by) || body == `\\` && by == `\\\\`)
}

// substCheck tells what a substitution takes out or escapes.
func substCheck(body, by, modifiers string) Check {
	c := substitutes(body, by, modifiers)
	if escapes(body, by, modifiers) {
		c |= Escaped
	}
	return c
}

func substitutes(body, by, modifiers string) Check {
	switch {
	case strings.Contains(by, "&lt;") || strings.Contains(by, "&amp;") || strings.Contains(by, "&#") || strings.Contains(by, "&quot;") || strings.Contains(by, "&gt;"):
		return HTML
	case strings.Contains(by, `'\\''`) || strings.Contains(by, `'\''`) || strings.Contains(by, `'"'"'`) || strings.Contains(body, "'") && strings.Contains(by, `\\`):
		return Shell | SQL
	case (strings.Contains(by, "''") || by == `\'\'`) && strings.Contains(body, "'"):
		return SQL
	case strings.Contains(by, "%%%") || strings.Contains(by, "%02") || strings.Contains(by, "unpack") || strings.Contains(by, "uri_escape"):
		return URI | HTML | Rejected | Lines
	case climb.MatchString(body):
		return 0 // "....//" is "../" behind it
	case !strings.Contains(modifiers, "g"):
		if dots.MatchString(body) {
			return Dots
		}
		if (begins.MatchString(body) || strings.HasPrefix(body, ".*")) && strings.Contains(body, "/") && strings.Contains(body, "*") {
			return Base // s{^.*/}{}
		}
		return 0
	}
	return matchCheck(body, modifiers)
}

// transCheck tells what a tr takes out, or counts.
func transCheck(body, modifiers string) Check {
	switch {
	case strings.Contains(modifiers, "c"):
		c := Rejected | Lines | without(body)
		if strings.Contains(modifiers, "d") && body != "" {
			c |= groupCheck("[" + body + "]")
		}
		return c
	case strings.Contains(modifiers, "d") || modifiers == "":
		c := Check(0)
		if strings.Contains(body, `\n`) || strings.Contains(body, `\r`) || strings.Contains(body, `\0`) {
			c |= Lines
		}
		if bad(body) > 0 {
			c |= Rejected
		}
		return c
	}
	return 0
}

// group gives the text of the capture group number n of a pattern, from 1; all
// of it for 0.
func group(body string, n int) (string, bool) {
	if n == 0 {
		return body, true
	}
	seen, start, depth := 0, -1, 0
	for i, b := range marks(body) {
		switch {
		case b == '(' && start >= 0:
			depth++
		case b == '(' && captures(body[i+1:]):
			if seen++; seen == n {
				start, depth = i+1, 1
			}
		case b == ')' && start >= 0:
			if depth--; depth == 0 {
				return body[start:i], true
			}
		}
	}
	return "", false
}

// captures reports whether a group that goes on so captures: (..., (?<name>...,
// (?'name'..., and not (?:..., (?<=...
func captures(inside string) bool {
	if !strings.HasPrefix(inside, "?") {
		return true
	}
	return strings.HasPrefix(inside, "?'") || strings.HasPrefix(inside, "?<") && !strings.HasPrefix(inside, "?<=") && !strings.HasPrefix(inside, "?<!")
}
