package sbom

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/inventory"
	"nacre/limit"
)

// uncommitted is what patchlevel.h has for a checkout of perl's own repository.
const uncommitted = "uncommitted-changes"

// maxPatches bounds the patches that are told of one perl.
const maxPatches = 1000

// Who builds a perl with patches lists them in patchlevel.h, or in a file that
// it includes: perl -V shows them.
//
//	,"DEBPKG:fixes/foo - https://bugs.example.org/1 [CVE-2099-0001] Mend foo"
//
// Source: perl's patchlevel.h, local_patches; Debian's patchlevel-debian.h.
var (
	patchLine = regexp.MustCompile(`^\s*,\s*"((?:[^"\\]|\\.)*)"\s*$`)
	cveID     = regexp.MustCompile(`\bCVE-\d{4}-\d{4,}\b`)
	bugURL    = regexp.MustCompile(`https?://[^\s\]">]+`)
)

// patched tells in a perl's pedigree which patches its own record names. What
// each of them changes is not there.
func (m *maker) patched(n *node, c *inventory.Component) {
	file, names := m.patchesOf(c)
	if len(names) == 0 {
		return
	}
	if n.Pedigree == nil {
		n.Pedigree = &bom.Pedigree{}
	}
	var called []string
	for _, text := range names {
		name, _, _ := strings.Cut(strings.TrimPrefix(text, "DEBPKG:"), " - ")
		called = append(called, name)
		p := bom.Patch{Type: "unofficial"}
		ids := cveID.FindAllString(text, -1)
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			p.Resolves = append(p.Resolves, bom.Issue{Type: "security", ID: id})
		}
		if url := bugURL.FindString(text); url != "" && len(p.Resolves) == 0 {
			p.Resolves = append(p.Resolves, bom.Issue{Type: "defect", ID: name, URL: url})
		}
		if len(p.Resolves) > 0 {
			n.Pedigree.Patches = append(n.Pedigree.Patches, p)
		}
	}
	n.Pedigree.Notes = strings.TrimSpace(n.Pedigree.Notes + " Patches that " + file + " names: " + strings.Join(called, ", ") + ".")
	n.property("cpan:patched", "true")
	n.SetOrigin("pedigree", bom.ThirdParty, file)
	n.Unknown = slices.DeleteFunc(n.Unknown, func(s string) bool { return s == "patches" })
}

// patchesOf reads the record of patches of a perl; its headers lie beside the
// modules of its architecture.
func (m *maker) patchesOf(c *inventory.Component) (file string, patches []string) {
	if m.in.FS == nil || c.Place == "" {
		return "", nil
	}
	version := plain(c.Version)
	short := version[:max(0, strings.LastIndex(version, "."))]
	folders := []string{c.Place + "/CORE", c.Place + "/*/CORE"}
	if c.Package != nil { // the modules for all machines lie elsewhere than those for one
		folders = append(folders, "usr/lib/*/perl/"+short+"/CORE", "usr/lib/perl5/*/CORE", "usr/lib64/perl5/CORE")
	}
	for _, folder := range folders {
		found, err := fs.Glob(m.in.FS, path.Join(folder, "patchlevel*.h"))
		if err != nil {
			continue
		}
		for _, name := range found {
			b, err := limit.ReadFile(m.in.FS, name, limit.Metadata, "patchlevel.h size")
			if err != nil {
				continue
			}
			if _, list, ok := bytes.Cut(b, []byte("local_patches[]")); ok {
				b = list // above it a comment shows how to add one
			}
			for line := range bytes.Lines(b) {
				if text := patchLine.FindSubmatch(line); text != nil && string(text[1]) != uncommitted && len(patches) < maxPatches {
					file, patches = name, append(patches, string(text[1]))
				}
			}
		}
		if len(patches) > 0 {
			return file, patches
		}
	}
	return "", nil
}
