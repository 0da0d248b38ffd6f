package sources

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/advisory/vendor"
	"nacre/fault"
	"nacre/limit"
)

func isJSON(name string) bool {
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".json.gz") ||
		strings.HasSuffix(name, ".jsonl") || strings.HasSuffix(name, ".jsonl.gz")
}

// form is what a file or a folder turns out to be.
type form int

const (
	formUnknown form = iota
	formIndex        // the built JSON of CPANSA
	formCVE
	formOSV
	formVendorOSV // OSV of a vendor
	formDebian    // Debian's security tracker
	formAlpine    // Alpine's secdb
	formPackages  // 02packages.details.txt
	formListing   // a list of files: find-ls, BackPAN's
	formMetaCPAN  // releases of MetaCPAN
)

// indexName is what the built JSON of CPANSA is called where it is published.
const indexName = "cpan-security-advisory.json"

// isIndexName says whether a file is called like the built JSON. One that is not it,
// but the page of an error, or empty, would be passed over among others, and all that
// only it tells would be gone.
func isIndexName(name string) bool { return strings.TrimSuffix(name, ".gz") == indexName }

// notTheIndex is the error of such a file.
func notTheIndex(where string) error {
	return fault.New(fault.Invalid, "%s is not the JSON that its name says", where).
		WithHint("look into it: it may be the page of an error; fetch it again, or move it away")
}

// recordNames are the forms that folders hold, one record a file.
var recordNames = map[form]string{formCVE: "CVE", formOSV: "OSV", formVendorOSV: "vendors' OSV"}

// isCheckout says whether a folder holds reports of CPANSA, directly or in one
// of the three folders of a checkout: the first report says so by its
// cpansa_version.
func isCheckout(fsys fs.FS, entries []fs.DirEntry) (bool, error) {
	folders := []string{"."}
	for _, e := range entries {
		if e.IsDir() && slices.Contains([]string{"cpansa", "generated_reports", "external_reports"}, e.Name()) {
			folders = append(folders, e.Name())
		}
	}
	for _, folder := range folders {
		reports, err := fs.Glob(fsys, path.Join(folder, "*.yml"))
		if err != nil || len(reports) == 0 {
			continue
		}
		text, err := limit.ReadFile(fsys, reports[0], limit.Metadata, "report size")
		if err != nil {
			return false, err
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "cpansa_version:") {
				return true, nil
			}
		}
	}
	return false, nil
}

// maxSniff bounds what is read of a file to find out what it is: whole records,
// and the built JSON as far as its first telling key.
const maxSniff = 16 << 20

// formOf finds out what a JSON file holds by the keys of its outermost object.
// What is no JSON, or has none of these keys, is unknown and no error.
func formOf(fsys fs.FS, name string) (form, error) {
	in, err := open(fsys, name)
	if err != nil {
		return formUnknown, err
	}
	defer in.Close()
	text := bufio.NewReader(limit.Reader(in, maxSniff, "file size"))
	if form := textForm(text); form != formUnknown {
		return form, nil
	}
	start, _ := text.Peek(text.Size())
	d := json.NewDecoder(text)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return formUnknown, nil
	}
	keys := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return formUnknown, nil
		}
		key, _ := t.(string)
		keys[key] = true
		switch {
		case key == "module2dist" || key == "dists":
			return formIndex, nil
		case key == "cveMetadata":
			return formCVE, nil
		case key == "distroversion":
			return formAlpine, nil
		case keys["distribution"] && keys["version"] && keys["author"],
			key == "hits" && bytes.Contains(start, []byte(`"distribution"`)):
			return formMetaCPAN, nil
		case keys["id"] && keys["modified"]:
			return osvForm(fsys, name)
		}
		tracker, err := skipValue(d, len(keys) == 1)
		switch {
		case err != nil:
			return formUnknown, nil
		case tracker:
			return formDebian, nil
		}
	}
	return formUnknown, nil
}

// osvForm finds out whether an OSV record is a vendor's.
func osvForm(fsys fs.FS, name string) (form, error) {
	in, err := open(fsys, name)
	if err != nil {
		return formUnknown, err
	}
	defer in.Close()
	var doc struct {
		ID       string `json:"id"`
		Affected []struct {
			Package struct {
				Ecosystem string `json:"ecosystem"`
				PURL      string `json:"purl"`
			} `json:"package"`
		} `json:"affected"`
	}
	if err := json.NewDecoder(limit.Reader(in, maxSniff, "file size")).Decode(&doc); err != nil {
		return formOSV, nil // whose reader says what is wrong
	}
	is := vendor.IsOSV(doc.ID, "")
	for _, a := range doc.Affected {
		if a.Package.Ecosystem == "CPAN" || strings.HasPrefix(a.Package.PURL, "pkg:cpan/") {
			return formOSV, nil
		}
		is = is || vendor.IsOSV("", a.Package.Ecosystem)
	}
	if is {
		return formVendorOSV, nil
	}
	return formOSV, nil
}

// skipValue reads over one value without keeping it. Of the first value it says
// whether it begins as what Debian's tracker has for a source package, an object
// of objects by the ids of flaws, and then reads no further.
func skipValue(d *json.Decoder, first bool) (tracker bool, err error) {
	depth, flaw := 0, false
	for n := 0; ; n++ {
		t, err := d.Token()
		if err != nil {
			return false, err
		}
		switch key, _ := t.(string); {
		case n == 0:
			first = first && t == json.Delim('{')
		case n == 1 && first:
			flaw = strings.HasPrefix(key, "CVE-") || strings.HasPrefix(key, "TEMP-")
		case n == 2 && flaw && t == json.Delim('{'):
			return true, nil
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > 1000 {
				return false, errors.New("nested too deeply")
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return false, nil
		}
	}
}
