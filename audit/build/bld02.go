package build

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/bundled"
	"nacre/cpan"
	"nacre/lazyregexp"
	"nacre/perlver"
	"nacre/pkgver"
)

// carried finds copies of other people's code that are older than the fix of a
// published flaw.
func carried(p *audit.Pass) {
	rel := p.Release
	if rel.FS == nil {
		return
	}
	opt := bundled.Options{}
	if rel.Facts != nil {
		opt.Dist = cpan.Dist(rel.Facts.Name.Value)
	}
	found, err := bundled.Find(context.Background(), rel.FS, opt)
	if err != nil {
		return // the reading of the release itself tells of its limits
	}
	libraries, modules := table(librariesText), table(fixedText)
	for _, l := range found.Libraries {
		if l.Version == "" || len(l.Evidence) == 0 {
			continue
		}
		at := l.Evidence[0]
		how := audit.Likely
		if aside(at.File) || at.How == "file name" {
			how = audit.Possible
		}
		report := func(name string, flaws []flaw, fixed string) {
			p.Report(audit.Found{
				Path: at.File, Line: max(at.Line, 1), Confidence: how, Severity: audit.Medium,
				Message: "a copy of " + name + " " + l.Version + " comes along, with " + list(flaws) + "; " + fixed + " is the first without",
			})
		}
		if l.Kind != bundled.Perl {
			for _, f := range libraries[l.Name] {
				if order, err := pkgver.Compare("dpkg", l.Version, f.fixed); err == nil && order < 0 {
					report(l.Name, []flaw{f}, f.fixed)
				}
			}
			continue
		}
		v, err := perlver.Parse(l.Version)
		if err != nil {
			continue
		}
		name := strings.ReplaceAll(l.Name, "-", "::")
		has := slices.DeleteFunc(slices.Clone(modules[name]), func(f flaw) bool { return !f.isIn(v) })
		if flaws, fixed := below(has, v); len(flaws) > 0 && !own(rel, l.Name) {
			report(name, flaws, fixed.String())
		}
	}
	tools(p)
}

// aside reports whether a file is for tests, examples or documents only.
func aside(file string) bool {
	for part := range strings.SplitSeq(path.Dir(file), "/") {
		switch strings.ToLower(part) {
		case "t", "xt", "test", "tests", "doc", "docs", "html", "eg", "examples", "example", "demo", "demos", "benchmark":
			return true
		}
	}
	return false
}

// own reports whether a distribution is the release's own.
func own(rel *audit.Release, dist string) bool {
	return rel.Facts != nil && rel.Facts.Name.Value == dist
}

var (
	installVersion = lazyregexp.New(`(?m)^\s*(?:our\s+)?\$VERSION\s*=\s*['"]?([0-9._]+)`)
	ppportVersion  = lazyregexp.New(`(?m)(?:Perl/Pollution/Portability,? Version |ppport\.h -- Perl/Pollution/Portability Version |--\s*Version )([0-9]+\.[0-9_]+)`)
)

// tools finds old copies of what releases are built with.
func tools(p *audit.Pass) {
	for _, file := range p.Release.Files {
		switch {
		case file == "inc/Module/Install.pm":
			outdated(p, file, installVersion, "1.17", "Module::Install", "and runs wherever the release is installed; its authors advise against it since 1.17")
		case path.Base(file) == "ppport.h" && !aside(file):
			outdated(p, file, ppportVersion, "3.41", "Devel::PPPort's ppport.h", "which has CPANSA-Devel-PPPort-2017-01; 3.41 is the first without")
		}
	}
}

func outdated(p *audit.Pass, file string, says *lazyregexp.Regexp, fixed, name, why string) {
	f, err := p.Release.FS.Open(file)
	if err != nil {
		return
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err != nil {
		return
	}
	m := says.FindSubmatchIndex(src)
	if m == nil {
		return
	}
	stated := string(src[m[2]:m[3]])
	v, err := perlver.Parse(stated)
	if err != nil {
		return
	}
	if least, err := perlver.Parse(fixed); err != nil || v.Compare(least) >= 0 {
		return
	}
	p.Report(audit.Found{
		Path: file, Line: 1 + strings.Count(string(src[:m[2]]), "\n"), Confidence: audit.Possible, Severity: audit.Low,
		Message: "a copy of " + name + " " + stated + " comes along, " + why,
	})
}
