package pkgver_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/pkgver"
)

// pairs makes pairs of versions out of a few pieces, so that many are nearly
// equal.
func pairs(seed uint64, n int, first, pieces []string) [][2]string {
	r := rand.New(rand.NewPCG(seed, 3))
	one := func() []string {
		v := []string{first[r.IntN(len(first))]}
		for range r.IntN(6) {
			v = append(v, pieces[r.IntN(len(pieces))])
		}
		return v
	}
	all := make([][2]string, n)
	for i := range all {
		a, b := one(), one()
		if r.IntN(2) == 0 { // the same beginning
			b = append(slices.Clone(a[:r.IntN(len(a))+1]), pieces[r.IntN(len(pieces))])
		}
		all[i] = [2]string{strings.Join(a, ""), strings.Join(b, "")}
	}
	return all
}

// compareWith holds our answers to those of a program, a line for each pair.
func compareWith(t *testing.T, manager string, asked [][2]string, answers string) {
	t.Helper()
	got := strings.Split(strings.TrimRight(answers, "\n"), "\n")
	if len(got) != len(asked) {
		t.Fatalf("%d answers to %d questions", len(got), len(asked))
	}
	differ, compared := 0, 0
	for i, p := range asked {
		c, err := pkgver.Compare(manager, p[0], p[1])
		want := fmt.Sprint(sign(c))
		if err != nil {
			want = "refused"
		} else {
			compared++
		}
		if got[i] != want {
			if differ++; differ < 20 {
				t.Errorf("%s %s %s: ours is %s, theirs %s", manager, p[0], p[1], want, got[i])
			}
		}
	}
	t.Logf("%d pairs, %d of them of two valid versions, %d differences", len(asked), compared, differ)
	if compared < len(asked)/3 {
		t.Error("too few pairs were of valid versions")
	}
}

func input(asked [][2]string) string {
	var b strings.Builder
	for _, p := range asked {
		b.WriteString(p[0] + "\t" + p[1] + "\n")
	}
	return b.String()
}

const manyPairs = 30_000

func TestAgainstDpkg(t *testing.T) {
	perl := testkit.NeedPerl(t, "Dpkg::Version")
	asked := pairs(1, manyPairs,
		[]string{"0", "1", "1:1", "2:0", "10", "007", "5.36.0"},
		[]string{"0", "1", "9", "10", "00", ".", "-", "-1", "+", "~", "a", "Z", "+deb12u1", "~bpo11+1", "_", "rc"})
	cmd := exec.Command(perl, "testdata/dpkg.pl")
	cmd.Stdin = strings.NewReader(input(asked))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	compareWith(t, "dpkg", asked, string(out))
}

func TestAgainstRPM(t *testing.T) {
	rpm := testkit.Need(t, "rpm")
	asked := pairs(2, manyPairs,
		[]string{"0", "1", "1:1", "2:0", "10", "007", "5.32.1", "a", "xyz"},
		[]string{"0", "1", "9", "10", "00", ".", "-1", "-481.el9", "+", "_", "~", "^", "a", "Z", "rc", "~rc1", "^git1"})
	file := filepath.Join(t.TempDir(), "pairs")
	if err := os.WriteFile(file, []byte(input(asked)), 0o600); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("testdata/rpm.lua")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(rpm, "--eval", `%{lua: dofile("`+script+`") }`)
	cmd.Env = append(os.Environ(), "PAIRS="+file)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	compareWith(t, "rpm", asked, strings.TrimSuffix(string(out), "\n"))
}
