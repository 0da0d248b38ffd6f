package audit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"nacre/audit"
)

// TestHeld holds that of several giants one is looked at after another, however
// many workers there are, and that small files go on beside the first of them.
func TestHeld(t *testing.T) {
	const small, patience = 6, 30 * time.Second
	giant := &fstest.MapFile{Data: []byte("bad(1); #" + strings.Repeat(" ", audit.MaxHeld*3/4) + "\n")}
	fsys := fstest.MapFS{"lib/A.pm": giant, "lib/B.pm": giant, "lib/C.pm": giant}
	files := []string{"lib/A.pm", "lib/B.pm", "lib/C.pm"}
	for i := range small {
		files = append(files, fmt.Sprintf("lib/S%d.pm", i))
		fsys[files[len(files)-1]] = &fstest.MapFile{Data: []byte("bad(1);\n")}
	}
	var held, most atomic.Int64
	var others sync.WaitGroup
	others.Add(small)
	all := rules(t)
	find := all[0].Perl
	all[0].Perl = func(p *audit.Pass) {
		size := int64(len(p.File.Src))
		most.Store(max(most.Load(), held.Add(size)))
		defer held.Add(-size)
		find(p)
		if size < audit.MaxHeld/2 {
			others.Done()
			return
		}
		gone := make(chan bool)
		go func() { others.Wait(); close(gone) }()
		select {
		case <-gone:
		case <-time.After(patience):
			t.Errorf("%s: small files wait for it", p.File.Path)
		}
	}
	found := 0
	err := audit.Run(context.Background(), &audit.Release{FS: fsys, Files: files}, audit.Options{Rules: all, Jobs: len(files)}, func(r audit.Result) bool {
		found += len(r.Findings)
		return true
	})
	if err != nil || found != len(files) {
		t.Errorf("%d findings in %d files, %v", found, len(files), err)
	}
	if most := most.Load(); most > audit.MaxHeld {
		t.Errorf("%d bytes were looked at at a time (limit: %d)", most, audit.MaxHeld)
	}
}
