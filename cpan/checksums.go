package cpan

import (
	"bytes"
	"io"
	"strings"

	"nacre/fault"
	"nacre/limit"
)

// Bounds of CHECKSUMS.
const (
	maxChecksums = 16 << 20 // bytes of the file, unpacked
	maxFiles     = 100_000  // files in one folder
	maxFields    = 64       // facts about one file
)

// Checksums is the CHECKSUMS file of one folder of the archive. It is Perl
// source in a fixed shape, which installers run and Nacre reads as data:
//
//	# CHECKSUMS file written on Thu May 16 12:34:56 2024 GMT by CPAN::Checksums (v2.14)
//	$cksum = {
//	  'Foo-1.0.tar.gz' => {
//	    'cpan_path' => 'A/AU/AUTHOR',
//	    'md5' => '0123456789abcdef0123456789abcdef',
//	    'mtime' => '2024-05-16',
//	    'sha256' => '...',
//	    'size' => 1234
//	  }
//	};
//
// The archive's own are such a text within an OpenPGP clear-signed message.
// Older files have no cpan_path, and a signature over those does not
// say for which author's folder it was made (CVE-2020-16155); the oldest have
// no sha256.
type Checksums struct {
	Signed  bool   // whether a signature is there; nobody checked it here
	Comment string // the first comment, which says when and by what it was written
	Files   []FileSums
}

// FileSums are the facts about one file or folder. What the file does not say
// is empty.
type FileSums struct {
	File       string // its name, without folders
	Dir        bool
	Size       int64  // in bytes; -1 where it is not said
	MTime      string // as spelled: "2024-05-16"
	CPANPath   string // the folder below authors/id: "A/AU/AUTHOR"
	MD5        string // lower-case hex, as all digests
	SHA256     string
	MD5Ungz    string // of what the file unpacks to
	SHA256Ungz string
	Other      map[string]string // facts of other names, unread; nil where there is none
	Line       int               // where it stands
}

// Find gives the facts about the file of that name. It looks through the list;
// who asks for many files makes a map of Files.
func (c *Checksums) Find(file string) (FileSums, bool) {
	for _, f := range c.Files {
		if f.File == file {
			return f, true
		}
	}
	return FileSums{}, false
}

// ReadChecksums reads a CHECKSUMS file, plain or gzipped, of at most 16 MiB
// unpacked. Anything but comments and one list of the shape above is an error
// that names its line: a file that a program wrote has nothing else, so it was
// changed. In a signed message only what the signature covers is read, and
// nothing may stand around it but the line that makes it Perl.
func ReadChecksums(r io.Reader) (*Checksums, error) {
	plain, err := unpacked(r)
	if err != nil {
		return nil, readError(err, "CHECKSUMS")
	}
	b, err := limit.ReadAll(plain, maxChecksums, "CHECKSUMS size")
	if err != nil {
		return nil, readError(err, "CHECKSUMS")
	}
	c := &Checksums{}
	text, line, err := c.unarmor(string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))))
	if err == nil {
		err = (&literal{s: text, line: line}).checksums(c)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read CHECKSUMS").
			WithHint("the file has a shape that CPAN::Checksums does not write; fetch it again, and do not trust it")
	}
	return c, nil
}

const (
	perlLine    = "0&&<<''; # this PGP-signed message is also valid perl"
	beginSigned = "-----BEGIN PGP SIGNED MESSAGE-----"
	beginSig    = "-----BEGIN PGP SIGNATURE-----"
	endSig      = "-----END PGP SIGNATURE-----"
)

