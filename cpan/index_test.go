package cpan_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"

	"nacre/cpan"
	"nacre/fault"
)

const packages = `File:         02packages.details.txt
Description:  Package names found
    in a directory
Line-Count:   3

Foo::Bar        1.23   A/AU/AUTHOR/Foo-Bar-1.23.tar.gz
Foo::Bar::Baz   undef  A/AU/AUTHOR/Foo-Bar-1.23.tar.gz
Old             0.01   A/AU/AUTHOR/Old.pm.gz
`

const permissions = `File:        06perms.txt
Description: CSV file of upload permission to the CPAN per namespace
    best-permission is one of "m" for "modulelist", "f" for
    "first-come", "c" for "co-maint"
Columns:     package,userid,best-permission
Line-Count:  2

Foo::Bar,AUTHOR,f
Foo::Bar,OTHER,c
`

func gzipped(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// all gives entries and errors as lines of text.
func all[T any](seq iter.Seq2[T, error]) (got []string) {
	for e, err := range seq {
		if err != nil {
			got = append(got, "error: "+err.Error())
		} else {
			got = append(got, fmt.Sprintf("%v", e))
		}
	}
	return got
}

func readPackages(r io.Reader) []string {
	x, err := cpan.ReadModuleIndex(r)
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	return all(x.Entries())
}

func readPermissions(r io.Reader) []string {
	x, err := cpan.ReadPermissions(r)
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	return all(x.Entries())
}

func readAliases(r io.Reader) []string { return all(cpan.MailAliases(r)) }

func TestIndexFiles(t *testing.T) {
	for _, c := range []struct {
		name, in string
		read     func(io.Reader) []string
		want     []string
	}{
		{"packages", packages, readPackages, []string{
			"{Foo::Bar 1.23 A/AU/AUTHOR/Foo-Bar-1.23.tar.gz}",
			"{Foo::Bar::Baz  A/AU/AUTHOR/Foo-Bar-1.23.tar.gz}",
			"{Old 0.01 A/AU/AUTHOR/Old.pm.gz}",
		}},
		{"line ends of Windows, tabs, no last line end", "File: x\r\n\r\nFoo\t1\tA/AU/AUTHOR/Foo-1.tar.gz", readPackages, []string{"{Foo 1 A/AU/AUTHOR/Foo-1.tar.gz}"}},
		{"bad lines among good ones", "File: x\n\nFoo 1 A/AU/AUTHOR/Foo-1.tgz\nFoo 1\nFoo-Bar 1 A\nFoo 1 /etc/x\nFoo 1 A/../../x\nFoo 1 A/b\x1b[2J\nFoo 1 2 3\nBar 1 A/AU/AUTHOR/Foo-1.tgz\n", readPackages, []string{
			"{Foo 1 A/AU/AUTHOR/Foo-1.tgz}",
			`error: line 4: is not module, version and path: "Foo 1"`,
			`error: line 5: module "Foo-Bar": is not a module's name`,
			`error: line 6: path "/etc/x": is not one below authors/id`,
			`error: line 7: path "A/../../x": is not one below authors/id`,
			`error: line 8: path "A/b\x1b[2J": is not one below authors/id`,
			`error: line 9: is not module, version and path: "Foo 1 2 3"`,
			"{Bar 1 A/AU/AUTHOR/Foo-1.tgz}",
		}},
		{"two dots in a name are no step up", "File: x\n\nFoo 1 A/AU/AUTHOR/Foo..1.tgz\n", readPackages, []string{"{Foo 1 A/AU/AUTHOR/Foo..1.tgz}"}},
		{"cut short", strings.TrimSuffix(packages, "Old             0.01   A/AU/AUTHOR/Old.pm.gz\n"), readPackages, []string{
			"{Foo::Bar 1.23 A/AU/AUTHOR/Foo-Bar-1.23.tar.gz}",
			"{Foo::Bar::Baz  A/AU/AUTHOR/Foo-Bar-1.23.tar.gz}",
			"error: read 02packages.details.txt: its header promises 3 entries, and there are 2",
		}},
		{"empty", "", readPackages, []string{"error: read 02packages.details.txt: line 0: ends within its header"}},
		{"no header", "\nFoo 1 x\n", readPackages, []string{"error: read 02packages.details.txt: line 1: has no header"}},
		{"no empty line", "File: x\nFoo::Bar 1 x\n", readPackages, []string{`error: read 02packages.details.txt: line 2: is no header line: "Foo::Bar 1 x"`}},
		{"another kind of file", "<html>\n", readPackages, []string{`error: read 02packages.details.txt: line 1: is no header line: "<html>"`}},
		{"long header", "File: x\n" + strings.Repeat(" x\n", 200), readPackages, []string{"error: read 02packages.details.txt: line 101: has more than 100 header lines (limit: index header lines)"}},
		{"long line", "File: x\n\n" + strings.Repeat("x", 70_000), readPackages, []string{"error: read 02packages.details.txt: line 3: longer than 65536 bytes (limit: index line length)"}},
		{"broken gzip", "\x1f\x8bxxxxxxxxxx", readPackages, []string{"error: read 02packages.details.txt: gzip: invalid header"}},
		{"permissions", permissions, readPermissions, []string{"{Foo::Bar AUTHOR 102}", "{Foo::Bar OTHER 99}"}},
		{"bad permissions", "File: x\n\nFoo,AUTHOR\nFoo,author,f\nFoo,AUTHOR,x\n-,AUTHOR,f\nFoo,AUTHOR,a\n", readPermissions, []string{
			`error: line 3: is not module,author,permission: "Foo,AUTHOR"`,
			`error: line 4: author "author": is not a PAUSE id`,
			`error: line 5: permission "x": is none of m, f, a, c`,
			`error: line 6: module "-": is not a module's name`,
			"{Foo AUTHOR 97}",
		}},
		{"aliases", "alias AUTHOR     \"Ann 'A' Author <ann@example.org>\"\nalias OTHER \"Otto <CENSORED>\"\nalias THIRD \"nobody\"\n", readAliases, []string{
			"{AUTHOR Ann 'A' Author ann@example.org}",
			"{OTHER Otto }",
			"{THIRD nobody }",
		}},
		{"bad aliases", "alias AUTHOR Ann\nalias author \"Ann <ann@example.org>\"\nfoo AUTHOR \"Ann <ann@example.org>\"\nalias AUTHOR \"\n", readAliases, []string{
			"error: line 1: is not alias, author and quoted name",
			`error: line 2: author "author": is not a PAUSE id`,
			"error: line 3: is not alias, author and quoted name",
			"error: line 4: is not alias, author and quoted name",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := strings.Join(c.want, "\n")
			for how, r := range map[string]io.Reader{
				"at once":      strings.NewReader(c.in),
				"byte by byte": iotest.OneByteReader(strings.NewReader(c.in)),
				"gzipped":      strings.NewReader(gzipped(t, c.in)),
			} {
				if how == "gzipped" && strings.HasPrefix(c.in, "\x1f") {
					continue
				}
				if got := strings.Join(c.read(r), "\n"); got != want {
					t.Errorf("%s: got\n%s\nwant\n%s", how, got, want)
				}
			}
		})
	}
}

func TestHeaderIsKept(t *testing.T) {
	x, err := cpan.ReadModuleIndex(strings.NewReader(packages))
	if err != nil {
		t.Fatal(err)
	}
	if got := x.Header.Get("description"); got != "Package names found in a directory" {
		t.Errorf("description = %q", got)
	}
	if got := fmt.Sprint(x.Header[0], len(x.Header)); got != "{File 02packages.details.txt} 3" {
		t.Errorf("header = %s", got)
	}
}

func TestEntriesAreReadOnce(t *testing.T) {
	x, err := cpan.ReadModuleIndex(strings.NewReader(packages))
	if err != nil {
		t.Fatal(err)
	}
	for range x.Entries() {
		break
	}
	got := all(x.Entries())
	if len(got) != 1 || got[0] != "error: read 02packages.details.txt: its entries were read before" {
		t.Errorf("got %q", got)
	}
}

func TestDamagedGzipIsAnError(t *testing.T) {
	whole := gzipped(t, packages)
	flipped := []byte(whole)
	flipped[len(flipped)-6] ^= 1 // in the checksum
	for name, in := range map[string]string{"cut": whole[:len(whole)-10], "checksum": string(flipped)} {
		_, err := owners(in)
		if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func owners(in string) (*cpan.Owners, error) {
	x, err := cpan.ReadModuleIndex(strings.NewReader(in))
	if err != nil {
		return nil, err
	}
	o, _, err := x.Owners()
	return o, err
}

// endless gives good lines without end, long ones because those are read fast.
type endless struct{ line, left string }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == "" {
		e.left = e.line
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

func TestIndexBounds(t *testing.T) {
	bad := "File: x\n\n" + strings.Repeat("x\n", 2000)
	got := readPackages(strings.NewReader(bad))
	if len(got) != 1001 || got[1000] != "error: read 02packages.details.txt: more than 1000 lines cannot be read (limit: bad index lines)" {
		t.Errorf("%d lines, last %q", len(got), got[len(got)-1])
	}
	x, err := cpan.ReadModuleIndex(io.MultiReader(strings.NewReader("File: x\n\n"), &endless{line: "Foo 1 A/" + strings.Repeat("x", 60_000) + "\n"}))
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range x.Entries() {
		last = err
	}
	if last == nil || !strings.HasSuffix(last.Error(), "(limit: index file size)") {
		t.Errorf("a file without end: %v", last)
	}
	broken := errors.New("disk")
	if got := readPackages(io.MultiReader(strings.NewReader("File: x\n\n"), iotest.ErrReader(broken))); len(got) != 1 || got[0] != "error: read 02packages.details.txt: disk" {
		t.Errorf("got %q", got)
	}
	// A disk that fails while the gzip header is read damages no file.
	_, err = cpan.ReadModuleIndex(io.MultiReader(strings.NewReader("\x1f\x8b"), iotest.ErrReader(broken)))
	if fault.KindOf(err) != fault.Unavailable || !errors.Is(err, broken) {
		t.Errorf("got %v, of kind %v", err, fault.KindOf(err))
	}
}

func TestOwnersOfAnIndex(t *testing.T) {
	x, err := cpan.ReadModuleIndex(strings.NewReader("File: x\n\nFoo 1 A/AU/AUTHOR/Foo-Bar-1.tgz\nbad\nOld 1 A/AU/AUTHOR/Old.pm.gz\n"))
	if err != nil {
		t.Fatal(err)
	}
	o, skipped, err := x.Owners()
	if err != nil || o.Len() != 1 || len(skipped) != 1 || skipped[0].Line != 4 {
		t.Fatalf("%d modules, skipped %v, %v", o.Len(), skipped, err)
	}
	if d, ok := o.OwnerOf("Foo"); !ok || d != "Foo-Bar" {
		t.Errorf("Foo: %q, %v", d, ok)
	}
}

// No input makes a reader fail in another way than by an error, and what it
// gives is valid.
func FuzzIndexFiles(f *testing.F) {
	for _, s := range []string{packages, permissions, "alias AUTHOR \"Ann <a@example.org>\"\n", gzipped(f, packages), "File: x\n\nFoo 1 A/../x\n", "\x1f\x8b", "a:\n\n\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if x, err := cpan.ReadModuleIndex(bytes.NewReader(in)); err == nil {
			for e, err := range x.Entries() {
				if err != nil {
					continue
				}
				if _, err := cpan.ParseModule(string(e.Module)); err != nil {
					t.Error(err)
				}
				if e.Path == "" || e.Path[0] == '/' || strings.Contains("/"+e.Path+"/", "/../") {
					t.Errorf("path %q", e.Path)
				}
			}
		}
		if x, err := cpan.ReadPermissions(bytes.NewReader(in)); err == nil {
			for e, err := range x.Entries() {
				if _, bad := cpan.ParseAuthor(string(e.Author)); err == nil && bad != nil {
					t.Error(bad)
				}
			}
		}
		for e, err := range cpan.MailAliases(bytes.NewReader(in)) {
			if _, bad := cpan.ParseAuthor(string(e.Author)); err == nil && bad != nil {
				t.Error(bad)
			}
		}
	})
}
