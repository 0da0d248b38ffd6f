package sources

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestCommitOf(t *testing.T) {
	a, b := strings.Repeat("a", 40), strings.Repeat("b1", 32)
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a branch", map[string]string{"HEAD": "ref: refs/heads/main\n", "refs/heads/main": a + "\n", "packed-refs": b + " refs/heads/main\n"}, a},
		{"packed", map[string]string{"HEAD": "ref: refs/heads/main\n", "packed-refs": "# pack-refs with: peeled\n" + a + " refs/heads/other\n" + b + " refs/heads/main\n^" + a + "\n"}, b},
		{"detached", map[string]string{"HEAD": a + "\n"}, a},
		{"no commit yet", map[string]string{"HEAD": "ref: refs/heads/main\n"}, ""},
		{"elsewhere", map[string]string{"HEAD": "ref: ../../secret\n", "../secret": a}, ""},
		{"no id", map[string]string{"HEAD": strings.Repeat("g", 40)}, ""},
		{"too long", map[string]string{"HEAD": a + "\n" + strings.Repeat(" ", 5000)}, ""},
		{"no checkout", nil, ""},
	} {
		fsys := fstest.MapFS{}
		for name, text := range c.files {
			fsys[".git/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := commitOf(fsys); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
