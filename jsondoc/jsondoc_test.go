package jsondoc_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/jsondoc"
)

func parse(t testing.TB, s string) *jsondoc.Node {
	t.Helper()
	n, err := jsondoc.Parse([]byte(s), jsondoc.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", s, err)
	}
	return n
}

func TestWrite(t *testing.T) {
	in := "\ufeff{\"b\": 1.10, \"a\": [1e5, -0, {}, [], null, true, \"<&>\\u00e9\\n\\u2028\"],\n\"b\": {\"x\": \"y\"}}"
	want := `{
  "b": 1.10,
  "a": [
    1e5,
    -0,
    {},
    [],
    null,
    true,
    "<&>é\n\u2028"
  ],
  "b": {
    "x": "y"
  }
}
`
	n := parse(t, in)
	if got := string(n.Append(nil)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n.Get("b").Get("x").Str() != "y" || n.Members[2].Line != 2 {
		t.Error("of a key that stands twice the last counts, and it knows its line")
	}
	deep := parse(t, strings.Repeat("[", 50)+strings.Repeat("]", 50))
	if !strings.Contains(string(deep.Append(nil)), "\n"+strings.Repeat(" ", 2*49)+"[]\n") {
		t.Error("the fiftieth level is indented by 98")
	}
}

func TestEdit(t *testing.T) {
	n := parse(t, `{"a": 1, "b": 2, "c": 3}`)
	c := n.Clone()
	n.Set("b", jsondoc.Strings("x"))
	n.Set("d", jsondoc.Bool(true))
	n.Set("a", nil)
	n.SetString("c", "")
	n.SetString("e", "text")
	if got := strings.Join(strings.Fields(string(n.Append(nil))), " "); got != `{ "b": [ "x" ], "d": true, "e": "text" }` {
		t.Error(got)
	}
	if !c.Equal(parse(t, `{"a":1,"b":2,"c":3}`)) || c.Equal(n) || c.Equal(nil) {
		t.Error("a copy is not changed with what it is of")
	}
}

func TestPointer(t *testing.T) {
	n := parse(t, `{"a/b": [{"~": "x"}], "": 1}`)
	p := jsondoc.Pointer("a/b", 0, "~")
	if p != "/a~1b/0/~0" || n.Find(p).Str() != "x" || n.Find("") != n || n.Find("/").Text != "1" {
		t.Error(p)
	}
	for _, p := range []string{"/a~1b/00", "/a~1b/1", "/a~1b/-", "/none/x", "/a~1b/0/~0/x"} {
		if n.Find(p) != nil {
			t.Errorf("%s is found", p)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		limits jsondoc.Limits
		want   string
	}{
		"nothing":     {"", jsondoc.Limits{}, "line 1: no JSON: unexpected EOF"},
		"cut off":     {"{\"a\":\n1,", jsondoc.Limits{}, "line 2: no JSON: unexpected EOF"},
		"two":         {"{}\n{}", jsondoc.Limits{}, "line 2: text after the end of the JSON document"},
		"depth":       {"[[[1]]]", jsondoc.Limits{Depth: 2, Name: "bill"}, "line 1: nested deeper than 2 (limit: bill depth)"},
		"values":      {"[1,\n2,3]", jsondoc.Limits{Values: 2}, "line 2: more than 2 values (limit: document values)"},
		"a key twice": {"{\"a\":1,\n\"b\":2,\n\"a\":3}", jsondoc.Limits{Unique: true}, `line 3: key "a": stands twice in one object`},
	} {
		_, err := jsondoc.Parse([]byte(c.in), c.limits)
		if err == nil || err.Error() != c.want || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzParse: what is written reads as the same tree, and means what encoding/json
// reads of the text.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"a":[1.10,"x",null,true,{"b":{}}]}`, `"\ud800"`, "[\"\xff\"]", `{"a":1,"a":2}`, "[[[[", "1e999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := jsondoc.Parse([]byte(s), jsondoc.Limits{})
		if err != nil {
			return
		}
		out := n.Append(nil)
		again, err := jsondoc.Parse(out, jsondoc.Limits{})
		if err != nil || !again.Equal(n) {
			t.Fatalf("%q is written as %q: %v", s, out, err)
		}
		decode := func(s string) (v any) {
			d := json.NewDecoder(strings.NewReader(strings.TrimPrefix(s, "\ufeff")))
			d.UseNumber()
			if err := d.Decode(&v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		if a, b := decode(s), decode(string(out)); !reflect.DeepEqual(a, b) {
			t.Fatalf("%q means %v, what is written %v", s, a, b)
		}
	})
}
