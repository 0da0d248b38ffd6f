package cli

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"nacre/archive"
	"nacre/cpan"
	"nacre/perlsrc/entry"
)

// starts is what an image's configuration starts, as far as that is Perl.
type starts struct {
	programs []string // slash paths in the image
	modules  []cpan.Module
}

// interpreter recognises perl itself.
var interpreter = regexp.MustCompile(`^perl(5[0-9.]*)?$`)

// defaultPath is where programs are looked for if an image does not say
// (execvp(3), and what Docker sets).
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// What a configuration may say at most: each word is looked for in each folder.
const (
	maxWords    = 256 // of the command
	maxSearched = 64  // of PATH
)

// startsOf reads Entrypoint, Cmd and Env. A command that does not begin with a
// program of Perl, or perl with one, is none that could be followed: a shell's
// script may start anything. Then nothing is said, and programs are looked for.
//
// Arguments that are programs of Perl are started, too, as in
// carton exec plackup app.psgi. Of a command or a PATH that is longer than any in
// use, nothing is said either.
func startsOf(fsys fs.FS, c *archive.Image) starts {
	var out starts
	if c == nil {
		return out
	}
	argv := slices.Concat(c.Entrypoint, c.Cmd)
	if len(argv) == 0 || len(argv) > maxWords {
		return out
	}
	env := map[string]string{"PATH": defaultPath}
	for _, e := range c.Env {
		name, value, _ := strings.Cut(e, "=")
		env[name] = value
	}
	if strings.Count(env["PATH"], ":") >= maxSearched {
		return out
	}
	first := interpreter.MatchString(path.Base(argv[0]))
	for i, arg := range argv {
		if first && strings.HasPrefix(arg, "-") {
			out.switches(arg)
			continue
		}
		for _, name := range mayBe(arg, c.WorkingDir, env["PATH"]) {
			if info, err := fs.Stat(fsys, name); err != nil || !info.Mode().IsRegular() {
				continue
			}
			script := first && i > 0 && len(out.programs) == 0
			if script || entry.IsProgram(fsys, name) {
				out.programs = append(out.programs, name)
			}
			break // the others on PATH are not reached
		}
		if i == 0 && !first && len(out.programs) == 0 {
			return starts{}
		}
	}
	if len(out.programs) == 0 {
		return starts{} // perl -e, or a program that is not in the image
	}
	for _, word := range strings.Fields(env["PERL5OPT"]) {
		out.switches(word)
	}
	return out
}

// switches takes up a module that a switch of perl loads: -MFoo=bar.
func (s *starts) switches(arg string) {
	name, ok := strings.CutPrefix(arg, "-M")
	if !ok {
		name, ok = strings.CutPrefix(arg, "-m")
	}
	name, _, _ = strings.Cut(name, "=")
	if m, err := cpan.ParseModule(name); ok && err == nil {
		s.modules = append(s.modules, m)
	}
}

// mayBe gives the paths that a word of a command may be, in their order.
func mayBe(word, dir, search string) []string {
	var out []string
	add := func(dir string) {
		name := word
		if !path.IsAbs(word) {
			name = path.Join("/", dir, word)
		}
		if name = strings.TrimPrefix(path.Clean(name), "/"); fs.ValidPath(name) {
			out = append(out, name)
		}
	}
	add(dir)
	if word != "" && !strings.Contains(word, "/") {
		for d := range strings.SplitSeq(search, ":") {
			add(d)
		}
	}
	return out
}