// unarmor gives the text that a signature covers, or all of an unsigned file,
// and the number of its first line.
func (c *Checksums) unarmor(s string) (text string, line int, err error) {
	line = 1
	for strings.HasPrefix(s, "\n") {
		s, line = s[1:], line+1
	}
	if rest, ok := strings.CutPrefix(s, perlLine+"\n"); ok {
		s, line = rest, line+1
		if !strings.HasPrefix(s, beginSigned+"\n") {
			return "", 0, atLine(line, "no signed message begins here")
		}
	}
	s, signed := strings.CutPrefix(s, beginSigned+"\n")
	if !signed {
		return s, line, nil
	}
	c.Signed = true
	for line++; ; line++ {
		header, rest, ok := strings.Cut(s, "\n")
		if !ok {
			return "", 0, atLine(line, "the signed message ends in its header")
		}
		s = rest
		if header == "" {
			line++
			break
		}
		if !strings.HasPrefix(header, "Hash: ") {
			return "", 0, atLine(line, "is no header of a signed message: %s", fault.Quote(header))
		}
	}
	text, sig, ok := strings.Cut(s, "\n"+beginSig+"\n")
	sigLine := line + strings.Count(text, "\n")
	if !ok {
		return "", 0, atLine(sigLine, "the signed message has no signature")
	}
	sigLine++ // the line that begins it
	if strings.HasPrefix(text, "-") || strings.Contains(text, "\n-") {
		return "", 0, atLine(line, "the signed text has a line that begins with a hyphen")
	}
	_, after, ok := strings.Cut(sig, "\n"+endSig)
	if !ok {
		return "", 0, atLine(sigLine, "the signature does not end")
	}
	if strings.Trim(after, "\n") != "" {
		return "", 0, atLine(sigLine, "text follows the signature")
	}
	return text, line, nil
}

// checksums reads the list.
func (p *literal) checksums(c *Checksums) error {
	if i := strings.IndexFunc(p.s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0x7f }); i >= 0 {
		return atLine(p.line+strings.Count(p.s[:i], "\n"), "has a control character in it")
	}
	p.space(func(comment string) {
		if c.Comment == "" {
			c.Comment = comment
		}
	})
	for _, word := range [...]string{"$cksum", "="} {
		if err := p.expect(word); err != nil {
			return err
		}
	}
	if err := p.hash(maxFiles, "files in CHECKSUMS", func(file string, line int) error {
		f := FileSums{File: file, Size: -1, Line: line}
		if !safeFile(file) {
			return atLine(line, "file %s: is not the name of a file", fault.Quote(file))
		}
		if err := p.hash(maxFields, "facts about one file", func(key string, line int) error {
			value, defined, err := p.scalar()
			if err != nil || !defined {
				return err
			}
			return f.set(key, value, line)
		}); err != nil {
			return err
		}
		c.Files = append(c.Files, f)
		return nil
	}); err != nil {
		return err
	}
	if err := p.expect(";"); err != nil {
		return err
	}
	p.take("__END__")
	p.space(nil)
	if p.s != "" {
		return atLine(p.line, "text follows the list: %s", fault.Quote(firstLine(p.s)))
	}
	return nil
}

// set keeps one fact.
func (f *FileSums) set(key, value string, line int) error {
	digest, n := (*string)(nil), 0
	switch key {
	case "md5":
		digest, n = &f.MD5, 32
	case "md5-ungz":
		digest, n = &f.MD5Ungz, 32
	case "sha256":
		digest, n = &f.SHA256, 64
	case "sha256-ungz":
		digest, n = &f.SHA256Ungz, 64
	case "mtime":
		f.MTime = value
	case "cpan_path":
		if !safePath(value) {
			return atLine(line, "cpan_path %s: is not a folder below authors/id", fault.Quote(value))
		}
		f.CPANPath = value
	case "isdir":
		f.Dir = value != "" && value != "0"
	case "size":
		size, ok := parseSize(value)
		if !ok {
			return atLine(line, "size %s: is not a number of bytes", fault.Quote(value))
		}
		f.Size = size
	default:
		if f.Other == nil {
			f.Other = make(map[string]string)
		}
		f.Other[key] = value
	}
	if digest != nil {
		if len(value) != n || strings.Trim(value, "0123456789abcdef") != "" {
			return atLine(line, "%s %s: is not %d lower-case hex digits", key, fault.Quote(value), n)
		}
		*digest = value
	}
	return nil
}

// parseSize reads a size, which is a number or, where it is large, a string.
func parseSize(s string) (int64, bool) {
	if !isNumber(s) || len(s) > 18 { // fits an int64
		return 0, false
	}
	n := int64(0)
	for i := range len(s) {
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

// safeFile says whether s names a file in a folder and nothing outside it.
func safeFile(s string) bool {
	return len(s) <= maxName && s != "." && !strings.Contains(s, "/") && safePath(s)
}
