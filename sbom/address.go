package sbom

import (
	"strconv"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/purl"
)

// archiveBase is where CPAN's archives are.
const archiveBase = "https://www.cpan.org/authors/id/"

func itoa(i int) string { return strconv.Itoa(i) }

// isLocal reports whether an author is one of those that tools for private
// repositories make up.
//
// Sources: OrePAN2 and CPAN::Mini::Inject, whose defaults these are.
func isLocal(a cpan.Author) bool { return a == "DUMMY" || a == "LOCAL" }

// originOf says where a release of the inventory is from, in words of the
// property cpan:dist:origin; "" where nothing tells.
func originOf(c *inventory.Component) string {
	switch {
	case c.Kind == inventory.Core:
		return "core"
	case c.Package != nil:
		return "os"
	case strings.HasPrefix(c.Elsewhere, "git"), strings.HasSuffix(c.Elsewhere, ".git"):
		return "vcs"
	case c.Elsewhere != "":
		return ""
	case isLocal(c.Author), c.Author == "" && pinned(c):
		return "darkpan"
	case c.Author != "":
		return "cpan"
	}
	return ""
}

// pinned reports whether a lock file, which names the folder of an author for
// what is from CPAN, has the component.
func pinned(c *inventory.Component) bool {
	for _, e := range c.Evidence {
		if e.How == "cpanfile.snapshot" {
			return true
		}
	}
	return false
}

// releaseOf is the release that a component of the inventory is.
func releaseOf(c *inventory.Component) cpan.Release {
	var r cpan.Release
	if c.Path != "" {
		r = cpan.ParsePath(c.Path)
	}
	r.Dist, r.Version, r.Author = c.Dist, c.Version, c.Author
	return r
}

// purlOf is the package URL of a release of CPAN with the digest of its
// archive; "" where it has none: it is taken from elsewhere, its name is a
// guess, or it lies in no author's folder and nobody says which repository that
// is in.
func (m *maker) purlOf(c *inventory.Component, sha256 string) string {
	if c.Dist == "" || c.Elsewhere != "" || c.Guessed {
		return ""
	}
	r := releaseOf(c)
	if originOf(c) == "darkpan" {
		if m.opt.Repository == "" {
			return ""
		}
		qualifiers := map[string]string{"repository_url": m.opt.Repository}
		if r.Author != "" && r.Version != "" {
			qualifiers["author"] = string(r.Author)
		}
		return text(purl.New("cpan", "", string(r.Dist), r.Version, qualifiers, ""))
	}
	return identity(r, sha256)
}

// identity is the package URL of a release, "" where it can have none.
func identity(r cpan.Release, sha256 string) string {
	if r.Version == "" {
		return text(purl.Selector(r.Dist))
	}
	if sha256 == "" {
		return text(purl.Identity(r))
	}
	return text(purl.Identity(r, "sha256:"+sha256))
}

func text(p purl.PURL, err error) string {
	if err != nil {
		return ""
	}
	return p.String()
}

// systemURL is the package URL of a package of a system; "" where the system
// is not known.
//
// Sources: package-url/purl-spec, types deb, apk and rpm.
func systemURL(p *inventory.Package) string {
	id, release, _ := strings.Cut(p.Distro, ":")
	if id == "" {
		return ""
	}
	qualifiers := map[string]string{"distro": id}
	switch {
	case p.Codename != "" && p.Manager == "dpkg":
		qualifiers["distro"] = p.Codename
	case release != "":
		qualifiers["distro"] = id + "-" + release
	}
	if p.Arch != "" {
		qualifiers["arch"] = p.Arch
	}
	version := p.Version
	typ := p.Manager
	switch p.Manager {
	case "dpkg":
		typ = "deb"
	case "rpm":
		if epoch, rest, ok := strings.Cut(version, ":"); ok {
			version = rest
			if epoch != "0" && epoch != "" {
				qualifiers["epoch"] = epoch
			}
		}
	}
	return text(purl.New(typ, id, p.Name, version, qualifiers, ""))
}
