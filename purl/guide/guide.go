// Package guide is the guide to package URLs of the type cpan, as questions and
// answers: which package URL for this case, why, and what goes wrong.
//
//	c, _ := guide.Find("6")
//	c.Question            == "Our product uses a distribution of our own archive. Which purl?"
//	c.Answers[0].PURL     == "pkg:cpan/Acme-Billing@1.0?author=LOCAL&repository_url=https:%2F%2Fdarkpan.example%2F"
//	c.Answers[0].Wrong[0] == guide.Wrong{PURL: "pkg:cpan/Acme-Billing@1.0", Check: "P15", ...}
//
// Promised: the lint of package purl finds no error in any package URL that is
// an answer, nor a warning, and in one that is called wrong it finds the check
// that is named. docs/purl-guide.md is Markdown's text; a test compares them.
//
// Not promised: that the examples exist. Names, authors and digests are made
// up, but for perl's own.
//
// Sources: package-url/purl-spec, types/cpan-definition.json; the use cases
// that the CPAN Security Group lists, and one more; CycloneDX 1.6 for where a
// package URL goes.
package guide

import "nacre/purl"

// Case is one use case.
type Case struct {
	ID       string // "1a"
	Title    string // a phrase
	Question string
	Answers  []Answer
}

// Answer is the answer to the question of a case, where it holds.
type Answer struct {
	When string // where this answer holds; "" is always
	PURL string // "" where none is right
	// Ancestor is the package URL that goes into the pedigree; "" is none.
	Ancestor string
	Model    string // where it goes in a bill of materials
	Why      string
	Pitfalls []string
	Wrong    []Wrong
	// Facts are what the lint is told of the component, beside the text.
	Facts purl.LintOptions
}

// Wrong is a package URL that one meets and should not write.
type Wrong struct {
	PURL  string
	Check string // of the lint, which finds it
	Why   string
}

// Cases gives all cases in the order of the guide.
func Cases() []Case {
	return []Case{
		systemPerl(), builtPerl(), vendorPerl(),
		tool(), vendored(), project(), distribution(), darkpan(), core(), others(),
	}
}

// Find gives the case of that id.
func Find(id string) (Case, bool) {
	for _, c := range Cases() {
		if c.ID == id {
			return c, true
		}
	}
	return Case{}, false
}
