package corelist_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/perlver"
)

func cpanModule(s string) cpan.Module { return cpan.Module(s) }

// Every perl and every module of the source: the same versions, and no others.
func TestTableHoldsItsSource(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(testkit.Data(t), "corelist", "corelist.json"))
	if err != nil {
		t.Fatal(err)
	}
	var src struct {
		Perls []struct {
			Perl, Released string
			Set            map[cpan.Module]*string
			Removed        []cpan.Module
		}
		Upstream   map[cpan.Module]string
		Deprecated map[string][]cpan.Module
	}
	if err := json.Unmarshal(b, &src); err != nil {
		t.Fatal(err)
	}
	if n := len(corelist.Perls()); n != len(src.Perls) {
		t.Errorf("%d perls, the source has %d", n, len(src.Perls))
	}
	now := map[cpan.Module]string{}
	first, last := map[cpan.Module]string{}, map[cpan.Module]string{}
	entries := 0
	for _, sp := range src.Perls {
		for _, m := range sp.Removed {
			delete(now, m)
			last[m] = sp.Perl
		}
		for m, v := range sp.Set {
			now[m] = ""
			if v != nil {
				now[m] = *v
			}
			if first[m] == "" {
				first[m] = sp.Perl
			}
			delete(last, m)
		}
		p, ok := corelist.Find(version(t, sp.Perl))
		if !ok || p.Number.String() != sp.Perl || p.Released.Format("2006-01-02") != sp.Released {
			t.Errorf("perl %s of %s: got %s of %s, %v", sp.Perl, sp.Released, p.Number, p.Released, ok)
		}
		got := maps.Collect(p.Modules())
		if !maps.Equal(got, now) {
			t.Errorf("perl %s: the table differs", sp.Perl)
		}
		for m := range first {
			v, ok := p.Version(m)
			want, there := now[m]
			if v != want || ok != there {
				t.Errorf("perl %s: %s is %q, %v; want %q, %v", sp.Perl, m, v, ok, want, there)
			}
		}
		entries += len(got)
	}
	t.Logf("%d perls, %d modules, %d entries compared", len(src.Perls), len(first), entries)
	deprecated := map[cpan.Module]perlver.Version{}
	for key, modules := range src.Deprecated {
		v := version(t, key)
		for _, m := range modules {
			if old := deprecated[m]; old.IsZero() || v.Compare(old) < 0 {
				deprecated[m] = v
			}
		}
	}
	for m := range first {
		h, ok := corelist.Lookup(m)
		if !ok || h.First.Number.String() != first[m] || h.Removed.Number.String() != last[m] || h.Upstream != src.Upstream[m] {
			t.Errorf("%s: got %+v, %v; want first %s, removed %q, upstream %q", m, h, ok, first[m], last[m], src.Upstream[m])
		}
		want := deprecated[m]
		if h.Deprecated.IsZero() != want.IsZero() || !want.IsZero() && !h.Deprecated.Number.Equal(want) {
			t.Errorf("%s: deprecated in %s, want %s", m, h.Deprecated.Number, want)
		}
	}
}

// What the machine's own Module::CoreList says, for the perls that both know.
// It is another release of the source, and releases mend entries of the past:
// between 5.20220520 and 5.20241120 one module was taken back
// (Pod::Functions::Functions) and four changed their upstream. More than ten
// are no mending.
func TestTableAgreesWithTheMachine(t *testing.T) {
	perl := testkit.NeedPerl(t, "Module::CoreList")
	out, err := exec.Command(perl, "-MModule::CoreList", "-e", `
		for my $p (sort keys %Module::CoreList::version) {
			my $set = $Module::CoreList::version{$p};
			print join("\t", $p, $_, $set->{$_} // ""), "\n" for sort keys %$set;
		}
		for (sort keys %Module::CoreList::upstream) {
			print "upstream\t$_\t", $Module::CoreList::upstream{$_} // "", "\n";
		}`).Output()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	differ := map[cpan.Module]string{} // to the last difference
	machine := map[string]map[cpan.Module]string{}
	for line := range bytes.Lines(out) {
		f := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		m := cpan.Module(f[1])
		if h, ok := corelist.Lookup(m); ok && f[0] == "upstream" {
			compared++
			if (h.Upstream == "cpan") != (f[2] == "cpan") {
				differ[m] = "upstream"
			}
		}
		if f[0] != "upstream" {
			if machine[f[0]] == nil {
				machine[f[0]] = map[cpan.Module]string{}
			}
			machine[f[0]][m] = f[2]
		}
	}
	for number, theirs := range machine {
		p, ok := corelist.Find(version(t, number))
		if !ok {
			continue
		}
		ours := maps.Collect(p.Modules())
		for m := range theirs {
			compared++
			if v, ok := ours[m]; !ok || v != theirs[m] {
				differ[m] = "perl " + number
			}
			delete(ours, m)
		}
		for m := range ours {
			differ[m] = "perl " + number
		}
	}
	t.Logf("%d perls, %d entries compared; modules that differ: %v", len(machine), compared, differ)
	if compared < 10000 || len(differ) > 10 {
		t.Errorf("%d modules differ, %d entries compared", len(differ), compared)
	}
}
