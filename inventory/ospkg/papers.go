package ospkg

import (
	"bytes"
	"io"

	"nacre/cpan"
	"nacre/inventory"
)

// The addresses of CPAN's distributions, today's and those of old packages.
var distPages = [][]byte{
	[]byte("metacpan.org/release/"), []byte("metacpan.org/dist/"), []byte("search.cpan.org/dist/"),
}

// distOf gives the distribution that a text names by its page, "" where it names
// none, or several.
func distOf(text []byte) cpan.Dist {
	var dist cpan.Dist
	for _, page := range distPages {
		for rest := text; ; {
			_, after, ok := bytes.Cut(rest, page)
			if !ok {
				break
			}
			rest = after
			n := bytes.IndexAny(after, "/ \t\r\n#?>,;)\"'")
			if n < 0 {
				n = len(after)
			}
			d, err := cpan.ParseDist(string(bytes.TrimRight(after[:n], ".")))
			switch {
			case err != nil, n+1 < len(after) && after[n] == '/' && isWord(after[n+1]):
				return "" // as in metacpan.org/release/AUTHOR/Acme-Demo-1.20
			case dist != "" && dist != d:
				return ""
			}
			dist = d
		}
	}
	return dist
}

func isWord(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// maxPapers is how much of a copyright file is looked at: where it is from is
// said first.
const maxPapers = 4 << 10

// debianPapers reads from a package's copyright file which distribution it is
// made of, and its licence in Debian's words. In the machine-readable form the
// first paragraph says what it is made of, and the next ones may speak of others;
// the licence is that of the paragraph on all files.
func (s *system) debianPapers(name string) (dist cpan.Dist, license string) {
	f, found, err := inventory.Open(s.fsys, docs+name+"/copyright")
	if err != nil || !found {
		return "", ""
	}
	defer f.Close()
	if _, err := s.fill(io.LimitReader(f, maxPapers), 0, maxPapers); err != nil {
		return "", ""
	}
	text := s.buf
	if bytes.HasPrefix(text, []byte("Format")) {
		_, all, _ := bytes.Cut(text, []byte("\nFiles: *\n"))
		all, _, _ = bytes.Cut(all, []byte("\n\n"))
		if _, after, ok := bytes.Cut(all, []byte("\nLicense: ")); ok {
			after, _, _ = bytes.Cut(after, []byte("\n"))
			license = string(bytes.TrimSpace(after))
		}
		text, _, _ = bytes.Cut(text, []byte("\n\n"))
	}
	return distOf(text), license
}
