package meta

import (
	"math/rand/v2"
	"strconv"

	"nacre/jsondoc"
)

// generate makes a document around the spec: mostly what belongs there, and
// now and then something else in its place.
func generate(seed uint64) *jsondoc.Node {
	r := rand.New(rand.NewPCG(seed, 4))
	// How much is odd differs from document to document.
	g := &generator{r: r, odd: []float64{0, 0.003, 0.01, 0.03, 0.1}[r.IntN(5)]}
	return g.document()
}

type generator struct {
	r   *rand.Rand
	odd float64
}

func (g *generator) chance(p float64) bool { return g.r.Float64() < p }

func (g *generator) one(of ...string) string { return of[g.r.IntN(len(of))] }

// or gives n, or something odd.
func (g *generator) or(n *jsondoc.Node) *jsondoc.Node {
	if g.chance(g.odd) {
		return g.anything(0)
	}
	return n
}

func (g *generator) text(of ...string) *jsondoc.Node { return g.or(jsondoc.String(g.one(of...))) }

func (g *generator) list(item func() *jsondoc.Node, most int) *jsondoc.Node {
	n := jsondoc.Array()
	for range g.r.IntN(most + 1) {
		n.Items = append(n.Items, item())
	}
	return g.or(n)
}

var oddTexts = []string{
	"", "0", "1", "00", "0.0", " ", "unknown", "perl", "Foo", "Foo::Bar", "foo", "x_foo", "X-foo", "xfoo", "-",
	"1.2.3", "v1.2", "v1", "1.2_3", ".5", "1.", "1a", "1.5alpha", "undef", "<undef>", "latest", "1,2", ">= 1, < 2",
	"== 1, == 2", "!= 1, > 0.5", ", 1", ",", "= 1", "> 1", ">= 0", "< 0, 0", " 1.5 ", "1.2-TRIAL", "9999999999", "1.2;x", "1.2}",
	"mailto:a@example.org", "http://example.org/", "http:", "HTTP://x", "git://example.org/x", "svn+ssh://x/y", "x:y",
	"artistic2", "GPL", "mozilla", "restrictive", "a\n", "1\n", "Foo::\n", "::Foo", "Foo::", "Foo'Bar", "0Foo", "é", "日本",
	"stable", "testing", "true", "null", "a b", "v.1", "v1.2.3.4", "1.002003", "2", "1.4", "1.0",
}

// anything is any value at all. Numbers are such that perl prints them as they
// are written.
func (g *generator) anything(depth int) *jsondoc.Node {
	switch k := g.r.IntN(12); {
	case k == 0:
		return nil
	case k == 1:
		return jsondoc.Bool(g.chance(0.5))
	case k <= 3:
		return jsondoc.Number(g.one("0", "1", "2", "-1", "1.5", "10", "0.001", "5.008001"))
	case k <= 7 || depth > 2:
		return jsondoc.String(g.one(oddTexts...))
	case k <= 9:
		n := jsondoc.Array()
		for range g.r.IntN(3) {
			n.Items = append(n.Items, g.anything(depth+1))
		}
		return n
	}
	n := jsondoc.Object()
	for range g.r.IntN(3) {
		g.set(n, g.one(oddTexts...), g.anything(depth+1))
	}
	return n
}

// set adds a key. One that becomes the same key of spec 2 as another is left
// out: which of them counts is chance in perl.
func (g *generator) set(n *jsondoc.Node, key string, v *jsondoc.Node) {
	for _, m := range n.Members {
		if prefixed(m.Key) == prefixed(key) || upperFirst(trimCustom(m.Key)) == upperFirst(trimCustom(key)) {
			return
		}
	}
	n.Members = append(n.Members, jsondoc.Member{Key: key, Value: v})
}

func trimCustom(key string) string {
	if len(key) > 1 && key[:2] == "x_" {
		return key[2:]
	}
	return key
}

// field is set of a key that most documents have.
func (g *generator) field(n *jsondoc.Node, p float64, key string, v func() *jsondoc.Node) {
	if g.chance(p) {
		g.set(n, key, v())
	}
}

