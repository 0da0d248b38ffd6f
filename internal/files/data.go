package files

import (
	"path/filepath"

	"nacre/fault"
)

// DataFolder is where Nacre keeps what it has fetched for this user: NACRE_DATA
// where that is set, and else what the system has for it:
//
//	Linux, BSD   $XDG_DATA_HOME/nacre, or ~/.local/share/nacre
//	macOS        ~/Library/Application Support/nacre
//	Windows      %LocalAppData%\nacre
//
// The folder need not exist. XDG's base directory specification asks to ignore
// a relative path in its variable; NACRE_DATA may be relative, because a person
// wrote it for this call.
func DataFolder(goos string, getenv func(string) string) (string, error) {
	if dir := getenv("NACRE_DATA"); dir != "" {
		return dir, nil
	}
	var variable string
	var below []string
	switch goos {
	case "windows":
		variable = "LocalAppData"
	case "darwin", "ios":
		variable, below = "HOME", []string{"Library", "Application Support"}
	default:
		if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
			return filepath.Join(dir, "nacre"), nil
		}
		variable, below = "HOME", []string{".local", "share"}
	}
	dir := getenv(variable)
	if dir == "" {
		return "", fault.New(fault.NotFound, "no folder for Nacre's data: %s is not set", variable).
			WithHint("set NACRE_DATA to a folder")
	}
	return filepath.Join(append(append([]string{dir}, below...), "nacre")...), nil
}
