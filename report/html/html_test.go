package html

import (
	"strings"
	"testing"
)

// TestNodes holds that a text is never markup.
func TestNodes(t *testing.T) {
	var b strings.Builder
	n := El("p", "class", `a"b<c>`, "id", "").Of(Node{}, Text(`<b>&"'`), El("i"))
	n.write(&b)
	if want := `<p class="a&#34;b&lt;c&gt;">&lt;b&gt;&amp;&#34;&#39;<i></i></p>`; b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
}
