// Package corelist knows which modules each perl ships, and in which version.
//
// The facts are those of Module::CoreList (Perl/perl5, dist/Module-CoreList):
// one list of modules with versions for every perl from 5.000 on, which
// modules live on CPAN as well ("dual life"), and where a module was
// deprecated and removed.
//
//	p, _ := corelist.Find(perl)            // perl parsed from "5.36.0"
//	p.Number.String()                      // "5.036"
//	p.Version("JSON::PP")                  // "4.07", true
//	p.Version("CGI")                       // "", false: left with 5.021
//	h, _ := corelist.Lookup("CGI")
//	h.First.Number, h.Deprecated.Number, h.Removed.Number // 5.004, 5.019007, 5.021
//
// Promised: versions are the source's text, unchanged ("1.302190", "1.22_01",
// even "1.00a"); perls are found by version.pm equality, so 5.36.0, 5.036 and
// 5.036000 are one perl; a perl that the table does not hold is not found, and
// none is ever taken for a neighbour.
//
// Not promised: what a distributor's perl holds (packagers add, split and
// patch modules), and perls newer than [Newest].
//
// The table is embedded in a format of its own (see decode.go), made by
// internal/maketable, and decoded at the first question.
package corelist

import (
	_ "embed"
	"iter"
	"slices"
	"sort"
	"sync"
	"time"

	"nacre/cpan"
	"nacre/perlver"
)

//go:generate go run ./internal/maketable -o table.bin ../../shared/data/corelist/corelist.json

//go:embed table.bin
var embedded []byte

// std is the embedded table. It is part of the program, so one that cannot be
// read is a fault of the program, which the tests would have shown.
var std = sync.OnceValue(func() *table {
	t, err := decode(embedded)
	if err != nil {
		panic(err)
	}
	return t
})

// Perl is one release of perl, stable or developer's.
type Perl struct {
	Number   perlver.Version // as Module::CoreList spells it: 5.036, 5.010001
	Released time.Time       // the day, at 00:00 UTC

	t     *table
	index int
}

// IsZero says that p is no perl.
func (p Perl) IsZero() bool { return p.t == nil }

// Perls gives every perl of the table in ascending order of version.
func Perls() []Perl { return slices.Clone(std().perls) }

// Newest is the number of the highest perl of the table. What is above it is
// unknown.
func Newest() perlver.Version {
	perls := std().perls
	return perls[len(perls)-1].Number
}

// Find gives the perl with the number v by version.pm equality; ok is false
// where the table holds none.
func Find(v perlver.Version) (p Perl, ok bool) {
	t := std()
	i := t.atLeast(v)
	if i == len(t.perls) || !t.perls[i].Number.Equal(v) {
		return Perl{}, false
	}
	return t.perls[i], true
}

// AtLeast gives the perls with a number of minimum or higher, ascending.
func AtLeast(minimum perlver.Version) iter.Seq[Perl] {
	t := std()
	return slices.Values(t.perls[t.atLeast(minimum):])
}

// VersionsSince gives the texts of the versions of m that the perls from a
// minimum on ship, each once, lowest perl first; "" is a module without a
// version. always is false where one of those perls does not ship m, and where
// there are none.
func VersionsSince(minimum perlver.Version, m cpan.Module) (versions []string, always bool) {
	t := std()
	i, ok := t.find(m)
	start := t.atLeast(minimum)
	if !ok || start == len(t.perls) {
		return nil, false
	}
	changes := t.history(t.modules[i].history)
	n := sort.Search(len(changes), func(j int) bool { return int(changes[j].perl) > start })
	always = n > 0
	for _, c := range changes[max(n-1, 0):] {
		if c.removed() {
			always = false
		} else if text := t.text(c); !slices.Contains(versions, text) {
			versions = append(versions, text)
		}
	}
	return versions, always
}

// Version gives the text of the version of m that p ships; the text is "" for
// a module without a version (undef), and ok is false where p does not ship m
// or is no perl.
func (p Perl) Version(m cpan.Module) (text string, ok bool) {
	if p.t == nil {
		return "", false
	}
	i, ok := p.t.find(m)
	if !ok {
		return "", false
	}
	return p.t.version(i, p.index)
}

// Modules gives every module that p ships with the text of its version, ""
// for undef, in ascending order of name.
func (p Perl) Modules() iter.Seq2[cpan.Module, string] {
	return func(yield func(cpan.Module, string) bool) {
		if p.t == nil {
			return
		}
		for i, m := range p.t.modules {
			if v, ok := p.t.version(i, p.index); ok && !yield(m.name, v) {
				return
			}
		}
	}
}

// History is the life of one module in the core. A Perl that does not apply is
// zero.
type History struct {
	First      Perl   // the lowest perl that ships it
	Removed    Perl   // the first perl after the highest that ships it
	Deprecated Perl   // the lowest perl that warns that it will go
	Upstream   string // where it is developed: "cpan" for dual life, "" for perl itself or not stated
}

// Lookup gives the history of m; ok is false where no perl of the table ever
// shipped it.
func Lookup(m cpan.Module) (h History, ok bool) {
	t := std()
	i, ok := t.find(m)
	if !ok {
		return History{}, false
	}
	mod := t.modules[i]
	changes := t.history(mod.history)
	h.First = t.perls[changes[0].perl]
	if last := changes[len(changes)-1]; last.removed() {
		h.Removed = t.perls[last.perl]
	}
	if mod.deprecated > 0 {
		h.Deprecated = t.perls[mod.deprecated-1]
	}
	if mod.cpan {
		h.Upstream = "cpan"
	}
	return h, true
}

// atLeast gives the index of the first perl not lower than v.
func (t *table) atLeast(v perlver.Version) int {
	return sort.Search(len(t.perls), func(i int) bool { return t.perls[i].Number.Compare(v) >= 0 })
}

// find gives the index of m.
func (t *table) find(m cpan.Module) (int, bool) {
	return slices.BinarySearchFunc(t.modules, m, func(e module, m cpan.Module) int {
		switch {
		case e.name < m:
			return -1
		case e.name > m:
			return 1
		}
		return 0
	})
}

// version gives the version of module i in perl number p of the table: the
// last change that is not after it.
func (t *table) version(i, p int) (string, bool) {
	changes := t.history(t.modules[i].history)
	n := sort.Search(len(changes), func(j int) bool { return int(changes[j].perl) > p })
	if n == 0 || changes[n-1].removed() {
		return "", false
	}
	return t.text(changes[n-1]), true
}
