package sbom

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/license"
	"nacre/release"
)

// lookUp asks the mirror for a release.
func (m *maker) lookUp(c *inventory.Component) (Release, error) {
	if m.in.Mirror == nil || c.Path == "" || originOf(c) != "cpan" {
		return Release{}, nil
	}
	known, err := m.in.Mirror.Release(m.ctx, c.Path)
	switch fault.KindOf(err) {
	case fault.Canceled:
		return Release{}, err
	}
	if err != nil {
		m.notice("the mirror's archive of " + c.Ref() + " is left out: " + err.Error())
		return Release{}, nil
	}
	if a, s := known.Archive, known.Sums; a != nil && s != nil && s.SHA256 != "" && s.SHA256 != a.SHA256 {
		m.notice("the archive of " + c.Ref() + " in the mirror is not the one that its CHECKSUMS names, and is left out")
		known.Archive, known.Facts, known.Bundled = nil, nil, nil
	}
	return known, nil
}

// describe tells what is known of a release beyond its name: what its files
// say, what its bytes are, what the index has.
func (m *maker) describe(n *node, known Release) {
	if u := known.Uploader; u != nil && n.Supplier != nil {
		n.Supplier.Name = cmp.Or(u.Name, n.Supplier.Name)
		n.Supplier.Email = u.Address
		n.SetOrigin("supplier", bom.Index, "the uploader, "+string(u.Author)+", by 01mailrc.txt")
	}
	if s := known.Sums; s != nil && dated.MatchString(s.MTime) {
		n.Released = s.MTime + "T00:00:00Z"
		n.SetOrigin("released", bom.Index, "the day that CHECKSUMS names")
	}
	m.addDigests(n, known)
	if known.Facts != nil {
		m.addFacts(n, known.Facts)
	}
	if known.Bundled != nil {
		m.addBundled(n, known.Bundled)
	}
}

var dated = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// addDigests tells the digests of a release's archive: of its bytes, else those
// that CHECKSUMS has.
func (m *maker) addDigests(n *node, known Release) {
	var hashes []bom.Hash
	add := func(algorithm, value string) {
		if value != "" {
			hashes = append(hashes, bom.Hash{Algorithm: algorithm, Value: value})
		}
	}
	switch a, s := known.Archive, known.Sums; {
	case a != nil:
		add("SHA-256", a.SHA256)
		add("SHA-512", a.SHA512)
		if len(hashes) > 0 {
			n.SetOrigin("hashes", bom.Computed, "of the archive")
		}
		if s != nil && s.SHA256 != "" && s.SHA256 == a.SHA256 {
			n.told("hash", "", byHash, bom.Method{Technique: "hash-comparison", Confidence: byHash, Value: "CHECKSUMS"})
		}
	case s != nil && s.SHA256 != "":
		add("SHA-256", s.SHA256)
		n.SetOrigin("hashes", bom.Index, "CHECKSUMS")
	}
	n.Hashes = hashes
	for i, r := range n.References {
		if r.Type == "distribution" {
			n.References[i].Hashes = slices.Clone(hashes)
		}
	}
}

