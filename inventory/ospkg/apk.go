package ospkg

import (
	"strings"

	"nacre/inventory"
)

var apkFiles = []string{"lib/apk/db/installed", "usr/lib/apk/db/installed"}

// apk reads the database of apk: lines of a letter, a colon and a value, and an
// empty line behind each package. F is a folder, and R a file in it.
func (s *system) apk() error {
	for _, file := range apkFiles {
		f, found, err := inventory.Open(s.fsys, file)
		if err != nil {
			return s.unread(err, file)
		}
		if !found {
			continue
		}
		s.found = true
		defer f.Close()
		var p *pkg
		var folder string
		end := func() error {
			q := p
			p, folder = nil, ""
			if q == nil || q.Name == "" || q.Version == "" {
				return nil
			}
			if q.Source == "" {
				q.Source = q.Name
			}
			q.SourceVersion = q.Version // apk builds them in one
			q.at.How = "apk " + q.Name + " " + q.Version
			if !s.count(q) {
				return errTooMany
			}
			return s.add(q)
		}
		err = lines(f, func(n int, line []byte) error {
			if len(line) == 0 {
				return end()
			}
			if len(line) < 2 || line[1] != ':' {
				return nil
			}
			if p == nil {
				p = &pkg{Package: inventory.Package{Manager: "apk"}, at: inventory.Evidence{File: file, Line: n}}
			}
			value := line[2:]
			switch line[0] {
			case 'P':
				p.Name = string(value)
			case 'V':
				p.Version = string(value)
			case 'o':
				p.Source = string(value)
			case 'U':
				p.Dist, p.Homepage = distOf(value), string(value)
			case 'A':
				p.Arch = string(value)
			case 'm':
				p.Maintainer = string(value)
			case 'T':
				p.Summary = string(value)
			case 'L':
				p.License = string(value)
			case 'D':
				p.Depends = apkNames(string(value))
			case 'F':
				folder = strings.Trim(string(value), "/")
			case 'R':
				if name := string(value); strings.HasSuffix(name, ".pm") || name == ".packlist" {
					p.files = append(p.files, strings.TrimPrefix(folder+"/"+name, "/"))
				}
			}
			return nil
		})
		if err == nil {
			err = end()
		}
		if err != nil {
			return s.unread(err, file)
		}
		return nil // usr/lib may be the same folder
	}
	return nil
}

// apkNames are the packages that a relation names: "perl perl-foo>=1.2 so:libc.so"
// is perl and perl-foo; what begins with ! must not be there.
func apkNames(relation string) []string {
	var names []string
	for name := range strings.FieldsSeq(relation) {
		if name[0] == '!' || strings.Contains(name, ":") || strings.HasPrefix(name, "/") {
			continue
		}
		if i := strings.IndexAny(name, "<>=~"); i >= 0 {
			name = name[:i]
		}
		names = append(names, name)
	}
	return sorted(names)
}
