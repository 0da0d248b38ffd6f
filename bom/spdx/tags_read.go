package spdx

import (
	"bytes"
	"slices"
	"strings"

	"nacre/fault"
	"nacre/jsondoc"
)

// parseTags reads tag-value into the tree that the same document has in JSON.
// Keys stand in the order of the specification; comments, which begin with a
// number sign, are passed over.
func parseTags(b []byte) (*jsondoc.Node, error) {
	p := &tagParser{doc: jsondoc.Object(), info: jsondoc.Object(), about: map[*jsondoc.Node]string{}}
	p.current, p.section = p.doc, "document"
	s := tagScanner{rest: bytes.TrimPrefix(b, []byte("\ufeff"))}
	for {
		name, value, ok, err := s.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		p.line = s.at
		if err := p.take(name, value); err != nil {
			return nil, err
		}
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	return p.doc, nil
}

// tagScanner splits the text into tags and values.
type tagScanner struct {
	rest []byte
	line int // that was read last
	at   int // where the tag stands
}

func (s *tagScanner) next() (name, value string, ok bool, err error) {
	for len(s.rest) > 0 {
		line := s.take()
		text := strings.TrimSpace(line)
		if text == "" || text[0] == '#' {
			continue
		}
		s.at = s.line
		name, value, ok = strings.Cut(text, ":")
		if !ok || strings.ContainsAny(name, " \t<") {
			return "", "", false, fault.New(fault.Invalid, "line %d: no tag and a colon", s.line)
		}
		value = strings.TrimSpace(value)
		if !strings.HasPrefix(value, "<text>") {
			return name, strings.ToValidUTF8(value, "\ufffd"), true, nil
		}
		// A text is taken as it stands, blanks at the ends of lines too.
		_, opened, _ := strings.Cut(line, "<text>")
		var whole strings.Builder
		for {
			if before, after, closed := strings.Cut(opened, "</text>"); closed {
				if strings.TrimSpace(after) != "" {
					return "", "", false, fault.New(fault.Invalid, "line %d: more behind </text>", s.line)
				}
				whole.WriteString(before)
				return name, strings.ToValidUTF8(whole.String(), "\ufffd"), true, nil
			}
			whole.WriteString(opened)
			if len(s.rest) == 0 {
				return "", "", false, fault.New(fault.Invalid, "line %d: <text> without an end", s.at)
			}
			whole.WriteByte('\n')
			opened = s.take()
		}
	}
	return "", "", false, nil
}

// take gives the next line without its end.
func (s *tagScanner) take() string {
	line, rest, _ := bytes.Cut(s.rest, []byte("\n"))
	s.rest = rest
	s.line++
	return string(bytes.TrimSuffix(line, []byte("\r")))
}

type tagParser struct {
	doc, info *jsondoc.Node
	current   *jsondoc.Node // the section's object
	section   string
	within    *jsondoc.Node // package that files belong to
	reference *jsondoc.Node // external reference that a comment belongs to
	about     map[*jsondoc.Node]string
	line      int
}

func (p *tagParser) take(name, value string) error {
	if b, ok := begins[name]; ok {
		p.current, p.section, p.reference = jsondoc.Object(), b.section, nil
		p.current.Line = p.line
		if name == "PackageName" {
			p.within = p.current
		}
		p.push(p.doc, b.list, p.current)
	}
	text := jsondoc.String(value)
	text.Line = p.line
	if name == "ExternalRefComment" && p.reference != nil {
		p.reference.Set("comment", text)
		return nil
	}
	t := sections()[p.section].byTag[name]
	if t == nil {
		p.push(p.current, otherTags, jsondoc.String(name+": "+value))
		return nil
	}
	at, key := p.current, t.key
	if rest, ok := strings.CutPrefix(key, "creationInfo."); ok {
		at, key = p.info, rest
	}
	switch {
	case t.special:
		return p.special(name, value)
	case t.digest:
		p.push(at, key, digestOf(value))
	case t.list:
		p.push(at, key, text)
	case t.bool && (strings.EqualFold(value, "true") || strings.EqualFold(value, "false")):
		at.Set(key, jsondoc.Bool(strings.EqualFold(value, "true")))
	case at.Get(key) != nil:
		return fault.New(fault.Invalid, "line %d: a second %s", p.line, name)
	default:
		at.Set(key, text)
	}
	if name == "SPDXID" && p.section == "file" && p.within != nil {
		p.push(p.within, "hasFiles", text)
	}
	return nil
}

// push adds to a list of an object.
func (p *tagParser) push(n *jsondoc.Node, key string, item *jsondoc.Node) {
	list := n.Get(key)
	if list == nil {
		list = jsondoc.Array()
		list.Line = p.line
		n.Set(key, list)
	}
	if item.Line == 0 {
		item.Line = p.line
	}
	list.Items = append(list.Items, item)
}

// digestOf reads "SHA1: 85ed..".
func digestOf(s string) *jsondoc.Node {
	algorithm, value, _ := strings.Cut(s, ":")
	n := jsondoc.Object()
	n.Set("algorithm", jsondoc.String(strings.TrimSpace(algorithm)))
	n.Set("checksumValue", jsondoc.String(strings.TrimSpace(value)))
	return n
}

// special reads the tags of a form of their own.
func (p *tagParser) special(name, value string) error {
	words := strings.Fields(value)
	n := jsondoc.Object()
	switch name {
	case "ExternalDocumentRef":
		if len(words) < 3 {
			return fault.New(fault.Invalid, "line %d: %s needs an id, an address and a digest", p.line, name)
		}
		n.SetString("externalDocumentId", words[0])
		n.Set("checksum", digestOf(strings.Join(words[2:], " ")))
		n.SetString("spdxDocument", words[1])
		p.push(p.current, "externalDocumentRefs", n)
	case "PackageVerificationCode":
		code, files, excludes := strings.Cut(value, "(")
		n.Set("packageVerificationCodeValue", jsondoc.String(strings.TrimSpace(code)))
		if excludes {
			files = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSpace(files), ")"), "excludes:")
			list := jsondoc.Array()
			for f := range strings.SplitSeq(files, ",") {
				list.Items = append(list.Items, jsondoc.String(strings.TrimSpace(f)))
			}
			n.Set("packageVerificationCodeExcludedFiles", list)
		}
		p.current.Set("packageVerificationCode", n)
	case "ExternalRef":
		if len(words) < 3 {
			return fault.New(fault.Invalid, "line %d: %s needs a category, a type and a locator", p.line, name)
		}
		n.SetString("referenceCategory", words[0])
		n.SetString("referenceType", words[1])
		n.SetString("referenceLocator", strings.Join(words[2:], " "))
		p.reference = n
		p.push(p.current, "externalRefs", n)
	case "SnippetByteRange", "SnippetLineRange":
		start, end, ok := strings.Cut(value, ":")
		start, end = strings.TrimSpace(start), strings.TrimSpace(end)
		if !ok || !natural(start) || !natural(end) {
			return fault.New(fault.Invalid, "line %d: %s needs two numbers", p.line, name)
		}
		key := "offset"
		if name == "SnippetLineRange" {
			key = "lineNumber"
		}
		for _, end := range []struct{ key, number string }{{"startPointer", start}, {"endPointer", end}} {
			pointer := jsondoc.Object()
			pointer.Set("reference", jsondoc.String(""))
			pointer.Set(key, jsondoc.Number(end.number))
			n.Set(end.key, pointer)
		}
		p.push(p.current, "ranges", n)
	case "Relationship":
		if len(words) < 3 {
			return fault.New(fault.Invalid, "line %d: %s needs two ids and a type", p.line, name)
		}
		p.current.SetString("spdxElementId", words[0])
		p.current.SetString("relationshipType", words[1])
		p.current.SetString("relatedSpdxElement", strings.Join(words[2:], " "))
	case "SPDXREF":
		p.about[p.current] = value
	}
	return nil
}