// addFacts tells what the files of a release say.
func (m *maker) addFacts(n *node, f *release.Facts) {
	state := func(field string, t release.Text) {
		from := bom.Stated
		switch t.Origin {
		case release.Archive:
			from = bom.Archive
		case release.Computed:
			from = bom.Computed
		}
		n.SetOrigin(field, from, where(t))
	}
	switch {
	case f.MetaFile == "" && n == m.root && m.in.Archive == nil: // a project of its own, and no distribution
	case f.Type != "":
		n.Type = f.Type
	case f.MetaFile != "":
		n.Type = "library"
	}
	if f.Abstract.Value != "" {
		n.Description = f.Abstract.Value
		state("description", f.Abstract)
	}
	for _, a := range f.Authors {
		n.Authors = append(n.Authors, bom.Party{Person: true, Name: cmp.Or(a.Name, a.Text), Email: a.Mail})
	}
	if len(n.Authors) > 0 {
		n.SetOrigin("authors", bom.Stated, f.MetaFile+" author")
	}
	n.maker(f)
	m.addLicenses(n, f)
	for i, c := range f.Copyright {
		if i == 0 {
			state("copyright", c)
		} else {
			n.Copyright += "\n"
		}
		n.Copyright += c.Value
		n.Evidence.Copyrights = append(n.Evidence.Copyrights, c.Value)
	}
	n.addReferences(f)
	if f.Commit.Value != "" {
		if n.Pedigree == nil {
			n.Pedigree = &bom.Pedigree{}
		}
		n.Pedigree.Commits = []bom.Commit{{UID: f.Commit.Value, URL: httpOnly(f.Repository.Value)}}
		state("pedigree", f.Commit)
	}
	if c := f.Changes; c != nil && n.Released == "" {
		for _, e := range c.Entries {
			if e.Version == n.Version && dated.MatchString(e.Date) {
				n.Released = e.Date + "T00:00:00Z"
				n.SetOrigin("released", bom.Stated, "the day that "+inventory.Evidence{File: c.File, Line: e.Line}.String()+" names")
				break
			}
		}
	}
	n.addMeta(f)
	switch {
	case len(f.Modules) > 0 || len(f.Programs) > 0:
		n.File.Executable = "executable" // to be run by perl
	case f.Meta != nil || f.MetaFile == "":
		n.File.Executable = "non-executable" // all files were looked at
	}
	for _, d := range f.Disagreements {
		n.property("cpan:note", d)
		m.notice(n.Name + ": " + d)
	}
	for _, note := range f.Notes {
		n.property("cpan:note", note)
	}
}

// where is the place of a value, for people.
func where(t release.Text) string {
	switch {
	case t.File == "" && t.Origin == release.Archive:
		return "the archive's name"
	case t.File == "":
		return string(t.Origin)
	}
	return inventory.Evidence{File: t.File, Line: t.Line}.String()
}

func httpOnly(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}

// maker tells who made a release, as BSI TR-03183-2 wants to know it: by a mail
// address that META states, else by an address of the project.
func (n *node) maker(f *release.Facts) {
	for _, a := range f.Authors {
		if a.Mail != "" {
			n.Manufacturer = &bom.Party{Person: true, Name: a.Name, Email: a.Mail}
			n.SetOrigin("manufacturer", bom.Stated, f.MetaFile+" author")
			return
		}
	}
	for _, t := range []release.Text{f.Homepage, f.RepositoryWeb, f.Repository} {
		if url := httpOnly(t.Value); url != "" {
			n.Manufacturer = &bom.Party{URLs: []string{url}}
			if len(f.Authors) > 0 {
				n.Manufacturer.Name = f.Authors[0].Name
			}
			n.SetOrigin("manufacturer", bom.Stated, where(t))
			return
		}
	}
}

// addLicenses tells what the author declares, and beside it what the files of
// the release hold. Several names in META stay apart: it has no word for
// whether all of them hold or one may be chosen, unless the operator says so.
func (m *maker) addLicenses(n *node, f *release.Facts) {
	d := f.License
	switch {
	case !d.Expression.IsZero():
		n.Licenses = []bom.License{licenseOf(d.Expression, bom.Declared)}
		detail := where(d.From)
		if len(d.Named) == 1 && d.Named[0].Note != "" {
			detail += "; " + d.Named[0].Note
		}
		n.SetOrigin("licenses", bom.Stated, detail)
	case m.opt.LicenseOperator != "" && len(d.Named) > 1 && !slices.ContainsFunc(d.Named, func(x license.Named) bool { return x.Expression.IsZero() }):
		all := make([]license.Expression, len(d.Named))
		for i, x := range d.Named {
			all[i] = x.Expression
		}
		join := license.And
		if m.opt.LicenseOperator == "or" {
			join = license.Or
		}
		n.Licenses = []bom.License{licenseOf(join(all...), bom.Concluded)}
		n.SetOrigin("licenses", bom.Operator, "--license-operator "+m.opt.LicenseOperator+" joins the names of "+f.MetaFile)
		n.property("cpan:license:operator", m.opt.LicenseOperator)
	default:
		for i, x := range d.Named {
			switch {
			case !x.Expression.IsZero():
				n.Licenses = append(n.Licenses, licenseOf(x.Expression, bom.Declared))
			case d.Names[i] != "unknown":
				n.Licenses = append(n.Licenses, bom.License{Name: d.Names[i], Claim: bom.Declared})
			}
		}
		if len(n.Licenses) > 0 {
			n.SetOrigin("licenses", bom.Stated, f.MetaFile+" license")
		}
	}
	for _, e := range f.Evidence {
		l := licenseOf(e.Expression, "")
		if !slices.Contains(n.Evidence.Licenses, l) {
			n.Evidence.Licenses = append(n.Evidence.Licenses, l)
		}
	}
}

