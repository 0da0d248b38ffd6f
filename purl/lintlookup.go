package purl

import (
	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
)

// component checks against what the caller knows of the component: P15, P21,
// P22.
func (l *linter) component() {
	repository := l.qualifier("repository_url")
	switch {
	case !l.o.Private:
	case repository == "":
		l.error("P15", "is not from CPAN, and names no repository",
			"add repository_url with the address of the repository that it is from")
	case isDefaultRepository(repository):
		l.error("P15", "is not from CPAN, and names CPAN as its repository",
			"write the address of the repository that it is from into repository_url")
	}
	if l.o.Modified && (repository == "" || isDefaultRepository(repository)) {
		l.error("P21", "names an upstream release, and the component is a changed copy of it",
			"give the copy a name of its own, or no package url, and put this one into its pedigree as the ancestor")
	}
	if l.o.Core && l.dist != "perl" {
		l.warning("P22", "names a release of its own, and the component came with perl",
			"name perl and the file: pkg:cpan/perl@VERSION#lib/PATH.pm")
	}
}

// lookUp asks the index: P08, P18, P19, P20, P31.
func (l *linter) lookUp() {
	x, d := l.o.Index, l.dist
	if _, err := cpan.ParseDist(l.p.Name); err != nil {
		return
	}
	anyVersion := x.Standing(d, "")
	known := anyVersion != cpan.Unknown && anyVersion != cpan.Nowhere
	if l.isOther() {
		if l.o.Private && known {
			l.warning("P31", "is not from CPAN, and CPAN has a distribution "+string(d)+" too",
				"an installer may take the wrong one; rename it, or make sure that only its own repository is asked for it")
		}
		return
	}
	if !known {
		l.warnOfName()
	}
	if l.p.Version == "" && known {
		return
	}
	release := string(d)
	if l.p.Version != "" {
		release += " " + l.p.Version
	}
	switch x.Standing(d, l.p.Version) {
	case cpan.Withdrawn:
		l.add("P18", advice.Note, release+": withdrawn upstream; BackPAN has it",
			"add repository_url with the address of a BackPAN, so that it can be found")
	case cpan.OnBackPAN:
		l.add("P18", advice.Note, release+": not in the index, and in the list of BackPAN: superseded, or withdrawn upstream",
			"where CPAN has it no more, add repository_url with the address of a BackPAN")
	case cpan.Nowhere:
		l.error("P19", release+": neither the index has it nor BackPAN's list",
			"check name and version; where it is not from CPAN, add repository_url")
	case cpan.Unknown:
		l.add("P19", advice.Note, release+": not in the index, which has the latest releases only; whether it exists is not known",
			"a list of BackPAN in the mirror would tell")
	}
}

// warnOfName says what a name that no list has may have been meant to be.
func (l *linter) warnOfName() {
	name := fault.Quote(l.p.Name)
	if like, ok := l.o.Index.LikeDist(l.dist); ok {
		l.warning("P20", "name "+name+": differs only in case from the distribution "+string(like), "write "+string(like))
		return
	}
	m := cpan.ModuleFromDist(l.dist)
	if owner, ok := l.o.Index.OwnerOf(m); ok && owner != l.dist {
		l.warning("P08", "name "+name+": is no distribution in the index, and "+string(m)+" is a module of "+string(owner), "write "+string(owner))
	}
}
