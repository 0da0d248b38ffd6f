package publish

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/index/manifest"
)

// targets calls test with each kind of target, empty.
func targets(t *testing.T, test func(t *testing.T, target Target)) {
	t.Run("folder", func(t *testing.T) { test(t, &Folder{Dir: t.TempDir()}) })
	t.Run("bucket", func(t *testing.T) { test(t, newServer(t).bucket("s3://index/some/prefix")) })
	t.Run("bucket with stable paths", func(t *testing.T) {
		b := newServer(t).bucket("s3://index")
		b.Stable = true
		test(t, b)
	})
}

// publish publishes an index, which must succeed.
func publish(t *testing.T, target Target, dir string, o Options) *Result {
	t.Helper()
	r, err := Publish(context.Background(), target, open(t, dir), o)
	if err != nil {
		t.Fatalf("publish: %v (hint: %s)", err, fault.HintOf(err))
	}
	return r
}

// refused publishes an index, which must fail for a reason and change nothing.
func refused(t *testing.T, target Target, dir string, kind fault.Kind, want string) {
	t.Helper()
	before := list(t, target)
	_, err := Publish(context.Background(), target, open(t, dir), Options{Keep: 10})
	if fault.KindOf(err) != kind || !strings.Contains(err.Error(), want) || fault.HintOf(err) == "" {
		t.Errorf("publish: %v (%v, hint %q), want %q (%v)", err, fault.KindOf(err), fault.HintOf(err), want, kind)
	}
	if after := list(t, target); after != before {
		t.Errorf("releases were %s, and are %s", before, after)
	}
}

func TestPublish(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		k := newKey(t)
		r := publish(t, target, pages(1).write(t, 1, terms(1), k), Options{Keep: 10})
		if !r.New || r.Written != (Written{New: 6}) || r.Release.Sequence != 1 {
			t.Errorf("the first: %+v", r)
		}
		r = publish(t, target, pages(2).write(t, 2, terms(2), k), Options{Keep: 10})
		if !r.New || r.Written != (Written{New: 4, Shared: 2}) || len(r.Removed) != 0 {
			t.Errorf("the second, of which two files are as they were: %+v", r)
		}
		if got := list(t, target); got != "2* 1" {
			t.Errorf("releases: %s", got)
		}
		whole(t, target, 2)
	})
}

func TestPublishTheSameAgain(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		k := newKey(t)
		dir := pages(1).write(t, 1, terms(1), k)
		publish(t, target, dir, Options{})
		r := publish(t, target, dir, Options{})
		if r.New || r.Renewed || r.Written != (Written{Kept: 6}) {
			t.Errorf("the same: %+v", r)
		}

		// Signed anew, for longer: only the notes are others.
		longer := terms(1)
		longer.Expires = longer.Expires.AddDate(0, 0, 1)
		again := pages(1).write(t, 1, longer, k)
		if r = publish(t, target, again, Options{}); r.New || !r.Renewed {
			t.Errorf("signed anew: %+v", r)
		}
		all, err := target.Releases(context.Background())
		if err != nil || len(all) != 1 || !all[0].Expires.Equal(longer.Expires) {
			t.Errorf("releases: %+v, %v", all, err)
		}
		x, err := manifest.Load(context.Background(), target.open(all[0].Name), []string{k.public})
		if err != nil || !x.Head.Expires.Equal(longer.Expires) {
			t.Errorf("loaded %+v, %v", x, err)
		}
		refused(t, target, dir, fault.Conflict, "before those that are published")
	})
}

func TestPublishRefuses(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		k, other := newKey(t), newKey(t)
		publish(t, target, pages(5).write(t, 5, terms(5), k), Options{})
		refused(t, target, pages(4).write(t, 4, terms(4), k), fault.Conflict, "sequence 4 is not higher than that of release 5-")
		refused(t, target, pages(6).write(t, 5, terms(5), k), fault.Conflict, "sequence 5 is not higher than that of release 5-")
		refused(t, target, pages(6).write(t, 6, terms(6), other), fault.Denied, "no key has signed it that readers of the current release know")
		refused(t, target, pages(6).write(t, 6, terms(6)), fault.Denied, "no key has signed it")
		r := publish(t, target, pages(4).write(t, 4, terms(4), other), Options{Force: true, Keep: 10})
		if got := list(t, target); got != "5 4*" || !r.New {
			t.Errorf("forced: %+v, releases %s", r, got)
		}
		whole(t, target, 4)
	})
}

// A key is named as the next before it signs alone.
func TestPublishWithTheNextKey(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		old, next := newKey(t), newKey(t)
		said := terms(1)
		said.NextKey = next.public
		publish(t, target, pages(1).write(t, 1, said, old), Options{})
		publish(t, target, pages(2).write(t, 2, terms(2), next), Options{})
		refused(t, target, pages(3).write(t, 3, terms(3), old), fault.Denied, "no key has signed it")
		publish(t, target, pages(3).write(t, 3, terms(3), old, next), Options{})
		publish(t, target, pages(4).write(t, 4, terms(4), old), Options{})
	})
}

// What was unsigned may stay so, and may be signed from some time on.
func TestPublishUnsigned(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		publish(t, target, pages(1).write(t, 1, terms(1)), Options{})
		publish(t, target, pages(2).write(t, 2, terms(2)), Options{})
		publish(t, target, pages(3).write(t, 3, terms(3), newKey(t)), Options{})
		whole(t, target, 3)
	})
}

