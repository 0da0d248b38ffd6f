package spdx

import (
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// formatTags writes a tree as tag-value, sections in the order of the
// specification: the document, files of no package, packages each with its
// files, each with its snippets, licences, relationships, annotations, reviews.
func formatTags(doc *jsondoc.Node) ([]byte, []bom.Loss) {
	w := &tagWriter{doc: doc, cut: map[string][]int{}}
	files, within := map[string]int{}, map[int]bool{}
	all := doc.Get("files").List()
	for i, n := range all {
		if id := n.Get("SPDXID").Str(); id != "" {
			files[id] = i
		}
	}
	for i, n := range doc.Get("snippets").List() {
		file := n.Get("snippetFromFile").Str()
		if _, ok := files[file]; !ok {
			file = "" // of a file that is not here
		}
		w.cut[file] = append(w.cut[file], i)
	}
	w.fields(doc, sections()["document"], "", documentKeys())
	w.snippets("")
	for _, pkg := range doc.Get("packages").List() {
		for _, id := range pkg.Get("hasFiles").List() {
			if i, ok := files[id.Str()]; ok {
				within[i] = true
			}
		}
	}
	for i := range all {
		if !within[i] {
			w.file(i)
		}
	}
	var more []string // files that belong to a second package
	written := map[int]bool{}
	for i, pkg := range doc.Get("packages").List() {
		w.begin("package", "packages", i)
		for _, id := range pkg.Get("hasFiles").List() {
			at, ok := files[id.Str()]
			if ok && !written[at] {
				written[at] = true
				w.file(at)
			} else {
				more = append(more, pkg.Get("SPDXID").Str()+" CONTAINS "+id.Str())
			}
		}
	}
	for i := range doc.Get("hasExtractedLicensingInfos").List() {
		w.begin("license", "hasExtractedLicensingInfos", i)
	}
	w.relationships(more)
	w.annotations(doc, doc.Get("SPDXID").Str(), "")
	for _, key := range []string{"packages", "files", "snippets"} {
		for i, n := range doc.Get(key).List() {
			w.annotations(n, n.Get("SPDXID").Str(), jsondoc.Pointer(key, i))
		}
	}
	for i := range doc.Get("revieweds").List() {
		w.begin("review", "revieweds", i)
	}
	return w.out, w.losses
}

type tagWriter struct {
	doc    *jsondoc.Node
	out    []byte
	losses []bom.Loss
	cut    map[string][]int // snippets by their files
	about  string           // id of what the annotation is about
}

// file writes a file and the snippets of it.
func (w *tagWriter) file(i int) {
	w.begin("file", "files", i)
	w.snippets(w.doc.Get("files").List()[i].Get("SPDXID").Str())
}

func (w *tagWriter) snippets(file string) {
	for _, i := range w.cut[file] {
		w.begin("snippet", "snippets", i)
	}
	delete(w.cut, file)
}

func (w *tagWriter) lose(pointer, what string) {
	w.losses = append(w.losses, bom.Loss{Pointer: pointer, What: what})
}

// tag writes one tag. A value of more than one line, or with blanks that count,
// is a text.
func (w *tagWriter) tag(name, value, pointer string) {
	w.out = append(w.out, name...)
	w.out = append(w.out, ": "...)
	if value == strings.TrimSpace(value) && !strings.ContainsAny(value, "\r\n") && !strings.HasPrefix(value, "<text>") {
		w.out = append(append(w.out, value...), '\n')
		return
	}
	if strings.Contains(value, "</text>") {
		w.lose(pointer, "tag-value has no way to write </text>: a blank was put into it")
		value = strings.ReplaceAll(value, "</text>", "</text >")
	}
	if strings.Contains(value, "\r") {
		w.lose(pointer, "tag-value has no carriage returns: they were left out")
		value = strings.ReplaceAll(value, "\r", "")
	}
	w.out = append(append(append(w.out, "<text>"...), value...), "</text>\n"...)
}

// begin writes the i-th object of a list as a section.
func (w *tagWriter) begin(name, list string, i int) {
	n := w.doc.Get(list).List()[i]
	pointer := jsondoc.Pointer(list, i)
	if !n.Is(jsondoc.KindObject) {
		w.lose(pointer, "not an object")
		return
	}
	s := sections()[name]
	w.out = append(w.out, '\n')
	if n.Get(s.tags[0].key) == nil {
		w.tag(s.tags[0].name, "", pointer) // without it, it would be no section
	}
	w.fields(n, s, pointer, []string{"annotations", "hasFiles"})
}

// fields writes an object's keys in the order of tags; others are losses, but
// for those that are written elsewhere.
func (w *tagWriter) fields(n *jsondoc.Node, s *section, pointer string, apart []string) {
	known := map[string]bool{otherTags: true, elsewhere: true, "documentDescribes": pointer == ""}
	for _, key := range apart {
		known[key] = true
	}
	for i, t := range s.tags {
		key, at := t.key, n
		where := pointer
		if rest, ok := strings.CutPrefix(key, "creationInfo."); ok {
			key, at, where = rest, n.Get("creationInfo"), "/creationInfo"
		}
		known[t.key] = true
		if i > 0 && s.tags[i-1].key == t.key {
			continue // a second tag for the same key, which the first has written
		}
		if t.name == "SPDXREF" && w.about != "" {
			w.tag(t.name, w.about, pointer)
		} else if v := at.Get(key); v != nil {
			w.value(t, v, where+jsondoc.Pointer(key), n)
		}
	}
	var info []jsondoc.Member
	if i := n.Get("creationInfo"); i.Is(jsondoc.KindObject) {
		info = i.Members
	}
	for _, m := range info {
		if !known["creationInfo."+m.Key] {
			w.lose("/creationInfo"+jsondoc.Pointer(m.Key), "tag-value has no tag for it")
		}
	}
	for _, m := range n.Members {
		if !known[m.Key] {
			w.lose(pointer+jsondoc.Pointer(m.Key), "tag-value has no tag for it")
		}
	}
	for _, other := range n.Get(otherTags).List() {
		name, value, _ := strings.Cut(other.Str(), ": ")
		w.tag(name, value, pointer)
	}
}

// value writes what stands at a key.
func (w *tagWriter) value(t tag, v *jsondoc.Node, pointer string, owner *jsondoc.Node) {
	items := []*jsondoc.Node{v}
	if t.list {
		items = v.List()
		if !v.Is(jsondoc.KindArray) {
			w.lose(pointer, "not a list")
		}
	}
	for i, item := range items {
		at := pointer
		if t.list {
			at += jsondoc.Pointer(i)
		}
		switch {
		case t.special:
			w.special(t.name, item, at, owner)
		case t.digest:
			w.tag(t.name, digestText(item), at)
		case item.Is(jsondoc.KindString), t.bool && item.Is(jsondoc.KindBool):
			w.tag(t.name, item.Text, at)
		default:
			w.lose(at, "not a text")
		}
	}
}

func digestText(n *jsondoc.Node) string {
	return n.Get("algorithm").Str() + ": " + n.Get("checksumValue").Str()
}

// special writes the tags of a form of their own.
func (w *tagWriter) special(name string, n *jsondoc.Node, pointer string, owner *jsondoc.Node) {
	words := func(keys ...string) (string, bool) {
		var out []string
		for i, key := range keys {
			s := n.Get(key).Str()
			if s == "" || i < len(keys)-1 && !oneWord(s) || s != flat(s) {
				w.lose(pointer, key+" is not one word, as tag-value asks for")
				return "", false
			}
			out = append(out, s)
		}
		return strings.Join(out, " "), true
	}
	switch name {
	case "ExternalDocumentRef":
		if s, ok := words("externalDocumentId", "spdxDocument"); ok {
			w.tag(name, s+" "+digestText(n.Get("checksum")), pointer)
		}
	case "PackageVerificationCode":
		s := n.Get("packageVerificationCodeValue").Str()
		var files []string
		for _, f := range n.Get("packageVerificationCodeExcludedFiles").List() {
			files = append(files, f.Str())
		}
		if n.Get("packageVerificationCodeExcludedFiles") != nil {
			s += " (excludes: " + strings.Join(files, ", ") + ")"
		}
		w.tag(name, s, pointer)
	case "ExternalRef":
		if s, ok := words("referenceCategory", "referenceType", "referenceLocator"); ok {
			w.tag(name, s, pointer)
			if c := n.Get("comment"); c != nil {
				w.tag("ExternalRefComment", c.Str(), pointer)
			}
		}
	case "SnippetByteRange":
		for _, r := range []struct{ name, key string }{{name, "offset"}, {"SnippetLineRange", "lineNumber"}} {
			start, end := n.At("startPointer", r.key), n.At("endPointer", r.key)
			if start != nil && end != nil {
				w.tag(r.name, start.Text+":"+end.Text, pointer)
			}
		}
		if file := owner.Get("snippetFromFile").Str(); n.At("startPointer", "reference").Str() != file || n.At("endPointer", "reference").Str() != file {
			w.lose(pointer, "a range of another file than the snippet's")
		}
	case "Relationship":
		if s, ok := words("spdxElementId", "relationshipType", "relatedSpdxElement"); ok {
			w.tag(name, s, pointer)
		}
	}
}

// relationships writes them, with what JSON says in other keys.
func (w *tagWriter) relationships(more []string) {
	list := w.doc.Get("relationships").List()
	describes := w.doc.Get("documentDescribes").List()
	if len(list)+len(describes)+len(more) > 0 {
		w.out = append(w.out, '\n')
	}
	id := w.doc.Get("SPDXID").Str()
	for i, n := range describes {
		w.sentence(id+" DESCRIBES "+n.Str(), jsondoc.Pointer("documentDescribes", i))
	}
	for i, n := range list {
		before := len(w.out)
		pointer := jsondoc.Pointer("relationships", i)
		w.special("Relationship", n, pointer, nil)
		if len(w.out) == before {
			continue
		}
		if c := n.Get("comment"); c != nil {
			w.tag("RelationshipComment", c.Str(), pointer)
		}
		for _, other := range n.Get(otherTags).List() {
			name, value, _ := strings.Cut(other.Str(), ": ")
			w.tag(name, value, pointer)
		}
	}
	for _, s := range more {
		w.sentence(s, "/packages")
	}
}

func (w *tagWriter) sentence(s, pointer string) {
	if len(strings.Fields(s)) != 3 || !oneLine(s) {
		w.lose(pointer, "ids that are not one word cannot be written in tag-value")
		return
	}
	w.tag("Relationship", s, pointer)
}

// annotations writes those of an element.
func (w *tagWriter) annotations(n *jsondoc.Node, id, pointer string) {
	for i, a := range n.Get("annotations").List() {
		at := pointer + jsondoc.Pointer("annotations", i)
		if !a.Is(jsondoc.KindObject) {
			w.lose(at, "not an object")
			continue
		}
		about := id
		if s := a.Get(elsewhere).Str(); s != "" {
			about = s
		}
		w.out = append(w.out, '\n')
		if a.Get("annotator") == nil {
			w.tag("Annotator", "", at)
		}
		w.about = about
		w.fields(a, sections()["annotation"], at, nil)
	}
}

// withoutTags takes away what only tag-value can say, and lists it.
func withoutTags(n *jsondoc.Node, pointer string, losses []bom.Loss) (*jsondoc.Node, []bom.Loss) {
	if n.Is(jsondoc.KindArray) || n.Is(jsondoc.KindObject) {
		out := *n
		out.Items, out.Members = nil, nil
		for i, item := range n.Items {
			item, losses = withoutTags(item, pointer+jsondoc.Pointer(i), losses)
			out.Items = append(out.Items, item)
		}
		for _, m := range n.Members {
			if m.Key == otherTags || m.Key == elsewhere {
				losses = append(losses, bom.Loss{Pointer: pointer, What: "no key of JSON for " + string(compact(nil, m.Value))})
				continue
			}
			m.Value, losses = withoutTags(m.Value, pointer+jsondoc.Pointer(m.Key), losses)
			out.Members = append(out.Members, m)
		}
		return &out, losses
	}
	return n, losses
}
