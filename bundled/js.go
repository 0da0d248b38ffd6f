package bundled

import (
	"bytes"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"nacre/license"
)

// jsHead is how much of a script is read: banners stand at its top.
const jsHead = 8 << 10

// scripts finds libraries for browsers: by the package.json beside them, by
// their banners, and by the names of their files.
func (s *search) scripts() error {
	known := browserLibs()
	var list []Library
	packages := map[string]int{} // folder of a package.json: the library
	for _, name := range s.files {
		if base := path.Base(name); (base == "package.json" || base == "bower.json") && path.Dir(name) != "." {
			src, err := s.read(name, maxFile)
			if err != nil {
				return err
			}
			if l, ok := ofManifest(name, src); ok {
				if _, twice := packages[l.Dir]; !twice {
					packages[l.Dir] = len(list)
					list = append(list, l)
				}
			}
		}
	}
	byName := map[[2]string]int{} // name and version
	var named []Library           // of a file's name alone, without version
	for _, name := range s.files {
		kind, ok := scriptKind(name)
		if !ok {
			continue
		}
		src, err := s.read(name, jsHead)
		if err != nil {
			return err
		}
		l, ok := toldBy(name, kind, src, known)
		if i, inside := inPackage(packages, name); inside {
			list[i].Files = append(list[i].Files, name)
			if !ok || !isStranger(l, list[i].Name, known) {
				continue
			}
		}
		switch {
		case !ok:
			s.found.Unidentified = append(s.found.Unidentified, name)
			continue
		case l.Version == "":
			named = append(named, l)
			continue
		}
		list = unite(list, byName, l)
	}
	alone := beside(named, list)
	s.found.Libraries = slices.Concat(s.found.Libraries, list, alone)
	return nil
}

// unite adds a library, or its files to the one of its name and version; byName
// has their places.
func unite(list []Library, byName map[[2]string]int, l Library) []Library {
	key := [2]string{l.Name, l.Version}
	i, twice := byName[key]
	if !twice {
		byName[key] = len(list)
		return append(list, l)
	}
	o := &list[i]
	o.Dir = common(o.Dir, l.Dir)
	o.Files = append(o.Files, l.Files...)
	o.Evidence = append(o.Evidence, l.Evidence...)
	if o.License != l.License {
		o.License = ""
	}
	return list
}

// beside puts files that only their names tell to the library of that name in
// their folder, and gives those that have none: the style sheet of a script that
// states its version.
func beside(named, list []Library) []Library {
	at := map[[2]string]int{} // folder and name; -1 of several versions
	for i, l := range list {
		for _, f := range l.Files {
			key := [2]string{path.Dir(f), l.Name}
			if j, ok := at[key]; ok && j != i {
				at[key] = -1
			} else {
				at[key] = i
			}
		}
	}
	var alone []Library
	byName := map[[2]string]int{}
	for _, l := range named {
		key := [2]string{l.Dir, l.Name}
		if i, ok := at[key]; ok && i >= 0 {
			list[i].Files = append(list[i].Files, l.Files...)
			list[i].Evidence = append(list[i].Evidence, l.Evidence...)
			continue
		}
		alone = unite(alone, byName, l)
	}
	return alone
}

// isStranger reports whether a script in the folder of a package is a library of
// its own: the package is called otherwise, and angular-animate is of angular.
func isStranger(l Library, in string, known []browserLib) bool {
	return l.Evidence[0].How == "banner" && !strings.Contains(strings.ToLower(in), l.Name) &&
		slices.ContainsFunc(known, func(k browserLib) bool { return k.name == l.Name })
}

func scriptKind(name string) (Kind, bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".js", ".mjs":
		return JavaScript, true
	case ".css":
		return CSS, true
	}
	return "", false
}

// inPackage finds the library whose package.json is in a folder above a file.
func inPackage(packages map[string]int, name string) (int, bool) {
	if len(packages) == 0 {
		return 0, false
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if i, ok := packages[dir]; ok {
			return i, true
		}
	}
	return 0, false
}

// ofManifest reads a package.json or bower.json. One without name and version,
// or that says that it is private, is nobody's library.
func ofManifest(name string, src []byte) (Library, bool) {
	var p struct {
		Name, Version string
		License       any
		Private       bool
	}
	if json.Unmarshal(src, &p) != nil || p.Private || p.Name == "" || p.Version == "" || len(p.Name) > 214 || len(p.Version) > 100 {
		return Library{}, false
	}
	l := Library{Name: p.Name, Version: p.Version, Kind: JavaScript, Dir: path.Dir(name), Files: []string{name}}
	l.Evidence = []Evidence{{name, 0, path.Base(name), manifest}}
	if path.Base(name) == "package.json" {
		l.PURL = npmURL(p.Name, p.Version)
	}
	if text, ok := p.License.(string); ok {
		if e, err := license.Parse(text); err == nil && len(e.Unknown()) == 0 {
			l.License = e.String()
		}
	}
	return l, true
}

// npmURL gives the package URL of a name and a version that npm could have.
func npmURL(name, version string) string {
	if !npmName().MatchString(name) || version == "" || number(version) != version {
		return ""
	}
	scope, rest, scoped := strings.Cut(name, "/")
	if !scoped {
		scope, rest = "", name
	}
	return urlOf("npm", scope, rest, version)
}

