package osv

import (
	"encoding/json"
	"io"
	"io/fs"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
	"nacre/purl"
)

// document is what is read of a record; every other key is passed over.
type document struct {
	ID         string   `json:"id"`
	Modified   string   `json:"modified"`
	Published  string   `json:"published"`
	Withdrawn  string   `json:"withdrawn"`
	Aliases    []string `json:"aliases"`
	Summary    string   `json:"summary"`
	Details    string   `json:"details"`
	Severity   []score  `json:"severity"`
	References []struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	} `json:"references"`
	Affected         []affected `json:"affected"`
	DatabaseSpecific struct {
		Severity string   `json:"severity"`
		CWEs     []string `json:"cwe_ids"`
	} `json:"database_specific"`
}

type score struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

type affected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
		PURL      string `json:"purl"`
	} `json:"package"`
	Severity []score            `json:"severity"`
	Ranges   []perlver.OSVRange `json:"ranges"`
	Versions []string           `json:"versions"`
}

// documents says how the records lie in files.
var documents = advisory.Documents{
	Source: advisory.Source{Name: "OSV"},
	Max:    10 << 20, // some enumerate tens of thousands of versions
	Hint:   "name a folder or a zip that holds .json files, one record each",
	Parse:  parse,
}

// ReadFS reads every .json file below fsys as one record; Where is its path.
// A file that is no record, or cannot be read as one, is a refused item. An
// error is returned where there is no such file, or fsys cannot be read.
// A zip is read by opening it as an fs.FS, and a record about no distribution
// of CPAN is refused.
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
	e.item.Native = e.doc.ID
	if err := e.ids(); err != nil {
		return err
	}
	e.rec.Title, _ = advisory.CleanLine(e.doc.Summary)
	e.rec.Description, _ = advisory.CleanText(e.doc.Details)
	for _, d := range []struct {
		key, text string
		to        *advisory.Date
	}{
		{"published", e.doc.Published, &e.rec.Published},
		{"modified", e.doc.Modified, &e.rec.Modified},
		{"withdrawn", e.doc.Withdrawn, &e.rec.Withdrawn},
	} {
		var err error
		if *d.to, err = advisory.ParseDate(d.text); err != nil {
			e.item.Warn("%s: %v", d.key, err)
		}
	}
	if e.doc.Withdrawn != "" {
		e.rec.WithdrawnReason = "withdrawn, no reason stated"
	}
	var err error
	if e.rec.Severity, err = advisory.ParseSeverity(e.doc.DatabaseSpecific.Severity); err != nil {
		e.item.Warn("%v; it is read as unknown", err)
	}
	for _, text := range e.doc.DatabaseSpecific.CWEs {
		if cwe, ok := advisory.ParseCWE(text); ok {
			e.rec.CWEs = append(e.rec.CWEs, cwe)
		}
	}
	e.rec.CWEs = advisory.SortCWEs(e.rec.CWEs)
	e.scores(e.doc.Severity)
	for _, r := range e.doc.References {
		ref, doubt, ok := advisory.ParseReference(kindOf(r.Type), r.URL)
		if doubt != "" {
			e.item.Warn("%s", doubt)
		}
		if ok {
			e.rec.AddReference(ref)
		}
	}
	for i := range e.doc.Affected {
		if err := e.affected(&e.doc.Affected[i], i+1); err != nil {
			return err
		}
	}
	if len(e.doc.Affected) > 0 && len(e.rec.Affected) == 0 {
		return fault.New(fault.Invalid, "no package of %s is of CPAN", e.rec.ID)
	}
	slices.SortFunc(e.rec.Affected, func(a, b advisory.Affected) int { return strings.Compare(string(a.Dist), string(b.Dist)) })
	e.rec.Sources = []advisory.Source{{Name: "OSV", ID: e.item.Native, File: e.item.Where}}
	e.rec.ProvideAll(0)
	return nil
}

// ids names the record by its CVE, where it has one.
func (e *entry) ids() error {
	own, err := advisory.ParseID(e.doc.ID)
	if err != nil {
		return err
	}
	e.rec.ID = own
	for _, text := range e.doc.Aliases {
		id, err := advisory.ParseID(text)
		if err != nil {
			e.item.Warn("%v", err)
			continue
		}
		if id.IsCVE() && !e.rec.ID.IsCVE() {
			id, e.rec.ID = e.rec.ID, id
		}
		if !id.Equal(e.rec.ID) {
			e.rec.Aliases = append(e.rec.Aliases, id)
		}
	}
	e.rec.Aliases = advisory.SortIDs(e.rec.Aliases)
	return nil
}

// kindOf keeps the schema's words that a record here has, and reads the others
// as what they are nearest to.
func kindOf(word string) string {
	switch word {
	case advisory.KindAdvisory, advisory.KindArticle, advisory.KindEvidence, advisory.KindFix,
		advisory.KindPackage, advisory.KindReport:
		return word
	case "DISCUSSION", "DETECTION":
		return advisory.KindArticle
	}
	return advisory.KindWeb
}

// scores reads severity vectors. Types other than CVSS are words of other
// archives.
func (e *entry) scores(list []score) {
	for _, s := range list {
		if !strings.HasPrefix(s.Type, "CVSS_") {
			e.item.Warn("severity of type %.40q is not read", s.Type)
			continue
		}
		cvss, err := advisory.ParseCVSS(s.Score)
		if err != nil {
			e.item.Warn("%v", err)
			continue
		}
		e.rec.AddCVSS(cvss)
	}
}

// affected reads one package where it is a distribution of CPAN.
func (e *entry) affected(a *affected, n int) error {
	dist, ok, err := e.dist(a)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "affected package %d", n)
	}
	if !ok {
		return nil
	}
	to := e.rec.Add(dist)
	if to == nil {
		return nil // Check refuses the record
	}
	for _, r := range a.Ranges {
		if r.Type != "ECOSYSTEM" {
			e.item.Warn("package %d: a range of type %.40q is not in the order of Perl versions", n, r.Type)
		}
	}
	if len(a.Ranges) == 0 && len(a.Versions) == 0 {
		e.item.Warn("package %d, %s, states neither ranges nor versions", n, dist)
	}
	e.scores(a.Severity)
	to.Statements = append(to.Statements, advisory.Statement{
		Entry: e.item.Native,
		OSV:   &advisory.OSV{Ranges: a.Ranges, Versions: a.Versions},
	})
	return nil
}

// dist gives the distribution that a package is; ok is false where it is of
// another archive.
func (e *entry) dist(a *affected) (dist cpan.Dist, ok bool, err error) {
	inCPAN := a.Package.Ecosystem == "CPAN"
	switch u := a.Package.PURL; {
	case u != "" && !strings.HasPrefix(u, "pkg:cpan/"):
		return "", false, nil
	case u == "" && !inCPAN:
		return "", false, nil
	case u != "":
		var p purl.PURL
		if p, err = purl.Parse(u); err == nil {
			dist, err = p.Dist()
		}
		if err == nil || !inCPAN {
			return dist, true, err
		}
		e.item.Warn("purl: %v; the package's name is used", err)
	}
	dist, err = cpan.ParseDist(strings.TrimSpace(a.Package.Name))
	return dist, true, err
}
