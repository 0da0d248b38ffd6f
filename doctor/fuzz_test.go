package doctor_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/doctor"
)

// FuzzExamine holds that any files can be looked over, that every finding is of
// an area that is known, and that a proposal changes a file that is there or makes
// one.
func FuzzExamine(f *testing.F) {
	f.Add([]byte(`{"name": "Acme-Demo", "version": "1.02", "license": ["mit", "x"], "author": ["Kim <author@cpan.org>"],
 "resources": {"repository": {"url": "git@forge.example:a/b.git"}, "homepage": "http://k:s@code.example.org"},
 "provides": {"Acme::Gone": {"file": "../x"}}, "x_spdx_expression": "GPL-2.0+"
}`), []byte("1.02 2026-01-01\n security fix CVE-2099-0001\n"), []byte("requires 'Acme::Old', '1.0';\r\nrequires 'Acme::Late';"))
	f.Add([]byte("---\nname: Acme-Demo\nversion: 1.02\nlicense: perl\nresources:\n  repository: git://github.com/a/b\n"), []byte("# [1.02]"), []byte("__END__\n"))
	f.Add([]byte("{\n  \"license\": [\"perl_5\"]\n}\n"), []byte(""), []byte("on test => sub { requires 'A' }"))
	f.Fuzz(func(t *testing.T, meta, changes, cpanfile []byte) {
		name := "META.json"
		if strings.HasPrefix(string(meta), "---") {
			name = "META.yml"
		}
		fsys := fstest.MapFS{
			name: {Data: meta}, "Changes": {Data: changes}, "cpanfile": {Data: cpanfile},
			"lib/Acme/Demo.pm": {Data: []byte("package Acme::Demo;\nuse Acme::Web;\n1;\n")},
		}
		r, err := doctor.Examine(context.Background(), fsys, doctor.Options{Archive: "Acme-Demo-1.02.tar.gz", Data: &known{}, Now: now})
		if err != nil {
			return // a limit, or a file that no source takes
		}
		for _, x := range r.Findings {
			if !slices.Contains(doctor.Areas(), x.Area) {
				t.Errorf("%s has the area %q", x.ID, x.Area)
			}
			for line := range strings.Lines(x.Patch) {
				if file, ok := strings.CutPrefix(line, "--- a/"); ok && fsys[strings.TrimSpace(file)] == nil {
					t.Errorf("%s proposes to change %s", x.ID, file)
				}
				if !strings.HasPrefix(line, "--- ") {
					break
				}
			}
		}
	})
}
