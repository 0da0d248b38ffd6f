package upload

import (
	"io"
	"strings"
	"testing"
)

// Whichever way an answer is written, there is a bound.
func TestBounded(t *testing.T) {
	part := strings.Repeat("x", MaxAnswer/4+1)
	for name, write := range map[string]func(io.Writer) error{
		"bytes":  func(w io.Writer) error { _, err := w.Write([]byte(part)); return err },
		"text":   func(w io.Writer) error { _, err := io.WriteString(w, part); return err },
		"a copy": func(w io.Writer) error { _, err := io.Copy(w, strings.NewReader(part)); return err },
	} {
		b := &bounded{}
		var err error
		for range 4 {
			if err == nil {
				err = write(b)
			}
		}
		if err == nil || !strings.Contains(err.Error(), "limit: answer size") {
			t.Errorf("%s: %d bytes are written, %v", name, b.b.Len(), err)
		}
	}
}
