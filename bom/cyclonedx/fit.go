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
// and lists it. Where that does not make it valid, what is wrong is listed, too.
func (w *writer) fit(doc *jsondoc.Node) (*jsondoc.Node, error) {
	s, err := schemas[w.version]()
	if err != nil {
		return nil, err
	}
	f := fitter{w: w, at: map[*jsondoc.Node][]int{}, was: map[string]string{}}
	for was, now := range w.moved.now {
		f.was[now] = was
	}
	if w.bill.Signed {
		doc = doc.Clone()
		f.unsign(doc, "")
	}
	for round := 0; ; round++ {
		problems, err := s.Check(doc, 10*bom.MaxComponents)
		if err != nil || len(problems) == 0 {
			return doc, err
		}
		if round == 0 {
			doc = doc.Clone()
		}
		f.keys, f.gone = map[*jsondoc.Node]map[string]*jsondoc.Node{}, map[*jsondoc.Node]*removal{}
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
		isRoot := func(m mend) bool { return len(m.path) == 0 } // of which nothing can be taken away
		if stuck := !slices.ContainsFunc(mends, func(m mend) bool { return !isRoot(m) }); stuck || round == maxRounds {
			for _, m := range mends {
				f.lose(m, "is not as CycloneDX %s wants it: %s", w.version, m.Message)
			}
			return doc, nil
		}
		for _, m := range slices.DeleteFunc(mends, isRoot) {
			f.mend(m)
		}
		f.remove()
	}
}

// fitter mends a document by the problems that a schema has with it.
type fitter struct {
	w   *writer
	at  map[*jsondoc.Node][]int // of lists that something was taken out of: where each item stood at first
	was map[string]string       // where components stood in the document that was read

	// Of one round: a bill can have a million problems in one object, and is
	// gone through once for all of them.
	keys map[*jsondoc.Node]map[string]*jsondoc.Node // of objects with problems
	gone map[*jsondoc.Node]*removal                 // by list and object
}

// removal is what is to be taken out of a list or an object.
type removal struct {
	indexes map[int]bool
	keys    map[string]bool
	up      *jsondoc.Node // the object that the list is in, nil for none
	key     string        // the list's in it
}

// mend is a problem with where it is: in a list or an object.
type mend struct {
	jsonschema.Problem
	path  []string // of the value, with indexes as they were at first
	in    *jsondoc.Node
	index int // of the value in the list that in is
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
			m.index, m.value = i, m.in.Items[i]
			part = strconv.Itoa(f.first(m.in, i))
		} else {
			m.value = f.get(m.in, unescape(part))
		}
		m.path = append(m.path, part)
	}
	return m
}

// first gives the index that an item had at first.
func (f *fitter) first(list *jsondoc.Node, i int) int {
	if at, ok := f.at[list]; ok {
		return at[i]
	}
	return i
}

// get gives the value of a key.
func (f *fitter) get(n *jsondoc.Node, key string) *jsondoc.Node {
	if !n.Is(jsondoc.KindObject) {
		return nil
	}
	values, ok := f.keys[n]
	if !ok {
		values = make(map[string]*jsondoc.Node, len(n.Members))
		for _, m := range n.Members {
			values[m.Key] = m.Value
		}
		f.keys[n] = values
	}
	return values[key]
}

func (m *mend) key() string { return unescape(m.path[len(m.path)-1]) }

// mend does what a problem asks for: another word where the schema has one for
// everything else, and else it takes the value away.
func (f *fitter) mend(m mend) {
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
		f.take(m)
	default:
		f.lose(m, "cannot be said in CycloneDX %s: %s", f.w.version, m.Message)
		f.take(m)
	}
}

func (f *fitter) word(m mend, word string) {
	f.lose(m, "%s %s has no place in CycloneDX %s and is written as %s", m.key(), m.value.Str(), f.w.version, word)
	m.in.Set(m.key(), jsondoc.String(word))
}

// take notes that a value has to go, at the end of the round.
func (f *fitter) take(m mend) {
	r := f.gone[m.in]
	if r == nil {
		r = &removal{indexes: map[int]bool{}, keys: map[string]bool{}}
		f.gone[m.in] = r
	}
	if m.in.Is(jsondoc.KindObject) {
		r.keys[m.key()] = true
		return
	}
	r.indexes[m.index] = true
	if m.up.Is(jsondoc.KindObject) {
		r.up, r.key = m.up, unescape(m.path[len(m.path)-2])
	}
}

// remove takes away what the round noted, and lists that have nothing left.
func (f *fitter) remove() {
	var emptied []*removal
	for list, r := range f.gone {
		if len(r.indexes) == 0 {
			continue
		}
		var items []*jsondoc.Node
		var at []int
		for i, item := range list.Items {
			if !r.indexes[i] {
				items, at = append(items, item), append(at, f.first(list, i))
			}
		}
		list.Items, f.at[list] = items, at
		if len(items) == 0 && r.up != nil {
			emptied = append(emptied, r)
		}
	}
	for _, r := range emptied {
		if f.gone[r.up] == nil {
			f.gone[r.up] = &removal{keys: map[string]bool{}}
		}
		f.gone[r.up].keys[r.key] = true
	}
	for object, r := range f.gone {
		if len(r.keys) > 0 {
			object.Members = slices.DeleteFunc(object.Members, func(m jsondoc.Member) bool { return r.keys[m.Key] })
		}
	}
}

// lose lists a loss by where it stood in the document that was read.
func (f *fitter) lose(m mend, format string, args ...any) {
	pointer := ""
	if len(m.path) > 0 {
		pointer = "/" + strings.Join(m.path, "/")
	}
	f.w.lose(f.origin(pointer), format, args...)
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
