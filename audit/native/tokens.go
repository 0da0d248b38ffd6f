// Tokens and the brackets around them: the statement that a token is in, the call, the
// loop's body.

package native

import (
	"slices"
	"strconv"
	"strings"

	"nacre/csrc"
)

// is reports whether there is a token, and of this kind.
func (b *body) is(i int, kind csrc.Kind) bool { return b.file.Is(i, kind) }

// match gives the bracket that belongs to a token; 0 for none.
func (b *body) match(i int) int { return b.file.Match(i) }

// field reports whether a word is the name of a field: a->name, a.name.
func (r *review) field(i int) bool {
	t := r.file.Text(i - 1)
	return t == "->" || t == "."
}

// chain gives where the name that ends at a token begins: node->text.
func (r *review) chain(last int) int {
	for last-2 > r.fn.First && r.field(last) && r.is(last-2, csrc.Word) {
		last -= 2
	}
	return last
}

// plain gives the variable that an argument is, without casts, & and brackets.
func (b *body) plain(a csrc.Arg) string {
	f := b.file
	for a.First < a.End {
		switch text := f.Text(a.First); {
		case text == "(":
			m := f.Match(a.First)
			if m == a.End-1 {
				a.First, a.End = a.First+1, m
				continue
			}
			if m > a.First && m < a.End { // a cast
				a.First = m + 1
				continue
			}
			return ""
		case text == "&" || text == "*":
			a.First++
		case a.End == a.First+1 && f.Is(a.First, csrc.Word):
			return text
		default:
			return ""
		}
	}
	return ""
}

// number gives the value of an argument that is a number.
func (b *body) number(a csrc.Arg) (int, bool) {
	if a.End != a.First+1 {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimRight(b.file.Text(a.First), "uUlL"), 0, 32)
	return int(n), err == nil
}

// literal gives what stands between the quotes of a string that is written out;
// "" for others.
func (r *review) literal(a csrc.Arg) string {
	var out strings.Builder
	for i := a.First; i < a.End; i++ {
		text := r.file.Text(i)
		if !r.file.Is(i, csrc.String) || len(text) < 2 {
			return ""
		}
		out.WriteString(strings.Trim(text, `"`))
	}
	return out.String()
}

func isName(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '_' && (c|32 < 'a' || c|32 > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// holdsWord reports whether a name stands in a piece of source.
func holdsWord(text, name string) bool {
	for at := 0; name != ""; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		if (i == 0 || !isName("_"+text[i-1:i])) && (at == len(text) || !isName("_"+text[at:at+1])) {
			return true
		}
	}
	return false
}

// past gives the token behind casts.
func past(f *csrc.File, i int) int {
	for f.Text(i) == "(" && cast(f, i) {
		i = f.Match(i) + 1
	}
	return i
}

// cast reports whether a parenthesis holds a type, as far as one can see.
func cast(f *csrc.File, open int) bool {
	end := f.Match(open)
	if open <= 0 || end <= open+1 || end > open+6 {
		return false
	}
	for i := open + 1; i < end; i++ {
		if !f.Is(i, csrc.Word) && f.Text(i) != "*" {
			return false
		}
	}
	return true
}

// squeezed gives tokens without blanks between them.
func (r *review) squeezed(first, end int) string {
	return strings.Join(strings.Fields(r.file.Span(first, end)), "")
}

// maxBrief bounds how many tokens of the source a message shows.
const maxBrief = 40

// brief gives tokens as written, the first of them where they are many.
func (b *body) brief(first, end int) string {
	if end > first+maxBrief {
		return b.file.Span(first, first+maxBrief) + " ..."
	}
	return b.file.Span(first, end)
}

// endOf gives where the statement of a token ends.
func (r *review) endOf(i int) int {
	end := i
	for end < r.fn.End && end < i+maxForward && r.file.Text(end) != ";" {
		end++
	}
	return end
}

// semicolons gives those between a parenthesis and its match.
func (r *review) semicolons(open, end int) []int {
	var out []int
	for i := open + 1; i < end; i++ {
		if m := r.match(i); m > i {
			i = m
		} else if r.file.Text(i) == ";" {
			out = append(out, i)
		}
	}
	return out
}

// bodyOf gives the statement behind the parenthesis of a loop.
func (r *review) bodyOf(end int) csrc.Arg {
	f := r.file
	if f.Text(end+1) == "{" && r.match(end+1) > end {
		return csrc.Arg{First: end + 2, End: r.match(end + 1)}
	}
	k := end + 1
	for k < r.fn.End && k < end+200 && f.Text(k) != ";" {
		k++
	}
	return csrc.Arg{First: end + 1, End: k}
}

// bodyEnd gives where the block of a token ends.
func (r *review) bodyEnd(at int) int {
	for i := at; i < r.fn.End; i++ {
		if m := r.match(i); m > i {
			i = m
		} else if r.file.Text(i) == "}" {
			return i
		}
	}
	return r.fn.End
}

// within reports whether a token stands in the parentheses of one of these words.
func (r *review) within(i int, words ...string) bool {
	f := r.file
	for k := i - 1; k > r.fn.First && k > i-60; k-- {
		switch f.Text(k) {
		case ")":
			if m := f.Match(k); m > 0 && m < k {
				k = m
			}
		case "(":
			if slices.Contains(words, f.Text(k-1)) {
				return true
			}
		case "{", "}":
			return false
		}
	}
	return false
}

// inCall gives the function whose only or early argument a token is.
func (b *body) inCall(i int) string {
	f := b.file
	for k := i - 1; k > b.fn.First && k > i-6; k-- {
		if f.Text(k) == "(" {
			return f.Text(k - 1)
		}
		if f.Text(k) == ";" || f.Text(k) == "{" {
			break
		}
	}
	return ""
}

// callAround gives the innermost call that a token is in.
func (r *review) callAround(i int) csrc.Call {
	f := r.file
	for k := i - 1; k > r.fn.First && k > i-60; k-- {
		switch f.Text(k) {
		case ")", "]":
			if m := r.match(k); m > 0 && m < k {
				k = m
			}
		case "(":
			if r.is(k-1, csrc.Word) {
				return csrc.Call{Name: f.Text(k - 1), At: k - 1, Args: f.Args(k)}
			}
		case ";", "{", "}":
			return csrc.Call{}
		}
	}
	return csrc.Call{}
}

// unary reports whether a * or a - has one side only.
func (r *review) unary(i int) bool {
	f := r.file
	if i < 1 {
		return true
	}
	switch t := f.Tokens[i-1]; t.Kind {
	case csrc.Number, csrc.String, csrc.Char:
		return false
	case csrc.Word:
		w := f.Text(i - 1)
		return w == "return" || w == "case" || w == "else" || w == "do"
	}
	return f.Text(i-1) != ")" && f.Text(i-1) != "]"
}

// isRead reports whether what ends at a token is read there, and not written to.
func (r *review) isRead(first, last int) bool {
	f := r.file
	switch f.Text(last + 1) {
	case "=", "+=", "-=", "|=", "&=", "^=", "++", "--":
		return false
	}
	if f.Text(first-1) == "&" && r.unary(first-1) {
		return false
	}
	return f.Text(first-1) != "++" && f.Text(first-1) != "--"
}

// straight reports whether no loop begins between two tokens.
func (r *review) straight(from, to int) bool {
	for i := from; i < to; i++ {
		switch r.file.Text(i) {
		case "while", "for", "do", "goto":
			return false
		}
	}
	return true
}
