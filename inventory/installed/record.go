package installed

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
)

// Bounds of the records. An install.json holds one distribution; the largest
// on CPAN provide some thousand modules. perllocal.pod only ever grows.
const (
	maxInstallJSON = 4 << 20
	maxPacklist    = 16 << 20
	maxPerllocal   = 64 << 20
	maxLine        = 64 << 10
	maxEntries     = 500_000 // lines of a .packlist, entries of a perllocal.pod
)

const hintLarge = "the file is far larger than its kind ever is; check that it is the right one"

// Install is an install.json: what cpanm, Menlo and cpm write beside a
// distribution of CPAN that they installed.
type Install struct {
	Name     string // of the main module, where the installer found it
	Version  string // of the main module
	Release  cpan.Release
	Provides []Provide // sorted by module
}

// Provide is a module that a distribution provides.
type Provide struct {
	Module  cpan.Module
	File    string // in the release: "lib/Foo/Bar.pm"; "" not stated
	Version string // "" for none
}

// ReadInstall reads an install.json of at most 4 MiB. Versions keep the text
// that the file has; names that no module can have are left out.
func ReadInstall(r io.Reader) (Install, error) {
	b, err := limit.ReadAll(r, maxInstallJSON, "install.json size")
	if err != nil {
		return Install{}, err
	}
	var f struct {
		Name     text `json:"name"`
		Version  text `json:"version"`
		Dist     text `json:"dist"`
		Pathname text `json:"pathname"`
		Provides map[string]struct {
			File    text `json:"file"`
			Version text `json:"version"`
		} `json:"provides"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return Install{}, fault.Wrap(fault.Invalid, err, "no install.json").WithHint("install the distribution again")
	}
	in := Install{Name: string(f.Name), Version: string(f.Version), Release: cpan.ParsePath(string(f.Pathname))}
	if in.Release.Dist == "" {
		in.Release = cpan.ParsePath(string(f.Dist) + ".tar.gz")
		in.Release.Path = ""
	}
	if in.Release.Dist == "" {
		return Install{}, fault.New(fault.Invalid, "install.json names no distribution").WithHint("install the distribution again")
	}
	for name, p := range f.Provides {
		if m, err := cpan.ParseModule(name); err == nil {
			in.Provides = append(in.Provides, Provide{m, string(p.File), string(p.Version)})
		}
	}
	slices.SortFunc(in.Provides, func(a, b Provide) int { return strings.Compare(string(a.Module), string(b.Module)) })
	return in, nil
}

// text is a string or a number of JSON, as it is written; anything else is "".
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	if b = bytes.TrimSpace(b); len(b) == 0 {
		return nil
	}
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(t))
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		*t = text(b)
	}
	return nil
}

// ReadPacklist reads a .packlist of at most 16 MiB: the installed files, one a
// line, as absolute paths. What may follow a path, " type=file from=blib/...",
// is left out.
//
// Source: ExtUtils::Packlist.
func ReadPacklist(r io.Reader) ([]string, error) {
	b, err := limit.ReadAll(r, maxPacklist, "packlist size")
	if err != nil {
		return nil, err
	}
	var files []string
	for line := range bytes.Lines(b) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) > maxLine {
			return nil, fault.New(fault.Invalid, "line %d: longer than %d bytes (limit: packlist line)", len(files)+1, maxLine).WithHint(hintLarge)
		}
		if len(files) == maxEntries {
			return nil, fault.New(fault.Invalid, "more than %d lines (limit: packlist lines)", maxEntries).WithHint(hintLarge)
		}
		if file := withoutNotes(string(line)); file != "" {
			files = append(files, strings.ReplaceAll(file, "/./", "/"))
		}
	}
	return files, nil
}

// withoutNotes cuts the first " word=" and what follows it.
func withoutNotes(line string) string {
	for at := 0; ; {
		blank := strings.IndexByte(line[at:], ' ')
		if blank < 0 {
			return line
		}
		at += blank + 1
		word := 0
		for at+word < len(line) && isWord(line[at+word]) {
			word++
		}
		if word > 0 && at+word < len(line) && line[at+word] == '=' {
			return line[:at-1]
		}
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// Logged is what a perllocal.pod says last about a module.
type Logged struct {
	Module  cpan.Module
	Version string // "" not stated
	Line    int    // of its heading, from 1
}

// ReadPerllocal reads a perllocal.pod of at most 64 MiB. Installers append an
// entry each time,
//
//	=head2 Tue Jun  4 10:00:00 2024: C<Module> L<Foo::Bar|Foo::Bar>
//	...
//	C<VERSION: 1.02>
//
// so the last of a module holds. The result is sorted by module.
//
// Source: ExtUtils::Command::MM, perllocal_install.
func ReadPerllocal(r io.Reader) ([]Logged, error) {
	b, err := limit.ReadAll(r, maxPerllocal, "perllocal.pod size")
	if err != nil {
		return nil, err
	}
	last := map[cpan.Module]Logged{}
	var now cpan.Module
	number := 0
	for line := range bytes.Lines(b) {
		number++
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case bytes.HasPrefix(line, []byte("=head")):
			if now = loggedModule(string(line)); now == "" {
				continue
			}
			if len(last) == maxEntries {
				return nil, fault.New(fault.Invalid, "line %d: more than %d modules (limit: perllocal.pod modules)", number, maxEntries).WithHint(hintLarge)
			}
			last[now] = Logged{Module: now, Line: number}
		case now != "" && bytes.HasPrefix(line, []byte("C<VERSION: ")):
			v, ok := strings.CutSuffix(string(line[len("C<VERSION: "):]), ">")
			if v = strings.TrimSpace(v); ok && v != "undef" && len(v) <= 255 {
				last[now] = Logged{now, v, last[now].Line}
			}
		}
	}
	out := make([]Logged, 0, len(last))
	for _, l := range last {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b Logged) int { return strings.Compare(string(a.Module), string(b.Module)) })
	return out, nil
}

// loggedModule gives the module of a heading, or "".
func loggedModule(line string) cpan.Module {
	_, rest, ok := strings.Cut(line, "C<Module> ")
	if !ok || len(rest) < 3 || rest[1] != '<' {
		return "" // a program, or a heading of somebody's own
	}
	name := rest[2:]
	if end := strings.IndexAny(name, "|>"); end >= 0 {
		name = name[:end]
	}
	m, err := cpan.ParseModule(strings.TrimSpace(name))
	if err != nil {
		return ""
	}
	return m
}
