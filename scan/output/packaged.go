package output

import (
	"cmp"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/advisory/vendor"
	"nacre/inventory"
	"nacre/scan"
)

// A flaw of an upstream version that whoever packages it may have mended is
// unknown, and there are many at once: all of perl's. They are told together, by
// source package.

// withheld are the flaws of one source package that only its vendor can tell
// about.
type withheld struct {
	*inventory.Package
	name, version string              // of what the vendor's data would be about
	packages      []string            // the binary packages, in order of appearance
	parts         []part              // by component
	flaws         int                 // without repetition
	changelog     []advisory.ID       // those that the changelog names
	page, first   string              // the vendor's: of one flaw about it, of several about the source package; and of the first
	asked         bool                // somebody asked what is loaded
	loaded, maybe []string            // the components that are, and those of which nobody knows
	counts        bool                // some decide the exit status
	seen          map[string]bool     // flaws, packages, and flaws of components
	at            map[string]int      // components in parts
	severities    [len(ranks) + 1]int // flaws by rank
}

// part is a component and its flaws.
type part struct {
	called string
	ids    []advisory.ID
}

// isWithheld says whether only the vendor of a package can tell about a finding.
func isWithheld(f *scan.Finding) bool {
	return f.Vendor != nil && f.Component.Package != nil && f.Verdict == advisory.StatusUnknown
}

// withhold takes out of findings those that only a vendor can tell about, by
// source package in order of appearance.
func withhold(findings []*scan.Finding) (rest []*scan.Finding, packages []*withheld) {
	at := map[[3]string]*withheld{}
	for _, f := range findings {
		if !isWithheld(f) {
			rest = append(rest, f)
			continue
		}
		p := f.Component.Package
		name, version := cmp.Or(p.Source, p.Name), cmp.Or(p.SourceVersion, p.Version)
		key := [3]string{name, version, p.Distro}
		w := at[key]
		if w == nil {
			w = &withheld{Package: p, name: name, version: version, seen: map[string]bool{}, at: map[string]int{}}
			at[key] = w
			packages = append(packages, w)
		}
		w.add(f)
	}
	return rest, packages
}

func (w *withheld) add(f *scan.Finding) {
	isNew := func(kind, name string) bool {
		key := kind + "\x00" + name
		old := w.seen[key]
		w.seen[key] = true
		return !old
	}
	if name := f.Component.Package.Name; isNew("package", name) {
		w.packages = append(w.packages, name)
	}
	id := f.Advisory.ID
	if isNew("flaw", id.Key()) {
		w.flaws++
		w.severities[rank(f.Advisory.Severity)]++
		if f.Vendor.Changelog {
			w.changelog = append(w.changelog, id)
		}
	}
	name := called(&f.Component)
	i, seen := w.at[name]
	if !seen {
		i = len(w.parts)
		w.at[name] = i
		w.parts = append(w.parts, part{called: name})
	}
	if isNew(name, id.Key()) {
		w.parts[i].ids = append(w.parts[i].ids, id)
	}
	if of := vendor.SourcePage(w.Distro, w.name); w.flaws > 1 && of != "" {
		w.page = of
	}
	w.page, w.first = cmp.Or(w.page, f.Vendor.URL), cmp.Or(w.first, f.Vendor.URL)
	w.asked = w.asked || f.Reach != nil
	switch r := f.Reach; {
	case r == nil || !isNew(r.State, name):
	case r.State == "loaded":
		w.loaded = append(w.loaded, name)
	case r.State == "unknown":
		w.maybe = append(w.maybe, name)
	}
	w.counts = w.counts || f.Counts
}

// heading names the source package: "perl 5.36.0-7+deb12u1 (Debian 12)".
func (w *withheld) heading() string {
	s := w.name + " " + w.version
	if w.Distro != "" {
		s += " (" + distroText(w.Distro) + ")"
	}
	return s
}

// told says how many flaws there are, and of which severities.
func (w *withheld) told() string {
	s := count(w.flaws, "flaw", "flaws") + " of upstream that " + vendor.Name(w.Distro) + " may have mended"
	return s + ": " + graded(&w.severities)
}

// reach says which of the components are loaded, "" where nobody asked.
func (w *withheld) reach() string {
	if !w.asked {
		return ""
	}
	var said []string
	if w.loaded != nil {
		said = append(said, "loaded: "+list(w.loaded))
	}
	maybe := slices.DeleteFunc(slices.Clone(w.maybe), func(name string) bool { return w.seen["loaded\x00"+name] })
	if len(maybe) > 0 {
		said = append(said, "not known whether loaded: "+list(maybe))
	}
	if said == nil {
		return "nothing of it is seen to be loaded"
	}
	return strings.Join(said, "; ")
}

// distroText is a release for people: "Debian 12".
func distroText(distro string) string {
	_, release, _ := strings.Cut(distro, ":")
	return strings.TrimSpace(vendor.Name(distro) + " " + release)
}

