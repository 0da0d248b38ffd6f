package cyclonedx

import (
	"strings"
	"testing"
)

func TestParseElementsLimit(t *testing.T) {
	const text = `<a b="1" c="2"><d/><d/></a>`
	if root, err := parseElements([]byte(text), 5); err != nil || len(root.elements) != 2 || len(root.attributes) != 2 {
		t.Errorf("%v, %v", root, err)
	}
	if _, err := parseElements([]byte(text), 4); err == nil || !strings.Contains(err.Error(), "limit: bill values") {
		t.Errorf("one too many: %v", err)
	}
}
