package audit_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"nacre/audit"
	"nacre/fault"
	"nacre/release"
)

// aboutReleases gives rules about a release: the first asks often, in the given
// way, and every question takes a second; the second says that it was asked.
func aboutReleases(t *testing.T, now *time.Time, ask func(p *audit.Pass, name string) (more bool)) []*audit.Rule {
	t.Helper()
	slow := &audit.Rule{Text: ruleText, Release: func(p *audit.Pass) {
		for i := range 1000 {
			*now = now.Add(time.Second)
			if !ask(p, p.Release.Files[0]) {
				p.Report(audit.Found{Path: "lib/Foo.pm", Line: 1, Confidence: audit.Likely, Severity: audit.Low, Message: fmt.Sprintf("ended early: %v", i < 999)})
				return
			}
		}
	}}
	after := &audit.Rule{Text: strings.Replace(ruleText, "TST01", "TST02", 1), Release: func(p *audit.Pass) {
		p.Report(audit.Found{Path: "lib/Foo.pm", Line: 1, Confidence: audit.Likely, Severity: audit.Low, Message: "asked"})
	}}
	all := []*audit.Rule{slow, after}
	if err := audit.Compile(all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestReleaseTakesTooLong: rules about the release have a time limit as those
// about a file, which names the rule that it ended, and no further rule is asked.
func TestReleaseTakesTooLong(t *testing.T) {
	fsys := fstest.MapFS{"lib/Foo.pm": {Data: []byte("1;\n")}}
	for name, c := range map[string]struct {
		ask   func(p *audit.Pass, name string) bool
		limit time.Duration
		want  []string
	}{
		"asks whether it is late": {
			func(p *audit.Pass, _ string) bool { return !p.Late() }, 100 * time.Second,
			[]string{"TST01 ended early: true", "the rules about the release took longer than 1m40s, and ended at TST01 (partial true)"},
		},
		"opens files": {
			func(p *audit.Pass, name string) bool {
				f, err := p.Release.FS.Open(name)
				if err == nil {
					f.Close()
				}
				return err == nil
			}, 100 * time.Second,
			[]string{"TST01 ended early: true", "the rules about the release took longer than 1m40s, and ended at TST01 (partial true)"},
		},
		"looks at files": {
			func(p *audit.Pass, name string) bool { _, err := fs.Stat(p.Release.FS, name); return err == nil }, 100 * time.Second,
			[]string{"TST01 ended early: true", "the rules about the release took longer than 1m40s, and ended at TST01 (partial true)"},
		},
		"asks nothing": {
			func(*audit.Pass, string) bool { return true }, 100 * time.Second,
			[]string{"the rules about the release took longer than 1m40s, and ended at TST01 (partial true)"},
		},
		"in time":  {func(p *audit.Pass, _ string) bool { return !p.Late() }, 2000 * time.Second, []string{"TST02 asked"}},
		"no limit": {func(p *audit.Pass, _ string) bool { return !p.Late() }, 0, []string{"TST02 asked"}},
	} {
		now := time.Unix(0, 0)
		rel, err := audit.ReadRelease(context.Background(), fsys, []string{"lib/Foo.pm"}, release.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := audit.CheckRelease(rel, audit.Options{Rules: aboutReleases(t, &now, c.ask), MaxTime: c.limit, Now: func() time.Time { return now }})
		var got []string
		for _, f := range r.Findings {
			got = append(got, f.Rule+" "+f.Message)
		}
		for _, n := range r.Notes {
			got = append(got, fmt.Sprintf("%s (partial %v)", n.What, n.Partial))
		}
		if d := gocmp.Diff(c.want, got); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

// TestStoppedAtRelease holds that a run that is stopped while rules look at the
// release as a whole does not wait for them, and says so.
func TestStoppedAtRelease(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	hold := make(chan bool)
	defer close(hold)
	all := rules(t)
	all[0].Release = func(*audit.Pass) { stop(); <-hold }
	rel := &audit.Release{FS: fstest.MapFS{"lib/Foo.pm": {Data: []byte("bad(1);\n")}}, Files: []string{"lib/Foo.pm"}}
	var got []string
	err := audit.Run(ctx, rel, audit.Options{Rules: all}, func(r audit.Result) bool {
		got = append(got, fmt.Sprintf("%q: %d findings", r.File, len(r.Findings)))
		for _, n := range r.Notes {
			got = append(got, n.What)
		}
		return true
	})
	want := []string{`"lib/Foo.pm": 1 findings`, `"": 0 findings`, "the audit was stopped before the release as a whole was looked at"}
	if d := gocmp.Diff(want, got); d != "" || fault.KindOf(err) != fault.Canceled {
		t.Errorf("%v:\n%s", err, d)
	}
}
