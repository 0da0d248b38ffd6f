package pkgver_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/pkgver"
)

// lines gives the words of the lines of a file of testdata, without comments.
func lines(t testing.TB, file string) (all [][]string) {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if words := strings.Fields(s.Text()); len(words) > 0 && words[0] != "#" {
			all = append(all, words)
		}
	}
	return all
}

// sign is -1, 0 or 1.
func sign(n int) int { return min(1, max(-1, n)) }

func TestOrder(t *testing.T) {
	for _, w := range lines(t, "order.txt") {
		want := strings.Index("<=>", w[2]) - 1
		got, err := pkgver.Compare(w[0], w[1], w[3])
		if err != nil || sign(got) != want {
			t.Errorf("%s: %d, %v", strings.Join(w, " "), got, err)
		}
		if back, err := pkgver.Compare(w[0], w[3], w[1]); err != nil || sign(back) != -want {
			t.Errorf("%s, the other way round: %d, %v", strings.Join(w, " "), back, err)
		}
	}
}

func TestRefused(t *testing.T) {
	for _, w := range append(lines(t, "refused.txt"),
		[]string{"dpkg", ""}, []string{"apk", ""}, []string{"rpm", ""}, []string{"dpkg", "1.0 "}, []string{"rpm", "1 0"}, []string{"pacman", "1.0"},
		[]string{"apk", strings.Repeat("1", 1025)}) {
		if _, err := pkgver.Compare(w[0], w[1], "1.0"); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", strings.Join(w, " "), err)
		}
		if _, err := pkgver.Compare(w[0], "1.0", w[1]); fault.KindOf(err) != fault.Invalid {
			t.Errorf("1.0 %s: %v", strings.Join(w, " "), err)
		}
	}
}

func TestRPMVersion(t *testing.T) {
	v, err := pkgver.ParseRPM("4:5.32.1-481.el9")
	if err != nil || v.Version() != "5.32.1" {
		t.Errorf("%q, %v", v.Version(), err)
	}
}
