package legacy

import (
	"strings"

	"nacre/index"
)

// answer is what MetaCPAN's API answers below /cve.
type answer struct {
	CVE []vulnerability `json:"cve"`
}

// vulnerability is one record of it.
type vulnerability struct {
	AffectedVersions []string `json:"affected_versions"`
	ID               string   `json:"cpansa_id"`
	CVEs             []string `json:"cves"`
	Description      string   `json:"description"`
	Distribution     string   `json:"distribution"`
	References       []string `json:"references"`
	Releases         []string `json:"releases"` // AUTHOR/Dist-Version, of those whose author is known
	Reported         *string  `json:"reported"` // YYYY-MM-DD
	Severity         *string  `json:"severity"`
	Versions         []string `json:"versions"`
}

// answers gives the answer about a distribution, and that about each affected
// release whose author is known. In that of a release, releases and versions
// name this one alone: with all of them the files would be many times their
// size.
func answers(_ *index.Model, d *index.Dist) ([]index.File, error) {
	entries, _, _ := entries(d)
	whole := answer{CVE: []vulnerability{}}
	ofRelease := make([]answer, len(d.Releases))
	for i := range entries {
		e := &entries[i]
		v := e.vulnerability()
		for k, s := range e.of.Status {
			r := &d.Releases[k]
			if !s.IsAffected() || r.Perl != "" {
				continue
			}
			v.Versions = append(v.Versions, r.Version)
			if name := releaseName(d, r); name != "" {
				v.Releases = append(v.Releases, name)
				one := e.vulnerability()
				one.Releases, one.Versions = []string{name}, []string{r.Version}
				ofRelease[k].CVE = append(ofRelease[k].CVE, one)
			}
		}
		whole.CVE = append(whole.CVE, v)
	}
	if len(whole.CVE) == 0 {
		return nil, nil
	}
	data, err := encode(whole)
	files := []index.File{{Path: "metacpan/cve/dist/" + string(d.Name) + ".json", Data: data}}
	for k, a := range ofRelease {
		if err != nil || len(a.CVE) == 0 {
			continue
		}
		data, err = encode(a)
		files = append(files, index.File{Path: "metacpan/cve/release/" + releaseName(d, &d.Releases[k]) + ".json", Data: data})
	}
	return files, err
}

// vulnerability is an entry in MetaCPAN's words, without releases.
func (e *entry) vulnerability() vulnerability {
	v := vulnerability{
		AffectedVersions: e.AffectedVersions, ID: e.ID, CVEs: e.CVEs, Description: e.Description,
		Distribution: e.Distribution, References: e.References, Severity: e.Severity,
		Releases: []string{}, Versions: []string{},
	}
	if e.Reported != "" {
		v.Reported = &e.Reported
	}
	return v
}

// releaseName is how MetaCPAN names a release, AUTHOR/Dist-Version, and "" for
// one whose author is not known, that is in a perl only, or whose version cannot
// be part of a file's name.
func releaseName(d *index.Dist, r *index.Release) string {
	if r.Author == "" || r.Perl != "" || strings.Trim(r.Version, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-") != "" {
		return ""
	}
	return string(r.Author) + "/" + string(d.Name) + "-" + r.Version
}
