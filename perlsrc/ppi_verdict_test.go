package perlsrc

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// verdict is a class of difference between our tokens and PPI's, and who is
// right by perl's own reading (perl -c, B::Deparse). docs/perlsrc-ppi.md says
// why, and how often each occurs.
type verdict struct {
	name    string
	right   string // "ours", "PPI" or "taste"
	example string // a source that shows it
	perl    string // what of it B::Deparse prints, where perl can tell who is right
	is      func(h hunk) bool
}

var verdicts = []verdict{
	{"label in a condition", "ours", "$x ? time : FOO;", `$x ? time : '???';`, func(h hunk) bool {
		return begins(h.theirs, "Label", "") && begins(h.ours, "Word", "") && begins(h.ours[1:], "Operator", ":") && !attributes(h.ours)
	}},
	{"signature", "ours", "use feature 'signatures'; sub f ($x, $y = 1) { }", `sub f ($x, $y = 1) {`, func(h hunk) bool {
		return begins(h.theirs, "Prototype", "") && begins(h.ours, "Structure", "(")
	}},
	{"attribute of a variable, class or anonymous sub", "ours", "use threads::shared; my $x : shared = 1;", `my $x :shared = 1;`, func(h hunk) bool {
		return attributes(h.ours) && !attributes(h.theirs)
	}},
	{"handle or glob", "ours", "f(1) . <$fh>;", `f(1) . readline($fh);`, func(h hunk) bool {
		return begins(h.ours, "Readline", "") && begins(h.theirs, "Operator", "<")
	}},
	{"pattern where a statement or value begins", "ours", "if ($x) { }\n/y/ and f();", `f() if /y/;`, func(h hunk) bool {
		return begins(h.ours, "Match", "") && (begins(h.theirs, "Operator", "/") || begins(h.theirs, "Operator", "/="))
	}},
	{"file test behind a block", "ours", "if ($x) { }\n-d $y or f();", `f() unless -d $y;`, func(h hunk) bool {
		return begins(h.ours, "Operator", "") && len(h.ours[0].text) == 2 && h.ours[0].text[0] == '-' && begins(h.theirs, "Operator", "-")
	}},
	{"sigil behind a block", "ours", "for (@x) { f($y) }\n%$z = ();", `%$z = ();`, func(h hunk) bool {
		return len(h.before) > 0 && h.before[len(h.before)-1].text == "}" &&
			(begins(h.ours, "Cast", "") || begins(h.ours, "Variable", "")) && begins(h.theirs, "Operator", h.ours[0].text[:1])
	}},
	{"blank behind the % of a cast", "ours", "f(values % { $x });", `f(values %{$x;});`, func(h hunk) bool {
		return begins(h.ours, "Cast", "%") && begins(h.theirs, "Operator", "%")
	}},
	{"letter of a file test before =>", "ours", "%h = (-d => 1);", `%h = ('-d', 1);`, func(h hunk) bool {
		return begins(h.ours, "Operator", "-") && len(h.ours) > 1 && h.ours[1].class == "Word" && begins(h.theirs, "Operator", "-"+h.ours[1].text)
	}},
	{"cast of a cast", "ours", "$$$x = 1;", `$$$x = 1;`, func(h hunk) bool {
		return begins(h.ours, "Cast", "$") && begins(h.ours[1:], "Cast", "$") && begins(h.theirs, "Variable", "$$")
	}},
	{"blank behind a sigil", "taste", "print $ x;", `print $x;`, func(h hunk) bool {
		return begins(h.ours, "Variable", "") && strings.ContainsAny(h.ours[0].text, " \n\t") && len(h.theirs) > 1
	}},
	{"variable of punctuation", "ours", "*RS = */ ; local *0; f(@$);", `f(@$);`, func(h hunk) bool {
		return begins(h.ours, "Variable", "") && len(h.ours[0].text) < 4 && !isIdent(h.ours[0].text[1]) &&
			(begins(h.theirs, "Cast", "") || begins(h.theirs, "Operator", ""))
	}},
	{"word that looks like a v-string", "ours", "%h = (v0_22 => 1);", `%h = ('v0_22', 1);`, func(h hunk) bool {
		return begins(h.ours, "Word", "") && begins(h.theirs, "VString", h.ours[0].text)
	}},
	{"version that a dot ends", "ours", "$x = 1.2.3.\n4.5.6;", `$x = "\cA\cB\cC\cD\cE\cF";`, func(h hunk) bool {
		return begins(h.ours, "VString", "") && begins(h.theirs, "VString", h.ours[0].text+".")
	}},
	{"product with a word", "ours", "$y = ($x) *length $z;", `$y = $x * length($z);`, func(h hunk) bool {
		return begins(h.ours, "Operator", "*") && len(h.ours) > 1 && begins(h.theirs, "Variable", "*"+h.ours[1].text)
	}},
	{"name behind a minus", "ours", "$x = -Foo::bar($y);", `$x = -Foo::bar($y);`, func(h hunk) bool {
		return begins(h.ours, "Word", "") && begins(h.theirs, "Word", "") && len(h.theirs) > 1 && h.ours[0].text == h.theirs[0].text+h.theirs[1].text
	}},
	{"Perl 6", "taste", "use v6-alpha;\ngrammar Foo;", "", func(h hunk) bool {
		return len(h.theirs) == 0 && len(h.before) > 1 && h.before[1].text == "alpha"
	}},
	{"shift by a word", "ours", "$x = (1<<index($y, 'z'));", `$x = 1 << index($y, 'z');`, func(h hunk) bool {
		return begins(h.ours, "Operator", "<<") && begins(h.theirs, "HereDoc", "") ||
			len(h.theirs) == 0 // what follows is a here-document to PPI, to the end of the file
	}},
	{"dot before a digit", "ours", "$x = eval $y .2;", `$x = eval $y . '2';`, func(h hunk) bool {
		return begins(h.ours, "Operator", ".") && begins(h.theirs, "Number", "") && h.theirs[0].text[0] == '.'
	}},
	{"format", "ours", "format STDOUT =\n@<<< @>>>\n$x, $y\n.\n1;\n", `@<<< @>>>`, func(h hunk) bool {
		return len(h.before) > 1 && h.before[len(h.before)-1].text == "=" &&
			(h.before[len(h.before)-2].text == "format" || len(h.before) > 2 && h.before[len(h.before)-3].text == "format")
	}},
	{"comment between the parts of a substitution", "ours", "s[a] # x\n [b]g;", `s/a/b/g;`, func(h hunk) bool {
		return begins(h.ours, "Substitute", "") && begins(h.theirs, "Substitute", "") && len(h.theirs) > 1
	}},
	{"line end in a string", "taste", "$x = 'a\rb\r\nc';", "", func(h hunk) bool {
		return len(h.ours) == 1 && len(h.theirs) == 1 && strings.Contains(h.ours[0].text, "\r") &&
			strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(h.ours[0].text) == strings.ReplaceAll(h.theirs[0].text, "\r", "\n")
	}},
}

