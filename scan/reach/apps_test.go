package reach_test

import (
	"bufio"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/scan/reach"
)

// app is a program of a Debian package, and how to have it do some work.
type app struct {
	pkg, program string
	args         []string
	files        map[string]string // that it works on
	env          []string
	// host is set for a program that loads what a configuration or a command
	// line names: most of its plugins are unknown, and rightly so.
	host bool
}

var apps = []app{
	{pkg: "ack", program: "ack", args: []string{"--perl", "sub", "."}, files: map[string]string{"a.pl": "sub f { 1 }\n"}},
	{pkg: "perltidy", program: "perltidy", args: []string{"-st", "a.pl"}, files: map[string]string{"a.pl": "sub f {1}\n"}},
	{pkg: "libimage-exiftool-perl", program: "exiftool", args: []string{"-a", "a.svg"}, files: map[string]string{"a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>\n"}},
	{pkg: "licensecheck", program: "licensecheck", args: []string{"a.pl"}, files: map[string]string{"a.pl": "# Licensed under the same terms as Perl itself.\n"}},
	{pkg: "sqitch", program: "sqitch", args: []string{"help"}},
	{pkg: "cloc", program: "cloc", args: []string{"."}, files: map[string]string{"a.pl": "sub f { 1 }\n"}},
	{pkg: "po4a", program: "po4a-gettextize", args: []string{"-f", "man", "-m", "a.1", "-p", "a.pot"}, files: map[string]string{"a.1": ".TH A 1\n.SH NAME\na - b\n"}, host: true},
	{pkg: "ikiwiki", program: "ikiwiki", args: []string{"--setup", "a.setup", "--dumpsetup", "b.setup"}, files: map[string]string{"a.setup": "---\nwikiname: a\nsrcdir: .\ndestdir: out\n"}, host: true},
	{pkg: "libperl-critic-perl", program: "perlcritic", args: []string{"--brutal", "a.pl"}, files: map[string]string{"a.pl": "sub f { return 1 }\n"}},
	{
		pkg: "libplack-perl", program: "plackup", args: []string{"-s", "CGI", "-e", "sub { [200, [], ['ok']] }"},
		env: []string{"REQUEST_METHOD=GET", "SERVER_PROTOCOL=HTTP/1.0", "SERVER_NAME=x", "SERVER_PORT=80"}, host: true,
	},
	{pkg: "libdist-zilla-perl", program: "dzil", args: []string{"nop"}, files: map[string]string{"dist.ini": "name = Acme-Demo\nversion = 1\nlicense = None\ncopyright_holder = A\nauthor = A\n"}, host: true},
}

// recorder is a module that writes what was loaded when a program ends.
const recorder = `package NacreRecord;
END { open my $out, '>>', $ENV{NACRE_LOADED} or die; print $out map { "$_\n" } grep { defined && !ref } values %INC; close $out }
1;
`

// TestApps runs real applications once under perl, and compares what perl
// loaded with what is read: nothing that perl loaded may be "not seen", and
// "unknown" may cover at most 30 % of the components.
func TestApps(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: a minute of real applications; make test runs them")
	}
	testkit.NeedPerl(t)
	testkit.Need(t, "apt-cache")
	for _, a := range apps {
		t.Run(a.program, func(t *testing.T) {
			program := testkit.Need(t, a.program)
			root := sandbox(t, a.pkg)
			loaded := run(t, a, program)
			dir, err := os.OpenRoot(root)
			if err != nil {
				t.Fatal(err)
			}
			defer dir.Close()
			fsys := dir.FS()
			inv, err := all.Read(context.Background(), fsys, all.Options{})
			if err != nil {
				t.Fatal(err)
			}
			m, err := reach.Read(context.Background(), fsys, &inv, reach.Options{Entries: []string{"usr/bin/" + a.program}, Jobs: 2})
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range loaded {
				if _, err := fs.Stat(fsys, path); err != nil {
					continue // of a package that the application does not depend on
				}
				if m.File(path) == reach.NotSeen && strings.HasSuffix(path, ".pm") {
					t.Errorf("perl loaded %s, which is %s", path, reach.NotSeen)
				}
			}
			states := map[string][]string{}
			n := 0
			for i := range inv.Components {
				c := &inv.Components[i]
				if c.Kind == inventory.Exact || c.Kind == inventory.Interpreter {
					n++
					s := m.Component(i).State
					states[s] = append(states[s], c.Ref())
				}
			}
			t.Logf("%s: perl loaded %d files; %d components: %d loaded, %d unknown, %d not seen", a.program, len(loaded),
				n, len(states[reach.Loaded]), len(states[reach.Unknown]), len(states[reach.NotSeen]))
			if u := len(states[reach.Unknown]); 10*u > 3*n && !a.host {
				t.Errorf("%d of %d components are unknown: %s", u, n, strings.Join(states[reach.Unknown], ", "))
			}
			if len(loaded) < 10 || len(states[reach.Loaded]) < 2 {
				t.Errorf("perl loaded %d files, and %d components are loaded: the application did not run", len(loaded), len(states[reach.Loaded]))
			}
		})
	}
}

