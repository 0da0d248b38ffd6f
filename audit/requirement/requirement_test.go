package requirement

import (
	"context"
	"testing"
	"testing/fstest"

	"nacre/audit"
	"nacre/perlver"
	"nacre/release"
)

func TestOf(t *testing.T) {
	wanted, err := perlver.Parse("0.083")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, file, text string
		from             string
		answer           Answer
	}{
		{"META.json, too low", "META.json", `{"name":"Foo-Bar","version":"1","meta-spec":{"version":2},"prereqs":{"runtime":{"requires":{"HTTP::Tiny":"0.070"}}}}`, "META.json", Yes},
		{"META.json, enough", "META.json", `{"name":"Foo-Bar","version":"1","meta-spec":{"version":2},"prereqs":{"runtime":{"requires":{"HTTP::Tiny":"0.083"}}}}`, "META.json", No},
		{"META.json, of tests only", "META.json", `{"name":"Foo-Bar","version":"1","meta-spec":{"version":2},"prereqs":{"test":{"requires":{"HTTP::Tiny":"0.083"}}}}`, "META.json", Yes},
		{"META.json, no version of any kind", "META.json", `{"name":"Foo-Bar","version":"1","meta-spec":{"version":2},"prereqs":{"runtime":{"requires":{"HTTP::Tiny":"soon"}}}}`, "META.json", Unknown},
		{"cpanfile", "cpanfile", "requires 'HTTP::Tiny', '0.070';\n", "cpanfile", Yes},
		{"cpanfile that computes", "cpanfile", "requires $_ for modules();\n", "cpanfile", Unknown},
		{"Makefile.PL", "Makefile.PL", "WriteMakefile(NAME => 'Foo::Bar', PREREQ_PM => { 'HTTP::Tiny' => '0.090' });\n", "Makefile.PL", No},
		{"nothing", "README", "hello", "", Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := fstest.MapFS{tt.file: {Data: []byte(tt.text)}}
			rel, err := audit.ReadRelease(context.Background(), fsys, []string{tt.file}, release.Options{})
			if err != nil {
				t.Fatal(err)
			}
			s := Of(rel)
			if got := s.Admits("HTTP::Tiny", wanted); s.File != tt.from || got != tt.answer {
				t.Errorf("of %q: %d, want of %q: %d", s.File, got, tt.from, tt.answer)
			}
		})
	}
}
