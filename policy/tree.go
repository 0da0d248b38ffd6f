package policy

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
)

// Report is what CheckTree gives.
type Report struct {
	File     string // the policy that was checked, "" where there is none
	Findings []advice.Finding
}

// endings are those that a SECURITY file has, the best first.
var endings = []string{".md", ".pod", ".txt"}

// elsewhere are folders in which forges look, too.
var elsewhere = []string{".github", "docs", ".gitlab", ".forgejo", ".gitea"}

// CheckTree checks the SECURITY file of a release or a repository, whose root
// fsys is: all rules. A file that cannot be read is an error.
func CheckTree(ctx context.Context, fsys fs.FS, known Facts) (Report, error) {
	t := &tree{fsys: fsys, known: known}
	names, err := t.find()
	if err != nil {
		return Report{}, fmt.Errorf("check security policy: %w", err)
	}
	if len(names) == 0 {
		t.add("S01", "", 0, "there is no security policy", "nacre policy new -o SECURITY.md writes one; ten lines are enough")
		return Report{Findings: advice.Sort(t.out)}, nil
	}
	file := names[0]
	t.place(names)
	text, err := t.read(file)
	if err != nil {
		return Report{}, err
	}
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	doc, err := Read(file, text)
	if err != nil {
		return Report{}, err
	}
	t.out = append(t.out, Check(doc, known)...)
	t.libraries(doc, string(text))
	t.links(file)
	if err := t.manifest(file); err != nil {
		return Report{}, err
	}
	t.securityTxt(doc)
	return Report{file, advice.Sort(t.out)}, nil
}

type tree struct {
	fsys  fs.FS
	known Facts
	root  []string // names of files in the root
	out   []advice.Finding
}

func (t *tree) add(id, file string, line int, title, how string) {
	t.out = append(t.out, Rules().Find(id, file, line, title, how))
}

func (t *tree) read(name string) ([]byte, error) {
	return limit.ReadFile(t.fsys, name, limit.Metadata, "text file size")
}

// find gives the SECURITY files that there are, the best first.
func (t *tree) find() ([]string, error) {
	entries, err := fs.ReadDir(t.fsys, ".")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "list the root")
	}
	type candidate struct {
		name string
		rank int
	}
	var found []candidate
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		t.root = append(t.root, e.Name())
		if rank, ok := rankOf(e.Name()); ok {
			found = append(found, candidate{e.Name(), rank})
		}
	}
	for k, dir := range elsewhere {
		entries, err := fs.ReadDir(t.fsys, dir)
		if err != nil {
			continue // most have none of these
		}
		for _, e := range entries {
			if rank, ok := rankOf(e.Name()); ok && !e.IsDir() {
				found = append(found, candidate{path.Join(dir, e.Name()), 100*(k+1) + rank})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.rank - b.rank })
	var names []string
	for _, f := range found {
		names = append(names, f.name)
	}
	return names, nil
}

// rankOf says how well a file's name fits, 0 best; ok is false for one that is
// no security policy. security.txt in small letters is RFC 9116's.
func rankOf(name string) (rank int, ok bool) {
	ext := path.Ext(name)
	if !strings.EqualFold(strings.TrimSuffix(name, ext), "SECURITY") || name == "security.txt" {
		return 0, false
	}
	rank = slices.Index(endings, ext)
	if rank < 0 {
		rank = len(endings)
	}
	if name != "SECURITY"+ext {
		rank += 10
	}
	switch strings.ToLower(ext) {
	case "", ".md", ".pod", ".txt", ".markdown", ".mkd", ".mkdn", ".mdown", ".rst", ".adoc", ".html", ".htm":
		return rank, true
	}
	return 0, false
}

// place checks name and folder of the policy.
func (t *tree) place(names []string) {
	file := names[0]
	dir, base := path.Split(file)
	ext := path.Ext(base)
	want := "SECURITY" + ext
	if dir != "" {
		t.add("S01", file, 0, "the security policy is in "+strings.TrimSuffix(dir, "/")+" only", "copy it to "+want+" in the root, so that it comes with each release")
	} else if base != want {
		t.add("S01", file, 0, "its name is "+base, "call it "+want+", in capitals")
	}
	if !slices.Contains(endings, ext) {
		t.add("S17", file, 0, "its name does not end in .md, .pod or .txt", "call it SECURITY.md, or SECURITY.txt if it is plain text")
	}
	for _, other := range names[1:] {
		if path.Dir(other) == "." {
			t.add("S03", other, 0, "there are two security policies, "+file+" and "+other, "keep one")
		}
	}
}

// manifest tells where the policy is in the repository and not in its MANIFEST,
// which names what a release holds.
func (t *tree) manifest(file string) error {
	if !slices.Contains(t.root, "MANIFEST") {
		return nil
	}
	text, err := t.read("MANIFEST")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if name := strings.Fields(line); len(name) > 0 && strings.Trim(name[0], "'") == file {
			return nil
		}
	}
	t.add("S01", "MANIFEST", 0, "MANIFEST does not list "+file+", so the release does not hold it", "add it to MANIFEST, as in: make manifest")
	return nil
}

func (t *tree) libraries(doc *Document, text string) {
	text = strings.ToLower(text)
	var missing []string
	for _, lib := range t.known.Embedded {
		if !strings.Contains(text, strings.ToLower(lib)) {
			missing = append(missing, lib)
		}
	}
	if len(missing) > 0 {
		t.add("S13", doc.File, 0, "it does not speak of what is carried along: "+strings.Join(missing, ", "),
			"name it, and put "+FileName(Embedded, t.known.Dist)+" beside it: nacre policy new --form embedded")
	}
}

// links looks for a way to the policy from where people look for help.
func (t *tree) links(file string) {
	var looked []string
	for _, name := range t.root {
		if base := strings.ToUpper(name); strings.HasPrefix(base, "README") || strings.HasPrefix(base, "CONTRIBUTING") {
			looked = append(looked, name)
		}
	}
	if t.known.Dist != "" {
		main := "lib/" + strings.ReplaceAll(string(cpan.ModuleFromDist(t.known.Dist)), "::", "/")
		looked = append(looked, main+".pod", main+".pm")
	}
	seen := 0
	for _, name := range looked {
		text, err := t.read(name)
		if err != nil {
			continue
		}
		seen++
		s := string(text)
		if strings.Contains(s, path.Base(file)) || strings.Contains(strings.ToLower(s), "security policy") || strings.Contains(strings.ToLower(s), "reporting security") {
			return
		}
	}
	if seen > 0 {
		t.add("S14", file, 0, "nothing in the README, CONTRIBUTING or the main module leads to it", "a section \"Reporting Security Vulnerabilities\" in the documentation, with one sentence that names "+file)
	}
}

// IsName reports whether a file's name, without folders, is that of a security
// policy, well spelled or not.
func IsName(base string) bool {
	_, ok := rankOf(base)
	return ok || strings.HasPrefix(base, "SECURITY-") && path.Ext(base) == ".md"
}