// natural reports whether s is a number as JSON writes one, without a sign.
func natural(s string) bool {
	return s != "" && len(s) < 19 && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

// finish puts every annotation to what it is about, and keys into their order.
func (p *tagParser) finish() error {
	elements, err := p.byID()
	if err != nil {
		return err
	}
	rank := map[string]int{}
	for i, n := range p.doc.Get("files").List() {
		rank[n.Get("SPDXID").Str()] = i + 1
	}
	if snippets := p.doc.Get("snippets"); snippets != nil { // written behind their files
		of := func(n *jsondoc.Node) int { return rank[n.Get("snippetFromFile").Str()] }
		slices.SortStableFunc(snippets.Items, func(a, b *jsondoc.Node) int { return of(a) - of(b) })
	}
	for _, n := range p.doc.Get("snippets").List() {
		file := n.Get("snippetFromFile").Str()
		for _, r := range n.Get("ranges").List() {
			r.At("startPointer", "reference").Text, r.At("endPointer", "reference").Text = file, file
		}
	}
	own := jsondoc.Array()
	for _, a := range p.doc.Get("annotations").List() {
		id := p.about[a]
		switch at := elements[id]; {
		case at != nil:
			p.push(at, "annotations", a)
		case id == "" || id == p.doc.Get("SPDXID").Str():
			own.Items = append(own.Items, a)
		default:
			a.SetString(elsewhere, id)
			own.Items = append(own.Items, a)
		}
	}
	p.doc.Remove("annotations")
	if len(own.Items) > 0 {
		p.doc.Set("annotations", own)
	}
	if len(p.info.Members) > 0 {
		arrange(p.info, []string{"comment", "created", "creators", "licenseListVersion"})
		p.doc.Set("creationInfo", p.info)
	}
	for _, b := range begins {
		order := append(sections()[b.section].order(), "annotations", "hasFiles", otherTags)
		if b.section == "relationship" {
			order = []string{"spdxElementId", "relationshipType", "relatedSpdxElement", "comment", otherTags}
		}
		for _, n := range p.doc.Get(b.list).List() {
			arrange(n, order)
			for _, a := range n.Get("annotations").List() {
				arrange(a, sections()["annotation"].order())
			}
		}
	}
	arrange(p.doc, append(slices.Clone(documentKeys()), otherTags))
	return nil
}

// byID gives the elements by their ids. What follows a package, and what an
// annotation is about, hangs on ids: they are there, and each once.
func (p *tagParser) byID() (map[string]*jsondoc.Node, error) {
	elements := map[string]*jsondoc.Node{}
	own := p.doc.Get("SPDXID").Str()
	for _, key := range []string{"packages", "files", "snippets"} {
		for _, n := range p.doc.Get(key).List() {
			id := n.Get("SPDXID").Str()
			switch {
			case id == "":
				return nil, fault.New(fault.Invalid, "line %d: an element without SPDXID", n.Line)
			case elements[id] != nil:
				return nil, fault.New(fault.Invalid, "line %d: a second element %s, the first is on line %d", n.Line, fault.Quote(id), elements[id].Line)
			case id == own:
				return nil, fault.New(fault.Invalid, "line %d: an element with the document's own id %s", n.Line, fault.Quote(id))
			}
			elements[id] = n
		}
	}
	return elements, nil
}

// arrange puts the keys of an object into an order; others stay behind.
func arrange(n *jsondoc.Node, order []string) {
	rank := func(m jsondoc.Member) int {
		if i := slices.Index(order, m.Key); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(n.Members, func(a, b jsondoc.Member) int { return rank(a) - rank(b) })
}
