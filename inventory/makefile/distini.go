package makefile

import (
	"bytes"
	"strings"

	"nacre/meta"
)

// section is the part of a dist.ini that a line belongs to.
type section struct {
	plugin string // "Prereqs", "@Basic", "=Foo::Bar"; "" above all
	name   string // behind the slash
	line   int
	// settings are the lines that begin with a minus.
	settings map[string]string
	modules  []moduleLine
}

type moduleLine struct {
	module, version string
	line            int
}

// ReadDistINI reads a dist.ini.
func ReadDistINI(src []byte) File {
	r := &reader{}
	var sections []section
	now := section{line: 1}
	number := 0
	for raw := range bytes.Lines(src) {
		number++
		line := strings.TrimSpace(string(raw))
		if dep, ok := strings.CutPrefix(strings.TrimLeft(line, "; "), "authordep "); ok && line[0] == ';' {
			module, version, _ := strings.Cut(dep, "=")
			r.require(meta.Prereq{Phase: "develop", Relation: "requires", Line: number}, strings.TrimSpace(module),
				value{kind: text, text: strings.TrimSpace(version)}, nil)
			continue
		}
		if len(sections) == maxValues || len(now.modules) == maxValues {
			r.unresolved(meta.Construct{Line: number, What: "more than can be read (limit: settings)"})
			break
		}
		line = withoutComment(line)
		switch key, val, ok := strings.Cut(line, "="); {
		case line == "":
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			sections = append(sections, now)
			plugin, name, _ := strings.Cut(line[1:len(line)-1], "/")
			now = section{plugin: strings.TrimSpace(plugin), name: strings.TrimSpace(name), line: number}
		case !ok:
			r.unresolved(meta.Construct{Line: number, What: "line that is no setting"})
		default:
			now.setting(strings.TrimSpace(key), strings.TrimSpace(val), number)
		}
	}
	if len(sections) == 0 { // Dist::Inkt and others use the name, too
		r.unresolved(meta.Construct{Line: 1, What: "a dist.ini without plugins"})
	}
	sections = append(sections, now)
	removed := map[string]bool{}
	for _, s := range sections {
		r.section(s, removed)
	}
	kept := r.out.Requires[:0]
	for _, q := range r.out.Requires {
		if !removed[string(q.Module)] {
			kept = append(kept, q)
		}
	}
	r.out.Requires = kept
	return r.out
}

// withoutComment cuts what follows a semicolon or number sign behind a blank.
func withoutComment(line string) string {
	if strings.HasPrefix(line, ";") || strings.HasPrefix(line, "#") {
		return ""
	}
	for _, mark := range []string{" ;", "\t;", " #", "\t#"} {
		if at := strings.Index(line, mark); at >= 0 {
			line = strings.TrimSpace(line[:at])
		}
	}
	return line
}

func (s *section) setting(key, val string, line int) {
	if key, ok := strings.CutPrefix(key, "-"); ok {
		if s.settings == nil {
			s.settings = map[string]string{}
		}
		s.settings[key] = val
		return
	}
	s.modules = append(s.modules, moduleLine{key, val, line})
}

// get gives a setting, the last one of the names that is there.
func (s *section) get(names ...string) string {
	for _, name := range names {
		if v, ok := s.settings[name]; ok {
			return v
		}
	}
	return ""
}

// section reads one section.
func (r *reader) section(s section, removed map[string]bool) {
	if s.plugin != "" {
		r.plugin(s)
	}
	switch {
	case s.plugin == "":
		for _, m := range s.modules {
			if m.module == "name" {
				r.out.Name = m.version
			}
		}
	case s.plugin == "Prereqs", s.plugin == "OptionalFeature":
		r.prereqs(s)
	case s.plugin == "RemovePrereqs":
		for _, m := range s.modules {
			if m.module == "remove" {
				removed[m.version] = true
			}
		}
	case s.plugin == "MinimumPerl":
		for _, m := range s.modules {
			if m.module == "perl" {
				r.require(meta.Prereq{Phase: "runtime", Relation: "requires", Line: m.line}, "perl", value{kind: text, text: m.version}, nil)
				return
			}
		}
		r.unresolved(meta.Construct{Line: s.line, What: "MinimumPerl, which finds the least perl in the sources"})
	case s.plugin == "AutoPrereqs":
		r.unresolved(meta.Construct{Line: s.line, What: "AutoPrereqs, which finds requirements in the sources"})
	case s.plugin == "Prereqs::FromCPANfile":
		r.unresolved(meta.Construct{Line: s.line, What: "Prereqs::FromCPANfile, which takes requirements from cpanfile"})
	case strings.HasPrefix(s.plugin, "@"):
		r.unresolved(meta.Construct{Line: s.line, What: "the plugins of " + s.plugin})
	case strings.Contains(s.plugin, "Prereqs"):
		r.unresolved(meta.Construct{Line: s.line, What: "what " + s.plugin + " adds"})
	}
}

