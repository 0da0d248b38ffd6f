package scan

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
	"nacre/meta"
)

// cpanfileName is the file that fixes are patches to.
const cpanfileName = "cpanfile"

// patcher edits the project's cpanfile in memory. Each fix is a patch to the
// file as it is, which is read and parsed once.
type patcher struct {
	fsys fs.FS
	read bool
	file []byte // nil where there is none
	old  []string

	parsed meta.Cpanfile
	broken error // why it cannot be parsed
	open   bool  // a line at its end would mean what it says
}

// load reads the file once. A project without one, or with one that cannot be
// read, gets its fixes without patches.
func (p *patcher) load() bool {
	if !p.read {
		p.read = true
		if p.fsys != nil {
			if b, err := limit.ReadFile(p.fsys, cpanfileName, limit.Metadata, "cpanfile size"); err == nil {
				p.use(b)
			}
		}
	}
	return p.file != nil
}

// use takes the content of the file.
func (p *patcher) use(file []byte) {
	p.file, p.old = file, lines(file)
	p.parsed, p.broken = meta.ReadCpanfile(bytes.NewReader(file))
	p.open = isOpen(file)
}

// apply writes the change into out.
func (p *patcher) apply(out *Fix, pl *planner, own []wish, module cpan.Module, floor string, to release) {
	if !p.load() {
		return
	}
	edited, missing := p.file, true
	done := map[cpan.Module]bool{}
	for _, w := range own {
		// The line that names the module, and every pin that is in the way.
		if w.edge.Evidence.File != cpanfileName || done[w.edge.Module] ||
			w.edge.Module != module && w.allow.Accepts(to.version) {
			continue
		}
		done[w.edge.Module] = true
		next, err := p.edit(edited, w.edge.Module, raised(w, floor, to))
		if fault.KindOf(err) == fault.NotFound {
			continue // recommended only: a floor is added
		}
		if err != nil {
			out.File, out.Line = cpanfileName, w.edge.Evidence.Line
			out.Before = p.line(out.Line)
			pl.notes = append(pl.notes, err.Error())
			return
		}
		if missing {
			out.Line = w.edge.Evidence.Line
		}
		edited, missing = next, false
	}
	out.File = cpanfileName
	if missing {
		out.After = fmt.Sprintf("requires '%s', '%s';", module, floor)
		if !p.open {
			pl.notes = append(pl.notes, "add the line by hand: the end of the cpanfile is no place for it")
			return
		}
		out.Patch = diff(cpanfileName, p.old, lines(appended(p.file, out.After))).text()
		return
	}
	d := diff(cpanfileName, p.old, lines(edited))
	out.Before, out.After, out.Patch = d.before(), d.after(), d.text()
}

// raised is the new range of a line: the floor, written as the line was.
func raised(w wish, floor string, to release) string {
	if bare := strings.TrimSpace(w.edge.Range); bare != "" && bare != "0" && floor == ">= "+to.text && !strings.ContainsAny(bare, "<>=!") {
		return to.text
	}
	return floor
}

// edit changes the range of a module in the file as it is now: as it was read,
// or edited once already.
func (p *patcher) edit(now []byte, m cpan.Module, floor string) ([]byte, error) {
	c, err := p.parsed, p.broken
	if !bytes.Equal(now, p.file) {
		c, err = meta.ReadCpanfile(bytes.NewReader(now))
	}
	if err != nil {
		return nil, err
	}
	return c.Edit(m, floor)
}

// appended adds a line at the end of a cpanfile.
func appended(file []byte, text string) []byte {
	eol := "\n"
	if i := bytes.IndexByte(file, '\n'); i > 0 && file[i-1] == '\r' {
		eol = "\r\n"
	}
	out := bytes.Clone(file)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, eol...)
	}
	return append(append(out, text...), eol...)
}

// isOpen says whether a line at the end of a cpanfile means there what it
// should: behind __END__ or in an open POD it would mean nothing.
func isOpen(file []byte) bool {
	const module = cpan.Module("Foo::Bar")
	c, err := meta.ReadCpanfile(bytes.NewReader(appended(file, "requires '"+string(module)+"', '>= 1';")))
	if err != nil || len(c.Requires) == 0 {
		return false
	}
	last := c.Requires[len(c.Requires)-1]
	return last.Module == module && last.Phase == "runtime" && !last.Conditional && last.Span.Start >= len(file)
}

// line is one line of the file, from 1, without its end.
func (p *patcher) line(n int) string {
	if n < 1 || n > len(p.old) {
		return ""
	}
	return strings.TrimRight(p.old[n-1], "\r\n")
}

// change is one block of lines that differs between two texts.
type change struct {
	name     string
	old, new []string // with line ends
	from     int      // lines that are equal before the block
	tail     int      // lines that are equal behind it
}

// diff finds the block between the first and the last line that differ.
func diff(name string, from, to []string) change {
	c := change{name: name, old: from, new: to}
	for c.from < min(len(c.old), len(c.new)) && c.old[c.from] == c.new[c.from] {
		c.from++
	}
	for c.tail < min(len(c.old), len(c.new))-c.from && c.old[len(c.old)-1-c.tail] == c.new[len(c.new)-1-c.tail] {
		c.tail++
	}
	return c
}

// lines are the lines of a text, with their ends.
func lines(b []byte) []string {
	ls := strings.SplitAfter(string(b), "\n")
	if n := len(ls); ls[n-1] == "" {
		ls = ls[:n-1]
	}
	return ls
}

func (c change) before() string { return plain(c.old[c.from : len(c.old)-c.tail]) }
func (c change) after() string  { return plain(c.new[c.from : len(c.new)-c.tail]) }

// plain joins lines without the last line's end.
func plain(ls []string) string {
	return strings.ReplaceAll(strings.TrimRight(strings.Join(ls, ""), "\r\n"), "\r\n", "\n")
}

// text is the block as a unified diff with three lines around it (POSIX diff -u,
// in the form that git apply and patch -p1 take).
func (c change) text() string {
	const around = 3
	start := max(0, c.from-around)
	oldEnd, newEnd := len(c.old)-c.tail, len(c.new)-c.tail
	rest := min(c.tail, around)
	var b strings.Builder
	fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n@@ -%s +%s @@\n", c.name, c.name,
		hunk(start, oldEnd+rest-start), hunk(start, newEnd+rest-start))
	write := func(sign string, ls []string) {
		for _, l := range ls {
			b.WriteString(sign + l)
			if !strings.HasSuffix(l, "\n") {
				b.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	write(" ", c.old[start:c.from])
	write("-", c.old[c.from:oldEnd])
	write("+", c.new[c.from:newEnd])
	write(" ", c.old[oldEnd:oldEnd+rest])
	return b.String()
}

// hunk is the place of a block: the first line from 1, and how many lines. A
// block without lines stands behind the line before it.
func hunk(start, n int) string {
	if n == 0 {
		return fmt.Sprintf("%d,0", start)
	}
	return fmt.Sprintf("%d,%d", start+1, n)
}