// npmName is how packages of npm may be called, upper case as old ones are.
var npmName = lazy(`^(@[A-Za-z0-9~-][A-Za-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$`)

// toldBy tells which library a script is, by its banner or its name.
func toldBy(name string, kind Kind, src []byte, known []browserLib) (Library, bool) {
	l := Library{Kind: kind, Dir: path.Dir(name), Files: []string{name}}
	if told := license.Recognise(src); len(told) == 1 {
		l.License = told[0].Expression.String()
	}
	file, fileVersion := nameAndVersion(name)
	first, best := -1, 0
	for i, k := range known {
		if k.banner == "" {
			continue
		}
		at, version := banner(src, k.banner)
		version, _, _ = strings.Cut(version, "+") // "+slim" is the same release
		if version == "" || !strings.Contains(version, ".") || !opens(src[:at]) {
			continue
		}
		if first < 0 || at < first || at == first && len(k.banner) > len(known[best].banner) {
			first, best = at, i
			l.Name, l.Version = k.name, version
		}
	}
	if first >= 0 {
		sure := markOnly
		if file == l.Name {
			sure = ownFile
		}
		l.Kind, l.PURL = known[best].kind, npmURL(known[best].npm, l.Version)
		l.Evidence = []Evidence{{name, lineOf(src, first), "banner", sure}}
		return l, true
	}
	if m := anyBanner().FindSubmatchIndex(src[:min(len(src), 600)]); m != nil {
		l.Name, l.Version = string(src[m[2]:m[3]]), string(src[m[4]:m[5]])
		l.Evidence = []Evidence{{name, lineOf(src, m[2]), "banner", markOnly}}
		return l, true
	}
	i := slices.IndexFunc(known, func(k browserLib) bool { return k.name == file || k.name == file+".js" })
	if i >= 0 && fileVersion == "" {
		if at, version := banner(src, "@version"); version != "" {
			l.Name, l.Version, l.PURL = known[i].name, version, npmURL(known[i].npm, version)
			l.Evidence = []Evidence{{name, lineOf(src, at), "banner", ownFile}}
			return l, true
		}
	}
	whole := len(src) == jsHead || strings.Contains(path.Base(name), "min.") // a small handlebars.js is somebody's about handlebars
	if i >= 0 && fileVersion == "" && !whole || i < 0 && !strings.Contains(fileVersion, ".") {
		return Library{}, false
	}
	l.Name, l.Version = file, fileVersion
	l.Evidence = []Evidence{{name, 0, "file name", markOnly}}
	return l, true
}

// opens reports whether nothing but the marks of a comment stands between the
// beginning of the line and its end: a library names itself there, and others
// in sentences.
func opens(before []byte) bool {
	row := before[bytes.LastIndexByte(before, '\n')+1:]
	row = bytes.TrimLeft(row, " \t/*!\ufeff")
	for _, word := range []string{"@license", "@preserve", "@cc_on", "The", "var", "this."} {
		row = bytes.TrimPrefix(row, []byte(word))
		row = bytes.TrimSpace(row)
	}
	return len(row) == 0 || bytes.HasSuffix(row, []byte("*/")) || bytes.HasSuffix(row, []byte("/*!")) || bytes.HasSuffix(row, []byte("/*"))
}

// anyBanner is the usual first line of a library that no table knows:
// "/*! Some Library v1.2.3 ...".
var anyBanner = lazy(`^\s*/\*[!*]?[\s*]*(?:@license\s+)?([A-Za-z][A-Za-z0-9 ._-]{1,38}[A-Za-z0-9])[ \t]*[-,:]?[ \t]+[vV](?:ersion )?[ \t]?([0-9]+\.[0-9][0-9A-Za-z.+-]*)`)

// nameAndVersion takes a file's name apart: jquery-3.5.1.min.js is jquery,
// 3.5.1.
func nameAndVersion(file string) (name, version string) {
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	for _, end := range []string{".min", "-min", ".pack", ".slim", ".umd", ".bundle", ".packed", ".prod", ".production"} {
		base = strings.TrimSuffix(base, end)
	}
	if m := fileVersion().FindStringSubmatch(base); m != nil {
		return m[1], m[2]
	}
	return base, ""
}

var fileVersion = lazy(`^([A-Za-z][A-Za-z0-9._]*?(?:-[A-Za-z][A-Za-z0-9._]*?)*)[-._]v?([0-9]+(?:\.[0-9]+)+[0-9A-Za-z.+-]*)$`)

// fonts finds fonts, by their names: what a font says inside is not read.
func (s *search) fonts() error {
	families := map[string]int{}
	var list []Library
	for _, name := range s.files {
		switch strings.ToLower(path.Ext(name)) {
		case ".ttf", ".otf", ".woff", ".woff2", ".eot":
		default:
			continue
		}
		family := strings.TrimSuffix(name, path.Ext(name))
		if i, ok := families[family]; ok {
			list[i].Files = append(list[i].Files, name)
			continue
		}
		families[family] = len(list)
		list = append(list, Library{
			Name: path.Base(family), Kind: Font, Dir: path.Dir(name), Files: []string{name},
			Evidence: []Evidence{{name, 0, "file name", markOnly}},
		})
	}
	s.found.Libraries = append(s.found.Libraries, list...)
	return nil
}
