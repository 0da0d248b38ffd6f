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
	"nacre/unified"
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
	p.file, p.old = file, unified.Lines(file)
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
		out.Patch = unified.New(cpanfileName, p.old, unified.Lines(appended(p.file, out.After))).String()
		return
	}
	d := unified.New(cpanfileName, p.old, unified.Lines(edited))
	out.Before, out.After, out.Patch = d.Before(), d.After(), d.String()
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

// AppendStatement adds a statement at the end of a cpanfile, as a line of its own.
// ok is false where a line there would not mean what it says.
func AppendStatement(file []byte, text string) (out []byte, ok bool) {
	return appended(file, text), isOpen(file)
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
