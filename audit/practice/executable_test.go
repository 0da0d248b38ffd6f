package practice

import (
	"testing"
	"testing/fstest"

	"nacre/audit"
)

// TestExecutable: the rights of files are nothing that a rule's file can hold.
func TestExecutable(t *testing.T) {
	rules := Rules()
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{
		"bin/acme":         {Mode: 0o755},
		"lib/Acme.pm":      {Mode: 0o644},
		"lib/Acme/One.pm":  {Mode: 0o755},
		"lib/Acme/Two.pm":  {Mode: 0o755},
		"lib/Acme/run.sh":  {Mode: 0o755},
		"lib/Acme/Last.pm": {Mode: 0o444},
	}
	for _, c := range []struct {
		files []string
		want  string // file and message
	}{
		{[]string{"bin/acme", "lib/Acme.pm", "lib/Acme/Last.pm", "lib/Acme/run.sh"}, ""},
		{[]string{"bin/acme", "lib/Acme.pm", "lib/Acme/One.pm"}, "lib/Acme/One.pm: a module is marked as a program: nobody starts it"},
		{[]string{"lib/Acme/One.pm", "lib/Acme/Two.pm"}, "lib/Acme/One.pm: 2 modules are marked as programs, this one first: nobody starts them"},
	} {
		r := audit.CheckRelease(&audit.Release{FS: fsys, Files: c.files}, audit.Options{Rules: rules})
		got := ""
		for _, f := range r.Findings {
			got += f.File + ": " + f.Message
			if f.Confidence != "possible" {
				t.Errorf("%s: found as %s, and a note is never more than possible", f.File, f.Confidence)
			}
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.files, got, c.want)
		}
	}
}
