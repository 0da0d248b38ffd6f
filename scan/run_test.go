package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
)

// big is a project of n locked distributions, each required by the one before
// it and by the tenth part of all, half of them affected.
func big(n int) scanCase {
	c := scanCase{db: &fakeDB{records: map[cpan.Dist][]advisory.Record{}, releases: map[cpan.Dist][]advisory.Known{}}}
	for i := range n {
		d := cpan.Dist(fmt.Sprintf("Foo-Bar%05d", i))
		m := cpan.Module(fmt.Sprintf("Foo::Bar%05d", i))
		c.inv.Components = append(c.inv.Components, inventory.Component{Dist: d, Version: "1.2", Modules: []cpan.Module{m}})
		c.inv.Edges = append(c.inv.Edges, inventory.Edge{From: i - 1, To: i, Module: m, Range: ">= 1.0"})
		if i > 10 {
			c.inv.Edges = append(c.inv.Edges, inventory.Edge{From: i / 10, To: i, Module: m, Range: "0"})
		}
		rec := advisory.Record{ID: advisory.ID(fmt.Sprintf("CVE-2099-%05d", i)), Affected: []advisory.Affected{{
			Dist: d, Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{Affected: []string{"<1.3"}, Fixed: []string{">=1.3"}}}},
		}}}
		if i%2 == 0 {
			rec.Affected[0].Statements[0].CPANSA.Affected[0] = "<1.1"
		}
		c.db.records[d] = []advisory.Record{rec}
		c.db.releases[d] = []advisory.Known{{Version: "1.2"}, {Version: "1.3"}}
	}
	return c
}

// record runs a scan and gives its stream.
func record(t testing.TB, c scanCase) string {
	t.Helper()
	var b bytes.Buffer
	if _, err := Run(context.Background(), c.inv, c.db, c.opt, NewEncoder(&b)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestJobs: the stream does not depend on the number of workers.
func TestJobs(t *testing.T) {
	c := big(300)
	one := record(t, c)
	for _, jobs := range []int{0, 2, 8, 1000} {
		c.opt.Jobs = jobs
		if record(t, c) != one {
			t.Errorf("-j %d gives another stream", jobs)
		}
	}
}

// TestOrderOfInput: the stream does not depend on the order in which sources
// name components and requirements.
func TestOrderOfInput(t *testing.T) {
	c := big(40)
	want := record(t, c)
	n := len(c.inv.Components)
	turned := c
	turned.inv.Components, turned.inv.Edges = nil, nil
	for i := range c.inv.Components {
		turned.inv.Components = append(turned.inv.Components, c.inv.Components[n-1-i])
	}
	for i := range c.inv.Edges {
		e := c.inv.Edges[len(c.inv.Edges)-1-i]
		e.To = n - 1 - e.To
		if e.From != root {
			e.From = n - 1 - e.From
		}
		turned.inv.Edges = append(turned.inv.Edges, e)
	}
	if record(t, turned) != want {
		t.Error("the order of the input shows in the stream")
	}
}

// TestLinear counts what a scan asks of the database and what it allocates:
// twice the components cost twice as much.
func TestLinear(t *testing.T) {
	cost := func(n int) (asked, allocated float64) {
		c := big(n)
		record(t, c)
		asked = float64(c.db.asked.Load())
		return asked, testing.AllocsPerRun(2, func() { record(t, c) })
	}
	asked1, allocs1 := cost(1000)
	asked2, allocs2 := cost(2000)
	if asked2 != 2*asked1 {
		t.Errorf("1000 components ask %v times, 2000 ask %v times", asked1, asked2)
	}
	if allocs2 > 2.2*allocs1 {
		t.Errorf("1000 components allocate %v times, 2000 allocate %v times", allocs1, allocs2)
	}
}

// TestInterrupt: an ended context gives what was judged, and status 3.
func TestInterrupt(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	c := big(20)
	c.db.stop = stop
	var s story
	sum, err := Run(ctx, c.inv, c.db, c.opt, &s)
	if err != nil {
		t.Fatal(err)
	}
	if !sum.Partial || sum.Status != 3 || sum.Components != 0 {
		t.Errorf("summary %+v", sum)
	}
	if want := "warning (partial): interrupted: 0 of 20 components were judged\n"; !bytes.Contains([]byte(s.String()), []byte(want)) {
		t.Errorf("no %q in\n%s", want, s.String())
	}
}

// TestDatabaseFails: an error of the database ends the scan before anything is
// printed, and keeps its kind.
func TestDatabaseFails(t *testing.T) {
	c := big(20)
	c.db.fail = fault.New(fault.Invalid, "chunk 3 is damaged")
	c.opt.Jobs = 4
	var s story
	_, err := Run(context.Background(), c.inv, c.db, c.opt, &s)
	if fault.KindOf(err) != fault.Invalid || s.Len() > 0 {
		t.Errorf("error %v, printed %q", err, s.String())
	}
}

// noOwners is advisories whose table of modules is damaged.
type noOwners struct{ *fakeDB }

func (noOwners) OwnerOf(context.Context, cpan.Module) (cpan.Dist, error) {
	return "", fault.New(fault.Unavailable, "the module table is damaged")
}

// TestModuleTableFails: what only a damaged table could tell is asked for a
// module of which no distribution is known, and for the module that a fix
// names. Neither scan goes on without.
func TestModuleTableFails(t *testing.T) {
	for name, c := range map[string]inventory.Component{
		"a module":     {Modules: []cpan.Module{"Foo::Bar00001"}, Version: "1.2"},
		"to be mended": {Dist: "Foo-Bar00001", Version: "1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			all := big(2)
			var s story
			_, err := Run(context.Background(), inventory.Inventory{Components: []inventory.Component{c}}, noOwners{all.db}, all.opt, &s)
			if fault.KindOf(err) != fault.Unavailable || s.Len() > 0 {
				t.Errorf("error %v, printed %q", err, s.String())
			}
		})
	}
}

// stopAt is a handler that fails at a message.
type stopAt int

var errFull = errors.New("no space left")

func (s *stopAt) Handle(Message) error {
	if *s--; *s < 0 {
		return errFull
	}
	return nil
}

// TestHandlerFails: an error of the handler ends the scan, wherever it comes.
func TestHandlerFails(t *testing.T) {
	for n := range 6 {
		s := stopAt(n)
		c := big(4)
		c.inv.Notices = []inventory.Notice{{Text: "one"}}
		if _, err := Run(context.Background(), c.inv, c.db, c.opt, &s); !errors.Is(err, errFull) {
			t.Errorf("message %d: error %v", n, err)
		}
	}
}
