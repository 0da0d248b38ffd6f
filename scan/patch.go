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
// file as it is.
type patcher struct {
	fsys fs.FS
	read bool
	file []byte // nil where there is none
}

// load reads the file once. A project without one, or with one that cannot be
// read, gets its fixes without patches.
func (p *patcher) load() bool {
	if !p.read {
		p.read = true
		if p.fsys != nil {
			if b, err := limit.ReadFile(p.fsys, cpanfileName, limit.Metadata, "cpanfile size"); err == nil {
				p.file = b
			}
		}
	}
	return p.file != nil
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
		next, err := edit(edited, w.edge.Module, raised(w, floor, to))
		if fault.KindOf(err) == fault.NotFound {
			continue // recommended only: a floor is added
		}
		if err != nil {
			out.File, out.Line = cpanfileName, w.edge.Evidence.Line
			out.Before = line(p.file, out.Line)
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
		var ok bool
		if edited, ok = appended(p.file, module, out.After); !ok {
			pl.notes = append(pl.notes, "add the line by hand: the end of the cpanfile is no place for it")
			return
		}
		out.Patch = diff(cpanfileName, p.file, edited).text()
		return
	}
	d := diff(cpanfileName, p.file, edited)
	out.Before, out.After, out.Patch = d.before(), d.after(), d.text()
}

// raised is the new range of a line: the floor, written as the line was.
func raised(w wish, floor string, to release) string {
	if bare := strings.TrimSpace(w.edge.Range); bare != "" && bare != "0" && floor == ">= "+to.text && !strings.ContainsAny(bare, "<>=!") {
		return to.text
	}
	return floor
}

// edit changes the range of a module in a cpanfile.
func edit(file []byte, m cpan.Module, floor string) ([]byte, error) {
	c, err := meta.ReadCpanfile(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return c.Edit(m, floor)
}

// appended adds a line at the end of a cpanfile, and looks whether it means
// there what it should: behind __END__ or in an open POD it would mean nothing.
func appended(file []byte, m cpan.Module, text string) ([]byte, bool) {
	eol := "\n"
	if i := bytes.IndexByte(file, '\n'); i > 0 && file[i-1] == '\r' {
		eol = "\r\n"
	}
	out := bytes.Clone(file)
	if len(out) > 0 && out[len(out)-1] != '\n' {
		out = append(out, eol...)
	}
	out = append(append(out, text...), eol...)
	c, err := meta.ReadCpanfile(bytes.NewReader(out))
	if err != nil || len(c.Requires) == 0 {
		return nil, false
	}
	last := c.Requires[len(c.Requires)-1]
	return out, last.Module == m && last.Phase == "runtime" && !last.Conditional && last.Span.Start >= len(file)
}

// line is one line of a file, from 1, without its end.
func line(file []byte, n int) string {
	lines := strings.Split(string(file), "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	return strings.TrimSuffix(lines[n-1], "\r")
}

// change is one block of lines that differs between two texts.
type change struct {
	name     string
	old, new []string // with line ends
	from     int      // lines that are equal before the block
	tail     int      // lines that are equal behind it
}

// diff finds the block between the first and the last line that differ.
func diff(name string, a, b []byte) change {
	c := change{name: name, old: lines(a), new: lines(b)}
	for c.from < min(len(c.old), len(c.new)) && c.old[c.from] == c.new[c.from] {
		c.from++
	}
	for c.tail < min(len(c.old), len(c.new))-c.from && c.old[len(c.old)-1-c.tail] == c.new[len(c.new)-1-c.tail] {
		c.tail++
	}
	return c
}

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
