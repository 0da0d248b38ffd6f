package all

import (
	"path"
	"strings"

	"nacre/inventory/ospkg"
)

// Keep says of a file of an archive or an image, by its path, whether its
// contents say what the whole is made of or what it loads: sources of Perl,
// metadata, records of installers and package databases. It is the Keep of
// archive.Options.
func Keep(name string, size int64) bool {
	dir, base := path.Split(name)
	switch path.Ext(base) {
	case ".pm", ".pl", ".PL", ".psgi", ".t", ".cgi", ".al", ".ix", ".packlist":
		return true
	case ".h":
		return strings.HasPrefix(base, "patchlevel") && path.Base(dir) == "CORE" // which patches a perl was built with
	case ".so":
		return strings.Contains(dir, "/auto/") // it names what it loads
	}
	switch base {
	case "cpanfile", "cpanfile.snapshot", "META.json", "META.yml", "MYMETA.json", "MYMETA.yml", "dist.ini", "minil.toml",
		"install.json", "perllocal.pod":
		return true
	}
	if ospkg.Wants(name) {
		return true
	}
	switch path.Base(dir) {
	case "bin", "sbin", "script", "scripts", "cgi-bin":
		return size <= maxProgram
	}
	return path.Ext(base) == "" && size <= maxProgram && !ofSystem(name)
}

// ofSystem reports whether a file belongs to the system of an image and not to
// an application, whose programs may lie anywhere, as ENTRYPOINT ["/srv/start"]
// has it.
func ofSystem(name string) bool {
	top, rest, _ := strings.Cut(name, "/")
	switch top {
	case "usr":
		return !strings.HasPrefix(rest, "local/") && !strings.HasPrefix(rest, "src/")
	case "var":
		return !strings.HasPrefix(rest, "www/")
	case "boot", "etc", "lib", "lib32", "lib64", "run":
		return true
	}
	return false
}

// maxProgram bounds the programs that are looked into for a first line that
// asks for perl: compiled ones are mostly larger.
const maxProgram = 1 << 20
