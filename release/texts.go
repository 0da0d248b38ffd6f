package release

import (
	"bytes"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nacre/license"
	"nacre/perlsrc"
)

// texts reads the files for people: licences, copyright and changes.
func (r *reader) texts() error {
	if r.opt.Brief {
		return nil
	}
	f := r.facts
	own := f.Evidence // of sources, told last
	f.Evidence = nil
	for _, name := range r.files {
		dir, base := path.Split(name)
		switch {
		case dir == "LICENSES/":
			f.LicenseFiles = append(f.LicenseFiles, name)
			id := strings.TrimSuffix(base, path.Ext(base))
			if e, err := license.Parse(id); err == nil && len(e.Unknown()) == 0 {
				r.evidence(name, license.Evidence{Expression: e, How: "REUSE", Confidence: 0.9})
			}
		case dir != "":
		case ofLicense.MatchString(base):
			f.LicenseFiles = append(f.LicenseFiles, name)
			if err := r.legal(name); err != nil {
				return err
			}
		case isCalled(base, "README", "COPYRIGHT", "NOTICE", "AUTHORS"):
			if err := r.legal(name); err != nil {
				return err
			}
		case f.Changes == nil && isCalled(base, "CHANGES", "CHANGELOG", "CHANGE", "HISTORY", "NEWS", "RELEASES"):
			b, err := r.read(name, 4<<20)
			if err != nil {
				return err
			}
			if b != nil {
				f.Changes = ReadChanges(b)
				f.Changes.File = name
			}
		}
	}
	if err := r.pod(); err != nil {
		return err
	}
	r.compare()
	for _, e := range own {
		r.evidence(e.File, e.Evidence)
	}
	return nil
}

// ofLicense are the names of files that hold a licence and nothing else.
var ofLicense = regexp.MustCompile(`(?i)^(GNU[-_])?(LICEN[SC]E|COPYING|ARTISTIC|L?GPL)([-_.]?(ARTISTIC|PERL|[AL]?GPL|LESSER|LIB|MIT|BSD|APACHE|V?[0-9]+(\.[0-9]+)*))*(\.(MD|TXT|TEXT|POD|MKDN|MARKDOWN|RST))?$`)

// legal reads a text for licences and copyright.
func (r *reader) legal(name string) error {
	b, err := r.read(name, maxText)
	if err != nil {
		return err
	}
	for _, e := range license.Recognise(b) {
		r.evidence(name, e)
	}
	r.copyright(name, b, 1)
	return nil
}

// pod reads what the main module's manual says on licence and copyright, under
// headings that say so.
func (r *reader) pod() error {
	stem := strings.TrimSuffix(r.main, ".pm")
	for _, name := range []string{stem + ".pm", stem + ".pod"} {
		if stem == "" || !slices.Contains(r.files, name) {
			continue
		}
		src, err := r.read(name, maxText)
		if err != nil {
			return err
		}
		tokens, err := perlsrc.Tokenize(src)
		if err != nil {
			r.note("%s is read up to where it breaks off", name)
		}
		for _, t := range tokens {
			if t.Kind == perlsrc.Pod {
				r.podSections(name, t.Text(src), t.Line)
			}
		}
	}
	return nil
}

// podSections reads the parts of a manual below headings on licence, copyright
// or authors; line is that of text in its file.
func (r *reader) podSections(name string, text []byte, line int) {
	in, from, start := false, line, 0
	at := 0
	flush := func() {
		if in {
			part := text[start:at]
			for _, e := range license.Recognise(part) {
				e.Line += from - 1
				r.evidence(name, e)
			}
			r.copyright(name, part, from)
		}
	}
	for row := range bytes.Lines(text) {
		if bytes.HasPrefix(row, []byte("=head")) {
			flush()
			title := strings.ToLower(string(row))
			in, from, start = false, line, at
			for _, word := range []string{"licen", "copyright", "author", "legal"} {
				in = in || strings.Contains(title, word)
			}
		}
		at += len(row)
		line++
	}
	flush()
}

const maxCopyright = 100

// copyright adds the lines of a text that claim it; line is that of text in its
// file.
func (r *reader) copyright(name string, text []byte, line int) {
	for _, t := range CopyrightLines(text) {
		if len(r.facts.Copyright) == maxCopyright {
			return
		}
		if slices.ContainsFunc(r.facts.Copyright, func(o Text) bool { return o.Value == t.Value }) {
			continue
		}
		t.Origin, t.File = Written, name
		t.Line += line - 1
		r.facts.Copyright = append(r.facts.Copyright, t)
	}
}

// CopyrightLines gives the lines of a text that claim copyright for a year, as
// they stand there without the marks of POD and comments, at most 1,000, each
// with its line. Claims to the texts of licences themselves are left out.
func CopyrightLines(text []byte) []Text {
	const longest, most = 300, 1000
	var list []Text
	line := 0
	for row := range bytes.Lines(text) {
		line++
		if len(row) > longest || len(list) == most {
			continue
		}
		claim := strings.Trim(plain(text8(row)), " \t\r\n#*/;")
		lower := strings.ToLower(claim)
		if !strings.Contains(lower, "copyright") && !strings.HasPrefix(lower, "(c) ") && !strings.Contains(claim, "©") {
			continue
		}
		if !hasYear(claim) || slices.ContainsFunc(ofLicenses, func(s string) bool { return strings.Contains(lower, s) }) {
			continue
		}
		list = append(list, Text{Value: claim, Line: line})
	}
	return list
}

// text8 is a line as UTF-8: one that is not is Latin-1, as perlpodspec has it.
func text8(row []byte) string {
	if utf8.Valid(row) {
		return string(row)
	}
	latin := make([]rune, len(row))
	for i, c := range row {
		latin[i] = rune(c)
	}
	return string(latin)
}

// ofLicenses are those who hold the copyright of licences.
var ofLicenses = []string{"free software foundation", "the perl foundation", "linux foundation", "<year>", "yyyy"}

// hasYear reports whether a text has a year of this or the last century.
func hasYear(s string) bool {
	for i := 0; i+4 <= len(s); i++ {
		if (s[i:i+2] == "19" || s[i:i+2] == "20") && allDigits([]byte(s[i:i+4])) &&
			(i == 0 || !allDigits([]byte(s[i-1:i]))) && (i+4 == len(s) || !allDigits([]byte(s[i+4:i+5]))) {
			return true
		}
	}
	return false
}

// plain takes POD's formatting codes and the names of characters out of a line:
// C<x>, E<lt>, L<text|url>, &copy;.
func plain(s string) string {
	var b strings.Builder
	open := 0 // codes whose ">" is to come
	for i := 0; i < len(s); i++ {
		code := i+1 < len(s) && s[i+1] == '<' && strings.IndexByte("BCFILESXZ", s[i]) >= 0 &&
			(i == 0 || s[i] == 'E' || !isLetters(s[i-1:i]))
		switch {
		case code && s[i] == 'E':
			name, _, closed := strings.Cut(s[i+2:], ">")
			if !closed || len(name) > 10 {
				b.WriteByte(s[i])
				continue
			}
			b.WriteString(html.UnescapeString("&" + name + ";"))
			i += len(name) + 2
		case code:
			open++
			i++
		case s[i] == '>' && open > 0:
			open--
		case s[i] == '|' && open > 0:
			for i+1 < len(s) && s[i+1] != '>' {
				i++
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' ' // &#10; is one
		}
		return c
	}, html.UnescapeString(b.String()))
}