func begins(tokens []significant, class, text string) bool {
	return len(tokens) > 0 && tokens[0].class == class && (text == "" || tokens[0].text == text)
}

func attributes(tokens []significant) bool {
	for _, t := range tokens {
		if t.class == "Attribute" {
			return true
		}
	}
	return false
}

// judge gives the verdict on a difference, or nil.
func judge(h hunk) *verdict {
	for i := range verdicts {
		if verdicts[i].is(h) {
			return &verdicts[i]
		}
	}
	return nil
}

// TestVerdicts holds each verdict against its example: PPI does differ, and in
// that way, and perl reads the example as the verdict says.
func TestVerdicts(t *testing.T) {
	perl := testkit.NeedPPI(t)
	dir, cache := t.TempDir(), t.TempDir()
	var files []string
	for _, v := range verdicts {
		name := filepath.Join(dir, strings.ReplaceAll(v.name, " ", "-"))
		if err := os.WriteFile(name, []byte(v.example), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	askPPI(t, perl, cache, files)
	for i, v := range verdicts {
		t.Run(v.name, func(t *testing.T) {
			if v.perl != "" {
				out, err := exec.Command(perl, "-MO=Deparse", files[i]).Output()
				if err != nil || !strings.Contains(string(out), v.perl) {
					t.Errorf("perl reads %s as %s (%v)", v.example, out, err)
				}
			}
			src := []byte(v.example)
			want, ok := theirs(t, filepath.Join(cache, digest(src)))
			if !ok {
				t.Fatalf("PPI does not read %s", files[i])
			}
			differences := hunks(normal(ours(src)), normal(want))
			if len(differences) == 0 {
				t.Fatal("PPI agrees with us")
			}
			for _, h := range differences {
				if got := judge(h); got == nil || got.name != v.name {
					t.Errorf("%v: the verdict is %v", h, got)
				}
			}
		})
	}
}
