package spdx

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strconv"
	"strings"
	"time"

	"nacre/bom"
	"nacre/jsondoc"
)

// noTime stands where SPDX asks for a time and the bill states none.
const noTime = "1970-01-01T00:00:00Z"

// second is a time as SPDX writes it, in whole seconds of UTC; what cannot be
// read stays.
func second(s string) string {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return s
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// noteStamp is who makes the notes of a document, and when.
type noteStamp struct{ tool, date string }

func stamp(b *bom.Bill) noteStamp {
	s := noteStamp{annotator, noTime}
	if b.Created != "" {
		s.date = second(b.Created)
	}
	for _, t := range b.Tools {
		if t.Name == "nacre" && flat(t.Version) != "" {
			s.tool = annotator + "-" + flat(t.Version)
		}
	}
	return s
}

// write puts lines into the annotation of an element, behind those of ours that
// it has and say nothing to the model.
func (s noteStamp) write(n *jsondoc.Node, strangers, lines []string) {
	if lines = append(strangers, lines...); len(lines) == 0 && len(noteLines(n)) == 0 {
		return
	}
	list := jsondoc.Array()
	for _, a := range n.Get("annotations").List() {
		if !ours(a) {
			list.Items = append(list.Items, a)
		}
	}
	if len(lines) > 0 {
		a := jsondoc.Object()
		a.SetString("annotationDate", s.date)
		a.SetString("annotationType", "OTHER")
		a.SetString("annotator", s.tool)
		a.SetString("comment", strings.Join(lines, "\n"))
		list.Items = append(list.Items, a)
	}
	if len(list.Items) == 0 {
		n.Remove("annotations")
		return
	}
	n.Set("annotations", list)
}

const notePatch = noteField + "patch"

// isPatchNote reports whether a line is a note about a patch.
func isPatchNote(line string) bool {
	key, _, ok := strings.Cut(line, "=")
	return ok && (key == notePatch || strings.HasPrefix(key, notePatch+":"))
}

// patchMark is the mark of a patch, of which the format itself says where it is.
func patchMark(native *bom.Patch) string {
	return mark(reflect.ValueOf(native).Elem(), "URL")
}

// applyPatch reads the notes about a patch into p, which holds what the format
// itself says.
func applyPatch(p *bom.Patch, lines []string) {
	key := notePatch + patchMark(p) + "="
	for _, line := range lines {
		value, ok := strings.CutPrefix(line, key)
		if !ok {
			continue
		}
		n, err := jsondoc.Parse([]byte(value), jsondoc.Limits{Name: "note"})
		fresh := bom.Patch{}
		if err == nil && decode(n, reflect.ValueOf(&fresh).Elem()) {
			fresh.Raw = p.Raw
			*p = fresh
		}
	}
}

func samePatch(a, b *bom.Patch) bool {
	return encode(reflect.ValueOf(a)).Equal(encode(reflect.ValueOf(b)))
}

func patchNotes(want, native *bom.Patch) []string {
	if samePatch(want, native) {
		return nil
	}
	return []string{notePatch + patchMark(native) + "=" + string(compact(nil, encode(reflect.ValueOf(want))))}
}

// newID makes an id of a ref: letters, digits, hyphens and full stops, and of
// two refs that look alike the second with a digest. Taken are the ids there are,
// with how often each was asked for.
func newID(ref string, taken map[string]int) string {
	var b strings.Builder
	b.WriteString("SPDXRef")
	gap := true
	for _, r := range strings.TrimPrefix(ref, "SPDXRef-") {
		switch {
		case b.Len() >= 120:
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.':
			if gap {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	id := b.String()
	if id == "SPDXRef" {
		id = "SPDXRef-element"
	}
	if _, ok := taken[id]; ok {
		sum := sha256.Sum256([]byte(ref))
		id += "-" + hex.EncodeToString(sum[:4])
	}
	for one := id; ; one = id + "-" + strconv.Itoa(taken[id]) {
		if _, ok := taken[one]; !ok {
			taken[one] = 1
			return one
		}
		taken[id]++
	}
}