// prereqs reads [Prereqs / TestRequires] and [OptionalFeature / name]. The name
// tells phase and relation, as settings do.
func (r *reader) prereqs(s section) {
	as := meta.Prereq{Phase: "runtime", Relation: "requires"}
	if s.plugin == "OptionalFeature" {
		as.Feature = s.name
	} else {
		as.Phase, as.Relation = phaseOf(s.name)
	}
	if p := s.get("phase"); p != "" {
		as.Phase = p
	}
	if p := s.get("relationship", "type"); p != "" {
		as.Relation = p
	}
	for _, m := range s.modules {
		as.Line = m.line
		r.require(as, m.module, value{kind: text, text: m.version}, nil)
	}
}

// phaseOf reads "TestRequires", "Recommends", "DevelopSuggests". A name of
// another kind says nothing.
func phaseOf(name string) (phase, relation string) {
	lower := strings.ToLower(name)
	for _, relation = range []string{"requires", "recommends", "suggests", "conflicts"} {
		head, ok := strings.CutSuffix(lower, relation)
		if !ok {
			continue
		}
		switch head {
		case "":
			return "runtime", relation
		case "configure", "build", "test", "runtime", "develop":
			return head, relation
		}
	}
	return "runtime", "requires"
}

// plugin adds what the author needs for a section, and Dist::Zilla itself.
func (r *reader) plugin(s section) {
	as := meta.Prereq{Phase: "develop", Relation: "requires", Line: s.line}
	module := pluginModule(s.plugin)
	if strings.Contains(bundled, " "+s.plugin+" ") {
		module = "Dist::Zilla"
	}
	for _, q := range r.out.Requires {
		if string(q.Module) == module && q.Phase == as.Phase {
			return
		}
	}
	r.require(as, module, value{kind: text, text: "0"}, nil)
}

// pluginModule gives the module of a section's name.
func pluginModule(name string) string {
	if name == "" {
		return ""
	}
	switch rest := name[1:]; name[0] {
	case '@':
		return "Dist::Zilla::PluginBundle::" + rest
	case '%':
		return "Dist::Zilla::Stash::" + rest
	case '=':
		return rest
	}
	return "Dist::Zilla::Plugin::" + name
}

// bundled are the plugins that come with Dist::Zilla 6.
const bundled = ` ArchiveRelease AutoPrereqs BumpVersion CPANFile ConfirmRelease DistINI Encoding ExecDir ExtraTests ` +
	`FakeRelease FileFinder::ByName FileFinder::Filter FinderCode GatherDir GatherDir::Template GenerateFile InlineFiles ` +
	`License MakeMaker MakeMaker::Runner Manifest ManifestSkip MetaConfig MetaJSON MetaNoIndex MetaResources MetaTests ` +
	`MetaYAML ModuleBuild ModuleShareDirs NextRelease PkgDist PkgVersion PodCoverageTests PodSyntaxTests PodVersion ` +
	`Prereqs PruneCruft PruneFiles Readme RemovePrereqs ShareDir TemplateModule TestRelease UploadToCPAN ` +
	`@Basic @Classic @FakeClassic @Filter %PAUSE %Rights %User `

// ReadMinil reads a minil.toml: of TOML the first table's keys with a string on
// one line.
func ReadMinil(src []byte) File {
	var f File
	for raw := range bytes.Lines(src) {
		line := strings.TrimSpace(string(raw))
		if strings.HasPrefix(line, "[") || strings.Contains(line, `"""`) || strings.Contains(line, "'''") {
			break
		}
		key, val, ok := strings.Cut(line, "=")
		val = strings.TrimSpace(val)
		if !ok || strings.TrimSpace(key) != "name" || len(val) < 2 || val[0] != '"' && val[0] != '\'' {
			continue
		}
		if end := strings.IndexByte(val[1:], val[0]); end >= 0 && !strings.Contains(val[1:end+1], `\`) {
			f.Name = val[1 : end+1]
		}
	}
	f.Unresolved = []meta.Construct{{Line: 1, What: "Minilla, which takes requirements from cpanfile"}}
	return f
}
