package cpan

import (
	"io"
	"iter"
	"strconv"
	"strings"
)

// ListedFile is one archive of a list of files: of BackPAN's index, which
// BackPAN::Index::Create writes,
//
//	#FORMAT 1
//	authors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz 1395991561 11231
//
// also without authors/id/ in front, or of CPAN's indices/find-ls, whose lines
// end with the path.
type ListedFile struct {
	Release Release // its Path is never ""
	Time    int64   // seconds since 1970; 0 where the list does not say
	Size    int64   // in bytes; -1 where the list does not say
}

// ListedFiles gives the archives that stand below an author's folder in a list
// of files, plain or gzipped, of at most limit.Index bytes unpacked, in the
// order of the list. Other lines are passed over. An error is the last, and
// name is what it calls the list.
func ListedFiles(r io.Reader, name string) iter.Seq2[ListedFile, error] {
	return func(yield func(ListedFile, error) bool) {
		l, err := newLines(r, name)
		if err != nil {
			yield(ListedFile{}, err)
			return
		}
		for {
			line, ok := l.next()
			if !ok {
				break
			}
			if f, ok := parseListed(line); ok && !yield(f, nil) {
				return
			}
		}
		if err := l.err(); err != nil {
			yield(ListedFile{}, err)
		}
	}
}

func parseListed(line string) (ListedFile, bool) {
	line = strings.TrimRight(line, " \t\r")
	path, rest := cutField(line)
	if ParsePath(path).Path == "" {
		path, rest = line[strings.LastIndexAny(line, " \t")+1:], ""
	}
	if !safePath(path) {
		return ListedFile{}, false
	}
	f := ListedFile{Release: ParsePath(path), Size: -1}
	if f.Release.Path == "" || f.Release.Ext == "" {
		return ListedFile{}, false
	}
	seconds, size := cutField(rest)
	if t, err := strconv.ParseInt(seconds, 10, 64); err == nil && t > 0 {
		f.Time = t
	}
	if n, ok := parseSize(size); ok {
		f.Size = n
	}
	return f, true
}
