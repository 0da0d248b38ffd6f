package cyclonedx_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"nacre/bom/cyclonedx"
	"nacre/internal/testkit"
)

var update = flag.Bool("update", false, "write what the cases give")

// Each case is a bill, the version it is written in, and what comes of it: the
// document, and behind it what was lost.
func TestConversions(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		files := map[string]string{}
		for _, f := range ar.Files {
			files[f.Name] = string(f.Data)
		}
		out, losses, err := cyclonedx.Write(mustRead(t, []byte(files["bill"])), strings.TrimSpace(files["to"]))
		if err != nil {
			t.Fatal(err)
		}
		accepted(t, "what comes of it", out)
		var b strings.Builder
		b.Write(out)
		for _, l := range losses {
			fmt.Fprintf(&b, "lost %s: %s\n", l.Pointer, l.What)
		}
		return b.String()
	})
}