func (g *generator) document() *jsondoc.Node {
	n := jsondoc.Object()
	spec := Spec(g.one("1.0", "1.1", "1.2", "1.3", "1.4", "1.4", "2", "2", "2"))
	most := 1 - g.odd
	is2 := spec == Spec2
	if spec != Spec10 || g.chance(0.3) {
		g.field(n, most, "meta-spec", func() *jsondoc.Node {
			m := jsondoc.Object()
			v := jsondoc.String(string(spec))
			if g.chance(0.2) {
				v = jsondoc.Number(map[Spec]string{Spec2: "2"}[spec])
				if v.Text == "" {
					v = jsondoc.String(string(spec))
				}
			}
			if g.chance(2 * g.odd) {
				v = jsondoc.String(g.one("2.0", "3", "1.40", "1.5", "x", "1", "02", "2\n"))
			}
			m.Set("version", g.or(v))
			g.field(m, most, "url", func() *jsondoc.Node { return g.text(spec.url()) })
			g.extra(m)
			return g.or(m)
		})
	}
	g.field(n, most, "name", func() *jsondoc.Node { return g.text("Foo-Bar", "Acme-Demo", "foo") })
	g.field(n, most, "version", func() *jsondoc.Node { return g.text("1.10", "v1.2.3", "0.01_02", "1.2.3", "0") })
	g.field(n, most, "abstract", func() *jsondoc.Node { return g.text("a demo", "unknown", "Größe") })
	g.field(n, most, "author", func() *jsondoc.Node {
		if !is2 && g.chance(0.1) {
			return g.text("A. U. Thor <author@example.org>")
		}
		return g.list(func() *jsondoc.Node { return g.text("A. U. Thor <author@example.org>", "AUTHOR", "0") }, 3)
	})
	g.field(n, most, "generated_by", func() *jsondoc.Node {
		return g.text("hand", "Module::Build version 0.3", "x, "+converterName)
	})
	g.field(n, most, "license", func() *jsondoc.Node { return g.license(is2) })
	g.field(n, 0.8, "dynamic_config", func() *jsondoc.Node {
		return g.or([]*jsondoc.Node{jsondoc.Number("0"), jsondoc.Number("1"), jsondoc.String("1"), jsondoc.Bool(true), jsondoc.Bool(false)}[g.r.IntN(5)])
	})
	if is2 {
		g.field(n, most, "release_status", func() *jsondoc.Node { return g.text("testing", "unstable", "stable") })
		g.field(n, 0.3, "description", func() *jsondoc.Node { return g.text("longer") })
		g.field(n, 0.8, "prereqs", func() *jsondoc.Node { return g.or(g.prereqs()) })
	}
	if !is2 || g.chance(g.odd) {
		for _, key := range []string{"requires", "recommends", "build_requires", "configure_requires"} {
			g.field(n, 0.4, key, func() *jsondoc.Node { return g.requirements() })
		}
		g.field(n, 0.2, "conflicts", func() *jsondoc.Node { return g.requirements() })
		g.field(n, 0.2, "distribution_type", func() *jsondoc.Node { return g.text("module", "script") })
		g.field(n, 0.1, "private", func() *jsondoc.Node { return g.noIndex() })
		g.field(n, 0.1, "license_url", func() *jsondoc.Node { return g.text("http://example.org/license", "no") })
		g.field(n, 0.1, "license_uri", func() *jsondoc.Node { return g.text("http://example.org/license") })
		g.field(n, g.odd, "prereqs", func() *jsondoc.Node { return g.or(g.prereqs()) })
	}
	g.field(n, 0.3, "no_index", func() *jsondoc.Node { return g.noIndex() })
	g.field(n, 0.3, "keywords", func() *jsondoc.Node {
		return g.list(func() *jsondoc.Node { return g.text("toys", "a b") }, 3)
	})
	g.field(n, 0.3, "provides", func() *jsondoc.Node { return g.provides() })
	g.field(n, 0.4, "resources", func() *jsondoc.Node { return g.resources(is2) })
	g.field(n, 0.3, "optional_features", func() *jsondoc.Node { return g.features(is2) })
	g.extra(n)
	g.r.Shuffle(len(n.Members), func(i, j int) { n.Members[i], n.Members[j] = n.Members[j], n.Members[i] })
	return n
}

// extra adds keys that no spec knows.
func (g *generator) extra(n *jsondoc.Node) {
	g.field(n, 0.15, g.one("x_foo", "X_Bar", "x_breaks", "x_"), func() *jsondoc.Node { return g.anything(0) })
	g.field(n, g.odd, g.one("foo", "x-foo", "xfoo", "Foo", "", ":key", "authors", "$no_index", "dir", "files", "modules", "x"), func() *jsondoc.Node { return g.anything(0) })
}

