package perlver_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/perlver"
)

// otherVersionPM lists the texts that a version.pm other than 0.9929 is known
// to read differently, and that may differ where the machine has that release.
// It is empty: only 0.9929 has been compared.
var otherVersionPM = []struct {
	release string // version.pm's own version
	differs func(text string) bool
}{}

// perlLines runs a script of testdata on the given input and gives the first
// line of its output, and the rest.
func perlLines(t testing.TB, script, input string) (version string, lines []string) {
	t.Helper()
	perl := testkit.NeedPerl(t, "version", "CPAN::Meta::Requirements")
	cmd := exec.Command(perl, "testdata/"+script)
	cmd.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, stderr.String())
	}
	s := bufio.NewScanner(bytes.NewReader(out))
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		lines = append(lines, s.Text())
	}
	if len(lines) == 0 {
		t.Fatalf("%s printed nothing", script)
	}
	return lines[0], lines[1:]
}

func hexed(texts ...string) string {
	for i := range texts {
		texts[i] = hex.EncodeToString([]byte(texts[i]))
	}
	return strings.Join(texts, " ") + "\n"
}

// verdict is what version.pl prints of one text. Perl is silent where a NUL
// byte ends the text, the package is not.
func verdict(s string) (perlver.Version, string) {
	v, err := perlver.Parse(s)
	if err != nil {
		return v, "-"
	}
	bit := map[bool]int{true: 1}
	head, _, _ := strings.Cut(s, "\x00")
	w, _ := perlver.Parse(head)
	return v, fmt.Sprintf("ok %d %d %d %s %s", bit[w.Warnings() != nil], bit[v.IsDotted()], bit[v.IsAlpha()], v.Normal(), v.Numify())
}

// form is what version.pl prints of one text's form.
func form(s string) string {
	return yes(perlver.IsLax(s), "lax") + " " + yes(perlver.IsStrict(s), "strict")
}

func TestVersionsLikePerl(t *testing.T) {
	const pairs = 100_000
	r := random(t)
	var input strings.Builder
	var texts [][2]string
	for range pairs {
		p := [2]string{versionText(r), versionText(r)}
		texts = append(texts, p)
		input.WriteString(hexed(p[0], p[1]))
	}
	release, lines := perlLines(t, "version.pl", input.String())
	if len(lines) != pairs {
		t.Fatalf("perl answered %d lines for %d pairs", len(lines), pairs)
	}
	mayDiffer := func(p [2]string) bool {
		for _, o := range otherVersionPM {
			if o.release == release && (o.differs(p[0]) || o.differs(p[1])) {
				return true
			}
		}
		return false
	}
	differ, accepted, warned, compared := 0, 0, 0, 0
	for i, p := range texts {
		v, a := verdict(p[0])
		w, b := verdict(p[1])
		order := "-"
		if a != "-" && b != "-" {
			order = fmt.Sprint(v.Compare(w))
			compared++
		}
		for _, x := range []string{a, b} {
			if x != "-" {
				accepted++
			}
			if strings.HasPrefix(x, "ok 1") {
				warned++
			}
		}
		if got := strings.Join([]string{a, b, order, form(p[0]), form(p[1])}, "\t"); got != lines[i] && !(release != "0.9929" && mayDiffer(p)) {
			if differ++; differ <= 10 {
				t.Errorf("%q %q\n here %s\n perl %s", p[0], p[1], got, lines[i])
			}
		}
	}
	t.Logf("version.pm %s: %d pairs, %d differences; of %d texts %d accepted, %d with a warning; %d pairs ordered",
		release, pairs, differ, 2*pairs, accepted, warned, compared)
	// Pairs that are all refused, or all clean, would show nothing.
	if accepted < pairs/2 || accepted > 2*pairs*9/10 || warned < pairs/100 {
		t.Errorf("the texts are too much alike: %d accepted, %d with a warning", accepted, warned)
	}
}

