package check

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
)

// phantoms tells what is loaded and not declared.
func (c *checker) phantoms() {
	var byName []string
	var met [areas]*brought
	for a := range areas {
		met[a] = c.bring(func(s inventory.Scope) bool { return meets(s, a) })
	}
	c.all = c.bring(func(inventory.Scope) bool { return true })
	for _, m := range slices.Sorted(maps.Keys(c.used.modules)) {
		u := c.used.modules[m]
		if c.isOwn(m, u) {
			continue
		}
		for a := range areas {
			first := u.hard[a]
			if first == nil && a == run {
				first = u.soft[a]
			}
			if first == nil {
				continue
			}
			if c.surely(met[a], m) >= 0 {
				continue
			}
			guessed := c.byName(met[a], m)
			shipped, why := c.core.covers(m, u.version)
			switch {
			case shipped:
				continue
			case guessed != "":
				byName = append(byName, fmt.Sprintf("%s (%s)", m, guessed))
			default:
				c.phantom(m, a, u, first, why)
			}
			break // what the program needs, its tests have too
		}
	}
	if len(byName) > 0 {
		c.notice("taken by their names to come with what is required: " + strings.Join(byName, ", "))
	}
	c.perlPhantom()
}

// isOwn reports whether a module is the project's. A package that is declared
// in a file of another name is, where only words that take such packages load
// it, or nothing else is known of it.
func (c *checker) isOwn(m cpan.Module, u *use) bool {
	if d := c.owners[m]; c.used.own[m] || d != "" && string(d) == c.inv.Name {
		return true
	}
	return c.used.packages[m] && (u.inherited || c.owners[m] == "")
}

// meets reports whether what is required in a scope is there where an area
// runs. Run time comes with what is optional, too: an option that is taken for
// granted may belong to a feature, which cannot be told apart.
func meets(s inventory.Scope, a area) bool {
	switch s {
	case inventory.Runtime, inventory.Merged, inventory.Optional:
		return true
	case inventory.Develop:
		return a == author
	}
	return a != run
}

// The length of a reason, in bytes, from which on no more modules of the same
// distribution are named in it, and what stands in their place; and how many
// components of a path are named.
const (
	maxWhy  = 2000
	others  = "; and others"
	maxPath = 10
)

// phantom tells about one.
func (c *checker) phantom(m cpan.Module, a area, u *use, first *load, ofPerl string) {
	out := inventory.Check{Kind: inventory.Phantom, Module: m, Dist: c.distOf(m), At: []inventory.Evidence{first.at}}
	word, scope := "requires", inventory.Runtime
	why := "it is loaded"
	if first.soft != "" {
		word = "recommends"
		why += " " + first.soft
	}
	switch a {
	case test:
		out.Kind, scope = inventory.TestPhantom, inventory.Test
		why = "a test loads it"
	case author:
		out.Kind, scope = inventory.TestPhantom, inventory.Develop
		why = "a test for authors loads it"
	}
	switch at := c.surely(c.all, m); {
	case ofPerl != "":
		why += "; " + ofPerl
	case at >= 0:
		d := &c.declared[at]
		why += ", and is declared for " + phases[d.Scope] + " only"
		out.At = append(out.At, d.Evidence)
	default:
		why += ", and no requirement brings it"
		if out.Dist == "" && c.all.listless {
			out.Unless = "one brings it along all the same: its distribution is not known here"
		}
	}
	if by := c.broughtBy(m); by != "" {
		why += "; it works today because " + by
	}
	if out.Dist != "" && ofPerl == "" {
		key := fmt.Sprint(out.Kind, scope, word, out.Dist)
		if at, told := c.told[key]; told { // one line brings both
			c.checks[at].At = append(c.checks[at].At, out.At...)
			switch why := &c.checks[at].Why; {
			case len(*why) < maxWhy:
				*why += "; likewise " + string(m)
			case !strings.HasSuffix(*why, others):
				*why += others
			}
			return
		}
		c.told[key] = len(c.checks)
	}
	out.Why = why
	version := ""
	if !u.version.IsZero() && first.soft == "" {
		version = u.version.String()
	}
	out.Change = c.add(line(word, m, version, scope))
	if h, ever := corelist.Lookup(m); ever && h.Upstream == "" && strings.ToLower(string(m)) == string(m) {
		// A pragma comes with perl, and not from CPAN.
		out.Change = c.raisePerl(stable(h.First.Number))
	}
	c.checks = append(c.checks, out)
}

// phases name scopes for people.
var phases = map[inventory.Scope]string{
	inventory.Configure: "configuring",
	inventory.Build:     "building",
	inventory.Test:      "tests",
	inventory.Develop:   "developers",
}

// broughtBy says which component brings a module in that nobody declared: ""
// where none does.
func (c *checker) broughtBy(m cpan.Module) string {
	i, ok := c.provides[m]
	if !ok || c.inv.Components[i].Kind != inventory.Exact {
		return ""
	}
	switch by := c.via[i]; {
	case by >= 0:
		path := []string{c.inv.Components[i].Ref()}
		for n := by; n >= 0 && len(path) < maxPath; n = c.via[n] {
			path = append(path, c.inv.Components[n].Ref())
		}
		slices.Reverse(path)
		if len(path) == 2 {
			return path[0] + " requires it"
		}
		return fmt.Sprintf("%s requires it (%s)", path[len(path)-2], strings.Join(path, " > "))
	case by == -1:
		return "" // it is declared, for another phase
	}
	return c.inv.Components[i].Ref() + " is there, which nothing here requires"
}

// perlPhantom tells where the sources ask for a higher perl than is declared.
func (c *checker) perlPhantom() {
	asked, has := c.used.perl, c.inv.Perl
	if asked.IsZero() || !has.Version.IsZero() && asked.Compare(has.Version) <= 0 {
		return
	}
	out := inventory.Check{
		Kind: inventory.Phantom, Module: "perl", At: []inventory.Evidence{c.used.perlAt},
		Why:    "it asks for perl " + text(asked) + ", and no minimum is declared",
		Change: c.raisePerl(cmp.Or(plain(asked.String()), text(asked))),
	}
	if !has.Version.IsZero() {
		out.Why = fmt.Sprintf("it asks for perl %s, and the project is for %s, by %s", text(asked), c.core.name(), has.From)
	}
	c.checks = append(c.checks, out)
}

// plain is a version as the source has it, where it is no v-string.
func plain(s string) string {
	if strings.HasPrefix(s, "v") {
		return ""
	}
	return s
}
