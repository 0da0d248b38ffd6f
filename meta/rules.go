package meta

// The rules of each spec version, as the tables of CPAN::Meta::Validator have
// them: also where those differ from the text of the spec.

// definition gives the rules of a version by its text; nil for one that is not
// known.
func definition(spec string) *keys {
	switch Spec(spec) {
	case Spec10:
		return &keys10
	case Spec11:
		return &keys11
	case Spec12:
		return &keys12
	case Spec13:
		return &keys13
	case Spec14:
		return &keys14
	case Spec2:
		return &keys2
	}
	return nil
}

var (
	aText    = rule{value: text}
	aURL     = rule{value: url}
	aVersion = rule{value: version}
	texts    = rule{list: text}

	needText    = rule{mandatory: true, value: text}
	needVersion = rule{mandatory: true, value: version}
	needLicense = rule{mandatory: true, value: license}
	needAuthors = rule{mandatory: true, list: text}

	anyOther    = rule{name: anyName, value: anything}    // spec 1.x
	customOther = rule{name: customName, value: anything} // spec 2

	requirements = rule{keys: &keys{other: &rule{name: moduleName, value: versionRange}}}
	conflicts1   = rule{keys: &keys{other: &rule{name: moduleName, value: version}}}
)

// Spec 2.

var keys2 = keys{
	known: []known{
		{"abstract", needText},
		{"author", needAuthors},
		{"dynamic_config", rule{mandatory: true, value: boolean}},
		{"generated_by", needText},
		{"license", rule{mandatory: true, list: license}},
		{"meta-spec", rule{mandatory: true, keys: &keys{
			known: []known{{"version", needVersion}, {"url", aURL}},
			other: &customOther,
		}}},
		{"name", needText},
		{"release_status", rule{mandatory: true, value: releaseStatus}},
		{"version", needVersion},
		{"description", aText},
		{"keywords", texts},
		{"no_index", rule{keys: &keys{
			known: []known{{"file", texts}, {"directory", texts}, {"package", texts}, {"namespace", texts}},
			other: &customOther,
		}}},
		{"optional_features", rule{keys: &keys{other: &rule{name: anyName, keys: &keys{
			known: []known{{"description", aText}, {"prereqs", prereqs2}},
			other: &customOther,
		}}}}},
		{"prereqs", prereqs2},
		{"provides", provides(&customOther)},
		{"resources", resources2},
	},
	other: &customOther,
}

var prereqs2 = rule{keys: &keys{other: &rule{name: phase, keys: &keys{
	other: &rule{name: relation, keys: requirements.keys},
}}}}

var resources2 = rule{keys: &keys{
	known: []known{
		{"license", rule{list: url}},
		{"homepage", aURL},
		{"bugtracker", rule{keys: &keys{
			known: []known{{"web", aURL}, {"mailto", aText}},
			other: &customOther,
		}}},
		{"repository", rule{keys: &keys{
			known: []known{{"web", aURL}, {"url", aURL}, {"type", aText}},
			other: &customOther,
		}}},
	},
	other: &rule{name: customName, value: text},
}}

// provides is the rule of provides; other is that of further keys of a module.
func provides(other *rule) rule {
	return rule{keys: &keys{other: &rule{name: moduleName, keys: &keys{
		known: []known{{"file", rule{mandatory: true, value: file}}, {"version", aVersion}},
		other: other,
	}}}}
}

// Spec 1.2 to 1.4.

var (
	metaSpec1 = rule{mandatory: true, keys: &keys{
		known: []known{{"version", needVersion}, {"url", rule{mandatory: true, value: specURL}}},
		other: &anyOther,
	}}
	features1 = rule{keys: &keys{other: &rule{name: anyName, keys: &keys{
		known: []known{
			{"description", aText},
			{"requires", requirements},
			{"recommends", requirements},
			{"build_requires", requirements},
			{"conflicts", conflicts1},
		},
		other: &anyOther,
	}}}}
	resources1 = rule{keys: &keys{
		known: []known{{"license", aURL}, {"homepage", aURL}, {"bugtracker", aURL}, {"repository", aURL}},
		other: &rule{name: customName1, value: text},
	}}
	noIndex12 = noIndex1("dir")
	noIndex13 = noIndex1("directory")
)

// noIndex1 is the rule of no_index and private; folder is what its key for
// folders is called.
func noIndex1(folder string) rule {
	return rule{keys: &keys{
		known: []known{{"file", texts}, {folder, texts}, {"package", texts}, {"namespace", texts}},
		other: &anyOther,
	}}
}

// since12 are the keys that 1.2, 1.3 and 1.4 share, and more.
func since12(more ...known) keys {
	return keys{
		known: append([]known{
			{"meta-spec", metaSpec1},
			{"name", needText},
			{"version", needVersion},
			{"abstract", needText},
			{"author", needAuthors},
			{"license", needLicense},
			{"generated_by", needText},
			{"distribution_type", aText},
			{"dynamic_config", rule{value: boolean}},
			{"requires", requirements},
			{"recommends", requirements},
			{"build_requires", requirements},
			{"conflicts", conflicts1},
			{"optional_features", features1},
			{"provides", provides(&anyOther)},
			{"keywords", texts},
			{"resources", resources1},
		}, more...),
		other: &anyOther,
	}
}

var (
	// The table of 1.2 has no_index under the name $no_index, so that of the
	// key no_index nothing is checked.
	keys12 = since12(known{"private", noIndex12}, known{"$no_index", noIndex12})
	keys13 = since12(known{"no_index", noIndex13}, known{"private", noIndex13})
	keys14 = since12(known{"no_index", noIndex13}, known{"private", noIndex13}, known{"configure_requires", requirements})
)

// Spec 1.0 and 1.1, of which only the version must be there.

var (
	keys10 = before12()
	keys11 = before12(known{"private", rule{keys: &keys{other: &rule{name: anyName, list: text}}}})
)

func before12(more ...known) keys {
	return keys{
		known: append([]known{
			{"name", aText},
			{"version", needVersion},
			{"license", rule{value: license}},
			{"generated_by", aText},
			{"license_uri", aURL},
			{"distribution_type", aText},
			{"dynamic_config", rule{value: boolean}},
			{"requires", requirements},
			{"recommends", requirements},
			{"build_requires", requirements},
			{"conflicts", conflicts1},
		}, more...),
		other: &anyOther,
	}
}