// run gives the files that perl loads for an application, from the root.
func run(t *testing.T, a app, program string) []string {
	dir := t.TempDir()
	for name, text := range a.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lib := t.TempDir()
	if err := os.WriteFile(filepath.Join(lib, "NacreRecord.pm"), []byte(recorder), 0o644); err != nil {
		t.Fatal(err)
	}
	record := filepath.Join(lib, "loaded")
	cmd := exec.Command(program, a.args...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "HOME=" + dir, "PERL5OPT=-MNacreRecord", "PERL5LIB=" + lib, "NACRE_LOADED=" + record}, a.env...)
	out, _ := cmd.CombinedOutput() // a finding is no failure here: what was loaded tells whether it ran
	text, err := os.ReadFile(record)
	if err != nil {
		t.Fatalf("%s did not run: %v\n%s", a.program, err, out)
	}
	var files []string
	for line := range strings.Lines(string(text)) {
		path := strings.TrimSpace(line)
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		if strings.HasPrefix(path, "/usr/") {
			files = append(files, strings.TrimPrefix(path, "/"))
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// sandbox makes a root of a package and what it depends on: the files that
// belong to Perl, and the package database's part about them.
func sandbox(t *testing.T, pkg string) string {
	root := t.TempDir()
	out, err := exec.Command("apt-cache", "depends", "--recurse", "--installed", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", pkg).Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("/var/lib/dpkg/status")
	if err != nil {
		t.Fatal(err)
	}
	paragraphs := map[string]string{}
	for p := range strings.SplitSeq(string(text), "\n\n") {
		name, _, _ := strings.Cut(strings.TrimPrefix(p, "Package: "), "\n")
		paragraphs[name] = p
	}
	var status strings.Builder
	for line := range strings.Lines(string(out)) {
		name := strings.TrimSpace(line)
		if paragraphs[name] == "" {
			continue // a relation, a virtual package, or one that is not installed
		}
		status.WriteString(paragraphs[name] + "\n\n")
		lists, err := filepath.Glob("/var/lib/dpkg/info/" + name + "*.list")
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range lists {
			if own, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(list), ".list"), ":"); own != name {
				continue
			}
			text, err := os.ReadFile(list)
			if err != nil {
				t.Fatal(err)
			}
			put(t, root, list[1:], text)
			for path := range strings.SplitSeq(string(text), "\n") {
				if !perlish(path) {
					continue
				}
				if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
					continue
				}
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				put(t, root, path[1:], text)
			}
		}
	}
	put(t, root, "var/lib/dpkg/status", []byte(status.String()))
	put(t, root, "etc/os-release", []byte("ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n"))
	return root
}

func perlish(path string) bool {
	switch filepath.Ext(path) {
	case ".pm", ".pl", ".al", ".ix", ".psgi", ".so":
		return true
	}
	return strings.HasPrefix(path, "/usr/bin/") && isPerl(path)
}

func isPerl(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	return strings.HasPrefix(line, "#!") && strings.Contains(line, "perl")
}

func put(t *testing.T, root, name string, text []byte) {
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
