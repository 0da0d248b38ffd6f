package cyclonedx

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"nacre/bom"
	"nacre/jsondoc"
	"nacre/jsonschema"
	thirdparty "nacre/third_party"
)

// schemas are the schemas by version, each made when it is asked for. Those of
// 1.2 and 1.3 are the strict ones, which allow no other keys.
var schemas = func() map[string]func() (*jsonschema.Schema, error) {
	all := map[string]func() (*jsonschema.Schema, error){}
	for _, version := range versions {
		file := "cyclonedx/bom-" + version + ".schema.json"
		if version == "1.2" || version == "1.3" {
			file = "cyclonedx/bom-" + version + "-strict.schema.json"
		}
		all[version] = sync.OnceValues(func() (*jsonschema.Schema, error) {
			return jsonschema.Compile(thirdparty.Schema, file)
		})
	}
	return all
}()

// maxRounds bounds how often a document is mended: what is taken away may be
// what something around it needs.
const maxRounds = 12

// fit takes out of a document what the schema of its version has no place for,
// and lists it.
func (w *writer) fit(doc *jsondoc.Node) (*jsondoc.Node, error) {
	s, err := schemas[w.version]()
	if err != nil {
		return nil, err
	}
	f := fitter{w: w, removed: map[*jsondoc.Node][]int{}, was: map[string]string{}}
	for was, now := range w.moved.now {
		f.was[now] = was
	}
	if w.bill.Signed {
		doc = doc.Clone()
		f.unsign(doc, "")
	}
	for round := range maxRounds {
		problems, err := s.Check(doc, 10*bom.MaxComponents)
		if err != nil || len(problems) == 0 {
			return doc, err
		}
		if round == 0 {
			doc = doc.Clone()
		}
		var mends []mend
		seen := map[string]bool{}
		for _, p := range problems {
			if _, key := cutLast(p.Pointer); w.xml && strings.HasPrefix(key, xmlKey) {
				continue // XML keeps what it does not know
			}
			if !seen[p.Pointer] {
				seen[p.Pointer] = true
				mends = append(mends, f.locate(doc, p))
			}
		}
		if len(mends) == 0 {
			break
		}
		for _, m := range mends {
			f.mend(m)
		}
	}
	return doc, nil
}

// fitter mends a document by the problems that a schema has with it.
type fitter struct {
	w       *writer
	removed map[*jsondoc.Node][]int // indexes of what was taken out of lists, as they were at first, sorted
	was     map[string]string       // where components stood in the document that was read
}

// mend is a problem with where it is: in a list or an object.
type mend struct {
	jsonschema.Problem
	path  []string // of the value, with indexes as they were at first
	in    *jsondoc.Node
	value *jsondoc.Node
	up    *jsondoc.Node // what in is in
}

func (f *fitter) locate(doc *jsondoc.Node, p jsonschema.Problem) mend {
	m := mend{Problem: p, value: doc}
	for part := range strings.SplitSeq(strings.TrimPrefix(p.Pointer, "/"), "/") {
		if p.Pointer == "" {
			break
		}
		m.up, m.in = m.in, m.value
		if i, err := strconv.Atoi(part); err == nil && m.in.Is(jsondoc.KindArray) {
			m.value = m.in.Items[i]
			part = strconv.Itoa(f.first(m.in, i))
		} else {
			m.value = m.in.Get(unescape(part))
		}
		m.path = append(m.path, part)
	}
	return m
}

// first gives the index that an item had at first.
func (f *fitter) first(list *jsondoc.Node, i int) int {
	for _, gone := range f.removed[list] {
		if gone <= i {
			i++
		}
	}
	return i
}

func (m *mend) key() string { return unescape(m.path[len(m.path)-1]) }

// mend does what a problem asks for: another word where the schema has one for
// everything else, and else it takes the value away.
func (f *fitter) mend(m mend) {
	if len(m.path) == 0 {
		return // nothing is left that could be taken away
	}
	kind := ""
	if len(m.path) > 2 {
		kind = m.path[len(m.path)-3]
	}
	switch {
	case m.Keyword == "enum" && m.key() == "type" && kind == "externalReferences":
		f.word(m, "other")
	case m.Keyword == "enum" && m.key() == "type" && m.in.Get("name") != nil && m.in.Get("phase") == nil:
		f.word(m, "application")
	case m.Keyword == "enum" && m.key() == "id" && m.in.Get("name") == nil && m.path[len(m.path)-2] == "license":
		f.lose(m, "%s is no id of the licence list of CycloneDX %s and is written as a name", m.value.Str(), f.w.version)
		for i := range m.in.Members {
			if m.in.Members[i].Key == "id" {
				m.in.Members[i].Key = "name"
			}
		}
	case m.Keyword == "additionalProperties":
		f.lose(m, "%s has no place in CycloneDX %s", m.key(), f.w.version)
		m.in.Remove(m.key())
	default:
		f.lose(m, "cannot be said in CycloneDX %s: %s", f.w.version, m.Message)
		f.remove(m)
	}
}

func (f *fitter) word(m mend, word string) {
	f.lose(m, "%s %s has no place in CycloneDX %s and is written as %s", m.key(), m.value.Str(), f.w.version, word)
	m.in.Set(m.key(), jsondoc.String(word))
}

func (f *fitter) remove(m mend) {
	if m.in.Is(jsondoc.KindObject) {
		m.in.Remove(m.key())
		return
	}
	i := slices.Index(m.in.Items, m.value)
	if i < 0 {
		return
	}
	gone := f.first(m.in, i)
	at, _ := slices.BinarySearch(f.removed[m.in], gone)
	f.removed[m.in] = slices.Insert(f.removed[m.in], at, gone)
	m.in.Items = slices.Delete(m.in.Items, i, i+1)
	if len(m.in.Items) == 0 && m.up != nil && len(m.path) > 1 {
		m.up.Remove(unescape(m.path[len(m.path)-2]))
	}
}

// lose lists a loss by where it stood in the document that was read.
func (f *fitter) lose(m mend, format string, args ...any) {
	f.w.lose(f.origin("/"+strings.Join(m.path, "/")), format, args...)
}

func (f *fitter) origin(pointer string) string {
	for i := len(pointer); i > 0; i = strings.LastIndexByte(pointer[:i], '/') {
		if was, ok := f.was[pointer[:i]]; ok {
			return was + pointer[i:]
		}
	}
	return pointer
}

// unsign drops the signatures, all of which are void; that of the document is
// dropped where it is written.
func (f *fitter) unsign(n *jsondoc.Node, pointer string) {
	for i, item := range n.Items {
		f.unsign(item, pointer+"/"+strconv.Itoa(i))
	}
	if n.Get("signature").Is(jsondoc.KindObject) && pointer != "" {
		n.Remove("signature")
		f.w.lose(f.origin(pointer+"/signature"), "the signature is void after a change and is dropped")
	}
	for _, m := range n.Members {
		if m.Key != "signature" {
			f.unsign(m.Value, pointer+"/"+jsondoc.Escape(m.Key))
		}
	}
}
