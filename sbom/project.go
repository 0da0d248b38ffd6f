package sbom

import (
	"io/fs"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/bundled"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlver"
	"nacre/release"
)

// addProject makes the root of a project or a release.
func (m *maker) addProject(n *node) error {
	n.SetOrigin("name", bom.Operator, "the name of what was looked at")
	for i := range m.inv.Components {
		if m.inv.Components[i].Itself {
			m.byIndex[i], m.itself = n, &m.inv.Components[i]
		}
	}
	n.deps, n.holds = m.stated(), notSpecified
	if m.in.FS == nil || m.opt.Type == bom.Deployed && !m.isProject() {
		return nil
	}
	facts, err := m.facts()
	if err != nil || facts == nil {
		return err
	}
	if facts.Dynamic && (facts.MetaFile != "" || m.builds()) && !m.configured() && n.deps == complete {
		n.deps = unknown // configuring decides what is required
	}
	m.call(n, facts)
	known := Release{Facts: facts, Archive: m.in.Archive}
	if m.in.Archive != nil {
		m.place(n, &known)
	}
	if m.opt.ForRelease {
		known.Archive = nil // a bill in the archive cannot hold the archive's digest
	}
	known.Bundled, err = m.bundled(cpan.Dist(n.Name))
	if err != nil {
		return err
	}
	m.describe(n, known)
	if m.in.Archive == nil {
		n.File = bom.File{} // there is no one file
	}
	return nil
}

// isProject reports whether the folder of an installation is a project as well.
func (m *maker) isProject() bool { return m.inv.Name != "" }

// facts reads what the release or checkout says of itself; nil where that
// cannot be read, which a notice says.
func (m *maker) facts() (*release.Facts, error) {
	var opt release.Options
	if a := m.in.Archive; a != nil {
		named := cpan.ParsePath(a.File)
		m.renamed = m.inv.Name != "" && named.Dist != cpan.Dist(m.inv.Name) || strings.HasSuffix(named.Version, ".orig") // as Debian calls it
		opt.Folder = a.Folder
		if !m.renamed {
			opt.File = a.File
		}
	}
	if d, err := cpan.ParseDist(m.inv.Name); err == nil {
		opt.Dist = string(d)
	}
	f, err := release.Read(m.ctx, m.in.FS, opt)
	if fault.KindOf(err) == fault.Canceled && err != nil {
		return nil, err
	}
	if err != nil {
		m.notice("what it says of itself is not wholly known: " + err.Error())
		return nil, nil
	}
	return f, nil
}

// bundled finds what is shipped inside; nil where that cannot be told.
func (m *maker) bundled(d cpan.Dist) (*bundled.Found, error) {
	opt := bundled.Options{Dist: d}
	if m.in.Mirror != nil {
		opt.Owner = m.in.Mirror
	}
	found, err := bundled.Find(m.ctx, m.in.FS, opt)
	if fault.KindOf(err) == fault.Canceled && err != nil {
		return nil, err
	}
	if err != nil {
		m.notice("what is shipped inside is not known: " + err.Error())
		return nil, nil
	}
	return &found, nil
}

