package all

import (
	"strings"

	"nacre/inventory"
)

// layer is where in @INC a folder stands, as far as its path tells: of two
// folders of the same perl, the one with the lower order is looked into first.
type layer struct {
	perl  string // the prefix of the perl that looks there, "usr"; "" for none that is installed with it
	order int    // 0 site, 1 vendor, 2 core
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
	if len(below) > 1 && !ofPerl(below[0]) {
		below = below[1:] // the architecture: lib/x86_64-linux-gnu/perl5
	}
	if len(below) == 0 || !ofPerl(below[0]) {
		return layer{}
	}
	folder, kind := below[0], ""
	if len(below) > 1 {
		kind = below[1]
	}
	switch {
	case kind == "site_perl" && prefix == "usr/local" && len(below) == 2:
		return layer{"usr", site} // Alpine; perl's own layout has its version below
	case kind == "site_perl":
		return layer{prefix, site}
	case kind == "vendor_perl":
		return layer{prefix, vendor}
	case kind == "core_perl", folder == "perl-base":
		return layer{prefix, core}
	case folder == "perl" && prefix == "usr/local":
		return layer{"usr", site} // Debian
	case folder == "perl":
		return layer{prefix, core} // Debian
	case prefix == "usr":
		return layer{prefix, vendor} // Debian; Fedora's core, whose files are packages'
	case prefix == "usr/local" && kind == "":
		return layer{"usr", site} // Fedora
	case isVersion(kind):
		return layer{prefix, core}
	}
	return layer{}
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
	return layer{"usr", vendor}
}
