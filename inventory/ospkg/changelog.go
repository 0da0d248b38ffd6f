package ospkg

import (
	"bytes"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"

	"nacre/inventory"
)

const (
	maxChangelog  = 8 << 20   // bytes, unpacked
	maxChangelogs = 512 << 20 // bytes of all; a whole desktop's have some 150 MB
	maxChanges    = 2000      // CVEs of one package
)

// Where Debian's packages have their changelog.
const docs = "usr/share/doc/"

var changelogs = []string{"changelog.Debian.gz", "changelog.gz"}

// changesOf gives the CVEs of a package's changelog. Packages of one source
// have the same, and often a link to it.
func (s *system) changesOf(p *pkg) []string {
	key := p.Manager + " " + p.Source + " " + p.SourceVersion
	if ids, ok := s.changes[key]; ok {
		return ids
	}
	var ids []string
	if p.changes != nil {
		ids = p.changes()
	} else if p.Manager == "dpkg" {
		ids = s.debianChanges(p.Name)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) > maxChanges {
		s.notice(false, p.at, "the changelog of %s names more than %d CVEs: the rest is left out (limit: changelog CVEs)", p.Name, maxChanges)
		ids = ids[:maxChanges]
	}
	if s.changes == nil {
		s.changes = map[string][]string{}
	}
	if ids != nil {
		s.changes[key] = ids // a package without its own may have a sister with one
	}
	return ids
}

// debianChanges reads the changelog that a Debian package brings; one that is
// native to Debian has it where others have upstream's.
func (s *system) debianChanges(name string) []string {
	for _, file := range changelogs {
		if s.unpacked > maxChangelogs {
			return nil
		}
		file = docs + name + "/" + file
		f, found, err := inventory.Open(s.fsys, file)
		if err != nil || !found {
			continue // images leave documents out, and links may lead nowhere
		}
		b, err := s.unpack(f)
		f.Close()
		if s.unpacked += int64(len(b)); s.unpacked > maxChangelogs {
			s.notice(false, inventory.Evidence{File: file}, "the changelogs have more than %d bytes: the rest is not read (limit: changelogs size)", maxChangelogs)
		}
		if len(b) > maxChangelog || err != nil {
			s.notice(false, inventory.Evidence{File: file}, "a changelog is read in part: it is damaged, or larger than %d bytes (limit: changelog size)", maxChangelog)
		}
		return cves(nil, b)
	}
	return nil
}

// unpack reads what is packed into the buffer, up to one byte more than the
// limit.
func (s *system) unpack(r io.Reader) ([]byte, error) {
	var err error
	if s.gzip == nil {
		s.gzip, err = gzip.NewReader(r)
	} else {
		err = s.gzip.Reset(r)
	}
	if err != nil {
		return nil, err
	}
	_, err = s.fill(s.gzip, 0, maxChangelog+1)
	return s.buf, err
}

// cves adds the ids of CVEs in a text: CVE, the year, and four digits or more.
func cves(ids []string, text []byte) []string {
	for {
		i := bytes.Index(text, []byte("CVE-"))
		if i < 0 {
			return ids
		}
		text = text[i:]
		n := 4
		for n < len(text) && n < 8 && isDigit(text[n]) {
			n++
		}
		if n == 8 && n < len(text) && text[n] == '-' {
			end := n + 1
			for end < len(text) && end < n+20 && isDigit(text[end]) {
				end++
			}
			if end-n > 4 {
				ids = append(ids, string(text[:end]))
			}
			n = end
		}
		text = text[n:]
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
