package input

import (
	"os"
	"slices"
	"strings"
	"testing"

	"nacre/audit"
)

var checkNames = []string{"number", "allowed", "rejected", "shell", "pattern", "html", "uri", "sql", "base", "plain", "lines", "dots", "ref", "escaped", "few"}

// describe writes sources as testdata/sources.pl does.
func describe(sources []Source) string {
	var all []string
	for _, s := range sources {
		if s.Who == Constant {
			continue
		}
		text := s.Who.String()
		for i, name := range checkNames {
			if s.Check.Has(1 << i) {
				text += " " + name
			}
		}
		all = append(all, text)
	}
	slices.Sort(all)
	if all = slices.Compact(all); len(all) == 0 {
		return "nobody"
	}
	return strings.Join(all, ", ")
}

// sorted puts the words of a description in the order in which describe has them.
func sorted(want string) string {
	var all []string
	for text := range strings.SplitSeq(want, ",") {
		words := strings.Fields(text)
		slices.SortStableFunc(words[1:], func(a, b string) int {
			return slices.Index(checkNames, a) - slices.Index(checkNames, b)
		})
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, ", ")
}

func TestSources(t *testing.T) {
	src, err := os.ReadFile("testdata/sources.pl")
	if err != nil {
		t.Fatal(err)
	}
	f := audit.NewFile("lib/Acme/Web.pm", audit.Library, src)
	lines := strings.Split(string(src), "\n")
	asked := 0
	for call := range f.Calls("sink") {
		line := lines[f.Tree.Line(call)-1]
		_, want, ok := strings.Cut(line, "# ")
		if !ok {
			t.Fatalf("%s: says nothing", line)
		}
		asked++
		if got := describe(Of(f, f.Tree.Arg(call, 0))); got != sorted(want) {
			t.Errorf("%s\n\tgot %s", strings.TrimSpace(line), got)
		}
	}
	if asked < 40 {
		t.Errorf("only %d calls of sink were asked about", asked)
	}
}

func TestWorst(t *testing.T) {
	f := audit.NewFile("x.pl", audit.Program, []byte(`use CGI; sink("$ARGV[0] " . escapeHTML($q->param("a")) . " x")`))
	for call := range f.Calls("sink") {
		arg := f.Tree.Arg(call, 0)
		if w := Worst(f, arg, 0); w.Who != Remote || w.What != `the parameter "a" of a request` {
			t.Errorf("without checks the worst is %s, %s", w.Who, w.What)
		}
		if w := Worst(f, arg, HTML); w.Who != Operator {
			t.Errorf("behind the escape for HTML the worst is %s, %s", w.Who, w.What)
		}
		if w := Worst(f, arg, HTML|Shell); w.Who != Operator {
			t.Errorf("checks that are not passed hide %s, %s", w.Who, w.What)
		}
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern string
		want    Check
	}{
		{`^\w+$`, Allowed | Lines | Base},
		{`\A[\w.-]+\z`, Allowed | Lines},
		{`^\d+$`, Allowed | Lines | Number | Base},
		{`^(?:GET|POST)$`, Allowed | Lines | Base},
		{`^.*$`, 0},
		{`^(.+)$`, 0},
		{`^https?://.*$`, 0},
		{`foo`, 0},
		{`^\w+`, 0},
		{`[^\w.-]`, Allowed | Rejected | Lines | HTML | SQL},
		{`[^\w<>]`, Allowed | Rejected | Lines | SQL | Base},
		{`x[^\w.-]`, Rejected | Lines | HTML | SQL},
		{`[^0-9]`, Allowed | Rejected | Lines | HTML | SQL | Number | Base},
		{`^[[:print:]]+$`, Lines},
		{`^[\x20-\x7e]+$`, Lines},
		{`\A[ -~]+\z`, Lines},
		{`[^\x00-\x7f]`, Rejected | Lines | HTML | SQL},
		{`[;&|<>]`, Rejected},
		{`[\r\n]`, Lines},
		{`\.\.`, Dots},
		{`/`, Base},
		{`[\\/]`, Base},
		{`\.\.|/`, Dots | Base},
		{`(^|/)\.\.(/|$)`, Dots},
		{`(?:^\w+$|^\d+$)`, Allowed | Lines | Base},
		{`^(?:\w+|\d+$)`, 0},
		{`/\w+`, 0},
		{`^\s+`, 0},
		{`^[^]|)]+$`, 0},
		{`^[^]|/;&]+$`, Rejected | Base},
		{`^[]|)a]+$`, Allowed | Lines | Base},
		{`^[[:alpha:](|]+$`, Allowed | Lines | Base},
		{`\W`, Allowed | Rejected | Lines | HTML | SQL | Base},
	} {
		if got := matchCheck(c.pattern, ""); got != c.want {
			t.Errorf("%s: %012b, want %012b", c.pattern, got, c.want)
		}
	}
}

