package cli

import (
	"testing"
	"testing/fstest"
)

func TestTextFS(t *testing.T) {
	if err := fstest.TestFS(textFS{"cpanfile", []byte("requires 'Foo';\n")}, "cpanfile"); err != nil {
		t.Error(err)
	}
}
