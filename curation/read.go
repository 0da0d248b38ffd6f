package curation

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"nacre/advice"
	"nacre/fault"
	"nacre/limit"
)

// Bounds of what is read.
const (
	maxFile     = 1 << 20 // bytes
	maxFiles    = 10_000
	maxOverlays = 20_000 // of all files
	maxDepth    = 8      // levels of a file, which has four
	maxMistakes = 200    // that are told at once
)

// Mistakes is an error that tells everything that is wrong with the files, for
// whoever wants more than the first. Its findings have file and line.
type Mistakes []advice.Finding

// Error tells the first mistake, and how many more there are.
func (m Mistakes) Error() string {
	text := fmt.Sprintf("%s:%d: %s", m[0].File, m[0].Line, m[0].Title)
	if n := len(m) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}

// Read reads all files of a folder, and of the folders in it, whose names end in
// .yaml or .yml, in any case; names that begin with a dot are passed over. A link to
// a folder is an error, and so is an overlay that cannot be read as it is meant: it
// would leave the index wrong without anybody knowing. The error is of kind
// fault.Invalid with a hint, and errors.As gives the [Mistakes].
func Read(fsys fs.FS) (*Set, error) {
	s := &Set{}
	var mistakes Mistakes
	files := 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case d.Type()&fs.ModeSymlink != 0:
			if info, err := fs.Stat(fsys, name); err != nil || info.IsDir() {
				return fault.New(fault.Invalid, "%s is a link to a folder, or leads nowhere", name).
					WithHint("links to folders are not followed: put the files there, or name that folder")
			}
		}
		if ext := strings.ToLower(path.Ext(name)); ext != ".yaml" && ext != ".yml" {
			return nil
		}
		if files++; files > maxFiles {
			return fault.New(fault.Invalid, "more than %d files (limit: curation files)", maxFiles)
		}
		data, err := limit.ReadFile(fsys, name, maxFile, "curation file size")
		if err != nil {
			return err
		}
		overlays, wrong := ReadFile(name, data)
		s.Overlays = append(s.Overlays, overlays...)
		mistakes = append(mistakes, wrong...)
		if len(s.Overlays) > maxOverlays {
			return fault.New(fault.Invalid, "more than %d overlays (limit: overlays)", maxOverlays)
		}
		return nil
	})
	if err != nil {
		return nil, fault.Wrap(cmp.Or(fault.KindOf(err), fault.Unavailable), err, "read curation")
	}
	if len(mistakes) > 0 {
		mistakes = advice.Sort(mistakes)
		return nil, fault.Wrap(fault.Invalid, mistakes, "read curation").WithHint("%s", mistakes[0].How)
	}
	slices.SortFunc(s.Overlays, func(a, b Overlay) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return s, nil
}

// ReadFile reads one file's content. The overlays are those that can be read;
// the mistakes say what is wrong with the others.
func ReadFile(name string, data []byte) ([]Overlay, Mistakes) {
	r := reader{file: name}
	root := r.document(data)
	if root == nil {
		return nil, r.mistakes
	}
	if root.Kind != yaml.SequenceNode {
		r.wrong(root.Line, "the file is no list of overlays", "begin each overlay with a dash: - correct: CVE-2099-0001")
		return nil, r.mistakes
	}
	var overlays []Overlay
	for _, n := range root.Content {
		if len(overlays) > maxOverlays { // the caller's bound
			break
		}
		before := len(r.mistakes)
		if o := r.overlay(n); len(r.mistakes) == before {
			overlays = append(overlays, o)
		}
	}
	return overlays, r.mistakes
}

// reader reads one file, and goes on after a mistake.
type reader struct {
	file     string
	mistakes Mistakes
}

// wrong notes a mistake; beyond the bound it is one more than is told.
func (r *reader) wrong(line int, title, how string) {
	if len(r.mistakes) < maxMistakes {
		r.mistakes = append(r.mistakes, Rules().Find(ruleMistake, r.file, max(line, 1), title, how))
	}
}

// document gives the file's one value, nil where there is none.
func (r *reader) document(data []byte) *yaml.Node {
	if !utf8.Valid(data) {
		r.wrong(1, "the file is not UTF-8", "save it as UTF-8")
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		r.notYAML(err)
		return nil
	}
	var doc, second yaml.Node
	switch err := loader.Load(&doc); {
	case errors.Is(err, io.EOF): // empty, or comments only
		return nil
	case err != nil:
		r.notYAML(err)
		return nil
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		r.wrong(max(second.Line, doc.Line), "the file has more than one document", "take out the line --- between them")
		return nil
	}
	if len(doc.Content) != 1 || isNull(doc.Content[0]) {
		return nil
	}
	return doc.Content[0]
}

// notYAML tells what the library says. Ranges are what most often goes wrong.
func (r *reader) notYAML(err error) {
	line, text := 1, err.Error()
	var at *yaml.LoadError
	if errors.As(err, &at) {
		line, text = at.Mark.Line, at.Message
	}
	r.wrong(line, "the file is no YAML: "+oneLine(text), `put versions and ranges in quotes: [">=1.0,<1.3"]`)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
