package archive

import (
	"strings"
	"testing"

	"nacre/fault"
)

// Nothing is kept in memory without end.
func TestMemory(t *testing.T) {
	m := &memory{b: make([]byte, maxMemory-2, maxMemory)}
	if n, err := m.WriteAt([]byte("ab"), maxMemory-2); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	_, err := m.WriteAt([]byte("c"), maxMemory)
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "more than 268435456 bytes that are to be kept in memory (limit: kept contents)") {
		t.Errorf("%v", err)
	}
}
