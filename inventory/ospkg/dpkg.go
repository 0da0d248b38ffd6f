package ospkg

import (
	"bytes"
	"io"
	"io/fs"
	"slices"
	"strings"

	"nacre/inventory"
)

const (
	dpkgStatus = "var/lib/dpkg/status"
	dpkgParts  = "var/lib/dpkg/status.d"
	dpkgInfo   = "var/lib/dpkg/info/"
)

// stanza is what is wanted of a package's description.
type stanza struct {
	line                                       int // of its first
	name, status, arch, source, version, multi string
	maintainer, summary, homepage              string
	depends, preDepends                        string
}

// dpkg reads the database of dpkg.
func (s *system) dpkg() error {
	f, found, err := inventory.Open(s.fsys, dpkgStatus)
	if err != nil {
		return s.unread(err, dpkgStatus)
	}
	if !found {
		return nil
	}
	s.found = true
	defer f.Close()
	lists := map[string]bool{}
	if entries, err := fs.ReadDir(s.fsys, strings.TrimSuffix(dpkgInfo, "/")); err == nil {
		for _, e := range entries {
			if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".list") {
				lists[e.Name()] = true
			}
		}
	}
	err = stanzas(f, func(d stanza) error {
		if !d.present() {
			return nil
		}
		p := d.pkg(dpkgStatus)
		p.unlisted = true
		names := []string{d.name + ".list", d.name + ":" + d.arch + ".list"}
		if d.multi == "same" {
			names[0], names[1] = names[1], names[0]
		}
		for _, name := range names {
			if !lists[name] {
				continue
			}
			if b, err := s.open(dpkgInfo + name); err == nil {
				p.files = perlFiles(b, 0)
				p.unlisted = false
				break
			}
		}
		if p.unlisted {
			s.unlisted++
		}
		if !s.count(p) {
			return errTooMany
		}
		return s.add(p)
	})
	if err != nil {
		return s.unread(err, dpkgStatus)
	}
	return nil
}

// dpkgParts reads the folder that images have which are made without dpkg: a
// description for each package, and the checksums of its files.
func (s *system) dpkgParts() error {
	entries, err := fs.ReadDir(s.fsys, dpkgParts)
	if err != nil {
		return nil // most systems have none
	}
	for _, e := range entries {
		file := dpkgParts + "/" + e.Name()
		if e.IsDir() || strings.HasSuffix(file, ".md5sums") {
			continue
		}
		if err := s.dpkgPart(file); err != nil {
			return err
		}
	}
	return nil
}

func (s *system) dpkgPart(file string) error {
	f, found, err := inventory.Open(s.fsys, file)
	if err != nil || !found {
		return s.unread(err, file)
	}
	s.found = true
	defer f.Close()
	err = stanzas(f, func(d stanza) error {
		if d.status != "" && !d.present() {
			return nil
		}
		p := d.pkg(file)
		if b, err := s.list(file + ".md5sums"); err == nil {
			p.files = perlFiles(b, 34) // 32 digits and two blanks
		} else {
			p.unlisted = true
			s.unlisted++
		}
		if !s.count(p) {
			return errTooMany
		}
		return s.add(p)
	})
	if err != nil {
		return s.unread(err, file)
	}
	return nil
}

// stanzas gives the stanzas of a control file that name a package.
func stanzas(r io.Reader, take func(stanza) error) error {
	var d stanza
	end := func() error {
		defer func() { d = stanza{} }()
		if d.name == "" || d.version == "" {
			return nil
		}
		return take(d)
	}
	fields := map[string]*string{
		"Package": &d.name, "Status": &d.status, "Architecture": &d.arch,
		"Source": &d.source, "Version": &d.version, "Multi-Arch": &d.multi,
		"Maintainer": &d.maintainer, "Description": &d.summary, "Homepage": &d.homepage,
		"Depends": &d.depends, "Pre-Depends": &d.preDepends,
	}
	err := lines(r, func(n int, line []byte) error {
		if len(line) == 0 {
			return end()
		}
		if d.line == 0 {
			d.line = n
		}
		key, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || line[0] == ' ' || line[0] == '\t' {
			return nil
		}
		if field := fields[string(key)]; field != nil {
			*field = string(bytes.TrimSpace(value))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return end()
}

// present reports whether a package's files are there, by the last of the three
// words of its status: whether they are configured, held or about to be removed
// does not matter to perl.
func (d stanza) present() bool {
	switch d.status[strings.LastIndexByte(d.status, ' ')+1:] {
	case "installed", "triggers-pending", "triggers-awaited", "half-configured", "unpacked":
		return true
	}
	return false
}

// pkg is the package of a stanza. Source has a version where it is another one.
func (d stanza) pkg(file string) *pkg {
	source, version := d.name, d.version
	if d.source != "" {
		name, other, ok := strings.Cut(d.source, " ")
		source = name
		if ok {
			version = strings.Trim(other, " ()")
		}
	}
	return &pkg{
		Package: inventory.Package{
			Manager: "dpkg", Name: d.name, Version: d.version, Source: source, SourceVersion: version,
			Arch: d.arch, Maintainer: d.maintainer, Summary: d.summary, Homepage: d.homepage,
			Depends: dpkgNames(d.depends + ", " + d.preDepends),
		},
		at: inventory.Evidence{File: file, Line: d.line, How: "dpkg " + d.name + " " + d.version},
	}
}

// perlFiles picks the files that matter from a list of files, each on a line
// behind a number of other characters. Most packages have none, and cost a
// search.
func perlFiles(list []byte, skip int) []string {
	var files []string
	for _, ending := range []string{".pm", "/.packlist"} {
		for rest := list; ; {
			i := bytes.Index(rest, []byte(ending))
			if i < 0 {
				break
			}
			after := i + len(ending)
			if after == len(rest) || rest[after] == '\n' {
				begin := bytes.LastIndexByte(rest[:i], '\n') + 1 + skip
				if begin < i {
					files = append(files, string(bytes.TrimLeft(rest[begin:after], "/")))
				}
			}
			rest = rest[after:]
		}
	}
	return files
}

// dpkgNames are the packages that a relation names: "perl:any (>= 5.36), a | b" is
// a, b and perl.
func dpkgNames(relation string) []string {
	var names []string
	for one := range strings.FieldsFuncSeq(relation, func(r rune) bool { return r == ',' || r == '|' }) {
		name, _, _ := strings.Cut(strings.TrimSpace(one), " ")
		name, _, _ = strings.Cut(name, ":")
		names = append(names, name)
	}
	return sorted(names)
}

// sorted gives names in order, each once, without the empty one.
func sorted(names []string) []string {
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 0 && names[0] == "" {
		names = names[1:]
	}
	if len(names) == 0 {
		return nil
	}
	return names
}
