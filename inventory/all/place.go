package all

import (
	"slices"
	"strings"

	"nacre/inventory"
	"nacre/perlver"
)

// layer is where in @INC a folder stands, as far as its path tells: of two
// folders of the same perl, the one with the lower order is looked into first.
type layer struct {
	perl  string // the prefix of the perl that looks there, "usr"; "" for none that is installed with it
	order int    // 0 site, 1 vendor, 2 core
	// version is the one of the perls that look there, "5.36.0" or "5.36"; ""
	// where all of that prefix do, whatever their version.
	version string
}

// The orders.
const (
	site = iota
	vendor
	core
)

// layerOf tells from a folder's path, by the layouts of perl itself
// (INSTALL, "Installation Directories"), Debian's perl policy and Fedora's
// packaging guidelines. A folder that is none of them, such as
// local/lib/perl5, is nobody's: it comes into @INC by a command line or an
// environment, for the programs that ask for it.
func layerOf(place string) layer {
	prefix, below := cutLib(place)
	if len(below) > 1 && !ofPerl(below[0]) && !isKind(below[0]) {
		below = below[1:] // the architecture: lib/x86_64-linux-gnu/perl5
	}
	if len(below) == 0 {
		return layer{}
	}
	if isKind(below[0]) || isVersion(below[0]) {
		if !strings.Contains(prefix, "perl") {
			return layer{}
		}
		below = append([]string{"perl5"}, below...) // perlbrew, and perl's own where the prefix has perl in its name
	}
	if !ofPerl(below[0]) {
		return layer{}
	}
	folder, kind := below[0], ""
	if len(below) > 1 {
		kind = below[1]
	}
	in := layer{perl: prefix}
	if i := slices.IndexFunc(below, isVersion); i >= 0 {
		in.version = below[i]
	}
	switch {
	case kind == "site_perl" && prefix == "usr/local" && len(below) == 2:
		in.perl = "usr" // Alpine; perl's own layout has its version below
	case kind == "site_perl":
	case kind == "vendor_perl":
		in.order = vendor
	case kind == "core_perl", folder == "perl-base":
		in.order = core
	case folder == "perl" && prefix == "usr/local":
		in.perl = "usr" // Debian
	case folder == "perl":
		in.order = core // Debian
	case prefix == "usr":
		in.order = vendor // Debian; Fedora's core, whose files are packages'
	case prefix == "usr/local" && kind == "":
		in.perl = "usr" // Fedora
	case isVersion(kind):
		in.order = core
	default:
		return layer{}
	}
	return in
}

func isKind(folder string) bool {
	return folder == "site_perl" || folder == "vendor_perl" || folder == "core_perl"
}

func ofPerl(folder string) bool {
	return folder == "perl" || folder == "perl5" || folder == "perl-base"
}

// cutLib cuts a path at its last lib, lib64 or share.
func cutLib(place string) (prefix string, below []string) {
	parts := strings.Split(place, "/")
	for i := len(parts) - 1; i > 0; i-- {
		if p := parts[i]; p == "lib" || p == "lib64" || p == "share" {
			return strings.Join(parts[:i], "/"), parts[i+1:]
		}
	}
	return "", nil
}

// isVersion recognises the folder of one perl: "5.36", "5.36.0".
func isVersion(s string) bool {
	return strings.HasPrefix(s, "5.") && strings.Trim(s, "0123456789.") == ""
}

// layerOfComponent is the layer of the place, or of the package: a package's
// folders are those of the perl of the system.
func layerOfComponent(c *inventory.Component) layer {
	if l := layerOf(c.Place); l.perl != "" || c.Package == nil {
		return l
	}
	return layer{perl: "usr", order: vendor}
}

// sameRelease reports whether two texts name one perl: 5.36 stands for all of
// 5.36.
func sameRelease(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+".") || strings.HasPrefix(b, a+".")
}

// versions gives the perls of each prefix: those that are here, else those that
// folders of modules are for.
func versions(inv *inventory.Inventory) map[string][]string {
	perls, folders := map[string][]string{}, map[string][]string{}
	for i := range inv.Components {
		c := &inv.Components[i]
		in := layerOfComponent(c)
		switch {
		case in.perl == "":
		case c.Kind == inventory.Interpreter:
			perls[in.perl] = append(perls[in.perl], releaseOf(c))
		case in.version != "":
			folders[in.perl] = append(folders[in.perl], in.version)
		}
	}
	for prefix, v := range folders {
		if perls[prefix] == nil {
			perls[prefix] = v
		}
	}
	return perls
}

// releaseOf is the version of a perl as folders have it, "5.36.0"; that of its
// folder where its own is not known.
func releaseOf(c *inventory.Component) string {
	v, err := perlver.Parse(c.Version)
	if err != nil || v.IsZero() {
		return layerOfComponent(c).version
	}
	return strings.TrimPrefix(v.Normal(), "v")
}

// before reports whether every perl that can load something from folder b looks
// into folder a first, given the versions of their prefix's perls.
func (a layer) before(b layer, perls []string) bool {
	if a.perl == "" || a.perl != b.perl || a.order >= b.order {
		return false
	}
	switch {
	case a.version == "":
		return true
	case b.version != "":
		return sameRelease(a.version, b.version)
	}
	for _, v := range perls {
		if !sameRelease(a.version, v) {
			return false
		}
	}
	return len(perls) > 0
}

// foundBy reports whether a perl of that version looks into the folder.
func (a layer) foundBy(version string) bool {
	return a.version == "" || version == "" || sameRelease(a.version, version)
}
