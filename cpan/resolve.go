package cpan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Source says who answered which distribution a module belongs to. The lower,
// the more it is believed.
type Source uint8

// The sources, best first.
const (
	FromPerl       Source = iota + 1 // "perl" is the interpreter, not a module
	FromLock                         // cpanfile.snapshot, provides: exact for that lock
	FromInstall                      // install.json or MYMETA.json of what is installed: exact
	FromMeta                         // META provides: stated by the author, can be wrong
	FromIndex                        // 02packages.details.txt: latest indexed releases only
	FromAdvisories                   // the advisory data's own table: distributions with advisories only
	FromMainModule                   // the advisory data's main modules: one for each distribution
	FromGuess                        // the module's name with hyphens: often wrong
)

var sourceNames = [...]string{
	FromPerl:       "interpreter",
	FromLock:       "lock file",
	FromInstall:    "install record",
	FromMeta:       "META provides",
	FromIndex:      "02packages",
	FromAdvisories: "advisory data",
	FromMainModule: "main module",
	FromGuess:      "guess",
}

// String gives the source's name, as in "lock file".
func (s Source) String() string {
	if int(s) < len(sourceNames) && sourceNames[s] != "" {
		return sourceNames[s]
	}
	return fmt.Sprintf("source %d", uint8(s))
}

// Owner knows the distributions of some modules. It is asked from several
// goroutines at once.
type Owner interface {
	OwnerOf(Module) (Dist, bool)
}

// speller is an Owner that can find a module whose name differs only in case.
type speller interface {
	SpelledLike(Module) (Module, bool)
}

// Owners is an Owner made of a map. Add and the questions may not run at once;
// questions alone may.
type Owners struct {
	dists map[Module]Dist
	once  sync.Once
	lower map[string]Module // dists' keys in lower case; made by once
}

// NewOwners gives an empty Owners.
func NewOwners() *Owners { return &Owners{dists: make(map[Module]Dist)} }

// Add says that m belongs to d. What is said last counts.
func (o *Owners) Add(m Module, d Dist) { o.dists[m] = d }

// Len is the number of modules.
func (o *Owners) Len() int { return len(o.dists) }

// OwnerOf gives the distribution of m.
func (o *Owners) OwnerOf(m Module) (Dist, bool) {
	d, ok := o.dists[m]
	return d, ok
}

// SpelledLike gives a module whose name is that of m but for case; of several
// the first in byte order. The first question takes time in proportion to the
// number of modules; nothing may be added after it.
func (o *Owners) SpelledLike(m Module) (Module, bool) {
	o.once.Do(func() {
		o.lower = make(map[string]Module, len(o.dists))
		for known := range o.dists {
			low := strings.ToLower(string(known))
			if other, ok := o.lower[low]; !ok || known < other {
				o.lower[low] = known
			}
		}
	})
	known, ok := o.lower[strings.ToLower(string(m))]
	return known, ok && known != m
}

// Answer is a module's distribution, with who said so.
type Answer struct {
	Module   Module
	Dist     Dist
	Source   Source
	Warnings []string // what contradicts the answer or puts it in doubt; for people
}

// Resolver finds the distribution that a module belongs to. The zero Resolver
// has no source and guesses.
type Resolver struct{ sources []origin }

type origin struct {
	source Source
	owner  Owner
}

// Add adds a source. Sources are asked best first, whatever order they were
// added in; of several of one kind, in the order they were added in.
func (r *Resolver) Add(s Source, o Owner) {
	r.sources = append(r.sources, origin{s, o})
	slices.SortStableFunc(r.sources, func(a, b origin) int { return cmp.Compare(a.source, b.source) })
}

// Resolve gives the distribution of m by the best source that knows it, and a
// warning for each other source that names another distribution. Where no
// source knows m, the answer is a guess (DistFromModule), with a warning where
// a source knows a module whose name differs only in case.
func (r *Resolver) Resolve(m Module) Answer {
	a := Answer{Module: m}
	if m == "perl" {
		a.Dist, a.Source = "perl", FromPerl
		return a
	}
	for _, o := range r.sources {
		d, ok := o.owner.OwnerOf(m)
		switch {
		case !ok:
		case a.Source == 0:
			a.Dist, a.Source = d, o.source
		case d != a.Dist:
			a.Warnings = append(a.Warnings, fmt.Sprintf("module %s: %s says %s, and %s says %s", m, a.Source, a.Dist, o.source, d))
		}
	}
	if a.Source != 0 {
		return a
	}
	a.Dist, a.Source = DistFromModule(m), FromGuess
	for _, o := range r.sources {
		like, ok := o.owner.(speller)
		if !ok {
			continue
		}
		if known, ok := like.SpelledLike(m); ok {
			d, _ := o.owner.OwnerOf(known)
			a.Warnings = append(a.Warnings, fmt.Sprintf("module %s: unknown; %s has %s of %s, whose name differs only in case", m, o.source, known, d))
			break
		}
	}
	return a
}