// call gives the root its name, version and package URL.
func (m *maker) call(n *node, f *release.Facts) {
	state := func(field string, t release.Text) {
		from, at := bom.Stated, where(t)
		switch t.Origin {
		case release.Archive:
			from = bom.Archive
			if m.renamed {
				at = "the name of the folder in the archive"
			}
		case release.Written:
			at = "what builds the distribution"
		case release.Computed:
			from = bom.Computed
		}
		n.SetOrigin(field, from, at)
	}
	switch itself := m.itself; {
	case itself != nil && f.MetaFile == "" && !m.renamed: // its folder's name may tell more than that of the archive
		n.Name, n.Version = string(itself.Dist), itself.Version
		for _, field := range []string{"name", "version"} {
			n.SetOrigin(field, bom.Archive, "the name of the archive, or of the folder in it")
		}
	case f.Name.Value != "":
		n.Name = f.Name.Value
		state("name", f.Name)
	case m.inv.Name != "":
		n.Name = m.inv.Name
		n.SetOrigin("name", bom.Stated, "what builds the distribution")
	}
	switch {
	case n.Version != "":
	case f.Version.Value != "":
		n.Version = f.Version.Value
		state("version", f.Version)
	case m.inv.Version != "":
		n.Version = m.inv.Version
		n.SetOrigin("version", bom.Stated, "what builds the distribution")
	}
	if f.MetaFile != "" {
		n.told("name", "", byHash, bom.Method{Technique: "manifest-analysis", Confidence: byMeta, Value: f.MetaFile})
	} else if o := n.Origin("name"); m.in.Archive != nil && o.From == bom.Archive {
		n.told("name", "", byHash, bom.Method{Technique: "filename", Confidence: byFile, Value: o.Detail})
	} else if m.in.Archive != nil {
		n.told("name", "", byHash, bom.Method{Technique: "source-code-analysis", Confidence: byVersion, Value: o.Detail})
	}
	d, err := cpan.ParseDist(n.Name)
	if err != nil || n.Version == "" || f.MetaFile == "" && m.in.Archive == nil {
		return
	}
	if _, err := perlver.ParseExact(n.Version); err != nil && f.MetaFile == "" {
		return // it is no release's name that the archive has
	}
	if n.PURL = identity(cpan.Release{Dist: d, Version: n.Version}, ""); n.PURL != "" {
		n.SetOrigin("purl", n.Origin("name").From, "name and version")
	}
}

// place tells where on CPAN the archive is, with what follows from that.
func (m *maker) place(n *node, known *Release) {
	a := *m.in.Archive
	a.Path, known.Sums = m.archivePath(&a, cpan.Dist(n.Name), n.Version)
	n.File.Name = a.File
	n.File.Archive, n.File.Structured = "archive", "structured"
	d, err := cpan.ParseDist(n.Name)
	if err != nil || n.PURL == "" {
		return
	}
	digest := a.SHA256
	if m.opt.ForRelease {
		digest = ""
	}
	r := cpan.ParsePath(a.File)
	switch {
	case a.Path != "":
		r = cpan.ParsePath(a.Path)
	case a.File == "":
		return
	case m.renamed:
		n.property("cpan:note", "the archive, "+a.File+", is not called what the release is: nothing shows that it is the one on CPAN")
		return
	}
	r.Dist, r.Version = d, n.Version
	if url := identity(r, digest); url != "" {
		n.PURL = url
		n.SetOrigin("purl", bom.Archive, "name, version and what the archive is")
	}
	if r.Author == "" || a.Path == "" {
		return
	}
	c := inventory.Component{Dist: d, Version: n.Version, Author: r.Author, Path: a.Path}
	from, detail := bom.Archive, "the archive's path"
	if known.Sums != nil {
		from, detail = bom.Index, "the entry in CHECKSUMS with the archive's digest"
	}
	n.property("cpan:dist:origin", "cpan")
	m.published(n, &c, from, detail)
	if m.in.Mirror != nil {
		if k, err := m.in.Mirror.Release(m.ctx, a.Path); err == nil {
			known.Uploader = k.Uploader
		}
	}
}

// builds reports whether a program states what is required: one that was read
// and not run.
func (m *maker) builds() bool {
	return m.itself != nil || slices.ContainsFunc(m.project, func(e inventory.Edge) bool {
		return e.Evidence.File == "Makefile.PL" || e.Evidence.File == "Build.PL"
	})
}

// configured reports whether the requirements are those that configuring has
// left.
func (m *maker) configured() bool {
	for _, e := range m.project {
		if strings.HasPrefix(e.Evidence.File, "MYMETA") {
			return true
		}
	}
	if len(m.project) > 0 {
		return false
	}
	for _, name := range []string{"MYMETA.json", "MYMETA.yml"} {
		if _, err := fs.Stat(m.in.FS, name); err == nil {
			return true
		}
	}
	return false
}

// stated says how completely the requirements of the project are known.
func (m *maker) stated() string {
	switch {
	case m.inv.Partial():
		return incomplete
	case len(m.project) == 0 && !m.open():
		return unknown
	}
	return complete
}
