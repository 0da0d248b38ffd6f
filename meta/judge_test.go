package meta

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os/exec"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/internal/testkit"
	"nacre/jsondoc"
)

// candidate is a file that both sides judge.
type candidate struct{ format, text string }

// verdict is what testdata/judge.pl says of one.
type verdict struct {
	Load  int
	Tree  any
	Valid int
	Paths [][]string
	To2   made `json:"2"`
	To14  made `json:"1.4"`
}

type made struct {
	OK   int
	Step string
	Tree any
}

// judge asks CPAN::Meta about all files at once.
func judge(t testing.TB, files []candidate) []verdict {
	t.Helper()
	perl := testkit.NeedPerl(t, "CPAN::Meta", "JSON::PP")
	var in strings.Builder
	for _, f := range files {
		fmt.Fprintf(&in, "%s %s\n", f.format, hex.EncodeToString([]byte(f.text)))
	}
	cmd := exec.Command(perl, "testdata/judge.pl")
	cmd.Env = append(cmd.Environ(), "PERL_HASH_SEED=0", "PERL_JSON_BACKEND=", "PERL_YAML_BACKEND=CPAN::Meta::YAML")
	cmd.Stdin = strings.NewReader(in.String())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("judge.pl: %v\n%s", err, stderr.String())
	}
	s := bufio.NewScanner(bytes.NewReader(out))
	s.Buffer(nil, 64<<20)
	if !s.Scan() {
		t.Fatal("judge.pl printed nothing")
	}
	t.Logf("CPAN::Meta %s", s.Text())
	var verdicts []verdict
	for s.Scan() {
		var v verdict
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("judge.pl: %v in %s", err, s.Text())
		}
		verdicts = append(verdicts, v)
	}
	if len(verdicts) != len(files) {
		t.Fatalf("judge.pl answered %d of %d", len(verdicts), len(files))
	}
	return verdicts
}

// plain gives a tree with every single value as perl would print it: 1.50 as
// 1.5, true as 1. Ours keep what the file has.
func plain(n *jsondoc.Node) any {
	switch {
	case isNull(n):
		return nil
	case n.Is(jsondoc.KindArray):
		list := []any{}
		for _, item := range n.Items {
			list = append(list, plain(item))
		}
		return list
	case n.Is(jsondoc.KindObject):
		m := map[string]any{}
		for _, x := range members(n) {
			m[x.Key] = plain(x.Value)
		}
		return m
	}
	return asPerl(n)
}

// perlPaths gives the paths of problems as the Validator has them: an element
// of a list by its value.
func perlPaths(tree *jsondoc.Node, problems []Problem) []string {
	set := map[string]bool{}
	for _, p := range problems {
		n, parts := tree, []string{}
		for _, key := range p.Path {
			if n.Is(jsondoc.KindArray) {
				i, _ := strconv.Atoi(key)
				n = n.Items[i]
				switch {
				case isNested(n):
					key = "REFERENCE"
				case !isTrue(n):
					key = "<undef>"
				default:
					key = asPerl(n)
				}
			} else {
				n = n.Get(key)
			}
			parts = append(parts, key)
		}
		set[strings.Join(parts, " -> ")] = true
	}
	return sorted(set)
}