func TestKeep(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		k := newKey(t)
		var last *Result
		for n := uint64(1); n <= 5; n++ {
			last = publish(t, target, pages(n).write(t, n, terms(n), k), Options{Keep: 3})
		}
		if got := list(t, target); got != "5* 4 3" || len(last.Removed) != 1 || !strings.HasPrefix(last.Removed[0], "2-") {
			t.Errorf("releases %s, removed %v", got, last.Removed)
		}
		whole(t, target, 5)
		// The current one and the one before it stay, however few are to be kept.
		publish(t, target, pages(6).write(t, 6, terms(6), k), Options{Keep: 0})
		if got := list(t, target); got != "6* 5" {
			t.Errorf("releases %s", got)
		}
		if _, err := Rollback(context.Background(), target, ""); err != nil {
			t.Fatal(err)
		}
		publish(t, target, pages(7).write(t, 7, terms(7), k), Options{Keep: 10})
		if _, err := Rollback(context.Background(), target, "5"); err != nil {
			t.Fatal(err)
		}
		// Beside the two newest, the current one and the one before it stay.
		if gone, err := prune(context.Background(), target, 2); err != nil || len(gone) != 0 {
			t.Errorf("removed %v, %v", gone, err)
		}
		if got := list(t, target); got != "7- 6- 5*" {
			t.Errorf("releases %s", got)
		}
		whole(t, target, 5)
	})
}

func TestRollback(t *testing.T) {
	targets(t, func(t *testing.T, target Target) {
		ctx, k := context.Background(), newKey(t)
		if _, err := Rollback(ctx, target, ""); fault.KindOf(err) != fault.NotFound {
			t.Errorf("nothing is published: %v", err)
		}
		for n := uint64(1); n <= 3; n++ {
			publish(t, target, pages(n).write(t, n, terms(n), k), Options{Keep: 10})
		}
		r, err := Rollback(ctx, target, "")
		if err != nil || r.Sequence != 2 || list(t, target) != "3- 2* 1" {
			t.Fatalf("rolled back to %+v, %v; releases %s", r, err, list(t, target))
		}
		whole(t, target, 2)
		// Whoever publishes every night does not bring it back, but a new one.
		refused(t, target, pages(3).write(t, 3, terms(3), k), fault.Conflict, "was rolled back")
		refused(t, target, pages(2).write(t, 1, terms(2), k), fault.Conflict, "not higher")
		publish(t, target, pages(4).write(t, 4, terms(4), k), Options{Keep: 10})
		if got := list(t, target); got != "4* 3- 2 1" {
			t.Errorf("releases %s", got)
		}
		// Back again: not to the one that was rolled back, unless it is named.
		if r, err = Rollback(ctx, target, ""); err != nil || r.Sequence != 2 {
			t.Fatalf("rolled back to %+v, %v", r, err)
		}
		if r, err = Rollback(ctx, target, "3"); err != nil || r.Sequence != 3 || list(t, target) != "4- 3* 2 1" {
			t.Fatalf("rolled back to %+v, %v; releases %s", r, err, list(t, target))
		}
		for name, want := range map[string]fault.Kind{"3": fault.Conflict, "9": fault.NotFound, "x": fault.NotFound} {
			if _, err := Rollback(ctx, target, name); fault.KindOf(err) != want || fault.HintOf(err) == "" {
				t.Errorf("roll back to %s: %v", name, err)
			}
		}
		whole(t, target, 3)
	})
}

func TestOpenRefuses(t *testing.T) {
	k := newKey(t)
	for _, c := range []struct {
		name   string
		change func(dir string)
		want   string
	}{
		{"a file is changed", func(dir string) { put(t, filepath.Join(dir, "index.html"), "build X") }, "1 files are not as its manifest lists them: index.html is changed"},
		{"a file is missing", func(dir string) { os.Remove(filepath.Join(dir, "index.html")) }, "index.html is missing"},
		{"a file too many", func(dir string) { put(t, filepath.Join(dir, "x", "y"), "") }, "x/y is unlisted"},
		{"a link", func(dir string) {
			if err := os.Symlink("index.html", filepath.Join(dir, "z")); err != nil {
				t.Skip("SKIPPED: no links here:", err)
			}
		}, "z is unlisted"},
		{"no note", func(dir string) { os.Remove(filepath.Join(dir, manifest.SealName)) }, "manifest.note"},
		{"another list", func(dir string) { put(t, filepath.Join(dir, manifest.ListName), "{}") }, "is not the one that manifest.note names"},
	} {
		dir := pages(1).write(t, 1, terms(1), k)
		c.change(dir)
		if b, err := Open(context.Background(), dir, nil); err == nil || !strings.Contains(err.Error(), c.want) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, %v", c.name, b, err)
		}
	}
	dir := pages(1).write(t, 1, terms(1), k)
	if b, err := Open(context.Background(), dir, []string{newKey(t).public}); fault.KindOf(err) != fault.Denied {
		t.Errorf("signed by another key: %v, %v", b, err)
	}
	if b, err := Open(context.Background(), filepath.Join(dir, "none"), nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no folder: %v, %v", b, err)
	}
}
