package perlsrc

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// one gives the first significant token of src, and its body if it is a
// here-document.
func one(t *testing.T, src string) (token, body Token) {
	t.Helper()
	tokens, err := Tokenize([]byte(src))
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	for _, k := range tokens {
		if k.Kind.Significant() && token.End == 0 {
			token = k
		}
		if k.Kind == HereBody && k.Here == token.Here {
			body = k
		}
	}
	return token, body
}

func TestQuoted(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`'a'`, `' body=a`},
		{`"a$b"`, `" body=a$b interpolates`},
		{`q(a(b))`, `q body=a(b)`},
		{`qq {x}`, `qq body=x interpolates`},
		{"q # c\n /x/", `q body=x`},
		{"qw[a b]", `qw body=a b`},
		{"`ls`", "` body=ls interpolates"},
		{"qx'ls'", `qx body=ls`},
		{"m/a/gi", `m body=a modifiers=gi interpolates`},
		{"m'a'", `m body=a`},
		{"/a/x", `/ body=a modifiers=x interpolates`},
		{"qr{a}msx", `qr body=a modifiers=msx interpolates`},
		{"s/a/b/ge", `s body=a second=b modifiers=ge interpolates code`},
		{"s{a} # c\n {b}", `s body=a second=b interpolates`},
		{"s(a)'b'r", `s body=a second=b modifiers=r interpolates`},
		{"s'a'b'", `s body=a second=b`},
		{"tr/a-z/A-Z/d", `tr body=a-z second=A-Z modifiers=d`},
		{"y{a}[b]", `y body=a second=b`},
		{"<$fh>", `< body=$fh interpolates`},
		{"<<>>", `< body= interpolates`},
		{"<*.c>", `< body=*.c interpolates`},
		{"<<A;\nx\nA\n", `<< body=A interpolates`},
		{"<<~'A B';\nx\nA B\n", `<< body=A B indented`},
		{"<< \"A\";\nx\nA\n", `<< body=A interpolates`},
		{"<<\\A;\nx\nA\n", `<< body=A`},
		{"q«a«", `q body=a`},
		{"$x", ` body=`},
	} {
		token, _ := one(t, c.src)
		q := token.Quoted([]byte(c.src))
		got := q.Op + " body=" + string(q.Body.Text([]byte(c.src)))
		if q.Second != (Span{}) {
			got += " second=" + string(q.Second.Text([]byte(c.src)))
		}
		if q.Modifiers != "" {
			got += " modifiers=" + q.Modifiers
		}
		if q.Interpolates {
			got += " interpolates"
		}
		if q.Code {
			got += " code"
		}
		if q.Indented {
			got += " indented"
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.src, got, c.want)
		}
	}
}

// TestInterpolated marks what a string puts in place with <...>.
func TestInterpolated(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`plain`, `plain`},
		{`a $x b`, `a <$x> b`},
		{`$x$y`, `<$x><$y>`},
		{`$x->{a}[0] b`, `<$x->{a}[0]> b`},
		{`$x->[0]->{b c}`, `<$x->[0]->{b c}>`},
		{`$x->method`, `<$x>->method`},
		{`$x{a}{"b"} $x[1]`, `<$x{a}{"b"}> <$x[1]>`},
		{`@x @{$y} @$z @_`, `<@x> <@{$y}> <@$z> <@_>`},
		{`@{[ f("}") ]}!`, `<@{[ f("}") ]}>!`},
		{`${ \ f() }, ${x}y`, `<${ \ f() }>, <${x}>y`},
		{`$#x $#{x} $#$x`, `<$#x> <$#{x}> <$#$x>`},
		{`$$ $$x $1 $& $@`, `<$$> <$$x> <$1> <$&> <$@>`},
		{`$::x $Foo::bar $x::`, `<$::x> <$Foo::bar> <$x::>`},
		{`\$x \@y \\$z`, `\$x \@y \\<$z>`},
		{`a@b.c`, `a<@b>.c`},
		{`a @ b`, `a @ b`},
		{`5 $ 3, $ x`, `5 <$ 3>, <$ x>`},
		{`${^WARNING_BITS} $^W`, `<${^WARNING_BITS}> <$^W>`},
		{`$x->@* $x->@[0,1] $x->$#*`, `<$x->@*> <$x->@[0,1]> <$x->$#*>`},
		{`$x-1 $x->y`, `<$x>-1 <$x>->y`},
		{`@{ never`, `<@{ never>`},
		{`$x[ never`, `<$x>[ never`},
		{`$name's`, `<$name's>`},
		{`$x: $y;`, `<$x>: <$y>;`},
	} {
		if got := marked(c.body, false); got != c.want {
			t.Errorf("%s: got %s, want %s", c.body, got, c.want)
		}
	}
	for _, c := range []struct{ body, want string }{
		{`^a$`, `^a$`},
		{`a$|b`, `a$|b`},
		{`(a$)`, `(a$)`},
		{`$x{2,3}$y[0]`, `<$x>{2,3}<$y[0]>`},
		{`$x[abc]$y{k}`, `<$x>[abc]<$y{k}>`},
		{`$x[$i]$y[-1]`, `<$x[$i]><$y[-1]>`},
		{`\$x@y`, `\$x<@y>`},
	} {
		if got := marked(c.body, true); got != c.want {
			t.Errorf("pattern %s: got %s, want %s", c.body, got, c.want)
		}
	}
}

