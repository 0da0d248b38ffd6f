package vendor

import (
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/fault"
	"nacre/limit"
)

const (
	maxDocuments = 500_000
	maxDocument  = 10 << 20 // bytes; some list tens of thousands of versions
)

// osvDocument is what is read of a record.
type osvDocument struct {
	ID        string        `json:"id"`
	Modified  time.Time     `json:"modified"`
	Withdrawn string        `json:"withdrawn"`
	Aliases   []string      `json:"aliases"`
	Upstream  []string      `json:"upstream"`
	Related   []string      `json:"related"`
	Affected  []osvAffected `json:"affected"`
}

type osvAffected struct {
	Package struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
	} `json:"package"`
	Ranges []struct {
		Type   string              `json:"type"`
		Events []map[string]string `json:"events"`
	} `json:"ranges"`
	Specific struct {
		Urgency string `json:"urgency"`
	} `json:"ecosystem_specific"`
}

// ReadOSV reads every .json file below fsys as an OSV record of Debian, Alpine
// or Red Hat. A zip is read by opening it as an fs.FS.
func ReadOSV(fsys fs.FS, keep Keep) (Batch, error) {
	c := &collector{keep: keep}
	n := 0
	err := fs.WalkDir(fsys, ".", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || path.Ext(file) != ".json" {
			return err
		}
		if n++; n > maxDocuments {
			return fault.New(fault.Invalid, "more than %d records (limit: records)", maxDocuments)
		}
		text, err := limit.ReadFile(fsys, file, maxDocument, "OSV record size")
		var doc osvDocument
		if err == nil {
			err = asInvalid(json.Unmarshal(text, &doc))
		}
		switch {
		case fault.KindOf(err) == fault.Invalid:
			c.skip(file, "%v", err)
			return nil
		case err != nil:
			return err
		}
		return c.osv(file, &doc)
	})
	if err != nil {
		return Batch{}, err
	}
	if n == 0 {
		return Batch{}, fault.New(fault.NotFound, "no OSV records here").
			WithHint("name a folder or a zip that holds .json files, one record each")
	}
	return c.done(), nil
}

// osv takes what a record says.
func (c *collector) osv(file string, doc *osvDocument) error {
	if doc.Withdrawn != "" {
		c.skip(file, "is withdrawn")
		return nil
	}
	flaws := doc.flaws()
	if len(flaws) == 0 {
		c.skip(file, "%.40q is no id of a flaw", doc.ID)
		return nil
	}
	unread := ""
	for i := range doc.Affected {
		a := &doc.Affected[i]
		feed, distro, other := osvRelease(a.Package.Ecosystem)
		switch {
		case other:
			c.batch.Other++
			continue
		case distro == "":
			unread = a.Package.Ecosystem
			continue
		}
		f := c.feed(feed)
		if doc.Modified.After(f.newest) {
			f.newest = doc.Modified.UTC().Truncate(time.Second)
		}
		for _, flaw := range flaws {
			if !c.keep(a.Package.Name, flaw) {
				c.batch.Other++
				continue
			}
			where := file + " " + a.Package.Name + " " + distro
			if !isName(a.Package.Name) {
				c.skip(where, "%.40q is no name of a package", a.Package.Name)
				break
			}
			s := advisory.VendorStatement{Feed: feed, Distro: distro, Source: a.Package.Name, Flaw: flaw}
			ok := false
			if s.Status, s.Fixed, ok = a.status(); !ok {
				c.skip(where, "its ranges are none from the first version to a fixed one")
				break
			}
			if u := a.Specific.Urgency; u == "unimportant" || u == "end-of-life" {
				s.Note = u
			}
			if err := c.add(where, s); err != nil {
				return err
			}
		}
	}
	if unread != "" {
		c.skip(file, "ecosystem %.60q is not read", unread)
	}
	return nil
}

// flaws are the ids that a record's statements are about.
func (doc *osvDocument) flaws() []advisory.ID {
	cves := func(lists ...[]string) (ids []advisory.ID) {
		for _, text := range slices.Concat(lists...) {
			if id, err := advisory.ParseID(text); err == nil && id.IsCVE() {
				ids = append(ids, id)
			}
		}
		return advisory.SortIDs(ids)
	}
	own := []string{doc.ID}
	if _, text, ok := strings.Cut(doc.ID, "-CVE-"); ok { // DEBIAN-CVE-2099-0001
		own = append(own, "CVE-"+text)
	}
	if ids := cves(doc.Upstream, doc.Aliases, own); ids != nil {
		return ids
	}
	if ids := cves(doc.Related); ids != nil {
		return ids
	}
	if id, err := advisory.ParseID(doc.ID); err == nil {
		return []advisory.ID{id}
	}
	return nil
}

// osvRelease gives the feed and the release of an ecosystem; "" where it is none
// that is read. other is set for a product that its vendor keeps beside its
// releases.
func osvRelease(ecosystem string) (feed, distro string, other bool) {
	name, of, _ := strings.Cut(ecosystem, ":")
	switch name {
	case "Debian":
		return "OSV Debian", Release("debian:"+of, ""), false
	case "Alpine":
		return "OSV Alpine", Release("alpine:"+of, ""), false
	case "Red Hat":
		product, rest, _ := strings.Cut(of, ":")
		version, _, _ := strings.Cut(rest, ":")
		if product != "enterprise_linux" {
			return "", "", true
		}
		return "OSV Red Hat", Release("rhel:"+version, ""), false
	}
	return "", "", false
}

// IsOSV says whether an OSV record is one of a vendor, by its id and the
// ecosystem of one of its packages; either may be empty.
func IsOSV(id, ecosystem string) bool {
	for _, prefix := range [...]string{"DEBIAN-", "DSA-", "DLA-", "DTSA-", "ALPINE-", "RHSA-", "RHBA-", "RHEA-"} {
		if strings.HasPrefix(id, prefix) {
			return true
		}
	}
	_, distro, other := osvRelease(ecosystem)
	return distro != "" || other
}

// status reads the ranges of a package: from the first version to a fixed one,
// or to none. Every other form says more than a statement can.
func (a *osvAffected) status() (status advisory.VendorStatus, fixed string, ok bool) {
	found := 0
	for _, r := range a.Ranges {
		if r.Type != "ECOSYSTEM" {
			continue
		}
		found++
		fixed = ""
		introduced := false
		for _, event := range r.Events {
			for what, version := range event {
				switch {
				case what == "introduced" && version == "0" && !introduced:
					introduced = true
				case what == "fixed" && fixed == "" && version != "":
					fixed = version
				default:
					return 0, "", false
				}
			}
		}
		if !introduced {
			return 0, "", false
		}
	}
	switch {
	case found != 1:
		return 0, "", false
	case fixed == "":
		return advisory.VendorAffected, "", true
	case fixed == "0":
		return advisory.VendorNotAffected, "", true
	}
	return advisory.VendorFixed, fixed, true
}
