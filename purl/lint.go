package purl

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/package-url/packageurl-go"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
)

// Finding is what Lint finds. Message and Hint are clauses without a full stop.
type Finding struct {
	ID      string // "P01": see Checks
	Level   advice.Level
	Message string
	Hint    string // how to mend it
}

// Index is what Lint asks about releases. Its answers are about one archive,
// CPAN; what it does not hold, it does not know. It is asked by one goroutine
// at a time. Package cpan/mirror has one.
type Index interface {
	// OwnerOf gives the distribution that holds a module.
	OwnerOf(cpan.Module) (cpan.Dist, bool)
	// Standing says what is known of a version of a distribution, or with "" of
	// any.
	Standing(d cpan.Dist, version string) cpan.Standing
	// LikeDist gives a distribution whose name differs only in case.
	LikeDist(cpan.Dist) (cpan.Dist, bool)
}

// LintOptions are the facts about a component that its package URL does not
// show. The zero LintOptions know none.
type LintOptions struct {
	Index       Index  // nil: nothing is looked up
	Private     bool   // the component is not from CPAN (P15, P31)
	MetaVersion string // the version that its META states (P17)
	Modified    bool   // it is a copy that somebody changed (P21)
	Core        bool   // it came with perl (P22)
}

// Lint checks a text that should be a package URL, and gives what it finds in
// order of the ids. There is an error among the findings where Parse refuses
// the text, and where one of the other checks of level error finds something;
// other types than cpan are held to the general checks and to P13 and P23.
func Lint(s string, o LintOptions) []Finding {
	p, problems := read(s)
	l := linter{o: o, p: p, dist: cpan.Dist(p.Name), readable: len(problems) == 0}
	for _, x := range problems {
		l.problem(x)
	}
	if p.Name != "" {
		l.parts()
	}
	if l.readable {
		if canonical := p.ToString(); canonical != s {
			l.add("P29", advice.Note, "is not in canonical form", "write "+canonical)
		}
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Message, b.Message))
	})
	return slices.Compact(l.found)
}

// linter holds one text while it is checked. Of a text that Parse refuses the
// parts are as good as can be told.
type linter struct {
	o        LintOptions
	p        packageurl.PackageURL
	dist     cpan.Dist
	readable bool
	found    []Finding
}

func (l *linter) add(id string, level advice.Level, message, hint string) {
	l.found = append(l.found, Finding{id, level, message, hint})
}

func (l *linter) error(id, message, hint string)   { l.add(id, advice.Error, message, hint) }
func (l *linter) warning(id, message, hint string) { l.add(id, advice.Warning, message, hint) }

// problem makes a finding of a reason to refuse the text.
func (l *linter) problem(x problem) {
	hint := fault.HintOf(x.err)
	if x.id == "P01" {
		hint = l.ownerHint(l.p.Name)
	}
	if _, ok := errors.AsType[*fault.Error](x.err); ok && hint == "" {
		hint = map[string]string{
			"P26": "a key is letters, digits, dot, hyphen and underscore, begins with no digit, and is there once",
			"P27": "write what is not a letter, a digit or one of . - _ ~ : as % and two hex digits of its UTF-8",
			"P28": "the definition of this type at github.com/package-url/purl-spec says what it wants",
		}[x.id]
	}
	if hint == "" {
		hint = "a package url looks like pkg:cpan/Foo-Bar@1.23"
	}
	l.error(x.id, x.err.Error(), hint)
}

// ownerHint says which distribution a module is of, as far as that is known.
func (l *linter) ownerHint(module string) string {
	if l.o.Index == nil {
		return "name the distribution that holds the module; with the index of a mirror nacre purl from-module finds it"
	}
	m := cpan.Module(strings.ReplaceAll(module, "'", "::"))
	if d, ok := l.o.Index.OwnerOf(m); ok {
		return "the index has " + string(m) + " in the distribution " + string(d)
	}
	return "name the distribution that holds the module; the index at hand has no module of that name"
}

// parts checks the parts of a text that has a name.
func (l *linter) parts() {
	l.checksum()
	l.address("download_url")
	l.address("vcs_url")
	if l.qualifier("vers") != "" && l.p.Version != "" {
		l.error("P30", "has a version and a range of versions", "leave out the qualifier vers, or the version")
	}
	if l.p.Type != packageurl.TypeCpan {
		return
	}
	l.name()
	l.author()
	l.version()
	l.distpath()
	l.ext()
	l.repository()
	l.keys()
	l.component()
	if l.o.Index != nil {
		l.lookUp()
	}
}

func (l *linter) qualifier(key string) string {
	for _, q := range l.p.Qualifiers {
		if strings.EqualFold(q.Key, key) {
			return q.Value
		}
	}
	return ""
}

// isOther says whether the purl names another repository than CPAN, or the
// caller says that the component is not from there.
func (l *linter) isOther() bool {
	url := l.qualifier("repository_url")
	return l.o.Private || url != "" && !isDefaultRepository(url)
}
