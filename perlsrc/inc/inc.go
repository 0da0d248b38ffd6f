// Package inc knows the folders that perls look for modules in, the ones that
// @INC holds, by their names alone: which part of a file's path is such a
// folder, and which module the rest names.
//
//	usr/lib/x86_64-linux-gnu/perl5/5.36/DBD/SQLite.pm
//	is DBD::SQLite in usr/lib/x86_64-linux-gnu/perl5/5.36
//
// These layouts are known, each below any prefix. VERSION is a version of perl
// that begins with "5.", ARCH a name of a platform such as
// x86_64-linux-gnu-thread-multi, KIND one of core_perl, vendor_perl and
// site_perl, and what stands in brackets may be missing.
//
//	Debian            share/perl5, share/perl/VERSION, etc/perl,
//	                  lib/ARCH/perl5[/VERSION], lib/ARCH/perl/VERSION, lib/ARCH/perl-base,
//	                  lib/site_perl, and of old releases lib/perl5, lib/perl/VERSION
//	Fedora, RHEL      share/perl5[/vendor_perl], lib64/perl5[/vendor_perl], [lib64|share]/perl5/VERSION
//	SUSE              lib/perl5/VERSION[/ARCH], lib/perl5/KIND/VERSION[/ARCH]
//	Alpine, Arch      share/perl5/KIND, lib/perl5[/VERSION]/KIND
//	FreeBSD           lib/perl5/VERSION[/mach], lib/perl5/site_perl[/mach/VERSION]
//	perl's own        lib/perl5/VERSION[/ARCH], lib/perl5/KIND/VERSION[/ARCH]
//	perlbrew          lib/VERSION[/ARCH], lib/KIND/VERSION[/ARCH], where the prefix has "perl" in its name
//	plenv             perl's own, below versions/VERSION
//	local::lib,       lib/perl5[/VERSION][/ARCH]
//	carton, cpm
//	macOS             Library/Perl/VERSION[/ARCH]
//
// Where a path has two such folders, as in opt/lib/perl5/x/lib/perl5/Foo.pm, the
// inner one holds. A project's own lib is none of them.
//
// Not promised: that a perl really looks there, and whether a folder is the
// core's, a vendor's or a site's: share/perl5 is the core's on Fedora and a
// vendor's on Debian. The core's folders are those that hold strict.pm or
// Config.pm.
//
// Sources: the file hier and INSTALL of perl, Debian's Perl policy ("Module
// Path"), and what "perl -V" prints on these systems.
package inc

import "strings"

// Split tells the folder of @INC and the module from the path of a module's
// file: a slash path without a leading slash. ok is false where the name does
// not end in ".pm", no folder of it is of a known layout, or what is left names
// no module.
func Split(path string) (place, module string, ok bool) {
	n := 0
	for i := 0; i < len(path); { // i begins an element
		if end := below(path, i); end > n {
			n = end
		}
		next := strings.IndexByte(path[i:], '/')
		if next < 0 {
			break
		}
		i += next + 1
	}
	if n == 0 || n == len(path) {
		return "", "", false
	}
	module, ok = Module(path[n+1:])
	return path[:n], module, ok
}

// Module gives the module that a file is by its path below a folder of @INC:
// Foo::Bar for Foo/Bar.pm. ok is false for what no bareword after "use" would
// load, and for what lies below auto, where installers keep the parts and the
// data of modules.
func Module(rel string) (module string, ok bool) {
	stem, ok := strings.CutSuffix(rel, ".pm")
	if !ok || stem == "" || strings.HasPrefix(rel, "auto/") || stem[0] >= '0' && stem[0] <= '9' {
		return "", false
	}
	begins := true
	for i := range len(stem) {
		c := stem[i]
		switch {
		case c == '/':
			if begins {
				return "", false
			}
			begins = true
		case c == '_', c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= 0x80:
			begins = false
		default:
			return "", false
		}
	}
	return strings.ReplaceAll(stem, "/", "::"), !begins
}

// below gives the length of the path up to the end of the folder of @INC whose
// layout begins with the element at i, or 0.
func below(path string, i int) int {
	name, i := element(path, i)
	arch := false
	switch name {
	case "lib", "lib64", "lib32", "share", "Library", "etc":
	default:
		return 0
	}
	next, end := element(path, i)
	if name == "lib" && isArch(next) {
		arch = true
		next, end = element(path, end)
	}
	bare := name == "lib" && !arch // lib itself
	kind, version := isKind(next), isVersion(next)
	switch {
	case next == "perl5" && name != "etc" && name != "Library":
	case next == "perl" && name == "etc":
		return trim(path, end)
	case next == "perl" && name != "Library", next == "Perl" && name == "Library":
		v, after := element(path, end)
		if !isVersion(v) {
			return 0
		}
		version, end = true, after
	case next == "perl-base" && name == "lib":
		return trim(path, end)
	case bare && (kind || version):
	default:
		return 0
	}
	// What may follow, in whatever order, each once.
	for {
		e, after := element(path, end)
		switch {
		case !version && isVersion(e):
			version = true
		case !kind && isKind(e):
			kind = true
		case !arch && isArch(e), !arch && (kind || version) && e == "mach":
			arch = true
		default:
			return trim(path, end)
		}
		end = after
	}
}

// element gives the element of a path that begins at i, if it is a folder, and
// where the next one begins.
func element(path string, i int) (name string, next int) {
	n := strings.IndexByte(path[i:], '/')
	if n < 0 {
		return "", i
	}
	return path[i : i+n], i + n + 1
}

// trim takes the slash before the next element off.
func trim(path string, next int) int {
	if next > 0 && path[next-1] == '/' {
		return next - 1
	}
	return next
}

func isKind(e string) bool {
	return e == "vendor_perl" || e == "site_perl" || e == "core_perl"
}

// isVersion accepts 5.36, 5.36.0 and 5.005_03.
func isVersion(e string) bool {
	rest, ok := strings.CutPrefix(e, "5.")
	return ok && rest != "" && strings.Trim(rest, "0123456789._") == ""
}

// isArch reports whether a folder's name is that of a platform. Config.pm's
// archname always joins parts by a minus, which no module has in its name.
func isArch(e string) bool {
	if !strings.Contains(e, "-") {
		return false
	}
	for _, system := range systems {
		if strings.Contains(e, system) {
			return true
		}
	}
	return false
}

var systems = [...]string{
	"linux", "darwin", "bsd", "solaris", "cygwin", "msys", "MSWin32", "gnu", "aix", "hpux", "haiku", "dragonfly", "os390",
}
