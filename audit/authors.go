package audit

import (
	"slices"
	"strings"

	"nacre/perlsrc"
)

// ofAuthors are the first names of modules that authors use on code of their own:
// to test, criticise, build and release it.
var ofAuthors = []string{"Test", "Test2", "TAP", "Dist", "Minilla"}

// ofAuthorsToo are others, of two names.
var ofAuthorsToo = []string{"Perl::Critic", "Pod::Coverage", "Pod::Weaver", "Module::Build", "Module::Install", "ExtUtils::MakeMaker", "Devel::Cover"}

// ForAuthors reports whether the package around a node is a tool that authors use on
// code of their own: what its callers give is theirs, and nobody sends it.
func (f *File) ForAuthors(n perlsrc.NodeID) bool {
	pkg := f.Tree.EnclosingPackage(n)
	first, _, more := strings.Cut(pkg, "::")
	return more && slices.Contains(ofAuthors, first) || slices.ContainsFunc(ofAuthorsToo, func(name string) bool {
		return pkg == name || strings.HasPrefix(pkg, name+"::")
	})
}
