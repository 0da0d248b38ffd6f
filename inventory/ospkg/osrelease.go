package ospkg

import (
	"io/fs"
	"strings"

	"nacre/limit"
)

const maxRelease = 64 << 10

var releaseFiles = []string{"etc/os-release", "usr/lib/os-release"}

// release reads which system it is: "debian:12" and "bookworm". Alpine's
// VERSION_ID has a third number, which its security data does not go by.
func release(fsys fs.FS) (distro, codename string) {
	var b []byte
	for _, file := range releaseFiles {
		var err error
		if b, err = limit.ReadFile(fsys, file, maxRelease, "os-release size"); err == nil {
			break
		}
	}
	values := map[string]string{}
	for line := range strings.Lines(string(b)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok {
			values[key] = unquote(value)
		}
	}
	distro, id := values["ID"], values["VERSION_ID"]
	if distro == "alpine" {
		if parts := strings.Split(id, "."); len(parts) > 2 {
			id = parts[0] + "." + parts[1]
		}
	}
	if id != "" && distro != "" {
		distro += ":" + id
	}
	if codename = values["VERSION_CODENAME"]; codename == "" {
		codename = values["UBUNTU_CODENAME"]
	}
	return distro, codename
}

// unquote reads a value as a shell does, without expanding anything; what is no
// plain word is no value.
func unquote(s string) string {
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	for _, c := range []byte(s) {
		if c != '.' && c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return ""
		}
	}
	return s
}