func (g *generator) license(is2 bool) *jsondoc.Node {
	name1 := func() *jsondoc.Node {
		return g.text("perl", "gpl", "apache", "artistic_2", "Perl", "unknown", "restrictive")
	}
	if !is2 {
		if g.chance(g.odd) {
			return g.list(name1, 3)
		}
		return name1()
	}
	return g.list(func() *jsondoc.Node {
		if g.chance(g.odd) {
			return name1()
		}
		return g.text("perl_5", "gpl_2", "apache_2_0", "mit", "unknown", "open_source", "artistic_1", "restricted", "sun")
	}, 3)
}

func (g *generator) requirements() *jsondoc.Node {
	n := jsondoc.Object()
	for range g.r.IntN(4) {
		module := g.one("perl", "Foo", "Foo::Bar", "JSON::PP", "Moo", "X9", "Test::More")
		if g.chance(g.odd) {
			module = g.one(oddTexts...)
		}
		v := jsondoc.String(g.one("0", "1", "1.20", "v1.2.3", "5.006", ">= 1.2", ">= 1.2, < 3", "== 2", "!= 1.5", "> 1, <= 2, != 1.5", "0.0", ".5", "1.2.3"))
		switch {
		case g.chance(0.1):
			v = jsondoc.Number(g.one("0", "1", "1.5"))
		case g.chance(2 * g.odd):
			v = jsondoc.String(g.one(oddTexts...))
			// A module as version brings a second one in, whose place in perl's
			// order is chance.
			if isModuleName(v.Text) && v.Text != "undef" {
				return g.or(n)
			}
		}
		g.set(n, module, g.or(v))
		if isModuleName(asPerl(g.last(n))) {
			n.Members = n.Members[:len(n.Members)-1]
		}
	}
	return g.or(n)
}

func (g *generator) last(n *jsondoc.Node) *jsondoc.Node {
	if len(n.Members) == 0 {
		return nil
	}
	return n.Members[len(n.Members)-1].Value
}

func (g *generator) prereqs() *jsondoc.Node {
	n := jsondoc.Object()
	for _, phase := range []string{"configure", "build", "test", "runtime", "develop", "x_later", "other", "thex_"} {
		p := 0.4
		if phase == "other" || phase == "thex_" {
			p = g.odd
		}
		g.field(n, p, phase, func() *jsondoc.Node {
			m := jsondoc.Object()
			for _, relation := range []string{"requires", "recommends", "suggests", "conflicts", "x_likes", "wants"} {
				p := 0.3
				if relation == "wants" {
					p = g.odd
				}
				g.field(m, p, relation, g.requirements)
			}
			return g.or(m)
		})
	}
	return n
}

func (g *generator) noIndex() *jsondoc.Node {
	n := jsondoc.Object()
	for _, key := range []string{"file", "directory", "dir", "package", "namespace", "files", "modules", "other"} {
		p := 0.4
		if key == "other" || key == "files" || key == "modules" || key == "dir" {
			p = g.odd * 2
		}
		g.field(n, p, key, func() *jsondoc.Node {
			return g.list(func() *jsondoc.Node { return g.text("t", "inc", "Foo::Bar") }, 2)
		})
	}
	return g.or(n)
}

func (g *generator) provides() *jsondoc.Node {
	n := jsondoc.Object()
	for range g.r.IntN(3) {
		module := g.one("Foo", "Foo::Bar", "Foo::Bar::Baz")
		if g.chance(g.odd) {
			module = g.one(oddTexts...)
		}
		m := jsondoc.Object()
		g.field(m, 1-g.odd, "file", func() *jsondoc.Node { return g.text("lib/Foo.pm", "../x") })
		g.field(m, 0.7, "version", func() *jsondoc.Node { return g.text("1.10", "v1.2", "1.2.3", ".5", "undef", " 1.0 ", "x") })
		g.extra(m)
		g.set(n, module, g.or(m))
	}
	return g.or(n)
}

