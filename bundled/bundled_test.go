package bundled

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/license"
	"nacre/purl"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// TestCases looks through the files of each case. A case may begin with lines
// "dist Foo-Bar" and "owner Foo::Bar Foo-Bar", what Find knows beforehand.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		fsys := fstest.MapFS{}
		for _, f := range ar.Files[:len(ar.Files)-1] {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
		found, err := Find(context.Background(), fsys, options(t, string(ar.Comment)))
		if err != nil {
			return err.Error() + "\n"
		}
		return show(found)
	})
}

func options(t *testing.T, text string) Options {
	var opt Options
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 2 && f[0] == "dist":
			opt.Dist = cpan.Dist(f[1])
		case len(f) == 3 && f[0] == "owner":
			if opt.Owner == nil {
				opt.Owner = cpan.NewOwners()
			}
			opt.Owner.(*cpan.Owners).Add(cpan.Module(f[1]), cpan.Dist(f[2]))
		}
	}
	return opt
}

func show(found Found) string {
	var b strings.Builder
	for _, l := range found.Libraries {
		fmt.Fprintf(&b, "%s %s %s in %s, %d files\n", orUnknown(l.Name), orUnknown(l.Version), l.Kind, l.Dir, len(l.Files))
		if l.PURL != "" {
			fmt.Fprintf(&b, "\t%s\n", l.PURL)
		}
		if l.License != "" {
			fmt.Fprintf(&b, "\tlicence %s\n", l.License)
		}
		if len(l.Modules) > 0 {
			fmt.Fprintf(&b, "\tmodules %s\n", strings.Join(toStrings(l.Modules), ", "))
		}
		for _, e := range l.Evidence {
			fmt.Fprintf(&b, "\t%s\n", showEvidence(e))
		}
	}
	for _, n := range found.Needs {
		fmt.Fprintf(&b, "needs %s %s\n", n.Kind, n.Name)
		for _, e := range n.Evidence {
			fmt.Fprintf(&b, "\t%s\n", showEvidence(e))
		}
	}
	if found.XS != "" {
		fmt.Fprintf(&b, "compiled: %s\n", found.XS)
	}
	if found.OwnC > 0 {
		fmt.Fprintf(&b, "own sources in C: %d\n", found.OwnC)
	}
	if found.Untold > 0 {
		fmt.Fprintf(&b, "modules that nobody tells from another's: %d\n", found.Untold)
	}
	for _, name := range found.Unidentified {
		fmt.Fprintf(&b, "unidentified: %s\n", name)
	}
	for _, n := range found.Notes {
		fmt.Fprintf(&b, "note: %s\n", n)
	}
	return b.String()
}

func orUnknown(s string) string {
	if s == "" {
		return "(unknown)"
	}
	return s
}

func showEvidence(e Evidence) string {
	return fmt.Sprintf("%s:%d %s %.1f", e.File, e.Line, e.How, e.Confidence)
}

func toStrings(modules []cpan.Module) []string {
	var list []string
	for _, m := range modules {
		list = append(list, string(m))
	}
	return list
}

// TestTables holds that every line of the tables can be read, and gives a
// package URL.
func TestTables(t *testing.T) {
	lines := func(table string) (n int) {
		for line := range strings.Lines(table) {
			if strings.TrimSpace(line) != "" && line[0] != '#' {
				n++
			}
		}
		return n
	}
	if got, want := len(rows(cTable, 4)), lines(cTable); got != want {
		t.Errorf("c.txt: %d lines can be read of %d", got, want)
	}
	if got, want := len(rows(jsTable, 4)), lines(jsTable); got != want {
		t.Errorf("js.txt: %d lines can be read of %d", got, want)
	}
	for file, marks := range cMarks() {
		for _, m := range marks {
			want := map[string]int{"macro": 1, "packed": 1, "banner": 1, "text": 1}[m.verb]
			if m.verb == "macros" && len(m.words) < 2 || m.verb != "macros" && len(m.words) != want || (m.verb == "packed") != (len(m.by) > 1) {
				t.Errorf("c.txt: %s in %s: %v", m.name, file, m)
			}
			if m.words[0] == "" || strings.ContainsAny(m.words[0], " ") && m.verb != "banner" && m.verb != "text" {
				t.Errorf("c.txt: %s in %s: the mark is %q", m.name, file, m.words)
			}
			if yes, _ := ofC(file); !yes {
				t.Errorf("c.txt: %s: %s is no source in C", m.name, file)
			}
			checkURL(t, m.name, packageURL(m.purl, "1.2.3"), m.purl == "")
		}
	}
	for _, l := range browserLibs() {
		if l.name == "" || !slices.Contains([]Kind{JavaScript, CSS}, l.kind) {
			t.Errorf("js.txt: %v", l)
		}
		checkURL(t, l.name, npmURL(l.npm, "1.2.3"), l.npm == "")
	}
}

