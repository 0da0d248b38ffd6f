package check_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/inventory/check"
	"nacre/meta"
)

// FuzzChange: whatever a cpanfile says, taking a line away takes one
// requirement away, and leaves the others as they were. Sources are read as
// they are, and nothing panics.
func FuzzChange(f *testing.F) {
	for _, s := range []string{
		"requires 'Foo';\nrequires 'Bar', '1.2'; # ignore=CVE-2099-0001\n",
		"on test => sub { requires 'Foo' };\nrequires 'A'; requires 'B';\n",
		"requires 'Foo',\n  '1.2';\r\nrequires 'Bar'\n",
		"requires $_ for qw(Foo Bar);\nrequires 'Baz' if $x;\n",
		"feature 'x' => sub { requires 'Foo', '>= 1, < 2'; };\nrecommends 'Bar';\n=pod\n\nrequires 'Baz';\n\n=cut\n",
	} {
		f.Add(s, "package Shop;\nuse Foo;\nmy $x = 'Bar::Baz';\n1;\n")
	}
	f.Fuzz(func(t *testing.T, cpanfile, source string) {
		old, err := meta.ReadCpanfile(strings.NewReader(cpanfile))
		if err != nil {
			return
		}
		fsys := fstest.MapFS{
			"cpanfile": {Data: []byte(cpanfile)}, "lib/Shop.pm": {Data: []byte("package Shop;\n1;\n")}, "t/a.t": {Data: []byte(source)},
		}
		inv, err := all.Read(context.Background(), fsys, all.Options{})
		if err != nil {
			return
		}
		r, err := check.Run(context.Background(), fsys, &inv, check.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Checks {
			if ch := c.Change; c.Kind == inventory.Zombie && ch.Before != "" {
				lacks(t, cpanfile, old, c, applied(t, cpanfile, ch))
			}
		}
	})
}

// applied is the file after a change.
func applied(t *testing.T, file string, ch *inventory.Change) string {
	lines := strings.SplitAfter(file, "\n")
	head := strings.Join(lines[:ch.Line-1], "")
	tail, ok := strings.CutPrefix(file[len(head):], ch.Before)
	if !ok {
		t.Fatalf("line %d of %q does not begin with %q", ch.Line, file, ch.Before)
	}
	if ch.After == "" {
		tail = strings.TrimPrefix(strings.TrimPrefix(tail, "\r"), "\n")
	}
	return head + ch.After + tail
}

// lacks holds that a file without one requirement has all others.
func lacks(t *testing.T, file string, old meta.Cpanfile, c inventory.Check, now string) {
	got, err := meta.ReadCpanfile(strings.NewReader(now))
	if err != nil {
		t.Fatalf("%q without %s is %q: %v", file, c.Module, now, err)
	}
	text := func(s *meta.Statement) string {
		return string(s.Module) + " " + s.Phase + " " + s.Relation + " " + s.Range
	}
	left := map[string]int{}
	for i := range got.Requires {
		left[text(&got.Requires[i])]++
	}
	for i := range old.Requires {
		s := &old.Requires[i]
		if left[text(s)]--; left[text(s)] < 0 && s.Module != c.Module {
			t.Errorf("%q without %s is %q, which lacks %s too", file, c.Module, now, s.Module)
		}
	}
	if len(got.Requires) != len(old.Requires)-1 {
		t.Errorf("%q without %s is %q: %d requirements, of %d", file, c.Module, now, len(got.Requires), len(old.Requires))
	}
}
