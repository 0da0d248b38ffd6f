package meta

import "slices"

// What each step does with each key, by the tables of CPAN::Meta::Converter.

// upgrade is the step to a version from the one before it.
func upgrade(to Spec) *step {
	switch to {
	case Spec11:
		return &to11
	case Spec12:
		return &to12
	case Spec13:
		return &to13
	case Spec14:
		return &to14
	}
	return &to2
}

// cleanup is the step of a document that has the version already.
func cleanup(s Spec) *step {
	if s == Spec14 {
		return &clean14
	}
	return &clean2
}

// The step to 1.1 leaves meta-spec alone, so that its result is checked as the
// version that was stated.
var to11 = step{
	fields: []field{
		{"version", keep},
		{"name", keep},
		{"build_requires", versionMap},
		{"conflicts", versionMap},
		{"distribution_type", keep},
		{"dynamic_config", keepOrOne},
		{"generated_by", generatedBy},
		{"license", toLicense1},
		{"recommends", versionMap},
		{"requires", versionMap},
		{"license_url", urlOrNothing},
		{"private", keep},
	},
}

// common1 are the fields that the steps to 1.2, 1.3 and 1.4 share.
func common1(more ...field) []field {
	return append([]field{
		{"abstract", keepOrUnknown},
		{"author", authors},
		{"generated_by", generatedBy},
		{"license", toLicense1},
		{"meta-spec", metaSpec},
		{"name", keep},
		{"version", keep},
		{"build_requires", versionMap},
		{"conflicts", versionMap},
		{"distribution_type", keep},
		{"dynamic_config", keepOrOne},
		{"keywords", keep},
		{"provides", toProvides},
		{"recommends", versionMap},
		{"requires", versionMap},
	}, more...)
}

var (
	to12 = step{
		fields: common1(field{"no_index", noIndexTo12}, field{"optional_features", featuresAsMap}, field{"resources", resourcesTo12}),
		drop:   []string{"license_url", "private"},
	}
	to13 = step{
		fields: common1(field{"no_index", noIndex}, field{"optional_features", featuresAsMap}, field{"resources", resourcesTo13}),
		drop:   []string{"license_url", "private"},
	}
	to14 = step{
		fields: fields14,
		drop:   []string{"license_url", "private"},
	}
	clean14  = step{fields: fields14}
	fields14 = common1(
		field{"no_index", noIndex}, field{"optional_features", featuresTo14},
		field{"resources", resourcesTo13}, field{"configure_requires", keep},
	)
)

// moved are the keys whose content is elsewhere in spec 2.
var moved = []string{
	"build_requires", "configure_requires", "conflicts", "distribution_type",
	"license_url", "private", "recommends", "requires",
}

// common2 are the fields of spec 2 that come out the same wherever the
// document comes from.
func common2(more ...field) []field {
	return slices.Concat([]field{
		{"abstract", keepOrUnknown},
		{"author", authors},
		{"dynamic_config", keepOrOne},
		{"generated_by", generatedBy},
		{"license", toLicense2},
		{"meta-spec", metaSpec},
		{"name", keep},
		{"release_status", toReleaseStatus},
		{"version", keep},
		{"description", keep},
		{"keywords", keep},
		{"no_index", noIndex},
		{"provides", toProvides},
	}, more)
}

var (
	to2 = step{
		fields: common2(field{"optional_features", featuresTo2}, field{"prereqs", prereqsTo2}, field{"resources", resourcesTo2}),
		drop:   moved, custom: prefixed,
	}
	clean2 = step{
		fields: common2(field{"optional_features", cleanFeatures}, field{"prereqs", cleanPrereqs}, field{"resources", cleanResources}),
		drop:   moved, custom: prefixed,
	}
)

var down14 = step{
	fields: []field{
		{"abstract", keepOrUnknown},
		{"author", authors},
		{"generated_by", generatedBy},
		{"license", downLicense},
		{"meta-spec", metaSpec},
		{"name", keep},
		{"version", keep},
		{"build_requires", downBuildRequires},
		{"configure_requires", downRequires("configure", "requires")},
		{"conflicts", downRequires("runtime", "conflicts")},
		{"distribution_type", keep},
		{"dynamic_config", keepOrOne},
		{"keywords", keep},
		{"no_index", noIndex},
		{"optional_features", downFeatures},
		{"provides", toProvides},
		{"recommends", downRequires("runtime", "recommends")},
		{"requires", downRequires("runtime", "requires")},
		{"resources", downResources},
	},
	drop: []string{"description", "prereqs", "release_status"},
}