func sorted(set map[string]bool) []string {
	list := []string{}
	for s := range set {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
}

// compare judges a file here, and gives what differs from perl's verdict.
func compare(f candidate, want verdict) (diffs []string) {
	d, err := ParseDocument("META."+f.format, []byte(f.text))
	loads := err == nil && d.Refused == nil
	if want.Load == 0 || err != nil {
		// A root that is no map is loaded by perl, and is valid nowhere.
		if _, isMap := want.Tree.(map[string]any); loads != (want.Load == 1) && (want.Load == 0 || isMap || want.Valid == 1) {
			return []string{fmt.Sprintf("perl loads it: %v, here: %v, %v", want.Load == 1, loads, err)}
		}
		return nil
	}
	if !loads {
		return []string{fmt.Sprintf("perl loads it, here it is refused: %v", d.Refused)}
	}
	add := func(what string, here, perl any) {
		if !reflect.DeepEqual(perl, here) { // cmp takes twice the time for each level of lists
			diffs = append(diffs, what+" (-perl +here):\n"+cmp.Diff(perl, here))
		}
	}
	add("tree", plain(d.Tree), want.Tree)
	problems := d.Check()
	paths := map[string]bool{}
	for _, p := range want.Paths {
		paths[strings.Join(p, " -> ")] = true
	}
	add("valid", len(problems) == 0, want.Valid == 1)
	add("paths", perlPaths(d.Tree, problems), sorted(paths))
	for to, m := range map[Spec]made{Spec2: want.To2, Spec14: want.To14} {
		if to == Spec14 && hasBareFeature(d) {
			continue
		}
		c, tree := convert(d.Tree, ConvertOptions{To: to})
		add("converts to "+string(to), c.err == nil, m.OK == 1)
		if c.err == nil && m.OK == 1 {
			add("as "+string(to), comparable(tree), comparableAny(m.Tree))
		}
		if c.err != nil && m.Step != "" {
			end := c.err.Step[strings.LastIndexByte(c.err.Step, ' ')+1:]
			add("failing step to "+string(to), end, m.Step)
		}
	}
	return diffs
}

// hasBareFeature says that a document of spec 2 has an optional feature without
// prereqs: on its way to 1.4 perl mixes up the feature's keys and fails, here
// the feature comes to ask for nothing.
func hasBareFeature(d *Document) bool {
	for _, m := range members(d.Tree.Get("optional_features")) {
		if !m.Value.Get("prereqs").Is(jsondoc.KindObject) {
			return d.Spec() == Spec2
		}
	}
	return false
}

// comparable leaves out what perl itself makes differently each time:
// generated_by of a list or a map holds an address in memory.
func comparable(n *jsondoc.Node) any { return comparableAny(plain(n)) }

func comparableAny(tree any) any {
	if m, ok := tree.(map[string]any); ok {
		if s, ok := m["generated_by"].(string); ok && (strings.HasPrefix(s, "HASH(") || strings.HasPrefix(s, "ARRAY(")) {
			m["generated_by"] = converterName
		}
	}
	return tree
}

// report fails for each file that is judged otherwise, the first few in full.
func report(t *testing.T, files []candidate, verdicts []verdict) {
	t.Helper()
	valid, converted, loaded, differ := 0, 0, 0, 0
	for i, f := range files {
		loaded += verdicts[i].Load
		valid += verdicts[i].Valid
		converted += verdicts[i].To2.OK
		if diffs := compare(f, verdicts[i]); len(diffs) > 0 {
			if differ++; differ <= 5 {
				t.Errorf("%s\n%s", f.text, strings.Join(diffs, "\n"))
			}
		}
	}
	t.Logf("%d files, perl loads %d, finds %d valid, converts %d; %d judged otherwise here", len(files), loaded, valid, converted, differ)
	if differ > 0 {
		t.Errorf("%d of %d files are judged otherwise", differ, len(files))
	}
}

func TestGeneratedLikePerl(t *testing.T) {
	var files []candidate
	for seed := range uint64(1500) {
		files = append(files, candidate{"json", string(generate(seed).Append(nil))})
	}
	verdicts := judge(t, files)
	report(t, files, verdicts)
	// The comparison is worth something where both outcomes occur.
	valid := 0
	for _, v := range verdicts {
		valid += v.Valid
	}
	if valid < 100 || valid > len(files)*9/10 {
		t.Errorf("%d of %d are valid", valid, len(files))
	}
}

func TestYAMLLikePerl(t *testing.T) {
	var files []candidate
	for seed := range uint64(5000) {
		files = append(files, candidate{"yml", generateYAML(seed)})
	}
	verdicts := judge(t, files)
	differ, loaded := 0, 0
	for i, f := range files {
		n, err := parseTinyYAML([]byte(f.text))
		loaded += verdicts[i].Load
		here := any(map[string]any{}) // what is false for perl is nothing
		if isTrue(n) {
			here = plain(n)
		}
		switch {
		case (err == nil) != (verdicts[i].Load == 1):
			differ++
			if differ < 8 {
				t.Errorf("%q: perl loads it: %v, here: %v", f.text, verdicts[i].Load == 1, err)
			}
		case err == nil && !cmp.Equal(here, verdicts[i].Tree):
			differ++
			if differ < 8 {
				t.Errorf("%q:\n%s", f.text, cmp.Diff(verdicts[i].Tree, here))
			}
		}
	}
	t.Logf("%d texts, perl loads %d; %d read otherwise here", len(files), loaded, differ)
	if loaded < len(files)/10 {
		t.Errorf("perl loads %d of %d", loaded, len(files))
	}
}

// textTree is a tree with every single value as a text, as it is written.
func textTree(n *jsondoc.Node) *jsondoc.Node {
	n = n.Clone()
	var visit func(*jsondoc.Node)
	visit = func(n *jsondoc.Node) {
		switch {
		case isNull(n):
			return
		case !isNested(n):
			n.Kind, n.Text = jsondoc.KindString, asWritten(n)
		}
		for _, item := range n.Items {
			visit(item)
		}
		for _, m := range n.Members {
			visit(m.Value)
		}
	}
	visit(n)
	return n
}

// What is written as YAML, CPAN's tools read as it was.
func TestWrittenYAMLLikePerl(t *testing.T) {
	var files []candidate
	var docs []*Document
	for seed := range uint64(500) {
		d, err := NewDocument(generate(seed))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, d)
		files = append(files, candidate{"yml", string(d.AppendYAML(nil))})
	}
	for i, v := range judge(t, files) {
		if diff := cmp.Diff(plainYAML(docs[i]), v.Tree); v.Load != 1 || diff != "" {
			t.Errorf("%s\nread by perl: %v (-here +perl)\n%s", files[i].text, v.Load == 1, diff)
		}
	}
}
