package lockfile_test

import (
	"strings"
	"testing"

	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/lockfile"
)

const head = "# carton snapshot format: version 1.0\nDISTRIBUTIONS\n"

const good = head + `  Foo-Bar-1.0
    pathname: A/AU/AUTHOR/Foo-Bar-1.23_01.tar.gz
    provides:
      Foo::Bar 1.23_01
      Foo::Bar::Old undef
      Foo::Bar::Odd 1.2a
    requirements:
      Other::Module >= 1.0, < 2
      perl 5.010
`

func TestParseSnapshot(t *testing.T) {
	for name, text := range map[string]string{
		"as written":       good,
		"CR LF":            strings.ReplaceAll(good, "\n", "\r\n"),
		"no end of line":   strings.TrimSuffix(good, "\n"),
		"blank at the end": good + "\n\n",
	} {
		s, err := lockfile.ParseSnapshot(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := s.Dists[0]
		if len(s.Dists) != 1 || d.Release.Dist != "Foo-Bar" || d.Release.Version != "1.23_01" || d.Release.Author != "AUTHOR" || d.Line != 3 {
			t.Errorf("%s: distribution %+v: the pathname counts, not the heading", name, d)
		}
		if len(d.Provides) != 3 || d.Provides[1].Version != "undef" || d.Provides[1].Cut || d.Provides[2].Version != "1.2a" || !d.Provides[2].Cut {
			t.Errorf("%s: provides %+v: all of 1.2a is kept, and that carton cuts it is known", name, d.Provides)
		}
		if len(d.Requires) != 2 || d.Requires[0].Range != ">= 1.0, < 2" || d.Requires[0].Line != 10 {
			t.Errorf("%s: requires %+v", name, d.Requires)
		}
	}
}

func TestWhatIsNoSnapshotIsRefused(t *testing.T) {
	const entry = "  Foo-1\n    pathname: A/AU/AUTHOR/Foo-1.tar.gz\n"
	for text, want := range map[string]string{
		"": "line 1: the file ends before DISTRIBUTIONS",
		"# carton snapshot format: version 2.0\n": `line 1: "# carton snapshot format: version 2.0" is not the first line of a carton snapshot`,
		head[:38]:                      "line 2: the file ends before DISTRIBUTIONS",
		head[:38] + "DISTS\n":          `line 2: "DISTS" stands where DISTRIBUTIONS belongs`,
		head + "    pathname: x\n":     `line 3: "    pathname: x" stands before the first distribution`,
		head + "  Foo-1\n":             `line 3: "Foo-1" has no pathname`,
		head + "  Foo-1\n" + entry:     `line 3: "Foo-1" has no pathname`,
		head + entry + "   x: 1\n":     `line 5: "   x: 1" is indented as no line of a snapshot is`,
		head + entry + "      A 1\n":   `line 5: "      A 1" is indented as no line of a snapshot is`,
		head + entry + "\n" + entry:    "line 5: blank line inside the list",
		head + entry + "    size: 1\n": `line 5: "size: 1" is not pathname, provides or requirements`,
		head + entry + "    pathname: A/AU/AUTHOR/Foo-2.tar.gz\n":                 `line 5: "Foo-1" has a second pathname`,
		head + entry + "    provides:\n      Foo::Bar\n":                          `line 6: "Foo::Bar" is not a module and a version`,
		head + entry + "    provides:\n      Foo/Bar 1\n":                         `line 6: module "Foo/Bar"`,
		head + "  Foo bar-1\n":                                                    `line 3: "Foo bar-1" is no distribution`,
		head + "  " + strings.Repeat("F", 70_000):                                 "line 3: longer than 65536 bytes (limit: snapshot line)",
		head + strings.Repeat(entry, 20_001):                                      "line 40003: more than 20000 distributions (limit: snapshot distributions)",
		head + entry + "    provides:\n" + strings.Repeat("      A 1\n", 200_001): "line 200006: more than 200000 modules (limit: snapshot modules)",
		strings.Repeat("#", 1<<24) + "\n":                                         "line 1: longer than",
	} {
		_, err := lockfile.ParseSnapshot(strings.NewReader(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("%.80q:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestReadList(t *testing.T) {
	var inv inventory.Inventory
	err := lockfile.ReadList(strings.NewReader("# image\n\nPlack==1.0047\r\n libwww-perl == 6.68 # importer\n"), "list.txt", &inv)
	if err != nil || len(inv.Components) != 2 {
		t.Fatalf("%d components, %v", len(inv.Components), err)
	}
	c := inv.Components[1]
	if c.Ref() != "libwww-perl@6.68" || c.Evidence[0].String() != "list.txt:4 (list)" {
		t.Errorf("component %s at %s", c.Ref(), c.Evidence[0])
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	for text, want := range map[string]string{
		"Plack 1.0":                         `read l: line 1: "Plack 1.0" is not Dist==Version`,
		"A==1\nPlack==":                     `read l: line 2: "Plack==" is not Dist==Version`,
		"Plack==>= 1.0":                     `read l: line 1: "Plack==>= 1.0" is not Dist==Version`,
		"LWP::UserAgent==6.68":              `read l: line 1: distribution "LWP::UserAgent": is a module's name`,
		strings.Repeat("F==1\n", 100_001):   "read l: line 100001: more than 100000 distributions (limit: list distributions)",
		"F==" + strings.Repeat("1", 70_000): "read l: line 1: longer than 65536 bytes (limit: list line)",
	} {
		err := lockfile.ReadList(strings.NewReader(text), "l", &inventory.Inventory{})
		if err == nil || !strings.HasPrefix(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%q: %v, hint %q", text, err, fault.HintOf(err))
		}
	}
}

func FuzzParseSnapshot(f *testing.F) {
	f.Add(good)
	f.Add(head + "  a\n    pathname: \x00\n")
	f.Add(head + "\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := lockfile.ParseSnapshot(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, d := range s.Dists {
			if d.Pathname == "" || d.Line < 3 {
				t.Errorf("entry %+v was read without a pathname or a line", d)
			}
		}
		if len(s.Dists) > strings.Count(text, "\n") {
			t.Errorf("%d distributions out of %d lines", len(s.Dists), strings.Count(text, "\n"))
		}
	})
}

func FuzzReadList(f *testing.F) {
	f.Add("Plack==1.0047\n# x\n")
	f.Add("==")
	f.Fuzz(func(t *testing.T, text string) {
		var inv inventory.Inventory
		if lockfile.ReadList(strings.NewReader(text), "l", &inv) != nil {
			return
		}
		for _, c := range inv.Components {
			if c.Dist == "" || c.Version == "" || c.Evidence[0].Line < 1 {
				t.Errorf("component %+v", c)
			}
		}
	})
}
