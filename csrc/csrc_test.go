package csrc

import (
	"fmt"
	"strings"
	"testing"
)

// describe writes functions and calls as a reader would.
func describe(f *File) string {
	var b strings.Builder
	for _, fn := range f.Functions {
		kind := "function"
		if fn.XSUB {
			kind = "xsub"
		}
		var params []string
		for _, p := range fn.Params {
			params = append(params, strings.TrimSpace(p.Type+" "+p.Name))
		}
		fmt.Fprintf(&b, "%d %s %s(%s)\n", fn.Line, kind, fn.Name, strings.Join(params, ", "))
		f.Calls(fn.First, fn.End, func(c Call) bool {
			var args []string
			for _, a := range c.Args {
				args = append(args, f.Span(a.First, a.End))
			}
			fmt.Fprintf(&b, "  %d %s[%s]\n", f.Tokens[c.At].Line, c.Name, strings.Join(args, "|"))
			return true
		})
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{
			"a function of C", "static int\nadd(pTHX_ const char *a, int b[], unsigned long n)\n{\n  return f(a, g(b, 1), \"x,y)\");\n}\n",
			"2 function add(char * a, int b, unsigned long n)\n  4 f[a|g(b, 1)|\"x,y)\"]\n  4 g[b|1]\n",
		},
		{"no functions: structures, tables, prototypes", "struct s { int (*f)(void); };\nint t[] = { g(1) };\nint h(int);\nenum { A };\n", ""},
		{
			"extern C, comments and directives", "extern \"C\" {\n#define X(a) \\\n  { f(a) }\n/* g( */ // h(\nvoid k(void) { m(); }\n}\n",
			"5 function k()\n  5 m[]\n",
		},
		{
			"a branch of the preprocessor that breaks the braces", "int a(void) {\n#ifdef X\n  if (x) {\n#else\n  if (y) {\n#endif\n  f(1); }\n}\nint b(int n)\n{\n  g(n);\n}\n",
			"1 function a()\n  7 f[1]\n9 function b(int n)\n  11 g[n]\n",
		},
		{
			"a name that the preprocessor chooses", "#ifdef X\nvoid one\n#else\nvoid two\n#endif\n(int n)\n{\n  g(n);\n}\n",
			"4 function two(int n)\n  8 g[n]\n",
		},
		{
			"a block at the left edge", "int a(int n)\n{\n#ifdef X\n{\n  f(1);\n}\n#endif\n  g(n);\n}\nint b(void)\n{\n  h(1);\n}\n",
			"1 function a(int n)\n  5 f[1]\n  8 g[n]\n10 function b()\n  12 h[1]\n",
		},
		{"attributes", "void f(int a) __attribute__((noreturn));\nvoid\ng(char *s) __attribute__((unused))\n{ h(s); }\n", "3 function g(char * s)\n  4 h[s]\n"},
		{
			"an XSUB with types behind it", "int c(void) { return 1; }\nMODULE = Acme  PACKAGE = Acme\n\nPROTOTYPES: DISABLE\n\nchar *\nfoo(self, name, n = 3)\n    SV * self\n    const char * name\n    int n\n  PREINIT:\n    char buf[10];\n  CODE:\n    strcpy(buf, name);\n\n    RETVAL = buf;\n  OUTPUT:\n    RETVAL\n\nvoid\nbar(SV *x, ...)\n  PPCODE:\n    XPUSHs(x);\n",
			"1 function c()\n7 xsub foo(SV * self, char * name, int n)\n  14 strcpy[buf|name]\n21 xsub bar(SV * x)\n  23 XPUSHs[x]\n",
		},
		{"pod and comments of XS", "MODULE = Acme  PACKAGE = Acme\n\n=head1 it's\n\nf(\n\n=cut\n\n# it's a comment\n\nint\nzap(IV n)\n  CODE:\n#ifdef Y\n    g(n);\n#endif\n", "12 xsub zap(IV n)\n  15 g[n]\n"},
		{"strings that do not end", "int a(void) { f(\"x\n; g('\\'', L\"y\\\"\"); }\n", "1 function a()\n  2 g['\\''|L\"y\\\"\"]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Parse([]byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(f); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	if _, err := Parse([]byte(strings.Repeat(";", MaxTokens+1))); err == nil || !strings.Contains(err.Error(), "tokens") {
		t.Errorf("too many tokens: %v", err)
	}
	if _, err := Parse([]byte(strings.Repeat("(", MaxDepth+1))); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("too deep: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"int f(char *a) { g(a, \"x\", 'y'); }\n", "MODULE = A PACKAGE = A\n\nvoid\nf(x)\n  SV * x\n CODE:\n  h(x);\n", "#define A \\\n b\n", "/* ", "\"\\", "}{)(",
		"MODULE = A\n\n=pod\n\n=cut\n\n#x\nint\n(a)\n", "0x1e+1 1e+5 .5", "a(\n}\nb)",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, _ := Parse(src)
		at, line := 0, 1
		for i, tok := range file.Tokens {
			if tok.Start < at || tok.End <= tok.Start || tok.End > len(src) || tok.Line < line {
				t.Fatalf("token %d %+v is out of order", i, tok)
			}
			if m := int(tok.Match); m != 0 && int(file.Tokens[m].Match) != i {
				t.Fatalf("token %d matches %d, which matches %d", i, m, file.Tokens[m].Match)
			}
			at, line = tok.End, tok.Line
		}
		for _, fn := range file.Functions {
			if fn.First > fn.End || fn.End > len(file.Tokens) || fn.First < 0 {
				t.Fatalf("the body of %+v is out of the file", fn)
			}
			file.Calls(fn.First, fn.End, func(c Call) bool {
				for _, a := range c.Args {
					_ = file.Span(a.First, a.End)
				}
				return true
			})
		}
	})
}
