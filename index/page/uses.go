package page

import "nacre/index"

// usesView is what the template "uses" is given.
type usesView struct {
	at
	Site  index.Site
	Parts []use
	// One is an example of an advisory and Dist one of a distribution; nil in an
	// empty index.
	One  *index.Advisory
	Dist *index.Dist
}

// use is a group of forms.
type use struct {
	ID, Title, Text string
	Forms           []example
}

// example is a form: where it is, as a pattern and, where there is one, as a path
// that a reader can follow.
type example struct{ Pattern, Path, What string }

// uses makes the page that tells how to use each form of the index.
func (s *shell) uses(m *index.Model) (index.File, error) {
	const path = "formats/index.html"
	v := &usesView{at: path, Site: m.Site}
	for _, i := range newest(m) {
		a := m.Advisories[i]
		if !a.IsWithdrawn() && len(a.Dists) == 1 && len(a.Dists[0].Known) > 0 {
			v.One, v.Dist = a, a.Dists[0].Dist
			break
		}
	}
	v.Parts = v.parts()
	return s.file(m.Site, &page{
		Path: path, Title: "Use it", About: "Every form of this index and how to use it", Here: "formats", Body: "uses", Data: v,
	})
}

// parts are the forms by what they are for.
func (v *usesView) parts() []use {
	one, dist := "", ""
	if v.One != nil {
		one, dist = string(v.One.ID), string(v.Dist.Name)
	}
	of := func(before, name, after string) string {
		if name == "" {
			return ""
		}
		return before + name + after
	}
	return []use{
		{"json", "Look something up by program", "The record of an advisory or all that is known of a distribution, with the verdict on every known release. Ask for the file of the name you have; 404 means that no advisory is known.", []example{
			{"advisory/ID.json", of("advisory/", one, ".json"), "the record, what was concluded from it and why"},
			{"dist/DIST.json", of("dist/", dist, ".json"), "releases, advisories, verdicts and the security contact"},
			{"state.json", "state.json", "what was concluded about everything in short, and the history of changes"},
		}},
		{"osv", "OSV, for scanners", "Records in the form of osv.dev with every affected version listed, so that a reader need not know how Perl orders versions. The layout of vuln.go.dev serves scanners that ask twice: first for the list of what is known, and then for the records that concern them, both with If-None-Match.", []example{
			{"osv/ID.json", of("osv/", one, ".json"), "one record"},
			{"osv/all.zip", "osv/all.zip", "all of them"},
			{"vulndb/index/modules.json.gz", "vulndb/index/modules.json", "the ids of each distribution, and when each changed"},
			{"vulndb/ID/ID.json.gz", of("vulndb/ID/", one, ".json"), "one record, in that layout"},
		}},
		{"csaf", "CSAF and OpenVEX, for reports to customers and authorities", "Give the address of the provider metadata to a CSAF downloader, and it finds the rest.", []example{
			{"csaf/provider-metadata.json", "csaf/provider-metadata.json", "the provider; also at .well-known/csaf/provider-metadata.json"},
			{"csaf/white/feed.json", "csaf/white/feed.json", "all documents, as ROLIE"},
			{"openvex/ID.json", of("openvex/", one, ".json"), "statements on each release"},
		}},
		{"legacy", "For programs that exist already", "The same data in the forms that older readers expect, so that they need no change but of the address.", []example{
			{"cpansa-feed-aliases.json", "cpansa-feed-aliases.json", "the feed in the form that Test::CVE reads right"},
			{"cpansa-feed.json", "cpansa-feed.json", "the feed for all others, as MetaCPAN's import"},
			{"cpan-security-advisory.json", "cpan-security-advisory.json", "the built file of the CPAN Security Advisory database, for CPAN::Audit and others"},
			{"metacpan/cve/dist/DIST.json", of("metacpan/cve/dist/", dist, ".json"), "what MetaCPAN's API answers about a distribution"},
			{"metacpan/cve/release/AUTHOR/RELEASE.json", "", "and about a release, where its author is known"},
		}},
		{"feeds", "Follow what is new", "Feeds for a reader, and texts that fit into a message.", []example{
			{"feeds/advisories.atom", "feeds/advisories.atom", "Atom"},
			{"feeds/advisories.rss", "feeds/advisories.rss", "RSS"},
			{"feeds/advisories.json", "feeds/advisories.json", "JSON Feed"},
			{"dist/DIST/feed.atom", of("dist/", dist, "/feed.atom"), "the advisories about one distribution"},
			{"text/ID.280.txt", of("text/", one, ".280.txt"), "at most 280 characters"},
			{"text/ID.180.txt", of("text/", one, ".180.txt"), "at most 180 characters"},
		}},
	}
}
