package cpan_test

import (
	"strings"
	"sync"
	"testing"

	"nacre/cpan"
)

func owner(pairs ...string) *cpan.Owners {
	o := cpan.NewOwners()
	for i := 0; i < len(pairs); i += 2 {
		o.Add(cpan.Module(pairs[i]), cpan.Dist(pairs[i+1]))
	}
	return o
}

func TestResolve(t *testing.T) {
	var r cpan.Resolver
	// Added worst first: the order of belief is that of the sources.
	r.Add(cpan.FromMainModule, owner("Acme::Main", "acme-main"))
	r.Add(cpan.FromAdvisories, owner("Acme::Demo", "Acme-Old", "Acme::Adv", "acme-adv"))
	r.Add(cpan.FromIndex, owner("Acme::Demo", "Acme-Demo", "Acme::Index", "Acme", "Acme::Case", "acme-case"))
	r.Add(cpan.FromMeta, owner("Acme::Meta", "Acme"))
	r.Add(cpan.FromInstall, owner("Acme::Inst", "acme-inst", "Acme::Demo", "Acme-Demo"))
	r.Add(cpan.FromLock, owner("Acme::Demo", "Acme-Demo", "perl", "not-perl"))

	for _, c := range []struct {
		module   cpan.Module
		dist     cpan.Dist
		source   string
		warnings string
	}{
		{"perl", "perl", "interpreter", ""},
		{"Acme::Demo", "Acme-Demo", "lock file", "module Acme::Demo: lock file says Acme-Demo, and advisory data says Acme-Old"},
		{"Acme::Inst", "acme-inst", "install record", ""},
		{"Acme::Meta", "Acme", "META provides", ""},
		{"Acme::Index", "Acme", "02packages", ""},
		{"Acme::Adv", "acme-adv", "advisory data", ""},
		{"Acme::Main", "acme-main", "main module", ""},
		{"Acme::None", "Acme-None", "guess", ""},
		{"Acme::case", "Acme-case", "guess", "module Acme::case: unknown; 02packages has Acme::Case of acme-case, whose name differs only in case"},
	} {
		a := r.Resolve(c.module)
		if a.Module != c.module || a.Dist != c.dist || a.Source.String() != c.source || strings.Join(a.Warnings, "\n") != c.warnings {
			t.Errorf("%s: got %+v", c.module, a)
		}
	}
}

func TestResolveWithoutSources(t *testing.T) {
	var r cpan.Resolver
	if a := r.Resolve("LWP::UserAgent"); a.Dist != "LWP-UserAgent" || a.Source != cpan.FromGuess {
		t.Errorf("got %+v", a)
	}
}

// One resolver answers several goroutines; the race detector judges.
func TestResolveAtOnce(t *testing.T) {
	var r cpan.Resolver
	r.Add(cpan.FromIndex, owner("Foo::Bar", "Foo-Bar"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if a := r.Resolve("foo::bar"); len(a.Warnings) != 1 {
				t.Errorf("got %+v", a)
			}
		})
	}
	wg.Wait()
}
