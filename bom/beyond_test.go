package bom_test

import (
	"fmt"
	"testing"

	"nacre/bom"
	"nacre/jsondoc"
)

func TestBeyond(t *testing.T) {
	shapes := bom.ParseShapes(map[string]string{"document": "name whole parts:part", "part": "id"})
	doc, err := jsondoc.Parse([]byte(`{"name": "x", "whole": {"any": 1}, "parts": [{"id": 1}, {"id": 2, "a/b": "lost", "c": [], "d": "NONE", "e": false}], "other": [0]}`), jsondoc.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(shapes.Beyond(doc, "", "document", "ABC 1", "NONE"))
	if want := "[{/parts/1/a~1b a/b has no place in ABC 1} {/other other has no place in ABC 1}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
