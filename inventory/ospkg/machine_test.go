package ospkg_test

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/inventory/ospkg"
	"nacre/perlsrc/inc"
)

// TestAgainstDpkg compares what is found on this machine with what dpkg-query
// says of it: each module of each package, at the package's versions.
func TestAgainstDpkg(t *testing.T) {
	dpkg := testkit.Need(t, "dpkg-query")
	var inv inventory.Inventory
	if _, err := (ospkg.System{}).Find(context.Background(), os.DirFS("/"), &inv); err != nil {
		t.Fatal(err)
	}
	var got []string
	versions := map[string]int{}
	for _, f := range inv.Found {
		p := f.Package
		got = append(got, strings.Join([]string{p.Name, p.Version, p.Source, p.SourceVersion, "/" + f.File}, " "))
		switch {
		case f.Unread:
			versions["unread"]++
		case f.From != "":
			versions[f.From]++
		case f.Dynamic:
			versions["dynamic"]++
		case f.Version == "":
			versions["none"]++
		default:
			versions["file"]++
		}
	}
	owners := map[string]string{}
	names := []string{"-L"}
	for line := range strings.Lines(output(t, dpkg, "-W", "-f", "${db:Status-Status}|${binary:Package}|${Package} ${Version} ${source:Package} ${source:Version}\n")) {
		field := strings.Split(strings.TrimSpace(line), "|")
		if field[0] == "installed" {
			names = append(names, field[1])
			owners[field[1]] = field[2]
		}
	}
	var want []string
	packages := map[string]bool{}
	// It answers in the order of the question, with an empty line between two.
	for i, list := range strings.Split(output(t, dpkg, names...), "\n\n") {
		owner := owners[names[i+1]]
		for file := range strings.Lines(list) {
			file = strings.TrimSpace(file)
			if _, _, ok := inc.Split(strings.TrimPrefix(file, "/")); ok && strings.HasPrefix(file, "/") && !strings.Contains(owner, " perl ") {
				want = append(want, owner+" "+file)
				packages[owner] = true
			}
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d modules found, and dpkg-query tells of %d", len(got), len(want))
	}
	t.Logf("%d modules in %d packages, versions: %v; %d perls; %v", len(got), len(packages), versions, len(inv.Components), inv.Notices)
	for i := range inv.Components {
		c := &inv.Components[i]
		t.Logf("%s in %s, %d of its modules, %d CVEs in the changelog", c.Ref(), c.Place, len(c.Ships), len(c.Package.Changelog))
	}
}

func output(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

func BenchmarkMachine(b *testing.B) {
	b.ReportAllocs()
	modules := 0
	for b.Loop() {
		var inv inventory.Inventory
		if _, err := (ospkg.System{}).Find(context.Background(), os.DirFS("/"), &inv); err != nil {
			b.Fatal(err)
		}
		modules = len(inv.Found)
	}
	b.ReportMetric(float64(modules), "modules")
}
