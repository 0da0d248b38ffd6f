package doctor

import (
	"slices"
	"strings"

	"nacre/unified"
)

// edit is a change of a file of the root: lines that others take the place of,
// lines at the end, or a new file.
type edit struct {
	file string
	// line is the first of the lines that are replaced, from 1; 0 adds after at
	// the end, or makes the file.
	line   int
	before string // as the file has them, without the last line's end
	after  string // "" takes them away
	create bool
}

// What is proposed at most: files that people edit are smaller, and a patch with
// more in it would be read by nobody.
const (
	maxEdited    = 256 << 10 // bytes of a file
	maxProposals = 200       // findings with a proposal
)

// patches writes the proposal of each finding into it, and gives all of them that
// go together as one patch, with the number of those that do not.
func (e *examination) patches() (whole string, left int) {
	type change struct {
		from int // line
		edit
	}
	var files []string
	chosen := map[string][]change{}
	proposed := 0
	for i := range e.out {
		f := &e.out[i]
		if len(f.edits) == 0 {
			continue
		}
		if proposed == maxProposals {
			left++
			continue
		}
		var usable []edit
		for _, x := range f.edits {
			if text, ok := e.apply(x.file, []edit{x}); ok {
				usable = append(usable, x)
				f.Patch += e.diff(x.file, text)
			}
		}
		if len(usable) > 0 {
			proposed++
		}
		for _, x := range usable {
			if !slices.Contains(files, x.file) {
				files = append(files, x.file)
			}
			if slices.ContainsFunc(chosen[x.file], func(c change) bool { return overlap(c.edit, x) }) {
				left++
				continue
			}
			chosen[x.file] = append(chosen[x.file], change{x.line, x})
		}
	}
	slices.Sort(files)
	for _, file := range files {
		var edits []edit
		for _, c := range chosen[file] {
			edits = append(edits, c.edit)
		}
		if text, ok := e.apply(file, edits); ok {
			whole += e.diff(file, text)
		}
	}
	return whole, left
}

// overlap reports whether two edits of one file cannot both be made.
func overlap(a, b edit) bool {
	switch {
	case a.create || b.create:
		return true
	case a.line == 0 || b.line == 0:
		return a.line == b.line && a.after == b.after // said twice
	}
	end := func(x edit) int { return x.line + strings.Count(x.before, "\n") }
	return a.line <= end(b) && b.line <= end(a)
}

// apply makes the edits, none of which overlap; ok is false where one does not
// fit the file.
func (e *examination) apply(file string, edits []edit) (text string, ok bool) {
	old, exists := e.text(file)
	if len(edits) == 1 && edits[0].create {
		return edits[0].after, !exists && edits[0].after != ""
	}
	if !exists || len(old) > maxEdited {
		return "", false
	}
	lines := unified.Lines([]byte(old))
	eol := "\n"
	if len(lines) > 0 && strings.HasSuffix(lines[0], "\r\n") {
		eol = "\r\n"
	}
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b edit) int { return b.line - a.line }) // from the end on
	for _, x := range sorted {
		if x.line == 0 {
			continue
		}
		n := strings.Count(x.before, "\n") + 1
		if x.line-1+n > len(lines) {
			return "", false
		}
		was := strings.ReplaceAll(strings.TrimRight(strings.Join(lines[x.line-1:x.line-1+n], ""), "\r\n"), "\r\n", "\n")
		if was != x.before {
			return "", false
		}
		var put []string
		if x.after != "" {
			for l := range strings.SplitSeq(x.after, "\n") {
				put = append(put, l+eol)
			}
			if !strings.HasSuffix(lines[x.line-2+n], "\n") {
				put[len(put)-1] = strings.TrimSuffix(put[len(put)-1], eol)
			}
		}
		lines = slices.Replace(lines, x.line-1, x.line-1+n, put...)
	}
	text = strings.Join(lines, "")
	for _, x := range edits {
		if x.line > 0 {
			continue
		}
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += eol
		}
		text += x.after + eol
	}
	return text, true
}

// diff is the patch that makes text of a file.
func (e *examination) diff(file, text string) string {
	var old []string
	if was, ok := e.text(file); ok {
		old = unified.Lines([]byte(was))
	}
	return unified.New(file, old, unified.Lines([]byte(text))).String()
}

// line is one line of a file, from 1, without its end.
func (e *examination) line(file string, n int) string {
	text, _ := e.text(file)
	lines := unified.Lines([]byte(text))
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[n-1], "\r\n")
}

// isConfigured reports whether a file is made anew each time that the
// distribution is configured.
func isConfigured(file string) bool { return strings.HasPrefix(file, "MYMETA.") }

// reword is the edit that puts one text in another's place in a line, "" for a
// line that does not have it exactly once.
func (e *examination) reword(file string, line int, from, to string) []edit {
	was := e.line(file, line)
	if isConfigured(file) || from == "" || strings.Count(was, from) != 1 {
		return nil
	}
	return []edit{{file: file, line: line, before: was, after: strings.Replace(was, from, to, 1)}}
}

// addKey is the edit that adds a key with a text at the end of a META file.
func (e *examination) addKey(d document, key, value string) []edit {
	if len(d.Tree.Members) == 0 || isConfigured(d.name) {
		return nil
	}
	if strings.HasSuffix(d.name, ".yml") {
		text, _ := e.text(d.name)
		if strings.Contains(text, "\n...") || strings.Count(text, "\n---") > 0 || strings.HasPrefix(strings.TrimSpace(text), "{") {
			return nil // the end of the file is not the end of the map
		}
		return []edit{{file: d.name, after: key + ": '" + value + "'"}}
	}
	text, _ := e.text(d.name)
	lines := unified.Lines([]byte(text))
	n := len(lines)
	for n > 0 && strings.TrimSpace(lines[n-1]) == "" {
		n--
	}
	// The closing bracket must stand by itself, as all writers of META put it.
	if n < 2 || strings.TrimSpace(lines[n-1]) != "}" {
		return nil
	}
	last := strings.TrimRight(lines[n-2], "\r\n")
	first := e.line(d.name, d.Tree.Members[0].Line)
	indent := first[:len(first)-len(strings.TrimLeft(first, " \t"))]
	if strings.TrimSpace(last) == "" || indent == "" {
		return nil
	}
	colon := `" : "`
	if strings.Contains(first, `": `) {
		colon = `": "`
	}
	return []edit{{
		file: d.name, line: n - 1, before: last,
		after: last + ",\n" + indent + `"` + key + colon + value + `"`,
	}}
}
