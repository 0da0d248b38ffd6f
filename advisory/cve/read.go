package cve

import (
	"encoding/json"
	"io"
	"io/fs"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/purl"
)

// Source describes a collection of records. Each record's own source carries
// the name of the CNA that wrote it.
func Source() advisory.Source {
	return advisory.Source{
		Name:        "CVE",
		Licence:     "LicenseRef-CVE-Terms-of-Use",
		Attribution: "CVE records, copyright The MITRE Corporation, https://www.cve.org/Legal/TermsOfUse",
	}
}

// documents says how the records lie in files.
var documents = advisory.Documents{
	Source: Source(),
	Max:    5 << 20, // the largest published is below 2 MB
	Hint:   "name a folder that holds CVE-*.json files",
	Keep:   true,
	Parse:  parse,
}

// ReadFS reads every .json file below fsys as one record; Where is its path.
// A file that is no record, or cannot be read as one, is a refused item. An
// error is returned where there is no such file, or fsys cannot be read.
func ReadFS(fsys fs.FS) (advisory.Batch, error) {
	return documents.ReadFS(fsys)
}

// Read reads one record. where names it in the item and in errors.
func Read(r io.Reader, where string) advisory.Item {
	return documents.Read(r, where)
}

// entry is one record while it is read.
type entry struct {
	doc  document
	item *advisory.Item
	rec  advisory.Record
}

func parse(data []byte, item *advisory.Item) (*advisory.Record, error) {
	e := entry{item: item}
	err := e.read(data)
	rec := e.rec // which outlives the document
	return &rec, err
}

func (e *entry) read(data []byte) error {
	if err := json.Unmarshal(data, &e.doc); err != nil {
		return fault.Wrap(fault.Invalid, err, "read JSON")
	}
	meta := &e.doc.Metadata
	e.item.Native = meta.ID
	if e.doc.DataType != "CVE_RECORD" || !strings.HasPrefix(e.doc.DataVersion, "5.") {
		return fault.New(fault.Invalid, "dataType %.40q, dataVersion %.40q: this is no CVE record of format 5", e.doc.DataType, e.doc.DataVersion)
	}
	id, err := advisory.ParseID(meta.ID)
	if err != nil {
		return err
	}
	if !id.IsCVE() {
		return fault.New(fault.Invalid, "cveId %q is no CVE id", meta.ID)
	}
	e.rec.ID = id
	e.dates()
	switch meta.State {
	case "PUBLISHED":
		err = e.published()
	case "REJECTED":
		e.rejected()
	case "RESERVED":
		err = fault.New(fault.Invalid, "%s is reserved and says nothing yet", id)
	default:
		err = fault.New(fault.Invalid, "%s is in the state %.40q", id, meta.State)
	}
	if err != nil {
		return err
	}
	source := Source()
	source.Name, _ = advisory.CleanLine(e.doc.Containers.CNA.Provider.ShortName)
	if source.Name == "" {
		source.Name, _ = advisory.CleanLine(meta.Assigner)
	}
	if source.Name == "" {
		source.Name = "CVE"
		e.item.Warn("the CNA is not named")
	}
	source.ID, source.File = string(id), e.item.Where
	e.rec.Sources = []advisory.Source{source}
	e.rec.ProvideAll(0)
	return nil
}

// dates reads the record's days. When the flaw was reported is in none of them: ids
// are reserved by the dozen, before there is a report.
func (e *entry) dates() {
	meta := &e.doc.Metadata
	for _, d := range []struct {
		key, text string
		to        *advisory.Date
	}{
		{"datePublished", meta.Published, &e.rec.Published},
		{"dateUpdated", meta.Updated, &e.rec.Modified},
	} {
		var err error
		if *d.to, err = advisory.ParseDate(d.text); err != nil {
			e.item.Warn("%s: %v", d.key, err)
		}
	}
}

// published reads what the CNA says, and the others' scores and links.
func (e *entry) published() error {
	cna := &e.doc.Containers.CNA
	e.rec.Title, _ = advisory.CleanLine(cna.Title)
	text, ok := english(cna.Descriptions)
	if e.rec.Description = text; !ok {
		e.item.Warn("no description in English")
	}
	for _, t := range cna.Tags {
		if t == "disputed" {
			e.rec.Disputed = true
		}
	}
	e.cwes(cna)
	e.linksAndScores(cna)
	for i := range e.doc.Containers.ADP {
		e.linksAndScores(&e.doc.Containers.ADP[i])
	}
	for i := range cna.Affected {
		if err := e.product(&cna.Affected[i], i+1); err != nil {
			return err
		}
	}
	slices.SortFunc(e.rec.Affected, func(a, b advisory.Affected) int { return strings.Compare(string(a.Dist), string(b.Dist)) })
	return nil
}

// rejected makes a tombstone.
func (e *entry) rejected() {
	cna := &e.doc.Containers.CNA
	reason, _ := english(cna.RejectedReasons)
	if len(cna.ReplacedBy) > 0 {
		replaced, _ := advisory.CleanLine(strings.Join(cna.ReplacedBy, ", "))
		reason = strings.TrimSpace(reason + "\nReplaced by " + replaced)
	}
	if reason == "" {
		reason = "rejected, no reason stated"
	}
	e.rec.WithdrawnReason = reason
	rejected, err := advisory.ParseDate(e.doc.Metadata.Rejected)
	if err != nil {
		e.item.Warn("dateRejected: %v", err)
	}
	if rejected.IsZero() {
		rejected = e.rec.Modified
	}
	e.rec.Withdrawn = rejected
}