func checkURL(t *testing.T, name, url string, none bool) {
	t.Helper()
	if none {
		if url != "" {
			t.Errorf("%s has the package URL %s", name, url)
		}
		return
	}
	if p, err := purl.Parse(url); err != nil || p.String() != url || !strings.HasSuffix(p.Version(), "1.2.3") {
		t.Errorf("%s has the package URL %q: %v", name, url, err)
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct{ name, file, src, version, how string }{
		{"macro", "zlib.h", `#define ZLIB_VERSION "1.2.11"`, "1.2.11", "ZLIB_VERSION"},
		{"blanks and a comment", "zlib.h", "#  define\tZLIB_VERSION \"1.2.3-f\" /* x */", "1.2.3-f", "ZLIB_VERSION"},
		{"only used", "zlib.h", "#ifdef ZLIB_VERSION\n#endif", "", ""},
		{"without a number", "version.h", `#define LIBSASS_VERSION "[NA]"`, "", "LIBSASS_VERSION"},
		{"computed", "lua.h", `#define LUA_RELEASE LUA_VERSION "." LUA_VERSION_RELEASE`, "", "LUA_RELEASE"},
		{"words around it", "lua.h", `#define LUA_RELEASE "Lua 5.1.5"`, "5.1.5", "LUA_RELEASE"},
		{"a date behind it", "bzlib_private.h", `#define BZ_VERSION "1.0.8, 13-Jul-2019"`, "1.0.8", "BZ_VERSION"},
		{"letters", "opensslv.h", `#define OPENSSL_VERSION_TEXT "OpenSSL 1.1.1k  25 Mar 2021"`, "1.1.1k", "OPENSSL_VERSION_TEXT"},
		{"underscores", "version.hpp", `#define BOOST_LIB_VERSION "1_67"`, "1.67", "BOOST_LIB_VERSION"},
		{"macros", "expat.h", "#define XML_MAJOR_VERSION 2\n#define XML_MINOR_VERSION 2\n#define XML_MICRO_VERSION 10\n", "2.2.10", "XML_MAJOR_VERSION"},
		{"in parentheses", "bson-version.h", "#define BSON_MAJOR_VERSION (1)\n#define BSON_MINOR_VERSION (9)\n#define BSON_MICRO_VERSION (2)\n", "1.9.2", "BSON_MAJOR_VERSION"},
		{"in quotes", "lua.h", "#define LUA_VERSION_MAJOR \"5\"\n#define LUA_VERSION_MINOR \"3\"\n#define LUA_VERSION_RELEASE \"6\"\n", "5.3.6", "LUA_VERSION_MAJOR"},
		{"a part is missing", "expat.h", "#define XML_MAJOR_VERSION 2\n#define XML_MINOR_VERSION 2\n", "", ""},
		{"packed by tens", "duktape.h", "#define DUK_VERSION 20300L", "2.3.0", "DUK_VERSION"},
		{"packed by bits", "version.h", "#define BROTLI_VERSION 0x1000007", "1.0.7", "BROTLI_VERSION"},
		{"packed, the last part dropped", "rdkafka.h", "#define RD_KAFKA_VERSION 0x010802ff", "1.8.2", "RD_KAFKA_VERSION"},
		{"packed, no number", "duktape.h", "#define DUK_VERSION DUK_OTHER", "", "DUK_VERSION"},
		{"banner", "miniz.h", "/* miniz.c 2.2.0 - public domain deflate/inflate */", "2.2.0", "banner"},
		{"banner with v", "stb_image.h", "/* stb_image - v2.19 - public domain image loader", "2.19", "banner"},
		{"one number", "csnappy.h", "#define CSNAPPY_VERSION\t5\nint csnappy_compress(int);", "5", "CSNAPPY_VERSION"},
		{"blanks before the version", "multicall.h", "/*    multicall.h               (version 1.0)", "1.0", "banner"},
		{"what it was made by", "perl_math_int64.c", " * Math::Int64 version: 0.28\n * Module::CAPIMaker version: 0.02", "0.28", "banner"},
		{"text", "csnappy.h", "void\ncsnappy_compress(const char *)", "", "mark"},
	} {
		var got seen
		name := ""
		for _, m := range cMarks()[c.file] {
			if s, ok := m.find([]byte(c.src), defines([]byte(c.src))); ok && name == "" {
				got, name = s, m.name
			}
		}
		if got.version != c.version || got.how != c.how {
			t.Errorf("%s: %s is version %q by %q, want %q by %q", c.name, name, got.version, got.how, c.version, c.how)
		}
	}
}

// A fork that keeps the macros of what it was is not that, too.
func TestFork(t *testing.T) {
	src := "#define LIBRESSL_VERSION_TEXT \"LibreSSL 3.8.2\"\n#define OPENSSL_VERSION_TEXT LIBRESSL_VERSION_TEXT\n"
	list := identify("opensslv.h", []byte(src), cMarks()["opensslv.h"])
	if len(list) != 1 || list[0].Name != "libressl" || list[0].Version != "3.8.2" {
		t.Errorf("%+v", list)
	}
}

func TestScripts(t *testing.T) {
	for _, c := range []struct{ file, src, name, version, how, purl string }{
		{"jquery.min.js", "/*! jQuery v3.5.1 | (c) JS Foundation */", "jquery", "3.5.1", "banner", "pkg:npm/jquery@3.5.1"},
		{"jquery.js", "/*!\n * jQuery JavaScript Library v1.7.2\n * http://jquery.com/\n", "jquery", "1.7.2", "banner", "pkg:npm/jquery@1.7.2"},
		{"ui.js", "/*! jQuery UI - v1.12.1 - 2016-09-14", "jquery-ui", "1.12.1", "banner", "pkg:npm/jquery-ui@1.12.1"},
		{"bootstrap.js", "/*!\n * Bootstrap v3.3.7 (http://getbootstrap.com)\n * needs jQuery v1.9.1\n", "bootstrap", "3.3.7", "banner", "pkg:npm/bootstrap@3.3.7"},
		{"moment.js", "//! moment.js\n//! version : 2.29.1\n", "moment", "2.29.1", "banner", "pkg:npm/moment@2.29.1"},
		{"react.js", "/** @license React v16.13.1\n", "react", "16.13.1", "banner", ""},
		{"fa.css", "/*!\n *  Font Awesome 4.7.0 by @davegandy", "font-awesome", "4.7.0", "banner", "pkg:npm/font-awesome@4.7.0"},
		{"my.js", "/*! Some Thing v0.4.2 | me */", "Some Thing", "0.4.2", "banner", ""},
		{"jsoneditor.min.js", "/*!\n * jsoneditor.js\n * @version 5.5.1\n * @date 2016-01-01", "jsoneditor", "5.5.1", "banner", "pkg:npm/jsoneditor@5.5.1"},
		{"jquery.slim.js", "/*!\n * jQuery JavaScript Library v4.0.0+slim\n", "jquery", "4.0.0", "banner", "pkg:npm/jquery@4.0.0"},
		{"tab.js", "/*!\n  * Bootstrap tab.js v4.6.2 (https://getbootstrap.com/)", "bootstrap", "4.6.2", "banner", "pkg:npm/bootstrap@4.6.2"},
		{"mustache.js", "// our page of mustaches", "", "", "", ""},
		{"mustache.js", strings.Repeat("var x;\n", 2000)[:jsHead], "mustache", "", "file name", ""},
		{"mootools.js", "//MooTools, My Object Oriented Tools.\n\nvar MooTools={version:\"1.2.4\",build:\"x\"};", "mootools", "1.2.4", "banner", ""},
		{"own.js", "/**\n * @version 1.0\n */", "", "", "", ""},
		{"d3-4.1.0.min.js", "var x", "d3", "4.1.0", "file name", ""},
		{"jquery.flot-0.8.3.js", "", "jquery.flot", "0.8.3", "file name", ""},
		{"underscore-min.js", "(function(){})", "underscore", "", "file name", ""},
		{"app.js", "// written for jQuery v1.7\nvar x", "", "", "", ""},
		{"app.js", "/* uses\n * our jQuery v1.7 */", "", "", "", ""},
		{"page-2.js", "", "", "", "", ""},
	} {
		kind, ok := scriptKind(c.file)
		if !ok {
			t.Fatalf("%s is no script", c.file)
		}
		l, _ := toldBy(c.file, kind, []byte(c.src), browserLibs())
		how := ""
		if len(l.Evidence) > 0 {
			how = l.Evidence[0].How
		}
		if l.Name != c.name || l.Version != c.version || how != c.how || l.PURL != c.purl {
			t.Errorf("%s: %q %q by %q, %q; want %q %q by %q, %q", c.file, l.Name, l.Version, how, l.PURL, c.name, c.version, c.how, c.purl)
		}
	}
}

// A name or version that npm cannot have makes no package URL.
func TestNPM(t *testing.T) {
	for _, c := range []struct{ name, version, want string }{
		{"jquery", "3.5.1", "pkg:npm/jquery@3.5.1"},
		{"@acme/left", "1.0.0-beta.1", "pkg:npm/%40acme/left@1.0.0-beta.1"},
		{"jquery@9", "3.5.1", ""},
		{"jquery?x=y", "3.5.1", ""},
		{"jquery#x", "3.5.1", ""},
		{"%6Aquery", "3.5.1", ""},
		{"../jquery", "3.5.1", ""},
		{"a/b", "3.5.1", ""},
		{"jquery", "${version}", ""},
		{"jquery", "latest", ""},
		{"jquery", "1.0 || 2.0", ""},
		{"jquery", "", ""},
		{"", "1.0", ""},
	} {
		if got := npmURL(c.name, c.version); got != c.want {
			t.Errorf("npmURL(%q, %q) = %q, want %q", c.name, c.version, got, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	many := fstest.MapFS{}
	for i := range 50 {
		many[fmt.Sprintf("lib/F%d.pm", i)] = &fstest.MapFile{Data: []byte("package F; 1;")}
	}
	for _, c := range []struct {
		name   string
		limits Limits
		want   string
	}{
		{"files", Limits{Files: 10}, "entries"},
		{"bytes", Limits{Bytes: 100}, "limit: bytes of sources"},
		{"none hit", Limits{}, ""},
	} {
		many["Makefile.PL"] = &fstest.MapFile{Data: []byte(strings.Repeat("# x\n", 50))}
		_, err := Find(context.Background(), many, Options{Limits: c.limits})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Find(ctx, many, Options{}); err == nil {
		t.Error("a context that ended gives no error")
	}
}

// FuzzFind holds, of any text as any kind of file, that what is found is a
// library of the tree, with evidence in it.
func FuzzFind(f *testing.F) {
	for _, seed := range []struct {
		name int
		text string
	}{
		{0, "#define ZLIB_VERSION \"1.2.11\"\n#define BROTLI_VERSION 0x10"},
		{1, "/*! jQuery v3.5.1 */"},
		{2, `{"name":"@a/b","version":"1","license":"MIT"}`},
		{3, "#!perl\n$fatpacked{\"A/B.pm\"} = <<'A_B';\n  package A::B;\n  our $VERSION = 1;\nA_B\n"},
		{4, "use Devel::CheckLib; check_lib(lib => [qw(a b)]); LIBS => ['-lssl']; `pkg-config --libs x`"},
		{5, "package inc::Foo; our $VERSION = '1.0';"},
		{6, "{\"prereqs\":{\"build\":{\"requires\":{\"Alien::Foo\":0}}}}"},
	} {
		f.Add(seed.name, []byte(seed.text))
	}
	names := []string{"x/zlib.h", "a/jquery-1.2.js", "a/package.json", "script/app", "Makefile.PL", "inc/Foo.pm", "META.json", "x/ppport.h", "x/version.h", "a/x.css"}
	f.Fuzz(func(t *testing.T, which int, text []byte) {
		name := names[uint(which)%uint(len(names))]
		fsys := fstest.MapFS{name: &fstest.MapFile{Data: text}}
		found, err := Find(context.Background(), fsys, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range found.Libraries {
			if len(l.Evidence) == 0 || l.Evidence[0].File != name || len(l.Files) == 0 || !below(name, l.Dir) {
				t.Errorf("%s: %+v", name, l)
			}
			if l.PURL != "" {
				if p, err := purl.Parse(l.PURL); err != nil || p.String() != l.PURL {
					t.Errorf("%s: package URL %q: %v", name, l.PURL, err)
				}
			}
			if e, err := license.Parse(l.License); l.License != "" && (err != nil || e.String() != l.License) {
				t.Errorf("%s: licence %q: %v", name, l.License, err)
			}
			for _, e := range l.Evidence {
				if lines := strings.Count(string(text), "\n") + 1; e.Line > lines || e.Confidence <= 0 || e.Confidence > 1 {
					t.Errorf("%s of %d lines: %+v", name, lines, e)
				}
			}
		}
	})
}