func marked(body string, pattern bool) string {
	var b strings.Builder
	for part := range Interpolated([]byte(body), Span{0, len(body)}, pattern) {
		text := string(part.Text([]byte(body)))
		if part.Expr {
			text = "<" + text + ">"
		}
		b.WriteString(text)
	}
	return b.String()
}

func TestBlockOfInterpolation(t *testing.T) {
	src := []byte(`@{ f() } ${x} ${ y } $z @{$w}`)
	var got []string
	for part := range Interpolated(src, Span{0, len(src)}, false) {
		if part.Expr {
			got = append(got, string(part.Block.Text(src)))
		}
	}
	if want := `[" f() " "" "" "" "$w"]`; fmt.Sprintf("%q", got) != want {
		t.Errorf("got %q, want %s", got, want)
	}
}

// literals are sources and what perl prints for them; "-" where only running
// would tell.
var literals = []struct{ src, want string }{
	{`'a'`, "a"},
	{`'a\'b\\c\d'`, `a'b\c\d`},
	{`q(a\)\(b)`, "a)(b"},
	{`q[\[\x]`, `[\x`},
	{`"a\n\t\e\0\\\""`, "a\n\t\x1b\x00\\\""},
	{`"\x41\x{263a}\N{U+e9}\101\o{102}\cA"`, "A☺éAB\x01"},
	{`"\$x\@y\q"`, "$x@yq"},
	{`"a $x"`, "-"},
	{`"a\Ub"`, "-"},
	{`"\N{BULLET}"`, "-"},
	{`qq{a{b}\}}`, "a{b}}"},
	{`""`, ""},
	{`"a $ b"`, "-"},
	{`"a @ c"`, "a @ c"},
	{`"5\x"`, "5\x00"},
	{"<<A;\na\\tb\nA\n", "a\tb\n"},
	{"<<'A';\na\\tb\nA\n", "a\\tb\n"},
	{"<<A;\n$x\nA\n", "-"},
	{"<<~A;\n   a\n  b\n\n  A\n", " a\nb\n\n"},
	{"<<~A;\n a\n  A\n", "-"},
	{"<<A;\nA\n", ""},
	{"1.10", "1.1"},
	{"1_000", "1000"},
	{"0x1f", "31"},
	{"0b101", "5"},
	{"0o17", "15"},
	{"010", "8"},
	{"1e3", "1000"},
	{"1.50e-5", "1.5e-05"},
	{"1e100", "1e+100"},
	{"1.0", "1"},
	{".5", "0.5"},
	{"1.", "1"},
	{"0.1000000000000000055", "0.1"},
	{"123456789012345678", "123456789012345678"},
	{"18446744073709551616", "1.84467440737096e+19"},
	{"0x1.8p3", "12"},
	{"0", "0"},
	{"00", "0"},
	{"3.14159265358979", "3.14159265358979"},
	{"1000000000000000.0", "1e+15"},
	{"100000000000000.0", "100000000000000"},
}

func TestUnquote(t *testing.T) {
	for _, c := range literals {
		if got := unquote(t, c.src); got != c.want {
			t.Errorf("%q: got %q, want %q", c.src, got, c.want)
		}
	}
	if got, ok := NumberValue("v1.02.3"); got != "v1.2.3" || !ok {
		t.Errorf("v1.02.3: %q", got)
	}
	if got, ok := NumberValue("1.2.3"); got != "v1.2.3" || !ok {
		t.Errorf("1.2.3: %q", got)
	}
	for _, bad := range []string{"", "x", "0x", "0b2", "1.2.", "v", "09"} {
		if got, ok := NumberValue(bad); ok && bad != "0x" {
			t.Errorf("%q is %q", bad, got)
		}
	}
}

func unquote(t *testing.T, src string) string {
	t.Helper()
	token, body := one(t, src)
	value, ok := Unquote([]byte(src), token)
	if token.Kind == HereDoc {
		value, ok = UnquoteHere([]byte(src), token, body)
	}
	if !ok {
		return "-"
	}
	return value
}

// TestUnquoteAgainstPerl asks perl for the values that TestUnquote expects.
func TestUnquoteAgainstPerl(t *testing.T) {
	perl := testkit.Need(t, "perl")
	for _, c := range literals {
		if c.want == "-" {
			continue
		}
		first, rest, _ := strings.Cut(c.src, ";")
		program := "binmode STDOUT, ':utf8'; print " + first + ";" + rest
		out, err := exec.Command(perl, "-e", program).Output()
		if err != nil {
			t.Errorf("%q: %v", program, err)
			continue
		}
		if string(out) != c.want {
			t.Errorf("%q: perl says %q, the case %q", c.src, out, c.want)
		}
	}
}

func TestSplitWords(t *testing.T) {
	src := "qw( a b\n\tc\\)d )"
	token, _ := one(t, src)
	if got := fmt.Sprintf("%q", SplitWords([]byte(src), token)); got != `["a" "b" "c)d"]` {
		t.Error(got)
	}
}
