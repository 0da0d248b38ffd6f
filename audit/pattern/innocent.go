package pattern

import (
	"regexp"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// What tells a pattern that lets a value through from one that only asks what a
// value is, or that nothing hangs on.

// converters are words in names of subs that make something else of an address, and
// let nobody through by it.
var converters = []string{"to", "2", "aton", "ntoa", "int", "num", "number", "numeric", "dec", "bin", "binary", "bits", "hex", "convert", "reverse", "arpa", "ptr", "format", "expand", "resolve", "lookup", "geo", "country", "locate", "city", "sort", "cmp", "compare", "guess", "type", "kind", "describe"}

// guards are words in names of packages that decide by an address.
var guards = []string{"range", "ranges", "cidr", "set", "acl", "access", "allow", "deny", "filter", "net", "netmask", "subnet", "network", "firewall", "auth", "security", "validate", "valid", "check", "ban", "block"}

// twos are numbers in names of subs that convert: ip2int.
var twos = lazyregexp.New(`[a-zA-Z]2[a-zA-Z]`)

// converting reports whether a match stands in a sub that makes something else of an
// address, in a package that decides nothing by one.
func (v *validator) converting(f *audit.File) bool {
	sub := f.SubName(v.node)
	return (wordsIn(converters, sub) || twos.MatchString(sub)) && !checks(sub) && !wordsIn(guards, strings.ReplaceAll(f.Tree.EnclosingPackage(v.node), "::", "_"))
}

// asked are words that begin names of subs that tell what a value looks like.
var asked = map[string]bool{"is": true, "looks": true, "isa": true, "has": true}

// turnsAway are statements that refuse what a sub says no of.
var turnsAway = lazyregexp.New(`\b(?:die|croak|confess|throw|error|fail|abort|exit|reject|deny|invalid)\b|\breturn\b[^;?]*\b(?:if|unless)\b|\bor\s+return\b|\{\s*return\b`)

// branching reports whether a sub that tells what a value looks like is called in
// the file, and nothing is refused there: is_ip($host) ? $host : resolve($host).
func (v *validator) branching(f *audit.File) bool {
	t := f.Tree
	sub := audit.Unqualified(f.SubName(v.node))
	if w := purpose.Words(sub); len(w) == 0 || !asked[w[0]] {
		return false
	}
	called := false
	for c := range f.Called(sub) {
		called = true
		stmt := t.EnclosingStatement(c)
		if stmt == 0 {
			return false
		}
		if use := t.Dest(c).Use; use == perlsrc.Returned || turnsAway.Match(t.Text(stmt)[:min(len(t.Text(stmt)), 300)]) {
			return false
		}
	}
	return called
}

// ofSettings reports whether who starts or sets up the program chooses the value.
func (v *validator) ofSettings(f *audit.File) bool {
	return v.subject != 0 && input.Worst(f, v.subject, 0).Who == input.Operator
}

// compares reports whether a pattern is made of a quoted value: then it compares.
func (v *validator) compares() bool { return strings.Contains(v.text, `\Q`) }

// others are patterns of a character that is none of some, which refuse what they
// match.
const others = `\b\s*=~\s*m?\s*[/{|!(]\(?\[\^([^\]\n]*)\]`

// washed reports whether the value was looked through for other characters before,
// in the sub or the one around it, by a class that a newline is not in.
func (v *validator) washed(f *audit.File) bool {
	t := f.Tree
	name := ""
	if v.subject != 0 {
		name = audit.NameOf(t, v.subject)
	}
	sub := t.EnclosingSub(v.node)
	for up := sub; up != 0; up = t.EnclosingSub(t.Nodes[up].Parent) {
		sub = up
	}
	if sub == 0 || name == "" {
		return false
	}
	start, _ := t.Span(sub)
	end, _ := t.Span(v.node)
	if end < start || end-start > maxText {
		return false
	}
	seen, err := regexp.Compile(`\$` + regexp.QuoteMeta(name) + others)
	if err != nil {
		return false
	}
	for _, m := range seen.FindAllSubmatch(t.Src[start:end], 4) {
		if set := string(m[1]); !strings.Contains(set, `\n`) && !strings.Contains(set, `\s`) && !strings.Contains(set, `\W`) {
			return true
		}
	}
	return false
}

// converted reports whether a value is made a number or bytes of behind the match,
// so that a newline is gone.
func (v *validator) converted(f *audit.File) bool {
	name := ""
	if v.subject != 0 {
		name = audit.NameOf(f.Tree, v.subject)
	}
	if name == "" {
		return false
	}
	text := subText(f, v.node)
	if len(text) > maxText {
		return false
	}
	q := regexp.QuoteMeta(name)
	made, err := regexp.Compile(`(?:\b(?:hex|oct|int|inet_aton|inet_pton|gethostbyname|pack)\b\s*\(?\s*(?:AF_\w+\s*,\s*|'[^']*'\s*,\s*|"[^"]*"\s*,\s*)?\$` + q + `\b|\$` + q + `\s*(?:\+\s*0|\+=|==|<=>)|\b(?:AF_INET6?),\s*\$` + q + `\b)`)
	return err == nil && made.MatchString(text)
}
