package meta

import (
	"errors"
	"reflect"
	"testing"

	"nacre/fault"
)

// FuzzDocument reads anything as a document, and does everything with it.
func FuzzDocument(f *testing.F) {
	f.Add(false, with(spec2, `"prereqs":{"test":{"requires":{"A":">= 1, != 2"}},"x_y":{}},"foo":[null,1.50,{"a":true}]`))
	f.Add(false, with(spec14, `"requires":{"A":"B","C":"1a"},"no_index":"t","optional_features":[{"f":{"requires":["A"]}}]`))
	f.Add(true, "---\nname: Foo\nversion: 1.10\nrequires:\n  A: 1\nprivate:\n  - t\n")
	f.Add(true, "--- #YAML:1.0\nauthor: [a, b]\nx: >\n  a\n  b\n")
	f.Fuzz(func(t *testing.T, isYAML bool, text string) {
		name := "META.json"
		if isYAML {
			name = "META.yml"
		}
		d, err := ParseDocument(name, []byte(text))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		keepsPromises(t, d)
	})
}

// FuzzGenerated does everything with documents around the spec.
func FuzzGenerated(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		d, err := NewDocument(generate(seed))
		if err != nil {
			t.Fatal(err)
		}
		keepsPromises(t, d)
	})
}

// keepsPromises does everything with a document, and fails where something
// that is promised does not hold.
func keepsPromises(t *testing.T, d *Document) {
	t.Helper()
	before := d.Tree.Clone()
	valid := len(d.Check()) == 0
	d.Strict("x")
	fields := d.Fields()
	for _, to := range []Spec{Spec2, Spec14} {
		made, _, err := d.Convert(ConvertOptions{To: to})
		if err != nil {
			if e, ok := errors.AsType[*ConvertError](err); !ok || len(e.Problems) == 0 {
				t.Fatalf("convert: %v", err)
			}
			continue
		}
		checkConverted(t, made, to)
		if to == Spec2 && valid && d.Spec() == Spec2 {
			again := made.Fields()
			if fields.Name != again.Name || fields.Version != again.Version || fields.Abstract != again.Abstract ||
				!reflect.DeepEqual(fields.Authors, again.Authors) || !reflect.DeepEqual(fields.Licenses, again.Licenses) ||
				!reflect.DeepEqual(fields.Keywords, again.Keywords) || fields.DynamicConfig != again.DynamicConfig {
				t.Fatalf("a valid document means something else after its clean-up:\n%+v\n%+v", fields, again)
			}
		}
	}
	if !d.Tree.Equal(before) {
		t.Fatal("the document was changed")
	}
	if c := Diff(d, d); len(c.Differences) > 0 {
		t.Fatalf("differs from itself: %v", c.Differences[0].At())
	}
}

// checkConverted holds what is promised of a converted document: it is valid,
// a second clean-up changes nothing, and as YAML it stays the same.
func checkConverted(t *testing.T, d *Document, to Spec) {
	t.Helper()
	if p := d.Check(); len(p) > 0 || d.Spec() != to {
		t.Fatalf("spec %s, converted to %s, is not valid: %v", d.Spec(), to, p)
	}
	once, _, err := d.Convert(ConvertOptions{To: to})
	if err != nil {
		t.Fatalf("clean up what was converted: %v", err)
	}
	twice, _, err := once.Convert(ConvertOptions{To: to})
	if err != nil || !once.Tree.Equal(twice.Tree) {
		t.Fatalf("the clean-up is not stable: %v\n%s%s", err, once.Tree.Append(nil), twice.Tree.Append(nil))
	}
	if depth(d.Tree, 100) <= 100 {
		text := d.AppendYAML(nil)
		back, err := parseTinyYAML(text)
		if err != nil || !reflect.DeepEqual(plain(back), plainYAML(d)) {
			t.Fatalf("as YAML: %v\n%s%s", err, text, d.Tree.Append(nil))
		}
	}
}

// plainYAML is plain with numbers as they are written: what is read from YAML
// is text.
func plainYAML(d *Document) any {
	back, err := NewDocument(textTree(d.Tree))
	if err != nil {
		return nil
	}
	return plain(back.Tree)
}

// FuzzTinyYAML reads anything as the YAML of CPAN's tools.
func FuzzTinyYAML(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(generateYAML(seed))
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseTinyYAML([]byte(text))
		if err != nil && (n != nil || fault.KindOf(err) != fault.Invalid) {
			t.Fatalf("%v, %v", n, err)
		}
	})
}
