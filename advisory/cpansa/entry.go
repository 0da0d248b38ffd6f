package cpansa

import (
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

// source is what every record of the database shares.
func source() advisory.Source {
	return advisory.Source{
		Name:        "CPANSA",
		Licence:     "Artistic-2.0",
		Attribution: "CPAN Security Advisory database, https://github.com/briandfoy/cpan-security-advisory",
	}
}

// entry is one raw entry while it becomes a record.
type entry struct {
	value
	item advisory.Item
	rec  advisory.Record
}

// prose reads everything but which versions of what are affected.
func (e *entry) prose() error {
	if e.kind != mapping {
		return fault.New(fault.Invalid, "entry is %s, not a map", e.kind)
	}
	if err := e.ids(); err != nil {
		return err
	}
	description, err := e.get("description").str("description")
	if err != nil {
		return err
	}
	text, dropped := advisory.CleanText(description)
	if e.rec.Description = text; dropped > 0 {
		e.item.Warn("description: %d characters that do not show were dropped", dropped)
	}
	if err := e.references(); err != nil {
		return err
	}
	if err := e.severity(); err != nil {
		return err
	}
	reported, err := e.get("reported").str("reported")
	if err != nil {
		return err
	}
	if e.rec.Reported, err = advisory.ParseDate(reported); err != nil {
		e.item.Warn("reported: %v", err)
	}
	return nil
}

// noCVE is written where a CVE id is expected and none is assigned yet.
const noCVE advisory.ID = "CVE-0000-0000"

// ids reads the entry's names: the first CVE leads, else the entry's own id,
// else what stands in the place of a CVE.
func (e *entry) ids() error {
	native, err := e.get("id").str("id")
	if err != nil {
		return err
	}
	var names []string // in order of preference, the CVEs first
	cves, err := e.get("cves").strs("cves", "")
	if err != nil {
		return err
	}
	var others []string
	for _, c := range cves {
		id, err := advisory.ParseID(c)
		switch {
		case c == "":
		case err == nil && id == noCVE:
			e.item.Warn("cves names %s, which stands for a CVE id to come", noCVE)
		case err == nil && id.IsCVE():
			names = append(names, c)
		default:
			e.item.Warn("cves names %q, which is no CVE id; it is kept as an alias", c)
			others = append(others, c)
		}
	}
	if native != "" {
		e.item.Native = native
		names = append(names, native)
	} else if len(cves) > 0 {
		e.item.Native = cves[0] // what an entry without an id goes by
	}
	names = append(names, others...)
	for _, key := range []string{"previous_id", "github_security_advisory"} {
		more, err := e.get(key).strs(key, "")
		if err != nil {
			return err
		}
		names = append(names, more...)
	}
	for _, n := range names {
		if n == "" {
			continue
		}
		id, err := advisory.ParseID(n)
		switch {
		case err != nil:
			e.item.Warn("%v", err)
		case e.rec.ID == "":
			e.rec.ID = id
		case !e.rec.ID.Equal(id):
			e.rec.Aliases = append(e.rec.Aliases, id)
		}
	}
	if e.rec.ID == "" {
		return fault.New(fault.Invalid, "entry has neither an id nor a CVE")
	}
	e.rec.Aliases = advisory.SortIDs(e.rec.Aliases)
	return nil
}

func (e *entry) references() error {
	v := e.get("references")
	links, err := v.strs("references", "")
	if err != nil {
		return err
	}
	for _, l := range links {
		ref, doubt, ok := advisory.ParseReference(advisory.KindWeb, l)
		if doubt != "" {
			e.item.Warn("%s", doubt)
		}
		if ok {
			e.rec.AddReference(ref)
		}
	}
	if len(e.rec.References) == 0 {
		if v.isSet() {
			e.item.Warn("references are empty")
		} else {
			e.item.Warn("references are missing")
		}
	}
	return nil
}

// severity reads the entry's word. Null and a missing key are what the database
// writes where nobody rated the entry; every other word that is not one of
// ours is a doubt.
func (e *entry) severity() error {
	v := e.get("severity")
	word, err := v.str("severity")
	if err != nil {
		return err
	}
	severity, err := advisory.ParseSeverity(word)
	e.rec.Severity = severity
	if err != nil || v.isSet() && !strings.EqualFold(word, severity.String()) {
		e.item.Warn("severity %q is read as %s", word, severity)
	}
	return nil
}

// versions reads the pair of lists that an entry of a distribution has.
func (e *entry) versions() (*advisory.CPANSA, error) {
	affected, err := e.get("affected_versions").strs("affected_versions", "null")
	if err != nil {
		return nil, err
	}
	if len(affected) == 0 {
		e.item.Warn("affected_versions are not stated")
	}
	fixed, err := e.get("fixed_versions").strs("fixed_versions", "null")
	if err != nil {
		return nil, err
	}
	return &advisory.CPANSA{Affected: affected, Fixed: fixed}, nil
}

// parent is what an entry inherits from the report or the distribution that it
// stands in.
type parent struct {
	source  advisory.Source
	dist    cpan.Dist
	darkpan bool
	library *library // the library's report, where this one was generated from it
	indexed bool     // the entry comes from the built index, which drops the library
}

// read makes an item of an entry of a distribution.
func (p *parent) read(v value, where string) advisory.Item {
	e := &entry{value: v, item: advisory.Item{Where: where}}
	err := p.record(e)
	if err == nil {
		src := p.source
		src.ID, src.File = e.item.Native, where
		e.rec.Sources = []advisory.Source{src}
		e.rec.ProvideAll(0)
		err = e.rec.Check()
	}
	if err != nil {
		e.item.Refused = fault.Wrap(fault.KindOf(err), err, "read %s", where)
	} else {
		e.item.Record = &e.rec
	}
	return e.item
}

func (p *parent) record(e *entry) error {
	if err := e.prose(); err != nil {
		return err
	}
	versions, err := e.versions()
	if err != nil {
		return err
	}
	e.checkName(p.dist)
	lib, err := p.carried(e, versions.Affected)
	if err != nil {
		return err
	}
	e.rec.Affected = []advisory.Affected{{
		Dist:       p.dist,
		Darkpan:    p.darkpan,
		Library:    lib,
		Statements: []advisory.Statement{{Entry: e.item.Native, CPANSA: versions}},
	}}
	return nil
}

// checkName warns where the entry's own id names another distribution than
// the report does.
func (e *entry) checkName(dist cpan.Dist) {
	native, err := e.get("id").str("id")
	if err != nil || native == "" {
		e.item.Warn("id is missing")
		return
	}
	want := "CPANSA-" + string(dist) + "-"
	switch {
	case strings.HasPrefix(native, want):
	case len(native) >= len(want) && strings.EqualFold(native[:len(want)], want):
		e.item.Warn("id %s spells the distribution %s otherwise", native, dist)
	default:
		e.item.Warn("id %s names another distribution than %s", native, dist)
	}
}

// carried reads which library the flaw is in, nil where it is in the
// distribution itself.
func (p *parent) carried(e *entry, affected []string) (*advisory.Library, error) {
	if p.library != nil {
		return p.library.of(p.dist, e.rec.ID, e.rec.Aliases), nil
	}
	for _, key := range []string{"embedded_vulnerability", "external_vulnerability"} {
		v := e.get(key)
		if !v.isSet() {
			continue
		}
		if v.kind != mapping {
			return nil, fault.New(fault.Invalid, "%s is %s, not a map", key, v.kind)
		}
		name, err := v.get("name").str("name of " + key)
		if err != nil {
			return nil, err
		}
		version, err := v.get("distributed_version").str("distributed_version of " + key)
		if err != nil {
			return nil, err
		}
		lib := &advisory.Library{Name: name}
		if lib.Affected, err = v.get("affected_versions").strs("affected_versions of "+key, "null"); err != nil {
			return nil, err
		}
		switch {
		case key == "external_vulnerability":
			// The distribution is built against the library and carries no
			// copy of it; the version is the library's affected range.
			e.item.Warn("library %s is not carried by the distribution but used from outside", name)
			if version != "" {
				lib.Affected = append(lib.Affected, version)
			}
		case version == "":
			e.item.Warn("the version of the library %s that is carried is not stated", name)
		default:
			for _, a := range affected {
				lib.Bundled = append(lib.Bundled, advisory.Bundled{Releases: a, Version: version})
			}
		}
		return lib, nil
	}
	if p.indexed {
		if name := libraryInID(e.item.Native, p.dist); name != "" {
			return &advisory.Library{Name: name}, nil
		}
	}
	return nil, nil
}

// libraryInID gives the library at the end of a generated id, as in
// CPANSA-Foo-Bar-2099-0001-zlib, "" where there is none: all that the built
// index keeps of it.
func libraryInID(native string, dist cpan.Dist) string {
	rest, ok := strings.CutPrefix(native, "CPANSA-"+string(dist)+"-")
	if !ok {
		return ""
	}
	rest = strings.TrimPrefix(rest, "X-CVE-")
	// year, number, library; "2018-vue-001-vue" has a word before the number.
	parts := strings.Split(rest, "-")
	for i := 1; i < len(parts)-1; i++ {
		if len(parts[0]) == 4 && digits(parts[0]) && digits(parts[i]) {
			return strings.Join(parts[i+1:], "-")
		}
	}
	return ""
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
