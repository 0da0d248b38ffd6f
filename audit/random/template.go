package random

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// A generator writes settings from a template that stands behind __DATA__ or in a
// here-document. The template is no Perl, and what its tags hold is:
//
//	cookie_secret: <%= sha1_sum time . rand %>
//	% my $token = join '', map { int rand 10 } 1 .. 8;

var (
	tagged = lazyregexp.New(`<%=*[ \t]*([^%\n]{4,400}?)[ \t]*[-=]?%>`)
	// codeLine is a line of a template that is Perl.
	codeLine = lazyregexp.New(`(?m)^[ \t]*%[ \t]*(my[ \t]*\$[A-Za-z_]\w*[ \t]*=[^\n]{4,400})$`)
	// setting is a line's beginning, up to a value, and above the line of a list.
	setting = lazyregexp.New(`([A-Za-z_][\w-]{0,60})["']?[ \t]*(?:=>|:|=)[ \t]*(?:\n[ \t]*-[ \t]*)?[\[("']{0,3}[ \t]*\z`)
	named   = lazyregexp.New(`\Amy[ \t]*\$([A-Za-z_]\w*)`)
	better  = lazyregexp.New(`urandom|random_bytes|random_string|Crypt|getrandom`)
)

// maxTags bounds the tags of one template that are looked into.
const maxTags = 200

// templated is a value that a template makes of rand.
type templated struct {
	goal
	line int
}

// templates gives the values that the templates of a file make of rand, where the
// name of a setting or of a variable says what they are for.
func (v *view) templates() []templated {
	return v.f.Memo(templatesKey{}, func() any {
		var out []templated
		for _, tok := range v.t.Tokens[:v.t.Outer] {
			if tok.Kind != perlsrc.Data && tok.Kind != perlsrc.HereBody {
				continue
			}
			text := tok.Text(v.t.Src)
			if !bytes.Contains(text, []byte("rand")) || !bytes.Contains(text, []byte("%")) {
				continue
			}
			for _, at := range append(tagged.FindAllSubmatchIndex(text, maxTags), codeLine.FindAllSubmatchIndex(text, maxTags)...) {
				code := text[at[2]:at[3]]
				name := named.FindSubmatch(code)
				if name == nil {
					name = setting.FindSubmatch(text[max(0, at[0]-labelBytes):at[0]])
				}
				if name == nil || better.Match(code) || !picksText(code) {
					continue
				}
				if g := goalOf(string(name[1]), around{}); g.sure > 0 {
					out = append(out, templated{g, tok.Line + bytes.Count(text[:at[2]], []byte("\n"))})
				}
			}
		}
		return out
	}).([]templated)
}

type templatesKey struct{}

// picksText reports whether code makes a text of what rand gives.
func picksText(code []byte) bool {
	t := perlsrc.Parse(code)
	for range t.Calls("rand") {
		for n := range t.Calls("") {
			if callee := audit.Unqualified(t.Callee(n)); digest(callee) || slices.Contains(builders, callee) {
				return true
			}
		}
		return strings.Contains(string(code), " . ")
	}
	return false
}

// filledIn reports what templates make, as far as a rule owns it.
func (v *view) filledIn(rule string) {
	for _, x := range v.templates() {
		if x.rule == rule {
			v.p.Report(audit.Found{
				Line: x.line, Confidence: audit.Likely, Severity: x.severity,
				Message: fmt.Sprintf("%s that the template is filled with is made of rand, which can be guessed", x.what),
			})
		}
	}
}