// licenseOf is an expression, which is an id where it is nothing more.
func licenseOf(e license.Expression, claim bom.LicenseClaim) bom.License {
	if id, ok := e.ID(); ok {
		return bom.License{ID: id, Claim: claim}
	}
	return bom.License{Expression: e.String(), Claim: claim}
}

// addReferences tells the addresses that a release states.
func (n *node) addReferences(f *release.Facts) {
	before := len(n.References)
	type link struct{ typ, url string }
	have := make(map[link]bool, before)
	for _, r := range n.References {
		have[link{r.Type, r.URL}] = true
	}
	add := func(typ string, t release.Text) {
		if l := (link{typ, t.Value}); t.Value != "" && !have[l] {
			have[l] = true
			n.References = append(n.References, bom.Reference{Type: typ, URL: t.Value, Comment: where(t)})
		}
	}
	add("website", f.Homepage)
	add("vcs", f.Repository)
	add("vcs", f.RepositoryWeb)
	add("issue-tracker", f.Bugtracker)
	if t := f.BugtrackerTo; t.Value != "" {
		t.Value = "mailto:" + strings.TrimPrefix(t.Value, "mailto:")
		add("issue-tracker", t)
	}
	for typ, list := range map[string][]release.Text{"license": f.LicenseURLs, "chat": f.Chats, "mailing-list": f.MailingLists, "security-contact": f.Security.Contacts} {
		for _, t := range list {
			add(typ, t)
		}
	}
	if f.Changes != nil {
		add("release-notes", release.Text{Value: escapePath(f.Changes.File), Origin: release.Written, File: f.Changes.File})
	}
	if len(n.References) > before {
		n.SetOrigin("externalReferences", bom.Stated, "each says where it is stated")
	}
}

// addMeta tells what META says of itself, and of the release.
func (n *node) addMeta(f *release.Facts) {
	if m := f.Meta; m != nil {
		n.property("cpan:meta:spec_version", string(m.Spec))
		n.property("cpan:meta:generated_by", f.GeneratedBy.Value)
		n.property("cpan:meta:release_status", f.ReleaseStatus.Value)
		n.property("cpan:meta:dynamic_config", truth(f.Dynamic))
		if f.Static {
			n.property("cpan:meta:static_install", "true")
		}
	}
	n.property("cpan:dist:main_module", string(f.MainModule))
	n.property("cpan:security:policy_file", f.Security.Policy)
	if len(f.Security.Contacts) > 0 {
		n.property("cpan:security:contact_source", where(f.Security.Contacts[0]))
	}
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// archivePath finds the path on CPAN of an archive whose bytes are here: the one
// of this release whose entry in CHECKSUMS has the same digest.
func (m *maker) archivePath(a *Archive, d cpan.Dist, version string) (string, *cpan.FileSums) {
	if m.in.Mirror == nil || a.SHA256 == "" {
		return a.Path, nil
	}
	paths := []string{a.Path}
	if a.Path == "" {
		paths = nil
		for _, r := range m.in.Mirror.Releases(d) {
			if r.Version == version {
				paths = append(paths, r.Path)
			}
		}
	}
	for _, p := range paths {
		if s, ok := m.in.Mirror.Sums(p); ok && s.SHA256 != "" {
			if s.SHA256 == a.SHA256 {
				return p, &s
			}
			m.notice("CHECKSUMS of the mirror has another digest for " + p + " than this archive")
		}
	}
	return a.Path, nil
}
