package perlsrc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// significant is a token as the comparison sees it.
type significant struct{ class, text string }

// ppiKinds maps PPI's classes to our kinds; docs/perlsrc-ppi.md has the
// reasons. What stands in neither is no significant token of PPI's.
var ppiKinds = map[string]string{
	"Word": "Word", "Label": "Label", "Operator": "Operator", "Structure": "Structure", "Cast": "Cast",
	"Symbol": "Variable", "Magic": "Variable", "ArrayIndex": "Variable",
	"Number": "Number", "Number::Float": "Number", "Number::Hex": "Number", "Number::Binary": "Number",
	"Number::Octal": "Number", "Number::Exp": "Number", "Number::Version": "VString",
	"Quote::Single": "Quote", "Quote::Double": "Quote", "Quote::Literal": "Quote", "Quote::Interpolate": "Quote",
	"QuoteLike::Words": "Words", "QuoteLike::Command": "Command", "QuoteLike::Backtick": "Command",
	"QuoteLike::Regexp": "Pattern", "QuoteLike::Readline": "Readline",
	"Regexp::Match": "Match", "Regexp::Substitute": "Substitute", "Regexp::Transliterate": "Translate",
	"HereDoc": "HereDoc", "Prototype": "Prototype", "Attribute": "Attribute", "Separator": "EndMark",
}

// ours gives our significant tokens in the words of the comparison.
func ours(src []byte) []significant {
	tokens, _ := Tokenize(src)
	var out []significant
	for _, t := range tokens {
		if t.Kind.Significant() {
			kind := t.Kind
			if kind == Glob {
				kind = Readline // PPI has one class for both
			}
			out = append(out, significant{kind.String(), string(t.Text(src))})
		}
	}
	return out
}

// theirs reads what testdata/ppi/tokens.pl wrote; ok is false where PPI could
// not read the file.
func theirs(t testing.TB, name string) (out []significant, ok bool) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\\`, `\`)
	for line := range strings.Lines(string(text)) {
		if line == "!error\n" {
			return nil, false
		}
		if strings.HasPrefix(line, "Data\t") {
			continue
		}
		class, content, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !found {
			t.Fatalf("%s: a line is no token: %q", name, line)
		}
		if kind, known := ppiKinds[class]; known {
			class = kind
		}
		out = append(out, significant{class, unescape.Replace(content)})
	}
	return out, true
}

// normal makes two token lists comparable where they only write the same
// otherwise: the mapping's second half, see docs/perlsrc-ppi.md.
func normal(tokens []significant) []significant {
	out := make([]significant, 0, len(tokens))
	for _, t := range tokens {
		switch {
		case t.class == "Operator" && operatorWords[t.text]:
			t.class = "Word"
		case t.class == "Variable" && t.text == "_":
			t.class = "Word"
		case t.class == "Cast" && t.text == `\`:
			t.class = "Operator"
		case t.class != "Operator" && t.class != "Quote" && len(t.text) > 1 && t.text[0] == '-':
			out = append(out, significant{"Operator", "-"})
			t.text = t.text[1:]
		}
		out = append(out, t)
	}
	return out
}

// operatorWords are operators to PPI and words to us.
var operatorWords = map[string]bool{
	"and": true, "or": true, "not": true, "xor": true, "x": true, "cmp": true, "isa": true,
	"eq": true, "ne": true, "lt": true, "gt": true, "le": true, "ge": true,
}

// digest is the name of PPI's answer in the cache.
func digest(src []byte) string {
	sum := sha256.Sum256(src)
	return hex.EncodeToString(sum[:])
}

// ppiCache is where PPI's answers are kept: NACRE_PPI_CACHE, or the user's
// cache folder.
func ppiCache(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("NACRE_PPI_CACHE")
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			base = os.TempDir()
		}
		dir = filepath.Join(base, "nacre-ppi")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// askPPI fills the cache with its answers on files.
func askPPI(t testing.TB, perl, cache string, files []string) {
	t.Helper()
	var list bytes.Buffer
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(cache, digest(src))); err != nil {
			fmt.Fprintf(&list, "%s\t%s\n", digest(src), name)
		}
	}
	if list.Len() == 0 {
		return
	}
	at := filepath.Join(t.TempDir(), "list")
	if err := os.WriteFile(at, list.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(perl, "testdata/ppi/tokens.pl", cache, at).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestAgainstPPI compares our tokens with PPI's. By itself it reads the sample
// of testdata/ppi/sample.list, which lies where perl's own library does; with
// NACRE_PPI_FILES=FILE it reads the files that FILE lists, one on a line, and
// prints each difference's place.
func TestAgainstPPI(t *testing.T) {
	perl := testkit.NeedPPI(t)
	all := os.Getenv("NACRE_PPI_FILES")
	var files []string
	if all != "" {
		files = readLines(t, all)
	} else {
		files = sample(t, perl)
	}
	cache := ppiCache(t)
	askPPI(t, perl, cache, files)

	seen := map[string]bool{}
	var compared, agree, judged int
	found, in := map[string]int{}, map[string]int{} // differences and files of each verdict
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := digest(src)
		if seen[sum] {
			continue
		}
		seen[sum] = true
		want, ok := theirs(t, filepath.Join(cache, sum))
		if !ok {
			t.Logf("%s: PPI does not read it", name)
			continue
		}
		compared++
		differences := hunks(normal(ours(src)), normal(want))
		open := 0
		here := map[string]bool{}
		for _, h := range differences {
			v := judge(h)
			if v == nil || v.right == "PPI" {
				open++
				t.Logf("%s: %v", name, h)
				continue
			}
			found[v.name]++
			if !here[v.name] {
				here[v.name] = true
				in[v.name]++
			}
		}
		if len(differences) == 0 {
			agree++
		} else if open == 0 {
			judged++
		}
	}
	percent := func(n int) float64 { return 100 * float64(n) / float64(max(compared, 1)) }
	t.Logf("%d files compared", compared)
	t.Logf("%d (%.2f %%) agree in each significant token", agree, percent(agree))
	t.Logf("%d (%.2f %%) agree, or differ only where a verdict says that PPI errs or that it is taste", agree+judged, percent(agree+judged))
	for _, v := range verdicts {
		if found[v.name] > 0 {
			t.Logf("%5d in %4d files: %s (%s)", found[v.name], in[v.name], v.name, v.right)
		}
	}
	if percent(agree+judged) < 99.5 {
		t.Error("that is less than 99.5 %")
	}
}

func readLines(t testing.TB, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// sample finds the files of testdata/ppi/sample.list in @INC.
func sample(t testing.TB, perl string) []string {
	t.Helper()
	inc, err := exec.Command(perl, "-e", `print "$_\n" for @INC`).Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, module := range readLines(t, "testdata/ppi/sample.list") {
		dirs := strings.Fields(string(inc))
		i := slices.IndexFunc(dirs, func(dir string) bool {
			_, err := os.Stat(filepath.Join(dir, module))
			return err == nil
		})
		if i < 0 {
			t.Logf("%s is not here", module)
			continue
		}
		files = append(files, filepath.Join(dirs[i], module))
	}
	if len(files) < 90 {
		t.Fatalf("only %d files of the sample are here", len(files))
	}
	return files
}
