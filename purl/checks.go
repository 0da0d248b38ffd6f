package purl

import "nacre/advice"

// Check is one check of Lint.
type Check struct {
	ID     string
	Levels []advice.Level // that its findings have, the gravest first
	Text   string         // what it finds
}

// Checks gives the checks of Lint in order of their ids. P01 to P24 are held to
// what a package URL of the type cpan should be; from P25 on they are general.
func Checks() []Check {
	const e, w, n = advice.Error, advice.Warning, advice.Note
	return []Check{
		{"P01", levels(e), "the name is a module's: it has :: in it"},
		{"P02", levels(e), "the name has a single : or ' in it"},
		{"P03", levels(e), "the namespace is not an author's id, which is upper case"},
		{"P04", levels(e), "the namespace has more than one segment"},
		{"P05", levels(e), "author is not an author's id, which is upper case"},
		{"P06", levels(e), "namespace and author name two authors"},
		{"P07", levels(w), "the author stands as namespace, which is the old form"},
		{"P08", levels(w), "the name looks like a module's or a path, or no distribution can have it"},
		{"P09", levels(e, w), "the name carries the version; or may, where the name could be a distribution's"},
		{"P10", levels(w), "name or version has an archive's extension"},
		{"P11", levels(e, w), "distpath is no path below authors/id, or names another release; or has no archive's extension"},
		{"P12", levels(e, w), "ext contradicts the archive's name; or it spells out the default"},
		{"P13", levels(e, w), "a checksum is malformed; or only weak or unknown ones are there"},
		{"P14", levels(w), "an author stands there without a version"},
		{"P15", levels(e), "a component that is not from CPAN names no repository of its own"},
		{"P16", levels(e, w), "repository_url has credentials; or is the default, or no absolute URL that others can reach"},
		{"P17", levels(w), "the version is spelled otherwise than in META"},
		{"P18", levels(n), "the release is known from BackPAN's list only"},
		{"P19", levels(e, n), "neither index nor BackPAN's list have the release; or it is not known"},
		{"P20", levels(w), "the name differs from a distribution's only in case"},
		{"P21", levels(e), "a changed copy names the upstream release, and no repository of its own"},
		{"P22", levels(w), "a module that came with perl names a release of its own"},
		{"P23", levels(e, w), "download_url or vcs_url is no absolute URL, or has credentials; or is not encrypted"},
		{"P24", levels(w), "a qualifier is none that the type or the standard knows"},
		{"P25", levels(e), "it is no package URL at all: no pkg:, no type, no name, or too long"},
		{"P26", levels(e), "a qualifier's key is malformed, or there twice"},
		{"P27", levels(e), "the encoding is wrong: blanks, control characters, no UTF-8, a bad %, a slash or second ? or # within a part"},
		{"P28", levels(e), "the definition of another type refuses it"},
		{"P29", levels(n), "it is not written in canonical form"},
		{"P30", levels(e), "it has both a version and the qualifier vers"},
		{"P31", levels(w), "a component that is not from CPAN has the name of a distribution of CPAN"},
	}
}

func levels(all ...advice.Level) []advice.Level { return all }
