// Package build holds the rules on what a release does and brings when it is
// built: programs that reach the network while they configure, old copies of other
// people's code, and minimums that let in versions with published flaws.
//
//	requires 'HTTP::Tiny', '0.070';
//
// lets in versions that check no certificates (BLD03). BLD01 looks at Makefile.PL,
// Build.PL and their like, BLD02 at the libraries that package bundled finds.
//
// The tables fixed.txt (modules) and libraries.txt hold, for a choice of widely
// used names, the versions in which published flaws were fixed. A test holds them
// against the advisories that they are taken from.
//
// Promised: a version that nobody states is no finding. Not promised: that a
// library below its fixed version is vulnerable, as distributors patch; nor that
// the tables know everything, which is what the advisory database is for.
//
// Sources: the CPAN Security Advisory database; the documentation of
// ExtUtils::MakeMaker, Module::Build and Module::Install.
package build

import (
	_ "embed"

	"nacre/audit"
)

var (
	//go:embed BLD01.txtar
	bld01 string
	//go:embed BLD02.txtar
	bld02 string
	//go:embed BLD03.txtar
	bld03 string
)

// Rules gives the rules of the room.
func Rules() []*audit.Rule {
	return []*audit.Rule{
		{Text: bld01, Perl: reaching},
		{Text: bld02, Release: carried},
		{Text: bld03, Release: minimums},
	}
}