// TestGroup shows the text of a group by its number.
func TestGroup(t *testing.T) {
	for _, c := range []struct {
		pattern string
		number  int
		want    string
	}{
		{`^(\w+)/(\d+)$`, 0, `^(\w+)/(\d+)$`},
		{`^(\w+)/(\d+)$`, 2, `\d+`},
		{`(?:a|(b))(?=c)(?<!d)(e)`, 2, `e`},
		{`(?<name>a(b))(?'other'c)`, 3, `?'other'c`},
		{`[(]([^])]+)[]()]`, 1, `[^])]+`},
		{`\(([[:alpha:])]+)\)`, 1, `[[:alpha:])]+`},
		{`(a)`, 2, "none"},
		{`(a`, 1, "none"},
	} {
		got, ok := group(c.pattern, c.number)
		if !ok {
			got = "none"
		}
		if got != c.want {
			t.Errorf("group %d of %s: %s, want %s", c.number, c.pattern, got, c.want)
		}
	}
}

func TestSubstitutions(t *testing.T) {
	for _, c := range []struct {
		pattern, by, modifiers string
		want                   Check
	}{
		{`\.\.`, "", "g", Dots},
		{`\.\./`, "", "g", 0},
		{`^(?:\.\./)+`, "", "", 0},
		{`.*/`, "", "", Base},
		{`^.*[/\\]`, "", "", Base},
		{`/`, "_", "g", Base},
		{`[^\w.-]`, "", "g", Allowed | Rejected | Lines | HTML | SQL},
		{`([\\'])`, `\\$1`, "g", Shell | SQL | Escaped},
		{`(?=[\\/])`, `\\`, "g", Escaped},
		{`\\`, `\\\\`, "g", Escaped},
		{`([\\'])`, `\\$1`, "", Shell | SQL},
		{`'`, `'\''`, "g", Shell | SQL},
		{`^\s+`, "", "", 0},
	} {
		if got := substCheck(c.pattern, c.by, c.modifiers); got != c.want {
			t.Errorf("s/%s/%s/%s: %012b, want %012b", c.pattern, c.by, c.modifiers, got, c.want)
		}
	}
}

func FuzzOf(f *testing.F) {
	src, err := os.ReadFile("testdata/sources.pl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(src))
	f.Add(`sub f { my ($x) = @_; if ($x =~ /^(\w)$/) { sink($1) } } (my $y = $z) =~ s/[^a]//g; sink("$y@{[`)
	f.Add(`sink(sprintf("%s%-*d%%", $x, 3, $ENV{A}), exists $h{$x}{sink($x)})`)
	f.Fuzz(func(t *testing.T, src string) {
		file := audit.NewFile("x.pm", audit.Library, []byte(src))
		for call := range file.Calls("sink", "system", "eval", "print") {
			for arg := range file.Tree.Args(call) {
				for _, s := range Of(file, arg) {
					if int(s.Part) >= len(file.Tree.Nodes) || int(s.Node) >= len(file.Tree.Nodes) {
						t.Fatalf("a source at %d, %d of %d nodes", s.Part, s.Node, len(file.Tree.Nodes))
					}
				}
			}
		}
	})
}
