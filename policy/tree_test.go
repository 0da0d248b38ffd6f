package policy

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// TestCheckTree runs the cases: files of a release, of which the lines above
// them tell what META knows.
func TestCheckTree(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		known := Facts{Now: now}
		for l := range strings.Lines(string(ar.Comment)) {
			key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(l, "# ")), " ")
			var err error
			switch key {
			case "dist":
				known.Dist = cpan.Dist(value)
			case "version":
				known.Version = value
			case "mail":
				known.Mails = append(known.Mails, value)
			case "embedded":
				known.Embedded = append(known.Embedded, value)
			case "perl":
				known.MinimumPerl, err = perlver.Parse(value)
			case "released":
				known.Released, err = time.Parse(time.DateOnly, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		fsys := fstest.MapFS{}
		for _, f := range ar.Files {
			if f.Name != "want" {
				fsys[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		report, err := CheckTree(context.Background(), fsys, known)
		if err != nil {
			return err.Error() + "\n"
		}
		var b strings.Builder
		for _, f := range report.Findings {
			fmt.Fprintf(&b, "%s %s %s:%d %s\n", f.ID, f.Level, f.File, f.Line, f.Title)
			if f.Why == "" || f.How == "" {
				t.Errorf("%s does not say why or how", f.ID)
			}
		}
		if b.Len() == 0 {
			return "sound\n"
		}
		return b.String()
	})
}
