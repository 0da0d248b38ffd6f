package indexbuild

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

// TestAsk tells each address, also where nobody wants to hear what is read.
func TestAsk(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	w := newWorld(t)
	var asked []string
	w.b.Sources, w.b.Work = []string{web.URL + "/feed.json"}, t.TempDir()
	w.b.Ask = func(address string) { asked = append(asked, address) }
	if _, err := w.b.Build(t.Context()); err == nil {
		t.Error("an index was made of nothing")
	}
	if !slices.Equal(asked, w.b.Sources) {
		t.Errorf("asked were %q", asked)
	}
}
