package doctor

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/jsondoc"
	"nacre/meta"
	"nacre/perlver"
)

// maxTold bounds how many findings of one rule are told of one file.
const maxTold = 20

// doc gives the document that counts: META.json, or else META.yml.
func (e *examination) doc() (document, bool) {
	if len(e.docs) == 0 {
		return document{}, false
	}
	return e.docs[0], true
}

const byTool = "say it in Makefile.PL, Build.PL or dist.ini, which META is made of"

func (e *examination) metadata() {
	d, ok := e.doc()
	if !ok {
		e.noMeta()
		return
	}
	for _, d := range e.docs {
		e.valid(d)
	}
	f := d.Fields()
	if f.Spec != meta.Spec2 {
		e.add("M04", d.name, 0, "it is of specification "+string(f.Spec), "let a current ExtUtils::MakeMaker, Module::Build or Dist::Zilla write META.json, or try nacre meta upgrade "+d.name)
	}
	if len(e.docs) > 1 {
		e.agree(d, e.docs[1])
	}
	e.archive(d, f)
	if isConfigured(d.name) {
		e.notices = append(e.notices, inventory.Notice{Text: "no META here; what MYMETA.json says, which configuring wrote, was looked at in its place"})
	}
	if f.Abstract == "" {
		e.add("M07", d.name, lineOf(d, "abstract"), "there is no abstract", e.write("one line on what it is for", e.tool.abstract))
	}
	if len(f.Authors) == 0 {
		e.add("M08", d.name, lineOf(d, "author"), "no author is named", e.write("the name, and an address that is read", e.tool.author))
	}
	e.provided(d, f)
	for _, m := range f.Custom {
		if ofV3().MatchString(m.Key) {
			e.add("M11", d.name, m.Line, "the key "+m.Key+" may belong into CPAN-META/", "see what nacre meta directory --help knows of it, and keep the key out of META")
		}
	}
}

// ofV3 are x_ keys whose data the drafts want as files.
var ofV3 = lazy(`(?i)^x_(?:automation|ai_policy|ai_|sbom|vex|security|support|funding)`)

func (e *examination) noMeta() {
	if slices.ContainsFunc(e.out, func(f found) bool { return f.ID == "M02" }) {
		return // it is there, and cannot be read
	}
	if e.opt.Archive != "" {
		e.add("M01", "", 0, "there is neither META.json nor META.yml", "let the build tool write it: make dist, ./Build dist, dzil build")
		return
	}
	e.notices = append(e.notices, inventory.Notice{Text: "no META here, as in many checkouts: what it will say was not looked at; examine the release that you build, too", Partial: false})
}

// valid tells what CPAN::Meta would refuse.
func (e *examination) valid(d document) {
	if d.Refused != nil {
		e.add("M02", d.name, 0, "CPAN::Meta does not read it: "+d.Refused.Error(), "let the build tool write it again")
	}
	problems, bad := d.Check(), e.badLinks(d)
	for i, p := range problems {
		if i == maxTold {
			e.add("M03", d.name, 0, fmt.Sprintf("%d more of this kind", len(problems)-i), "nacre meta check "+d.name+" lists all")
			break
		}
		if slices.ContainsFunc(bad, func(l link) bool { return slices.Equal(p.Path, append([]string{"resources"}, l.path...)) }) {
			continue // told as a link
		}
		if len(p.Path) == 1 && slices.Contains([]string{"abstract", "author", "license"}, p.Path[0]) && isUnstated(d.Tree.Get(p.Path[0])) {
			continue // M07, M08 and I01 tell
		}
		title := p.Message
		if len(p.Path) > 0 {
			title = p.At() + ": " + title
		}
		how := p.Hint
		if how == "" {
			how = byTool
		}
		e.add("M03", d.name, p.Line, title, how)
	}
	remarks := d.Strict(e.opt.Archive)
	for i, r := range remarks {
		if i == maxTold {
			e.add("M03", d.name, 0, fmt.Sprintf("%d more that CPAN::Meta lets pass", len(remarks)-i), "nacre meta check "+d.name+" lists all")
			e.out[len(e.out)-1].Level = r.Level
			break
		}
		how := r.Hint
		if how == "" {
			how = byTool
		}
		title := r.Message
		if len(r.Path) > 0 {
			title = r.At() + ": " + title
		}
		e.add("M03", d.name, r.Line, title, how)
		e.out[len(e.out)-1].Level = r.Level
	}
}

// isUnstated reports whether a value says nothing.
func isUnstated(n *jsondoc.Node) bool {
	switch {
	case n.Is(jsondoc.KindArray):
		return !slices.ContainsFunc(n.List(), func(item *jsondoc.Node) bool { return !isUnstated(item) })
	case n.Is(jsondoc.KindString):
		return n.Text == "" || n.Text == "unknown" || n.Text == "~"
	}
	return n.Is(jsondoc.KindNull)
}

