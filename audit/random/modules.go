package random

import (
	"slices"
	"strings"

	"nacre/audit/requirement"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
	"nacre/perlver"
)

// generator is a module that makes random values nobody should take for secrets.
type generator struct {
	module    string
	functions []string // exported, or called with the package
	methods   []string
	// below is the first version that is no longer weak; "" where every one is.
	below string
	// plain is set where the module is as often used for what is not secret as
	// rand is: that it is loaded tells nothing.
	plain bool
}

// generators are known by published advisories or by their own documentation to
// take rand or a generator as simple.
var generators = []generator{
	{module: "Data::Random", functions: []string{"rand_chars", "rand_set", "rand_enum", "rand_words"}},
	{module: "String::Random", functions: []string{"random_string", "random_regex"}, methods: []string{"randregex", "randpattern"}},
	{module: "Data::Rand", functions: []string{"rand_data", "rand_data_string", "rand_data_array"}},
	{module: "Data::Rand::Obscure", functions: []string{"create", "create_hex", "create_bin", "create_b64"}, methods: []string{"create", "create_hex", "create_bin", "create_b64"}},
	{module: "Math::Random::MT", functions: []string{"rand", "irand"}, methods: []string{"rand", "irand"}, plain: true},
	{module: "Math::Random::MT::Perl", functions: []string{"rand"}, methods: []string{"rand"}, plain: true},
	{module: "Math::Random::MT::Auto", functions: []string{"rand", "irand"}, methods: []string{"rand", "irand"}, plain: true},
	{module: "Math::Random::Xorshift", functions: []string{"rand", "irand"}, methods: []string{"rand", "irand"}, plain: true},
	{module: "Math::Random", functions: []string{"random_uniform", "random_uniform_integer", "random_permutation"}, plain: true},
	{module: "List::Util", functions: []string{"shuffle", "sample"}, plain: true},
	{module: "Crypt::Salt", functions: []string{"salt"}},
	{module: "Crypt::Random", functions: []string{"makerandom", "makerandom_itv", "makerandom_octet"}, below: "1.56"},
	{module: "Crypt::Random::Source", functions: []string{"get_weak"}},
	{module: "Data::Entropy::Algorithms", functions: []string{"rand_bits", "rand_int", "rand_prob", "rand_flt", "pick", "pick_r", "choose_r", "shuffle_r"}, below: "0.008"},
	{module: "Net::SSLeay", functions: []string{"RAND_pseudo_bytes"}, plain: true},
	{module: "Crypt::OpenSSL::Random", functions: []string{"random_pseudo_bytes"}, plain: true},
}

// moduleWords are of what a file holds one that calls a generator.
var moduleWords = []string{"Data::Rand", "String::Random", "Math::Random", "shuffle", "sample", "Crypt::Salt", "Crypt::Random", "Data::Entropy", "pseudo_bytes"}

// distributions are those whose requirement tells the version of a module of theirs.
var distributions = map[string]string{"Data::Entropy::Algorithms": "Data::Entropy"}

// weakCalls gives the calls of generators in a file.
func (v *view) weakCalls() []source { return v.callsOf(generators) }

// callsOf gives the calls of these modules' functions and methods.
func (v *view) callsOf(of []generator) []source {
	var out []source
	for i := range of {
		g := &of[i]
		if !v.mentions(g.module) {
			continue
		}
		load, loaded := v.f.Loads(g.module)
		for _, name := range g.functions {
			for n := range v.f.Calls(name) {
				c := v.t.Call(n)
				switch {
				case c.Method:
				case c.Callee == g.module+"::"+name,
					loaded && !strings.Contains(c.Callee, "::") && imports(&load, name) && !v.defines(name):
					out = append(out, source{node: n, from: g, name: name + " of " + g.module, made: !g.plain})
				}
			}
		}
		for _, name := range g.methods {
			for n := range v.f.Calls(name) {
				if c := v.t.Call(n); c.Method && v.isA(c, g.module) {
					out = append(out, source{node: n, from: g, name: name + " of " + g.module, made: !g.plain})
				}
			}
		}
	}
	return out
}

// imports reports whether a load may bring in a function: it is asked for by its
// name, by a tag, by something that only running would tell, or by saying nothing.
func imports(l *facts.Load, name string) bool {
	if l.DynamicImports || !l.HasImports && len(l.Imports) == 0 {
		return true
	}
	return slices.ContainsFunc(l.Imports, func(s string) bool {
		return strings.TrimPrefix(s, "&") == name || strings.HasPrefix(s, ":") || strings.HasPrefix(s, "-")
	})
}

// admitted reports whether the release lets a weak version of a generator in, and
// whether that is known.
func (v *view) admitted(g *generator) (weak, known bool) {
	if g.below == "" {
		return true, true
	}
	min, err := perlver.Parse(g.below)
	if err != nil {
		return true, false
	}
	module := g.module
	if d := distributions[module]; d != "" {
		module = d
	}
	stated := requirement.Of(v.p.Release)
	for _, m := range []string{module, g.module} {
		switch stated.Admits(m, min) {
		case requirement.No:
			return false, true
		case requirement.Yes:
			known = true
		}
	}
	// What use asks for in the file counts, too.
	if l, ok := v.f.Loads(g.module); ok && l.Version != "" {
		if asked, err := perlver.Parse(l.Version); err == nil && asked.Compare(min) >= 0 {
			return false, true
		}
	}
	return true, known
}

// named gives the value of a literal argument behind a key: "rand" of
// makerandom(Provider => 'rand').
func (v *view) named(n perlsrc.NodeID, key string) string {
	for a := range v.t.Args(n) {
		if k, ok := v.t.Key(a); ok && strings.TrimLeft(k, "-") == key {
			value, _ := v.t.Literal(a)
			return value
		}
	}
	return ""
}
