package arch

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// unsaid are texts that no file of the project holds. They are written with a
// gap here, so that this file does not hold them either.
var unsaid = []struct{ text, why string }{
	{"/wo rk/", "a path of one machine"},
	{"/ro ot/", "a path of one machine"},
	{"/ho me/", "a path of one machine"},
	{"GOPR OXY", "where modules come from is the builder's affair"},
	{"proxy.gol ang.org", "where modules come from is the builder's affair"},
	{"sum.gol ang.org", "where modules come from is the builder's affair"},
}

// mail finds addresses; those of the names that are reserved for examples
// (RFC 2606), or for networks of one's own, are nobody's.
var (
	mail = regexp.MustCompile(`(?i)[a-z0-9][a-z0-9._+-]*@([a-z0-9-]+\.)+[a-z]{2,}\b`)
	// list is a link's beginning up to the list whose archive it is in: the
	// advisories that are built in point to some.
	list     = regexp.MustCompile(`https?://lists\.[a-z0-9./-]+/list/$`)
	reserved = regexp.MustCompile(`(?i)[@.](example|invalid|test|localhost|internal|example\.(com|net|org))$`)
	// nobody matches what is no person's either: the public addresses of the
	// teams that a security policy names, what the archive would have given to
	// the made-up author and distribution, and a package URL's version that ends
	// like an archive.
	nobody = regexp.MustCompile(`(?i)^(cpan-security@security\.metacpan\.org|perl-security@perl\.org|perl5-security-report@perl\.org|` +
		`author@cpan\.org|bug-(acme|foo)-\w+@rt\.cpan\.org|[\w-]+@v?[\d.]+\.(tar\.\w+|tgz|zip))$`)
)

func TestTexts(t *testing.T) {
	walk(t, func(name, at string) {
		content, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(content, 0) >= 0 || name == "go.sum" || name == "tools.sum" {
			return // not a text, or written by the go command
		}
		for _, u := range unsaid {
			text := strings.ReplaceAll(u.text, " ", "")
			if at := bytes.Index(content, []byte(text)); at >= 0 {
				t.Errorf("%s:%d: says %s: %s", name, line(content, at), text, u.why)
			}
		}
		for _, at := range mail.FindAllIndex(content, -1) {
			if list.Match(content[max(0, at[0]-60):at[0]]) {
				continue
			}
			if found := content[at[0]:at[1]]; !reserved.Match(found) && !nobody.Match(found) {
				t.Errorf("%s:%d: holds the address %s; use one of example.org", name, line(content, at[0]), found)
			}
		}
	})
}

// TestArchitecture holds that the page that shows people around leaves out no
// package: each is there by its path, by its last name, or with its neighbours
// as "folder/...".
func TestArchitecture(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range sources(t) {
		if seen[f.dir] || f.test || strings.Contains(f.dir, "/internal/") {
			continue
		}
		seen[f.dir] = true
		said := false
		for _, name := range []string{f.dir, path.Base(f.dir), path.Dir(f.dir) + "/..."} {
			said = said || bytes.Contains(text, []byte("`"+name+"`"))
		}
		if !said {
			t.Errorf("ARCHITECTURE.md does not say what %s is", f.dir)
		}
	}
}

// line is the number of the line at a byte offset.
func line(content []byte, at int) int {
	return bytes.Count(content[:at], []byte("\n")) + 1
}
