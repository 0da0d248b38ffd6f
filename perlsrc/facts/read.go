package facts

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"nacre/perlsrc"
)

// Read gives the facts of one file.
func Read(src []byte) *File { return read(src, perlsrc.NewScanner(src), len(src)/6+16) }

// OfTree is Read of a file whose tokens are known already.
func OfTree(t *perlsrc.Tree) *File {
	room := 0
	for i := range t.Tokens[:t.Outer] {
		if t.Tokens[i].Kind.Significant() {
			room++
		}
	}
	return read(t.Src, &cut{t.Tokens[:t.Outer], t.Err}, room)
}

func read(src []byte, from tokens, room int) *File {
	f := &File{}
	f.shebang(src)
	w := newWalker(src, from, room)
	w.file, w.used, w.dsn = f, map[string]bool{}, map[string]bool{}
	w.walk(nil)
	for w.has(len(w.toks)) {
	}
	w.finish()
	for _, p := range w.packages {
		f.Packages = append(f.Packages, *p)
		if p.Version.Dynamic {
			f.Dynamic = append(f.Dynamic, Dynamic{Line: p.Version.Line, What: "version", Text: p.Version.Source, Package: p.Name})
		}
	}
	slices.SortStableFunc(f.Packages, func(a, b Package) int { return cmp.Compare(a.Line, b.Line) })
	slices.SortStableFunc(f.Loads, func(a, b Load) int { return cmp.Compare(a.Line, b.Line) })
	slices.SortStableFunc(f.Subs, func(a, b Sub) int { return cmp.Compare(a.Line, b.Line) })
	slices.SortStableFunc(f.Exports, func(a, b Export) int { return cmp.Compare(a.Line, b.Line) })
	slices.SortStableFunc(f.Dynamic, func(a, b Dynamic) int { return cmp.Compare(a.Line, b.Line) })
	if b, ok := errors.AsType[*perlsrc.Broken](w.scan.Err()); ok {
		f.Broken = &Broken{Line: b.Line, What: b.What}
	}
	return f
}

// shebang reads the first line.
func (f *File) shebang(src []byte) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	rest, ok := bytes.CutPrefix(src, []byte("#!"))
	if !ok {
		return
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	f.Shebang = clip(line)
	at := strings.Index(f.Shebang, "perl")
	if at < 0 {
		return
	}
	for _, word := range strings.Fields(f.Shebang[at:])[1:] {
		// -w, -wT, -T; what takes an argument ends the bundle: -MFoo, -I/lib.
		switches, ok := strings.CutPrefix(word, "-")
		if !ok || strings.HasPrefix(switches, "-") {
			break
		}
		for i := range len(switches) {
			switch c := switches[i]; c {
			case 'T', 't':
				if f.Taint != "-T" {
					f.Taint = "-" + string(c)
				}
			}
			if strings.IndexByte("MmIxieCEFdD0", switches[i]) >= 0 {
				break
			}
		}
	}
}
