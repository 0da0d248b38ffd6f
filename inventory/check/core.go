package check

import (
	"fmt"
	"strconv"
	"strings"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// core knows what the project's perl ships.
type core struct {
	perl    inventory.Perl // zero Version where nothing tells
	shipped corelist.Perl  // of an exact perl
	note    string         // a doubt for the reader; "" none
}

// coreOf takes the perl of the inventory, else the highest that the sources ask
// for.
func coreOf(inv *inventory.Inventory, u *uses) *core {
	c := &core{perl: inv.Perl}
	if c.perl.Version.IsZero() && !u.perl.IsZero() {
		c.perl = inventory.Perl{Version: u.perl, AtLeast: true, From: u.perlAt.String()}
	}
	v := c.perl.Version
	switch {
	case v.IsZero():
		c.note = "nothing states a minimum of perl: what the newest known one ships, " + text(corelist.Newest()) + ", counts as shipped"
		c.perl = inventory.Perl{Version: corelist.Newest(), From: "the table of core modules"}
	case v.Compare(corelist.Newest()) > 0:
		c.note = "perl " + text(v) + " is not in the table of core modules, which ends with " + text(corelist.Newest()) + ": what that ships counts"
		c.perl.Version, c.perl.AtLeast = corelist.Newest(), false
	}
	if !c.perl.AtLeast {
		var ok bool
		if c.shipped, ok = corelist.Find(c.perl.Version); !ok {
			c.perl.AtLeast = true // the ones after it are known
		}
	}
	return c
}

// text is a perl's number for people: 5.14.0.
func text(v perlver.Version) string { return strings.TrimPrefix(v.Normal(), "v") }

// ships gives the versions of a module that the project's perl can ship.
func (c *core) ships(m cpan.Module) (versions []string, always bool) {
	if c.perl.AtLeast {
		return corelist.VersionsSince(c.perl.Version, m)
	}
	v, ok := c.shipped.Version(m)
	return []string{v}, ok
}

// covers reports whether perl's copy is enough. Where it is not, though some
// perl ships one, why says so.
func (c *core) covers(m cpan.Module, least perlver.Version) (yes bool, why string) {
	h, ever := corelist.Lookup(m)
	if !ever {
		return false, ""
	}
	versions, always := c.ships(m)
	switch {
	case !always && h.First.Number.Compare(c.perl.Version) > 0:
		return false, fmt.Sprintf("perl ships it since %s, and the project is for %s", stable(h.First.Number), c.name())
	case !h.Removed.IsZero():
		return false, "perl ships it no longer since " + stable(h.Removed.Number)
	case !always:
		return false, "not every perl from " + text(c.perl.Version) + " on ships it"
	case !h.Deprecated.IsZero():
		return false, "perl warns since " + stable(h.Deprecated.Number) + " that it will ship it no longer"
	}
	if least.IsZero() {
		return true, ""
	}
	for _, shipped := range versions {
		if v, err := perlver.Parse(shipped); err != nil || v.Compare(least) < 0 {
			return false, fmt.Sprintf("%s ships %s, and %s is asked for", c.name(), orNone(shipped), least)
		}
	}
	return true, ""
}

func orNone(version string) string {
	if version == "" {
		return "one without a version"
	}
	return version
}

// name is the project's perl for people.
func (c *core) name() string {
	if c.perl.AtLeast {
		return "perl " + text(c.perl.Version) + " and later"
	}
	return "perl " + text(c.perl.Version)
}

// minor is the second number of a perl.
func minor(v perlver.Version) int {
	parts := strings.Split(v.Normal(), ".")
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0 // a normal form has numbers
	}
	return n
}

// developers reports whether a perl is a developer release: from 5.7 on the
// second number is odd (perlpolicy).
func developers(v perlver.Version) bool { n := minor(v); return n > 6 && n%2 == 1 }

// stable names the first perl from a number on that is no developer release.
func stable(v perlver.Version) string {
	for p := range corelist.AtLeast(v) {
		if !developers(p.Number) {
			return text(p.Number)
		}
	}
	return text(v)
}

// since finds the perl from which on every one ships a module in a version that
// a requirement accepts; ok is false where the newest one does not.
func since(m cpan.Module, r perlver.Requirement) (from perlver.Version, ok bool) {
	for _, p := range corelist.Perls() {
		shipped, in := p.Version(m)
		enough := in
		if in && !r.IsAny() {
			v, err := perlver.Parse(shipped)
			enough = err == nil && r.Accepts(v)
		}
		switch {
		case !enough:
			ok = false
		case !ok:
			from, ok = p.Number, true
		}
	}
	return from, ok
}

// oldest is a perl that every project of today is for.
const oldest = "5.8.1"

// inCore tells which requirements perl meets by itself.
func (c *checker) inCore() {
	for i := range c.declared {
		d := &c.declared[i]
		if d.Scope == inventory.Optional || d.Scope == inventory.Develop {
			continue
		}
		r, err := perlver.ParseRequirement(d.Range)
		if err != nil {
			continue // a notice of the inventory says so
		}
		from, ok := since(d.Module, r)
		if !ok {
			continue
		}
		if h, _ := corelist.Lookup(d.Module); !h.Deprecated.IsZero() {
			continue // it is declared because perl will not have it
		}
		out := inventory.Check{
			Kind: inventory.InCore, Module: d.Module, Dist: c.distOf(d.Module), At: []inventory.Evidence{d.Evidence},
		}
		first := stable(from)
		what := "it"
		if !r.IsAny() {
			what = "one that meets " + rangeText(r)
		}
		old, _ := perlver.Parse(oldest)
		known := !c.inv.Perl.Version.IsZero()
		switch {
		case known && from.Compare(c.inv.Perl.Version) <= 0, !known && from.Compare(old) <= 0:
			out.Why = fmt.Sprintf("perl ships %s since %s", what, first)
			if from.Equal(corelist.Perls()[0].Number) {
				out.Why = "every perl ships it"
			} else if known {
				out.Why += ", and the project is for " + c.core.name()
			}
			out.Change = c.replace(d, "")
		default:
			out.Why = fmt.Sprintf("perl ships %s since %s: with that as the minimum the line would not be needed", what, first)
			out.Change = c.raisePerl(first)
		}
		c.checks = append(c.checks, out)
	}
}

// rangeText is a requirement for people.
func rangeText(r perlver.Requirement) string {
	s := r.String()
	if strings.ContainsAny(s, "<>=!") {
		return s
	}
	return ">= " + s
}
