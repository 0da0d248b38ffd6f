package output

import (
	"cmp"
	"strings"

	"nacre/advisory/vendor"
	"nacre/inventory"
	"nacre/scan"
)

// What several documents tell of a finding beside its reason: which package
// carries the component, what that one's maker says, and whether what is flawed
// is loaded.

// account is all that is known about a finding, as sentences.
func account(f *scan.Finding) string {
	said := []string{reason(f)}
	if from := carrier(&f.Component); from != "" {
		said = append(said, "Installed: "+from+".")
	}
	if v := vendored(f); v != "" {
		said = append(said, sentence(v))
	}
	if r := loading(f); r != "" {
		said = append(said, r[1:])
	}
	if f.Ignored != nil {
		said = append(said, "The finding is "+silenced(f.Ignored)+".")
	}
	return strings.Join(said, " ")
}

// loading is whether what is flawed is loaded, as a sentence after others; "" where
// nobody asked.
func loading(f *scan.Finding) string {
	if r := reached(f.Reach); r != "" {
		return " " + sentence(r)
	}
	return ""
}

// seat tells components apart: the same release in two folders, or out of two
// packages, is two.
func seat(c *scan.Component) string { return c.Ref + "\x00" + carrier(c) }

// carrier says which package a component came in, or else in which folder it
// is: "in libfoo-bar-perl 1.29-1 of debian:12". "" where no source tells.
func carrier(c *scan.Component) string {
	switch p := c.Package; {
	case p != nil:
		s := "in " + strings.TrimSpace(p.Name+" "+p.Version)
		if p.Distro != "" {
			s += " of " + p.Distro
		}
		return s
	case c.Place != "":
		return "in " + c.Place
	}
	return ""
}

// vendored is what the maker of a package says about a flaw: "Debian security
// tracker: affected, no-dsa". "" where that is nobody's affair.
func vendored(f *scan.Finding) string {
	v := f.Vendor
	if v == nil {
		return ""
	}
	who := v.Source
	if p := f.Component.Package; who == "" && p != nil {
		who = vendor.Name(p.Distro)
	}
	s := cmp.Or(who, "the package's vendor") + ": " + v.Status
	if v.Fixed != "" {
		s += ", fixed in " + v.Fixed
	}
	if v.Note != "" {
		s += ", " + v.Note
	}
	return s + strings.TrimSuffix(strings.Replace(hearsay(f), " The", "; the", 1), ".")
}

// reached says whether what is flawed is loaded, as far as reading tells, and
// how: "loaded: Foo::Bar, by bin/app:3, lib/App.pm:12". "" where nobody asked.
func reached(r *scan.Reach) string {
	if r == nil {
		return ""
	}
	why := strings.TrimSpace(r.Why)
	if at := place(r.At); at != "" {
		why = strings.TrimSpace(why + " (" + at + ")")
	}
	chain := loads(r.Chain)
	said := func(state, what, by string) string {
		if what != "" {
			state += ": " + what
		}
		if chain != "" {
			state += ", " + by + " " + chain
		}
		return state
	}
	switch r.State {
	case "unknown": // the reason says what it is about
		return said("not known whether it is loaded", cmp.Or(why, r.What), "by way of")
	case "not seen":
		return said("not seen to be loaded", cmp.Or(why, r.What), "by way of")
	}
	s := said(r.State, r.What, "by")
	if why != "" {
		s += "; " + why
	}
	return s
}

// maxChain is how many steps of a chain are told in a sentence.
const maxChain = 5

// loads is a chain of loads, by where each stands. Of a long one the middle is
// counted.
func loads(chain []scan.Step) string {
	var at []string
	for i, step := range chain {
		switch skipped := len(chain) - maxChain; {
		case skipped < 2 || i < maxChain-2 || i >= len(chain)-2:
			at = append(at, place(step.At))
		case i == maxChain-2:
			at = append(at, number(skipped)+" more")
		}
	}
	s := list(at)
	if len(chain) > 0 && chain[0].Test {
		s += " (a test)"
	}
	return s
}

// homeOf is the file that a finding is shown at: its first evidence with a
// file, or else the place of the scan that stands for all. It is named from the
// folder that the scan was started in, as services want it, if that is above
// what was scanned; else from what was scanned.
func (s *stream) homeOf(f *scan.Finding) inventory.Evidence {
	if e := evidence(f); e.File != "" {
		return s.fromHere(e)
	}
	return s.fromHere(s.anchor())
}

// fromHere puts the path of what was scanned before a file of it.
func (s *stream) fromHere(e inventory.Evidence) inventory.Evidence {
	path := strings.Trim(strings.ReplaceAll(s.config.Path, `\`, "/"), "/")
	path = strings.TrimPrefix(path, "./")
	switch {
	case strings.HasPrefix(s.config.Path, "/"), strings.Contains(path, ".."), strings.Contains(path, ":"),
		path == "" || path == "." || path == "-":
	case e.File == "":
		e.File = path
	case path == e.File || strings.HasSuffix(path, "/"+e.File): // a file was scanned
		e.File = path
	default:
		e.File = path + "/" + strings.TrimLeft(e.File, "/")
	}
	return e
}
