package legacy

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
)

// entry is one record of the feed. Every field is there in each; where a field
// may be null its type says so.
type entry struct {
	ID               string   `json:"cpansa_id"`
	AffectedVersions []string `json:"affected_versions"`
	CVEs             []string `json:"cves"`
	Description      string   `json:"description"`
	Reported         string   `json:"reported"` // YYYY-MM-DD, or else published, or empty
	Severity         *string  `json:"severity"`
	References       []string `json:"references"`
	Distribution     string   `json:"distribution"`
	VersionRange     []string `json:"version_range"`     // as affected_versions
	AffectedReleases []string `json:"affected_releases"` // AUTHOR/Dist-Version
	CVEID            *string  `json:"cve_id"`
	// CVE is the CVE record of the id as it was published, null where it was not
	// among the sources.
	CVE   json.RawMessage `json:"cve"`
	Title string          `json:"title"`

	of *index.Affected
}

// left is a record that the feed does not have, or has in part.
type left struct {
	ID     advisory.ID `json:"id"`
	Dist   cpan.Dist   `json:"distribution"`
	Reason string      `json:"reason"`
}

// entries gives the records of one distribution, and those that are not among
// them or said in part.
func entries(d *index.Dist) (records []entry, skipped, partial []left) {
	for _, of := range d.Advisories {
		about := func(why string) left { return left{of.Advisory.ID, d.Name, why} }
		if of.Advisory.IsWithdrawn() {
			skipped = append(skipped, about("withdrawn: "+cmp.Or(of.Advisory.WithdrawnReason, "no reason stated")))
			continue
		}
		if of.Darkpan {
			skipped = append(skipped, about("not on CPAN"))
			continue
		}
		elements, partly := affectedVersions(of)
		if len(elements) == 0 && partly == "" {
			skipped = append(skipped, about("no version is affected"))
			continue
		}
		if partly != "" {
			partial = append(partial, about(partly))
		}
		records = append(records, entryOf(of, elements))
	}
	return records, skipped, partial
}

func entryOf(of *index.Affected, elements []string) entry {
	a := of.Advisory
	e := entry{
		ID: nameOf(of), AffectedVersions: elements, VersionRange: elements, CVEs: cves(a),
		CVE: a.CVE, Description: a.Description, Distribution: string(of.Dist.Name), Title: cmp.Or(a.Title, a.Description),
		Reported: cmp.Or(a.Reported.String(), a.Published.String()), References: links(a), Severity: severity(a),
		AffectedReleases: affectedReleases(of, func(*index.Release) bool { return true }), of: of,
	}
	if len(e.CVEs) > 0 {
		e.CVEID = &e.CVEs[0]
	}
	return e
}

// nameOf is the CPANSA id of what is said about a distribution, or else the
// record's own.
func nameOf(of *index.Affected) string {
	if of.Advisory.ID.IsCPANSA() {
		return string(of.Advisory.ID)
	}
	ids, _ := of.Advisory.AliasesFor(of.Dist.Name)
	for _, id := range ids {
		if id.IsCPANSA() {
			return string(id)
		}
	}
	return string(of.Advisory.ID)
}

// cves gives the CVE ids, the record's own first; an empty list where it has none.
func cves(a *index.Advisory) []string {
	ids := []string{}
	for _, id := range slices.Concat([]advisory.ID{a.ID}, a.Aliases) {
		if id.IsCVE() {
			ids = append(ids, string(id))
		}
	}
	return ids
}

func links(a *index.Advisory) []string {
	all := make([]string, len(a.References))
	for i, r := range a.References {
		all[i] = r.URL
	}
	return all
}

func severity(a *index.Advisory) *string {
	if a.Severity == advisory.SeverityUnknown {
		return nil
	}
	word := a.Severity.String()
	return &word
}

// feedOfDist gives the feed of one distribution alone.
func feedOfDist(_ *index.Model, d *index.Dist) ([]index.File, error) {
	records, _, _ := entries(d)
	if len(records) == 0 {
		return nil, nil
	}
	data, err := object([]keyed{{string(d.Name), records}})
	return []index.File{{Path: "cpansa-feed/" + string(d.Name) + ".json", Data: data}}, err
}

// feed gives the feed of all distributions, as it is and for Test::CVE, the built
// file, and what is to be said about them.
func feed(ctx context.Context, m *index.Model) ([]index.File, error) {
	var plain []keyed
	byDist := map[cpan.Dist][]entry{}
	about := meta{Schema: MetaSchema, Generator: m.Generator, GeneratedAt: m.Day, Sources: append([]index.Health{}, m.Sources...), Skipped: []left{}, Partial: []left{}}
	for _, d := range m.Dists {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		records, skipped, partial := entries(d)
		about.Skipped = append(about.Skipped, skipped...)
		about.Partial = append(about.Partial, partial...)
		if len(records) > 0 {
			plain = append(plain, keyed{string(d.Name), records})
			byDist[d.Name] = records
			about.Records += len(records)
		}
	}
	about.Distributions = len(plain)
	aliased := withAliases(m, plain)
	about.Aliases = len(aliased) - len(plain)
	var files []index.File
	for _, f := range []struct {
		path string
		keys []keyed
	}{{"cpansa-feed.json", plain}, {"cpansa-feed-aliases.json", single(aliased)}} {
		data, err := object(f.keys)
		if err != nil {
			return nil, err
		}
		files = append(files, index.File{Path: f.path, Data: data})
	}
	database, err := built(m, byDist)
	if err != nil {
		return nil, err
	}
	data, err := encode(about)
	return append(files, database, index.File{Path: "cpansa-feed.meta.json", Data: data}), err
}

// keyed is one member of the feed.
type keyed struct {
	key     string
	records []entry
}

// object writes the feed, a distribution a line. Its first byte is the brace
// that readers look for.
func object(keys []keyed) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		key, err := json.Marshal(k.key)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		list, err := encode(k.records)
		if err != nil {
			return nil, err
		}
		b.Write(bytes.TrimSuffix(list, []byte{'\n'}))
	}
	b.WriteString("\n}\n")
	return b.Bytes(), nil
}

// encode writes a value as one line.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
