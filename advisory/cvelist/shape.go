package cvelist

import (
	"io/fs"
	"strings"
)

// Shape is how a folder or a zip holds the list.
type Shape int

// The shapes.
const (
	None  Shape = iota
	Whole       // folders of years, as in a checkout
	Delta       // the zip of what changed
)

// ShapeOf finds out whether fsys is the CVE List, or a part of it, by the names
// of its folders alone. root is the folder that holds the records.
func ShapeOf(fsys fs.FS) (shape Shape, root string) {
	for _, dir := range []string{"cves", "."} {
		if hasYears(fsys, dir) {
			return Whole, dir
		}
	}
	if entries, err := fs.ReadDir(fsys, "deltaCves"); err == nil && len(entries) > 0 {
		return Delta, "deltaCves"
	}
	return None, ""
}

// hasYears says whether a folder has one like 2099/, with one like 12xxx/ in it.
func hasYears(fsys fs.FS, dir string) bool {
	years, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return false
	}
	for _, year := range years {
		if !year.IsDir() || len(year.Name()) != 4 || !digits(year.Name()) {
			continue
		}
		name := year.Name()
		if dir != "." {
			name = dir + "/" + name
		}
		thousands, err := fs.ReadDir(fsys, name)
		if err != nil {
			continue
		}
		for _, t := range thousands {
			if number, ok := strings.CutSuffix(t.Name(), "xxx"); ok && t.IsDir() && digits(number) {
				return true
			}
		}
	}
	return false
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// IsZip says whether a file's name is that of a release of the list, as in
// 2099-01-02_delta_CVEs_at_0300Z.zip and 2099-01-02_all_CVEs_at_midnight.zip.zip.
// all says that it is a zip of all records, in which another zip lies.
func IsZip(name string) (is, all bool) {
	if !strings.HasSuffix(name, ".zip") || !strings.Contains(name, "_CVEs_at_") {
		return false, false
	}
	return true, strings.Contains(name, "_all_CVEs_at_")
}

// InnerZip is the name of the zip of all records inside the zip of a release.
const InnerZip = "cves.zip"
