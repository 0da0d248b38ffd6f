package meta

import (
	"strings"

	"nacre/jsondoc"
)

// Fields are what a document says, in the terms of spec 2. What it does not
// state is empty; nothing is guessed, and "unknown" stays out of lists of
// authors and licences.
type Fields struct {
	Spec          Spec     // of the document as it is
	Name          string   // as written
	Version       string   // as written: "1.10", "v1.2.3"
	Abstract      string   // "" also for "unknown"
	Description   string   //
	Authors       []string // "A. U. Thor <author@example.org>"
	Licenses      []string // names of spec 2: "perl_5"
	SPDX          string   // x_spdx_expression, as written
	GeneratedBy   string   // the program that wrote the file
	ReleaseStatus string   // "stable", "testing" or "unstable"; "" where not stated
	DynamicConfig bool     // prerequisites may change when the distribution is configured; true where not stated
	StaticInstall bool     // x_static_install: no step of installing runs code of the distribution
	Keywords      []string
	Resources     Resources
	NoIndex       NoIndex
	Provides      []Provide
	Prereqs       []Prereq  // those of features, too
	Features      []Feature // in order
	Custom        []jsondoc.Member
	IsUpgraded    bool     // it is of spec 1.x, and was upgraded
	IsConvertible bool     // it could be made valid spec 2; else what could be read was
	Warnings      []string // what was read with a doubt, or could not be read
}

// Resources are addresses about a distribution.
type Resources struct {
	Homepage      string
	Licenses      []string         // addresses of the texts of licences
	BugtrackerWeb string           //
	BugtrackerTo  string           // the tracker's mail address
	RepositoryURL string           // for the version control program
	RepositoryWeb string           // for people
	RepositoryVCS string           // "git"
	Custom        []jsondoc.Member // x_ keys: x_IRC, x_MailingList
}

// NoIndex is what an index of modules leaves out.
type NoIndex struct {
	Files, Directories, Packages []string
	Namespaces                   []string // what is below them, not they themselves
}

// Feature is an optional feature. Its requirements are among Fields.Prereqs,
// under its name.
type Feature struct {
	Name        string
	Description string
}

// Fields reads the document as one of spec 2. A document that cannot be made
// valid gives what can be read of it, and IsConvertible is false.
func (d *Document) Fields() Fields {
	c, tree := convert(d.Tree, ConvertOptions{})
	f := Fields{
		Spec: d.Spec(), IsConvertible: c.err == nil,
		GeneratedBy: single(d.Tree.Get("generated_by")),
	}
	f.IsUpgraded = f.Spec != Spec2
	// Where a key was invented on the way, the document does not state it.
	stated := func(key string) *jsondoc.Node {
		if has(d.Tree, key) {
			return tree.Get(key)
		}
		return nil
	}
	f.Name, f.Version = single(stated("name")), versionText(stated("version"))
	f.Abstract, f.Description = unlessUnknown(single(stated("abstract"))), single(stated("description"))
	f.Authors, f.Licenses, f.Keywords = knownOf(stated("author")), knownOf(stated("license")), textsOf(stated("keywords"))
	f.SPDX = single(tree.Get("x_spdx_expression"))
	f.ReleaseStatus = single(stated("release_status"))
	f.StaticInstall = truth(tree.Get("x_static_install"), false)
	f.Resources = resourcesOf(tree.Get("resources"))
	index := tree.Get("no_index")
	f.NoIndex = NoIndex{
		Files: textsOf(index.Get("file")), Directories: textsOf(index.Get("directory")),
		Packages: textsOf(index.Get("package")), Namespaces: textsOf(index.Get("namespace")),
	}
	for _, m := range members(tree.Get("optional_features")) {
		f.Features = append(f.Features, Feature{Name: m.Key, Description: single(m.Value.Get("description"))})
	}
	f.Custom = customOf(tree)
	// Requirements and modules are read from the file itself: with its lines,
	// and with those that cannot be read, which the conversion mends.
	m, err := d.Meta()
	f.Warnings = m.Warnings
	if err != nil {
		f.Warnings = append(f.Warnings, err.Error())
	}
	f.DynamicConfig = err != nil || m.DynamicConfig
	f.Prereqs, f.Provides = m.Prereqs, m.Provides
	return f
}

// Meta reads the document as ReadJSON and ReadYAML do.
func (d *Document) Meta() (Meta, error) {
	m, err := readTree(d.Tree)
	m.Warnings = append(d.Warnings[:len(d.Warnings):len(d.Warnings)], m.Warnings...)
	return m, err
}

func resourcesOf(n *jsondoc.Node) Resources {
	return Resources{
		Homepage:      single(n.Get("homepage")),
		Licenses:      textsOf(n.Get("license")),
		BugtrackerWeb: single(n.At("bugtracker", "web")),
		BugtrackerTo:  single(n.At("bugtracker", "mailto")),
		RepositoryURL: single(n.At("repository", "url")),
		RepositoryWeb: single(n.At("repository", "web")),
		RepositoryVCS: single(n.At("repository", "type")),
		Custom:        customOf(n),
	}
}

// textsOf gives the texts of a list, or the one text that stands in its place.
func textsOf(n *jsondoc.Node) []string {
	var list []string
	switch {
	case isNull(n), n.Is(jsondoc.KindObject):
	case n.Is(jsondoc.KindArray):
		for _, item := range n.Items {
			if !isNested(item) && single(item) != "" {
				list = append(list, item.Text)
			}
		}
	case n.Text != "":
		list = []string{n.Text}
	}
	return list
}

// knownOf is textsOf without "unknown", which says that nobody stated one.
func knownOf(n *jsondoc.Node) []string {
	var list []string
	for _, s := range textsOf(n) {
		if unlessUnknown(s) != "" {
			list = append(list, s)
		}
	}
	return list
}

// unlessUnknown gives a text, "" of the word unknown.
func unlessUnknown(s string) string {
	if strings.EqualFold(s, "unknown") {
		return ""
	}
	return s
}

func customOf(n *jsondoc.Node) []jsondoc.Member {
	var custom []jsondoc.Member
	for _, m := range members(n) {
		if isCustom(m.Key) {
			custom = append(custom, m)
		}
	}
	return custom
}