// agree compares what two META files mean.
func (e *examination) agree(a, b document) {
	all := slices.DeleteFunc(meta.Diff(a.Document, b.Document).Differences, func(d meta.Difference) bool { return d.IsSpelling })
	for i, d := range all {
		if i == maxTold {
			e.add("M05", b.name, 0, fmt.Sprintf("%d more differences", len(all)-i), "nacre meta diff META.json META.yml lists all")
			break
		}
		e.add("M05", b.name, 0, fmt.Sprintf("%s: %s says %s, and %s says %s", d.At(), a.name, shown(d.A), b.name, shown(d.B)),
			"let the build tool write both again; META.json counts")
	}
}

// shown is a value as one line.
func shown(n *jsondoc.Node) string {
	if n == nil {
		return "nothing"
	}
	return cut(strings.Join(strings.Fields(string(n.Append(nil))), " "))
}

func sameVersion(a, b string) bool {
	v, err := perlver.Parse(a)
	if err != nil {
		return false
	}
	w, err := perlver.Parse(b)
	return err == nil && v.Equal(w)
}

// archive compares META with the archive's name.
func (e *examination) archive(d document, f meta.Fields) {
	if e.opt.Archive == "" {
		return
	}
	r := cpan.ParsePath(e.opt.Archive)
	if r.Dist != "" && f.Name != "" && string(r.Dist) != f.Name {
		e.add("M06", d.name, lineOf(d, "name"), fmt.Sprintf("its name is %q, and the archive's is %q", f.Name, r.Dist), "build the archive with the tool that writes META, and do not rename it")
	}
	version := strings.TrimSuffix(r.Version, "-TRIAL")
	if version != "" && f.Version != "" && version != f.Version && !sameVersion(version, f.Version) {
		e.add("M06", d.name, lineOf(d, "version"), fmt.Sprintf("its version is %q, and the archive's is %q", f.Version, r.Version), "build the archive with the tool that writes META, and do not rename it")
	}
}

// lowestPerl looks for a requirement of perl.
func (e *examination) lowestPerl() {
	d, ok := e.doc()
	if !ok {
		return
	}
	for _, p := range d.Fields().Prereqs {
		if p.Module == "perl" && p.Phase == "runtime" && p.Relation == "requires" {
			return
		}
	}
	if slices.ContainsFunc(e.out, func(f found) bool { return f.ID == "R01" && strings.HasPrefix(f.Title, "perl ") }) {
		return // told with the line that asks for it
	}
	how, lowest := "", "..."
	if e.inv != nil && !e.inv.Perl.Version.IsZero() && e.inv.Perl.From != "" {
		lowest = e.inv.Perl.Version.String()
		how = fmt.Sprintf("%s asks for %s", e.inv.Perl.From, lowest)
	}
	words := ""
	if e.tool.file != "" {
		words = fmt.Sprintf(e.tool.perl, lowest)
	}
	e.add("M09", d.name, 0, "no lowest perl is stated", e.write(how, words))
}

// provided looks for the files that META says modules are in.
func (e *examination) provided(d document, f meta.Fields) {
	told := 0
	for _, p := range f.Provides {
		name := strings.TrimPrefix(p.File, "./")
		if name == "" || told == maxTold {
			continue
		}
		info, err := fs.Stat(e.fsys, name)
		if fs.ValidPath(name) && err == nil && info.Mode().IsRegular() {
			continue
		}
		if e.opt.Archive == "" && strings.HasPrefix(name, "blib/") {
			continue
		}
		told++
		e.add("M10", d.name, p.Line, fmt.Sprintf("it says that %s is in %s, which is not here", p.Module, p.File), "let the build tool write META again after the file was moved")
	}
}

// lineOf is the line of a key of a document's root, 0 where it is not there.
func lineOf(d document, key string) int {
	for _, m := range d.Tree.Members {
		if m.Key == key {
			return m.Line
		}
	}
	return 0
}

// texts calls see for each text below a node, with the keys that lead to it.
func texts(n *jsondoc.Node, path []string, see func(path []string, n *jsondoc.Node)) {
	switch {
	case n.Is(jsondoc.KindString):
		see(path, n)
	case n.Is(jsondoc.KindArray):
		for _, item := range n.List() {
			texts(item, path, see)
		}
	case n.Is(jsondoc.KindObject):
		for _, m := range n.Members {
			texts(m.Value, append(slices.Clone(path), m.Key), see)
		}
	}
}
