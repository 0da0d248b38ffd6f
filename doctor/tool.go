package doctor

import (
	"fmt"
	"strings"

	"nacre/meta"
)

// tool is what META is made by, as far as the checkout's files tell: an author
// is told what to write where they write it.
type tool struct {
	file  string // where META's data stands, "" for an unknown tool
	build string // what makes a release with a META of its own
	// What to write there for an abstract, an author, a licence, and links.
	abstract, author, license, links string
	// extra is where keys of META go that the tool has no word for.
	extra string
	// phases are where modules are listed, by phase and relation, as "test
	// requires".
	phases [][2]string
	perl   string // a lowest perl, with %s for its number
	module string // one module in such a list, with %s for its name and version
}

var (
	makeMaker = tool{
		file: "Makefile.PL", build: "make dist", abstract: "ABSTRACT => 'what it is for', or ABSTRACT_FROM with the file that has the documentation",
		author: "AUTHOR => 'Name <address>'", license: "LICENSE => 'perl_5', or what it is", extra: "META_MERGE",
		links: "META_MERGE => { 'meta-spec' => { version => 2 }, resources => { ... } }",
		phases: [][2]string{
			{"runtime requires", "PREREQ_PM"}, {"test requires", "TEST_REQUIRES"}, {"build requires", "BUILD_REQUIRES"}, {"configure requires", "CONFIGURE_REQUIRES"},
		},
		perl: "MIN_PERL_VERSION => '%s'", module: "'%s' => '%s'",
	}
	moduleBuild = tool{
		file: "Build.PL", build: "./Build dist", abstract: "dist_abstract => 'what it is for'", author: "dist_author => 'Name <address>'",
		license: "license => 'perl_5', or what it is", extra: "meta_merge", links: "meta_merge => { resources => { ... } }",
		phases: [][2]string{
			{"runtime requires", "requires"},
			{"test requires", "test_requires"},
			{"build requires", "build_requires"},
			{"configure requires", "configure_requires"},
			{"runtime recommends", "recommends"},
		},
		perl: "perl => '%s' in requires", module: "'%s' => '%s'",
	}
	moduleInstall = tool{
		file: "Makefile.PL", build: "make dist", abstract: "abstract 'what it is for';", author: "author 'Name <address>';", license: "license 'perl';, or what it is",
		links: "repository '...'; and bugtracker '...';", perl: "perl_version '%s';", module: "'%s' => '%s'",
		phases: [][2]string{
			{"runtime requires", "requires"},
			{"test requires", "test_requires"},
			{"build requires", "build_requires"},
			{"configure requires", "configure_requires"},
			{"runtime recommends", "recommends"},
		},
	}
	distZilla = tool{
		file: "dist.ini", build: "dzil build", abstract: "abstract = what it is for, or a line # ABSTRACT: in the main module", author: "author = Name <address>",
		license: "license = Perl_5, or what it is", links: "a section [MetaResources]",
		phases: [][2]string{
			{"runtime requires", "[Prereqs]"},
			{"test requires", "[Prereqs / TestRequires]"},
			{"build requires", "[Prereqs / BuildRequires]"},
			{"configure requires", "[Prereqs / ConfigureRequires]"},
			{"develop requires", "[Prereqs / DevelopRequires]"},
			{"runtime recommends", "[Prereqs / RuntimeRecommends]"},
			{"test recommends", "[Prereqs / TestRecommends]"},
		},
		perl: "perl = %s in [Prereqs]", module: "%s = %s",
	}
)

// madeBy looks for the tool. A file that another one is made of comes behind
// that.
func (e *examination) madeBy() *tool {
	if _, ok := e.text("dist.ini"); ok {
		return &distZilla
	}
	if _, ok := e.text("minil.toml"); ok {
		return &tool{} // it takes most from the documentation, and the rest from the cpanfile
	}
	if s, ok := e.text("Build.PL"); ok {
		if strings.Contains(s, "Module::Build") && !strings.Contains(s, "Module::Build::Tiny") {
			return &moduleBuild
		}
		return &tool{}
	}
	if s, ok := e.text("Makefile.PL"); ok {
		switch {
		case strings.Contains(s, "inc::Module::Install"):
			return &moduleInstall
		case strings.Contains(s, "ExtUtils::MakeMaker"):
			return &makeMaker
		}
	}
	return &tool{}
}

// write says where to write something, behind what is to be there.
func (e *examination) write(what, words string) string {
	switch {
	case e.tool.file == "" || words == "":
		if what == "" {
			return byTool
		}
		return what + "; " + byTool
	case what == "":
		return fmt.Sprintf("in %s, %s", e.tool.file, words)
	}
	return fmt.Sprintf("%s: in %s, %s", what, e.tool.file, words)
}

// made says that what is patched in META alone does not last.
func (t *tool) made() string {
	if t.file == "" {
		return "META is made by the build tool: what is to stand there is said in Makefile.PL, Build.PL or dist.ini; a patch of META alone lasts until the next release"
	}
	return fmt.Sprintf("META is made of %s: say there what is to stand in it. %s puts a new one into the release, which can be looked over like this; a META that lies in a checkout is not renewed by it", t.file, t.build)
}

// list says a line of a cpanfile in the words of the tool; ok is false where it
// has none for it.
func (t *tool) list(line string) (words string, ok bool) {
	f, err := meta.ReadCpanfile(strings.NewReader(line))
	if err != nil || len(f.Requires) != 1 || t.file == "" {
		return "", false
	}
	s := &f.Requires[0]
	version := strings.TrimPrefix(s.Range, ">= ")
	if s.Module == "perl" {
		return fmt.Sprintf("in %s, add %s", t.file, fmt.Sprintf(t.perl, version)), true
	}
	where := ""
	for _, p := range t.phases {
		if p[0] == s.Phase+" "+s.Relation {
			where = p[1]
		}
	}
	if version == "" {
		version = "0"
	}
	entry := fmt.Sprintf(t.module, s.Module, version)
	switch {
	case where != "":
		return fmt.Sprintf("in %s, add %s to %s", t.file, entry, where), true
	case t.extra != "":
		return fmt.Sprintf("in %s, add %s to prereqs, %s, %s of %s", t.file, entry, s.Phase, s.Relation, t.extra), true
	}
	return "", false
}
