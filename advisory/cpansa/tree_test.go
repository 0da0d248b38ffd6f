package cpansa

import (
	"strings"
	"testing"
)

// The bound on values holds for all reports of a folder together: what one
// has spent, the next lacks.
func TestValuesOfAFolder(t *testing.T) {
	b := budget(maxValues - 5)
	if _, err := b.parseYAML([]byte("distribution: Foo")); err != nil {
		t.Fatal(err)
	}
	_, err := b.parseYAML([]byte("distribution: Foo"))
	if err == nil || !strings.Contains(err.Error(), "(limit: values)") {
		t.Errorf("%v", err)
	}
}
