package installed_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/inventory/installed"
)

func TestReadInstall(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{
			`{"name":"Foo::Bar","version":"1.20","dist":"Foo-Bar-1.2","pathname":"A/AU/AUTHOR/Foo-Bar-1.2.tar.gz","provides":{"Foo::Baz":{},"Foo::Bar":{"file":"lib/Foo/Bar.pm","version":"1.20"}}}`,
			"Foo::Bar 1.20 A/AU/AUTHOR/Foo-Bar-1.2.tar.gz [{Foo::Bar lib/Foo/Bar.pm 1.20} {Foo::Baz  }]",
		},
		// A number keeps its text, null is nothing, and what is no name is left out.
		{`{"version":1.10,"dist":"Foo-1.10","provides":{"Foo":{"version":null},"..":{},"Foo Bar":{}}}`, " 1.10 Foo 1.10 [{Foo  }]"},
		{`{"name":"Foo","pathname":"git@example.org:foo.git","dist":"Foo-2","provides":null}`, "Foo  Foo 2 []"},
	} {
		in, err := installed.ReadInstall(strings.NewReader(c.in))
		release := in.Release.Path
		if release == "" {
			release = fmt.Sprint(in.Release.Dist, " ", in.Release.Version)
		}
		if got := fmt.Sprint(in.Name, " ", in.Version, " ", release, " ", in.Provides); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.in, got, err, c.want)
		}
	}
	for in, want := range map[string]string{
		``:                       "no install.json: unexpected end of JSON input",
		`{}`:                     "install.json names no distribution",
		`[]`:                     "no install.json: json: cannot unmarshal array",
		`{"dist":["Foo-1"]}`:     "install.json names no distribution",
		`"` + space(4<<20) + `"`: "larger than 4194304 bytes (limit: install.json size)",
	} {
		if _, err := installed.ReadInstall(strings.NewReader(in)); err == nil || !strings.HasPrefix(err.Error(), want) || fault.HintOf(err) == "" {
			t.Errorf("%.40q: %v, want %s, with a hint", in, err, want)
		}
	}
}

func space(n int) string { return strings.Repeat(" ", n) }

func TestReadPacklist(t *testing.T) {
	got, err := installed.ReadPacklist(strings.NewReader(`/usr/local/share/perl/5.36.0/Foo.pm
/usr/local/share/./perl/5.36.0/Bar.pm type=file from=blib/lib/Bar.pm

/opt/with blank/Baz.pm type=link
/opt/with blank/-x=y z.pm
C:\perl\Foo.pm` + "\r\n"))
	want := []string{
		"/usr/local/share/perl/5.36.0/Foo.pm",
		"/usr/local/share/perl/5.36.0/Bar.pm",
		"/opt/with blank/Baz.pm",
		"/opt/with blank/-x=y z.pm",
		`C:\perl\Foo.pm`,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	for in, want := range map[string]string{
		space(64<<10 + 1):            "line 1: longer than 65536 bytes (limit: packlist line)",
		strings.Repeat("a\n", 5e5+1): "more than 500000 lines (limit: packlist lines)",
		space(16<<20 + 1):            "larger than 16777216 bytes (limit: packlist size)",
	} {
		if _, err := installed.ReadPacklist(strings.NewReader(in)); err == nil || err.Error() != want || fault.HintOf(err) == "" {
			t.Errorf("%d bytes: %v, want %s, with a hint", len(in), err, want)
		}
	}
}

func TestReadPerllocal(t *testing.T) {
	got, err := installed.ReadPerllocal(strings.NewReader(`=head2 Mon Jan  1 10:00:00 2024: C<Module> L<Foo|Foo>

C<VERSION: 1.0>

=head2 Mon Jan  1 10:00:00 2024: C<Program> L<foo|foo>

C<VERSION: 9>

=head2 Tue Jan  2 10:00:00 2024: C<Module> L<Bar::Baz>

C<VERSION: undef>

=head2 Tue Jan  2 10:00:00 2024: C<Module> L<Foo|Foo>

C<VERSION: 1.1>
`))
	want := []installed.Logged{{Module: "Bar::Baz", Line: 9}, {Module: "Foo", Version: "1.1", Line: 13}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	var many strings.Builder
	for i := range 500_001 {
		fmt.Fprintf(&many, "=head2 C<Module> L<M%d>\n", i)
	}
	for in, want := range map[string]string{
		many.String():     "line 500001: more than 500000 modules (limit: perllocal.pod modules)",
		space(64<<20 + 1): "larger than 67108864 bytes (limit: perllocal.pod size)",
	} {
		if _, err := installed.ReadPerllocal(strings.NewReader(in)); err == nil || err.Error() != want || fault.HintOf(err) == "" {
			t.Errorf("%d bytes: %v, want %s, with a hint", len(in), err, want)
		}
	}
}

func FuzzInstallJSON(f *testing.F) {
	f.Add(`{"name":"Foo","version":"1.20","dist":"Foo-1.2","pathname":"A/AU/AUTHOR/Foo-1.2.tar.gz","provides":{"Foo":{"file":"lib/Foo.pm","version":1.2}}}`)
	f.Add(`{"provides":{"":null},"dist":"."}`)
	f.Fuzz(func(t *testing.T, in string) {
		r, err := installed.ReadInstall(strings.NewReader(in))
		if (err == nil) != (r.Release.Dist != "") {
			t.Errorf("%q: %+v, %v", in, r, err)
		}
		for i, p := range r.Provides {
			if p.Module == "" || i > 0 && p.Module <= r.Provides[i-1].Module {
				t.Errorf("%q: provides %v", in, r.Provides)
			}
		}
	})
}

func FuzzPacklist(f *testing.F) {
	f.Add("/usr/share/perl5/Foo.pm type=file\n/a/./b")
	f.Add(" a=\n a= b=")
	f.Fuzz(func(t *testing.T, in string) {
		files, err := installed.ReadPacklist(strings.NewReader(in))
		for _, file := range files {
			if err != nil || file == "" || strings.ContainsAny(file, "\n") {
				t.Errorf("%q: %q, %v", in, file, err)
			}
		}
	})
}

func FuzzPerllocal(f *testing.F) {
	f.Add("=head2 x: C<Module> L<Foo|Foo>\nC<VERSION: 1>\n")
	f.Add("=head2 C<Module> L<>\nC<VERSION: >")
	f.Fuzz(func(t *testing.T, in string) {
		entries, err := installed.ReadPerllocal(strings.NewReader(in))
		for i, e := range entries {
			if err != nil || e.Module == "" || e.Line < 1 || e.Line > 1+strings.Count(in, "\n") || i > 0 && e.Module <= entries[i-1].Module {
				t.Errorf("%q: %+v, %v", in, e, err)
			}
		}
	})
}