// requirementText makes the requirement of one module.
func requirementText(r *rand.Rand) string {
	ops := []string{"", "", "==", "!=", ">=", "<=", ">", "<", ">=", "<=", ">", "<", "=", "=>", "~>", "!", "<>"}
	blanks := []string{"", "", " ", " ", "  ", "\t", "\n", "\v", "\xa0", "\x85"}
	pick := func(list []string) string {
		if r.IntN(3) > 0 { // mostly what works
			list = list[:min(len(list), 4)]
		}
		return list[r.IntN(len(list))]
	}
	var b strings.Builder
	for i := range 1 + r.IntN(4) {
		if i > 0 {
			b.WriteString(pick(blanks) + "," + pick(blanks))
		}
		op := ops[r.IntN(12)]
		if r.IntN(40) == 0 {
			op = ops[r.IntN(len(ops))]
		}
		version := ""
		switch r.IntN(30) {
		case 0:
			version = nasty(r)
		case 1:
			version = almost(r)
		case 2:
		case 3:
			version = "undef"
		case 4:
			version = "0"
		case 5:
			version = realistic(r)
		default: // few values, so that clauses meet
			version = []string{"0", "0.0", "1", "1.0", "1.00", "1.2", "1.20", "v1.200", "1.3", "1.5", "2", "2.0", ".5", "0.5", "v1.2.3_4", "1.2_3", "1.23"}[r.IntN(17)]
		}
		if i > 0 || r.IntN(4) == 0 {
			b.WriteString(op)
		}
		b.WriteString(pick(blanks) + version)
	}
	if r.IntN(20) == 0 {
		b.WriteString(pick(blanks) + ",")
	}
	return b.String()
}

func TestRequirementsLikePerl(t *testing.T) {
	const count = 40_000
	r := random(t)
	type question struct {
		version string
		reqs    []string
	}
	var input strings.Builder
	questions := make([]question, count)
	for i := range questions {
		q := question{version: []string{"0", "1", "1.2", "1.20", "1.23", "1.3", "2", "0.5", "v1.2.34"}[r.IntN(9)]}
		for range 1 + r.IntN(2) {
			q.reqs = append(q.reqs, requirementText(r))
		}
		questions[i] = q
		input.WriteString(hexed(append([]string{q.version}, q.reqs...)...))
	}
	release, lines := perlLines(t, "requirements.pl", input.String())
	if len(lines) != count {
		t.Fatalf("perl answered %d lines for %d questions", len(lines), count)
	}
	differ, accepted, admitted := 0, 0, 0
	for i, q := range questions {
		got := "-"
		if all, err := addAll(q.reqs); err == nil {
			accepted++
			in := 0
			if all.Accepts(parse(t, q.version)) {
				in = 1
				admitted++
			}
			got = fmt.Sprintf("%x\t%d", all.String(), in)
		}
		if got != lines[i] {
			if differ++; differ <= 10 {
				stored, _, _ := strings.Cut(lines[i], "\t")
				text, _ := hex.DecodeString(stored)
				t.Errorf("%q of %q\n here %s\n perl %s (%s)", q.version, q.reqs, got, lines[i], text)
			}
		}
	}
	t.Logf("CPAN::Meta::Requirements %s: %d requirements, %d differences; %d accepted, which admit %d versions",
		release, count, differ, accepted, admitted)
	if accepted < count/5 || accepted > count*4/5 || admitted < count/20 {
		t.Errorf("the requirements are too much alike: %d accepted, %d admit their version", accepted, admitted)
	}
}

// addAll adds requirements one after the other.
func addAll(reqs []string) (all perlver.Requirement, err error) {
	for _, text := range reqs {
		var r perlver.Requirement
		if r, err = perlver.ParseRequirement(text); err == nil {
			all, err = all.And(r)
		}
		if err != nil {
			return all, err
		}
	}
	return all, nil
}