// missing says for each vendor what would have to be given to Nacre, and what
// was given and says nothing.
func missing(given []advisory.VendorFeed, packages []*withheld) []string {
	var said []string
	for _, w := range packages {
		of := vendor.Name(w.Distro)
		data := vendor.Data(w.Distro)
		has := slices.ContainsFunc(given, func(f advisory.VendorFeed) bool {
			return slices.ContainsFunc(f.Distros, func(d string) bool { return vendor.Of(d) == vendor.Of(w.Distro) })
		})
		s := ""
		switch {
		case w.Distro == "":
			s = "Of some it is not known whose packages they are."
		case has:
			s = "The " + of + " security data given to Nacre does not decide these."
		case data != "":
			s = "No " + of + " security data was given to Nacre: name " + data + " with nacre db build --from, beside the advisories."
		default:
			s = "Nacre reads no security data of " + of + "."
		}
		if !slices.Contains(said, s) {
			said = append(said, s)
		}
	}
	return said
}

// withheld writes what only the vendors of packages can tell, by source package.
func (p *page) withheld(s *stream, packages []*withheld) {
	if len(packages) == 0 {
		return
	}
	p.section("MAY BE MENDED IN THE PACKAGE")
	p.Para(say(dim, "The upstream versions of these have flaws, and those who package them mend flaws without changing the version. "+
		prose(strings.Join(missing(s.config.Database.Vendors, packages), " "))))
	for _, w := range packages {
		p.Blank()
		source := "  source package"
		if len(w.packages) > 1 || w.packages[0] != w.name {
			source += " of " + short(list(w.packages))
		}
		p.Para(say(bold, short(w.heading())), say(dim, source))
		p.Item(say(yellow, "unknown"), say(plain, prose(w.told())))
		for _, of := range w.parts {
			p.Item(span{}, say(bold, short(of.called)), say(plain, ": "+list(of.ids)))
		}
		if len(w.changelog) > 0 {
			p.Item(say(dim, "changelog"), say(plain, "names "+list(w.changelog)+", which is weak evidence of a fix"))
		}
		if reach := w.reach(); reach != "" {
			p.Item(say(dim, "reach"), say(plain, prose(reach)))
		}
		page := link(w.page)
		if first := link(w.first); len(page) > p.Room()+10 && first != "" {
			page = first
		}
		switch {
		case page != "" && len(page) <= p.Room():
			p.Item(say(dim, "tracker"), say(plain, page))
		case page != "": // in two pieces it would lead nowhere
			p.At(2, say(plain, page))
		}
		if w.counts {
			p.Item(span{}, say(dim, "decides the exit status"))
		}
	}
}

// withheld lists what only the vendors of packages can tell.
func (m *markdown) withheld(s *stream, packages []*withheld) {
	if len(packages) == 0 {
		return
	}
	m.add(maxDoubtful, "### May be mended in the package\n\n"+quiet(strings.Join(missing(s.config.Database.Vendors, packages), " "), maxProse)+"\n\n")
	for i, w := range packages {
		item := "- " + strong(w.heading()) + ": " + quiet(w.told(), maxProse)
		if page := link(w.page); page != "" {
			item += ", [tracker](" + page + ")"
		}
		item += "\n"
		for _, of := range w.parts {
			item += "  - " + quiet(of.called, maxName) + ": " + quiet(list(of.ids), maxProse) + "\n"
		}
		if len(w.changelog) > 0 {
			item += "  - the changelog names " + quiet(list(w.changelog), maxProse) + ", which is weak evidence of a fix\n"
		}
		if reach := w.reach(); reach != "" {
			item += "  - " + quiet(reach, maxProse) + "\n"
		}
		if !m.add(maxDoubtful, item) {
			m.b.WriteString("- " + number(len(packages)-i) + " more, which do not fit here.\n")
			break
		}
	}
	m.b.WriteString("\n")
}

// hearsay is what a package's changelog tells about a finding, as a sentence
// after others; "" for nothing.
func hearsay(f *scan.Finding) string {
	if f.Vendor == nil || !f.Vendor.Changelog {
		return ""
	}
	return " The package's changelog names it, which is weak evidence of a fix."
}

// packageAction says what to do about a finding in a package.
func packageAction(f *scan.Finding) string {
	p, v := f.Component.Package, f.Vendor
	of := vendor.Name(p.Distro)
	at := ""
	if page := link(v.URL); page != "" {
		at = ": " + page
	}
	switch {
	case f.Verdict == advisory.StatusUnknown:
		return "See what " + of + " says about its package " + p.Name + at + "."
	case v.Fixed != "":
		return "Update the package " + p.Name + " to " + v.Fixed + " or later."
	}
	return of + " has not mended its package " + p.Name + at + "."
}