// english gives the first text in English.
func english(texts []prose) (string, bool) {
	for _, p := range texts {
		if lang := strings.ToLower(p.Lang); lang == "en" || strings.HasPrefix(lang, "en-") || strings.HasPrefix(lang, "en_") {
			text, _ := advisory.CleanText(p.Value)
			return text, true
		}
	}
	return "", false
}

func (e *entry) cwes(c *container) {
	for _, p := range c.ProblemTypes {
		for _, d := range p.Descriptions {
			cwe, ok := advisory.ParseCWE(d.ID)
			if !ok {
				cwe, ok = advisory.ParseCWE(d.Description)
			}
			switch {
			case ok:
				e.rec.CWEs = append(e.rec.CWEs, cwe)
			case d.ID != "":
				e.item.Warn("cweId %.40q is not read", d.ID)
			}
		}
	}
	e.rec.CWEs = advisory.SortCWEs(e.rec.CWEs)
}

// kinds maps the tags of a reference to OSV's words; where a reference has
// several, the first of this list that it has counts.
var kinds = [...]struct{ tag, kind string }{
	{"patch", advisory.KindFix},
	{"exploit", advisory.KindEvidence},
	{"vendor-advisory", advisory.KindAdvisory},
	{"third-party-advisory", advisory.KindAdvisory},
	{"vdb-entry", advisory.KindAdvisory},
	{"issue-tracking", advisory.KindReport},
	{"technical-description", advisory.KindArticle},
	{"media-coverage", advisory.KindArticle},
	{"mailing-list", advisory.KindArticle},
	{"product", advisory.KindPackage},
}

func kindOf(tags []string) string {
	for _, k := range kinds {
		if slices.Contains(tags, k.tag) {
			return k.kind
		}
	}
	return advisory.KindWeb
}

// linksAndScores reads what every container may add.
func (e *entry) linksAndScores(c *container) {
	for _, r := range c.References {
		ref, doubt, ok := advisory.ParseReference(kindOf(r.Tags), r.URL)
		if doubt != "" {
			e.item.Warn("%s", doubt)
		}
		if ok {
			e.rec.AddReference(ref)
		}
	}
	for _, m := range c.Metrics {
		for _, key := range [...]string{"cvssV4_0", "cvssV3_1", "cvssV3_0", "cvssV2_0"} {
			raw, ok := m[key]
			if !ok {
				continue
			}
			var score struct {
				Vector string `json:"vectorString"`
			}
			err := json.Unmarshal(raw, &score)
			var cvss advisory.CVSS
			if err == nil {
				cvss, err = advisory.ParseCVSS(score.Vector)
			}
			if err != nil {
				e.item.Warn("%s: %v", key, err)
				continue
			}
			e.rec.AddCVSS(cvss)
		}
	}
}

// product reads one affected product where it is a distribution of CPAN.
func (e *entry) product(p *product, n int) error {
	dist, ok, err := e.dist(p)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "affected product %d", n)
	}
	if !ok {
		return nil
	}
	a := e.rec.Add(dist)
	if a == nil {
		return nil // Check refuses the record
	}
	modules := p.Modules
	if len(modules) == 0 && p.Product != "" && p.Product != "n/a" {
		modules = []string{p.Product}
	}
	for _, text := range modules {
		m, err := cpan.ParseModule(strings.TrimSpace(text))
		if err != nil {
			e.item.Warn("%v", err)
		} else if len(a.Modules) <= advisory.MaxPlaces && !slices.Contains(a.Modules, m) {
			a.Modules = append(a.Modules, m)
		}
	}
	for _, text := range p.Files {
		a.Files = appendNew(a.Files, text)
	}
	for _, r := range p.Routines {
		a.Routines = appendNew(a.Routines, r.Name)
	}
	if len(p.Versions) == 0 {
		e.item.Warn("product %d, %s, lists no versions; its default status is %q", n, dist, p.DefaultStatus)
	}
	a.Statements = append(a.Statements, advisory.Statement{
		Entry: string(e.rec.ID),
		CVE:   &advisory.CVE{DefaultStatus: p.DefaultStatus, Versions: p.Versions},
	})
	return nil
}

// appendNew appends a line that is not there yet, and nothing to what Check
// refuses already.
func appendNew(to []string, text string) []string {
	line, _ := advisory.CleanLine(text)
	if line == "" || len(to) > advisory.MaxPlaces || slices.Contains(to, line) {
		return to
	}
	return append(to, line)
}

// dist gives the distribution that a product is; ok is false where it is
// something else. The package URL is the exact one of the two names that a
// product may have.
func (e *entry) dist(p *product) (dist cpan.Dist, ok bool, err error) {
	if strings.HasPrefix(p.PackageURL, "pkg:cpan/") {
		u, err := purl.Parse(p.PackageURL)
		if err == nil {
			dist, err = u.Dist()
		}
		if err == nil || !isCPAN(p.CollectionURL) {
			return dist, true, err
		}
		e.item.Warn("packageURL: %v; packageName is used", err)
	}
	if !isCPAN(p.CollectionURL) {
		return "", false, nil
	}
	dist, err = cpan.ParseDist(strings.TrimSpace(p.PackageName))
	return dist, true, err
}

// isCPAN recognises the collection's address in the spellings that occur.
func isCPAN(url string) bool {
	url = strings.ToLower(strings.TrimSpace(url))
	url = strings.TrimPrefix(strings.TrimPrefix(url, "https://"), "http://")
	url = strings.TrimSuffix(strings.TrimPrefix(url, "www."), "/")
	return url == "cpan.org/modules" || url == "cpan.org" || url == "metacpan.org"
}
