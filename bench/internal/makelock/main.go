// Command makelock writes the locked project that nacre scan is timed on, out of
// the META files of real releases as Debian's source packages carry them:
//
//	corpus/get CORPUS
//	go run ./bench/internal/makelock -o bench/testdata/locked-95 CORPUS packages.tsv
//
// packages.tsv says, separated by tabs, which source package and file is which
// distribution and version, and in its seventh column which advisories are known.
// The lock takes those with advisories first and the others in the file's order,
// until it has as many as -n says. A release without META file or name is passed over.
//
// Names, versions, provided modules and requirements are the releases' own. A
// release that lists no modules provides the one that it is named after. What
// neither the lock nor perl provides is not required: a lock that carton wrote is
// complete. A META file does not say who uploaded it: every path is of the made-up
// author ANON.
package main

import (
	"archive/tar"
	"bufio"
	"cmp"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/meta"
)

func main() {
	out := flag.String("o", ".", "the `folder` of the project")
	n := flag.Int("n", 95, "how many distributions")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: makelock [-o FOLDER] [-n N] CORPUS packages.tsv")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *out, *n); err != nil {
		fmt.Fprintln(os.Stderr, "makelock:", err)
		os.Exit(3)
	}
}

func run(corpus, list, out string, n int) error {
	files, err := readList(list)
	if err != nil {
		return err
	}
	releases := map[cpan.Dist]meta.Meta{}
	for _, f := range files {
		if len(releases) == n {
			break
		}
		m, err := readMeta(filepath.Join(corpus, f))
		if errors.Is(err, errNoMeta) || errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
		if _, twice := releases[m.Name]; !twice && m.Name != "" && m.Version != "" {
			releases[m.Name] = m
		}
	}
	if len(releases) < n {
		return fmt.Errorf("only %d releases have a META file", len(releases))
	}
	complete(releases)
	if err := os.WriteFile(filepath.Join(out, "cpanfile.snapshot"), snapshot(releases), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "cpanfile"), cpanfile(releases), 0o644)
}

// readList gives the files of the list, those with advisories first.
func readList(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var known, others []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		switch {
		case strings.HasPrefix(lines.Text(), "#") || len(fields) < 7:
		case fields[6] != "":
			known = append(known, fields[1])
		default:
			others = append(others, fields[1])
		}
	}
	return slices.Concat(known, others), lines.Err()
}

var errNoMeta = errors.New("no META file")

// readMeta reads a tarball's META.json, or else its META.yml.
func readMeta(name string) (meta.Meta, error) {
	f, err := os.Open(name)
	if err != nil {
		return meta.Meta{}, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if errors.Is(err, gzip.ErrHeader) {
		return meta.Meta{}, errNoMeta // packed by Debian, with xz
	}
	if err != nil {
		return meta.Meta{}, err
	}
	found := meta.Meta{}
	err = errNoMeta
	for t := tar.NewReader(z); ; {
		h, next := t.Next()
		if errors.Is(next, io.EOF) {
			return found, err
		}
		if next != nil {
			return meta.Meta{}, next
		}
		if path.Dir(path.Dir(path.Clean(h.Name))) != "." {
			continue
		}
		switch path.Base(h.Name) {
		case "META.json":
			return meta.ReadJSON(t)
		case "META.yml":
			if found, err = meta.ReadYAML(t); err != nil {
				return found, err
			}
		}
	}
}

// complete drops the requirements that neither the releases nor perl meet.
func complete(releases map[cpan.Dist]meta.Meta) {
	here := map[cpan.Module]bool{"perl": true}
	for _, m := range releases {
		for _, p := range provides(m) {
			here[p.Module] = true
		}
	}
	perls := corelist.Perls()
	for module := range perls[len(perls)-1].Modules() {
		here[module] = true
	}
	for name, m := range releases {
		m.Prereqs = slices.DeleteFunc(m.Prereqs, func(p meta.Prereq) bool { return !here[p.Module] })
		releases[name] = m
	}
}

// snapshot writes the releases as carton does.
func snapshot(releases map[cpan.Dist]meta.Meta) []byte {
	b := []byte("# carton snapshot format: version 1.0\nDISTRIBUTIONS\n")
	for _, name := range slices.Sorted(maps.Keys(releases)) {
		m := releases[name]
		b = fmt.Appendf(b, "  %s-%s\n    pathname: A/AN/ANON/%s-%s.tar.gz\n    provides:\n", name, m.Version, name, m.Version)
		for _, p := range provides(m) {
			b = fmt.Appendf(b, "      %s %s\n", p.Module, cmp.Or(p.Version, "undef"))
		}
		b = append(b, "    requirements:\n"...)
		needs := requirements(m)
		for _, module := range slices.Sorted(maps.Keys(needs)) {
			b = fmt.Appendf(b, "      %s %s\n", module, needs[module])
		}
	}
	return b
}

// cpanfile requires what nothing else in the lock requires.
func cpanfile(releases map[cpan.Dist]meta.Meta) []byte {
	needed := map[cpan.Module]bool{}
	for _, m := range releases {
		for module := range requirements(m) {
			needed[module] = true
		}
	}
	b := []byte("requires 'perl', '5.036';\n")
	for _, name := range slices.Sorted(maps.Keys(releases)) {
		m := releases[name]
		own := provides(m)
		if !slices.ContainsFunc(own, func(p meta.Provide) bool { return needed[p.Module] }) {
			b = fmt.Appendf(b, "requires '%s';\n", own[0].Module)
		}
	}
	return b
}

func provides(m meta.Meta) []meta.Provide {
	if len(m.Provides) == 0 {
		return []meta.Provide{{Module: cpan.ModuleFromDist(m.Name), Version: m.Version}}
	}
	own := slices.Clone(m.Provides)
	slices.SortFunc(own, func(a, b meta.Provide) int { return cmp.Compare(a.Module, b.Module) })
	return own
}

// requirements are those of installing: the phases that carton records.
func requirements(m meta.Meta) map[cpan.Module]string {
	needs := map[cpan.Module]string{}
	for _, p := range m.Prereqs {
		switch p.Phase {
		case "configure", "build", "runtime":
			if p.Relation == "requires" {
				needs[p.Module] = cmp.Or(p.Range, "0")
			}
		}
	}
	return needs
}
