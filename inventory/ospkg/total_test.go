package ospkg

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/gzip"

	"nacre/inventory"
)

// Links make many files of one, so what all of them hold together is bounded,
// too: of changelogs, and of the modules that are read for their versions.
func TestTotals(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(make([]byte, maxChangelog-1))
	w.Close()
	fsys := fstest.MapFS{}
	var status strings.Builder
	for i := range maxChangelogs/maxChangelog + 3 {
		name := fmt.Sprintf("libp%d-perl", i)
		fmt.Fprintf(&status, "Package: %s\nStatus: install ok installed\nVersion: 1.%d-1\n\n", name, i)
		fsys[dpkgInfo+name+".list"] = &fstest.MapFile{Data: fmt.Appendf(nil, "/usr/share/perl5/P%d.pm\n", i)}
		fsys[docs+name+"/changelog.gz"] = &fstest.MapFile{Data: z.Bytes()}
	}
	fsys[dpkgStatus] = &fstest.MapFile{Data: []byte(status.String())}
	var inv inventory.Inventory
	if _, err := (System{}).Find(context.Background(), fsys, &inv); err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, n := range inv.Notices {
		if strings.HasSuffix(n.Text, "(limit: changelogs size)") && !n.Partial {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the limit is told %d times: %v", told, inv.Notices)
	}
	s := &system{fsys: fsys, sources: maxSources + 1}
	f := inventory.Found{Module: "P1", File: "usr/share/perl5/P1.pm", Package: &inventory.Package{Upstream: "1.1"}}
	s.read(&f)
	if f.Version != "1.1" || f.From != fromPackage || s.absent != 1 {
		t.Errorf("behind the limit a version is %q, from %q", f.Version, f.From)
	}
}