func (g *generator) resources(is2 bool) *jsondoc.Node {
	n := jsondoc.Object()
	address := func() *jsondoc.Node {
		return g.text("http://example.org/", "https://example.org/x?y#z", "git://example.org/foo.git", "svn://example.org/")
	}
	g.field(n, 0.4, "homepage", address)
	if !is2 || g.chance(g.odd) {
		for _, key := range []string{"license", "bugtracker", "repository"} {
			g.field(n, 0.4, key, func() *jsondoc.Node {
				if g.chance(2 * g.odd) {
					return g.text("mailto:bugs@example.org", "no address")
				}
				return address()
			})
		}
		g.field(n, 0.2, "MailingList", address)
		return g.or(n)
	}
	g.field(n, 0.4, "license", func() *jsondoc.Node { return g.list(address, 2) })
	g.field(n, 0.4, "bugtracker", func() *jsondoc.Node {
		m := jsondoc.Object()
		g.field(m, 0.7, "web", address)
		g.field(m, 0.4, "mailto", func() *jsondoc.Node { return g.text("bugs@example.org") })
		g.extra(m)
		return g.or(m)
	})
	g.field(n, 0.4, "repository", func() *jsondoc.Node {
		m := jsondoc.Object()
		g.field(m, 0.7, "url", address)
		g.field(m, 0.5, "web", address)
		g.field(m, 0.5, "type", func() *jsondoc.Node { return g.text("git", "Git") })
		g.extra(m)
		return g.or(m)
	})
	g.field(n, 0.2, "x_IRC", func() *jsondoc.Node { return g.text("irc://example.org/#x") })
	g.field(n, g.odd, "other", address)
	return g.or(n)
}

func (g *generator) features(is2 bool) *jsondoc.Node {
	n := jsondoc.Object()
	for i := range g.r.IntN(3) {
		m := jsondoc.Object()
		g.field(m, 1-g.odd, "description", func() *jsondoc.Node { return g.text("colours") })
		if is2 {
			// Without prereqs the way down to 1.4 fails in perl: see below.
			m.Set("prereqs", g.prereqs())
		} else {
			for _, key := range []string{"requires", "recommends", "build_requires", "configure_requires", "conflicts"} {
				g.field(m, 0.3, key, g.requirements)
			}
			g.field(m, g.odd, g.one("requires_os", "requires_packages", "excluded_os"), func() *jsondoc.Node { return g.anything(0) })
		}
		g.extra(m)
		g.set(n, "feature"+strconv.Itoa(i), g.or(m))
	}
	if !is2 && g.chance(0.2) {
		list := jsondoc.Array()
		for _, m := range n.Members {
			one := jsondoc.Object()
			one.Members = append(one.Members, m)
			list.Items = append(list.Items, g.or(one))
		}
		return g.or(list)
	}
	return g.or(n)
}

// generateYAML makes lines that are nearly what META.yml has.
func generateYAML(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 5))
	one := func(of ...string) string { return of[r.IntN(len(of))] }
	values := []string{
		"1", "1.10", "~", "''", `""`, "{}", "[]", "{} # x", "[a, b]", "{a: b}", "foo bar", "foo # comment", "#x", "'it''s'", `"a\"b"`,
		`"\x41\n"`, `"\q"`, "'x' y", "'x' # y", `"x`, "@x", "%x", "`x", "- x", "-x", "&a", "!x", "*x", ">", "|", ">-", "|-", "> x", "foo:", "foo: bar",
		"http://x/y", "é", "null", "true", ">= 1", "x\ty", "x\u00a0", "?", ",", "-", "--", "a  #", `"a\\"`, `'a"`, "\u2028x",
	}
	keys := []string{"a", "b", "Foo::Bar", "a b", "'q'", `"q"`, `"q\x41"`, "'it''s'", "a ", "http://x y", "::x", "a:", "a:b", "?", "- a", "-", "#", "Größe", "'"}
	indents := []string{"", "", "", "  ", "  ", "    ", "\t", " "}
	s := ""
	if r.IntN(3) == 0 {
		s = one("---\n", "--- #YAML:1.0\n", "%YAML:1.0\n---\n", "--- %YAML:1.0\n", "--- foo\n", "---  \n", "\ufeff---\n", "--- {}\n", "---x\n", "--- #\n", "%YAML 1\n")
	}
	for range r.IntN(8) {
		indent := one(indents...)
		end := one("\n", "\n", "\n", "\n", "\r\n", "\r", "\r\r\n")
		switch r.IntN(10) {
		case 0, 1, 2:
			s += indent + one(keys[:6]...) + ": " + one(values[:6]...) + end
		case 3:
			s += indent + one(keys...) + one(":", " :", ": ", ":  ", "::", ":\t") + one(values...) + end
		case 4:
			s += indent + one(keys[:6]...) + one(":", ": ", ": # x", " :") + end
		case 5, 6:
			s += indent + one("- ", "-  ", "-", "-\t") + one(values...) + end
		case 7:
			s += indent + one("- ", "-  ") + one(keys...) + one(": ", " : ", ":") + one(values...) + end
		case 8:
			s += indent + one("-", "- ", "", "# x", "...", "---", "--- x", "...x", "- - a") + end
		case 9:
			s += indent + one(values...) + end
		}
	}
	return s
}
