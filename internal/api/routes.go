package api

import "net/http"

// routes are the paths of the API with their descriptions, in the order in which
// they are explained.
func routes() []route {
	return []route{
		{operation{
			method: http.MethodGet, path: "/api/v1/dists/{dist}", name: "getDistribution", tag: "Index",
			summary: "All about a distribution",
			text: "Its releases, its latest one, and every advisory about it with the verdict on each release: the document dist/<name>.json of the index, nacre.index.dist/1. " +
				"That a distribution is not found says that no advisory of this index is about it.",
			params:   []param{{name: "dist", in: "path", text: "the name of the distribution; case counts", example: "Foo-Bar", required: true}},
			answer:   answer{file: "a document of the form nacre.index.dist/1"},
			errors:   []int{http.StatusNotFound},
			cached:   true,
			examples: []Example{{Title: "The distribution Foo-Bar", Path: "/api/v1/dists/Foo-Bar"}},
		}, (*API).dist},
		{operation{
			method: http.MethodGet, path: "/api/v1/advisories/{id}", name: "getAdvisory", tag: "Index",
			summary: "One advisory",
			text: "By its id or any alias (CVE, CPANSA, GHSA), in any case: the document advisory/<id>.json of the index, nacre.index.advisory/1. " +
				"The header Link names the address of the id that the index knows it by.",
			params:   []param{{name: "id", in: "path", text: "any id of the advisory", example: "CVE-2099-0001", required: true}},
			answer:   answer{file: "a document of the form nacre.index.advisory/1"},
			errors:   []int{http.StatusNotFound},
			cached:   true,
			examples: []Example{{Title: "By another name", Path: "/api/v1/advisories/cpansa-foo-bar-2099-01"}},
		}, (*API).advisory},
		{operation{
			method: http.MethodGet, path: "/api/v1/search", name: "search", tag: "Index",
			summary: "Find advisories",
			text:    "First those with an id, a distribution or a module of this name, then those of which one begins with it, then those that have all the words. Case does not count.",
			params: []param{
				{name: "q", in: "query", text: "what is looked for, at most 200 bytes", example: "Foo-Bar", required: true, most: maxSearch},
				{name: "limit", in: "query", text: "how many results", from: 1, to: maxFound, usual: 20},
			},
			answer:   answer{value: SearchAnswer{}},
			cached:   true,
			examples: []Example{{Title: "Advisories that are about links", Path: "/api/v1/search?q=links&limit=5"}},
		}, (*API).search},
		{operation{
			method: http.MethodGet, path: "/api/v1/changes", name: "changes", tag: "Index",
			summary: "What has changed since a day",
			text:    "The newest first. state.json has the whole history.",
			params: []param{
				{name: "since", in: "query", text: "the first day, in UTC; without it as many as limit", example: "2099-01-02", format: "date"},
				{name: "limit", in: "query", text: "how many changes", from: 1, to: maxChanges, usual: 100},
			},
			answer:   answer{value: ChangesAnswer{}},
			cached:   true,
			examples: []Example{{Title: "Changes of this year", Path: "/api/v1/changes?since=2099-01-01"}},
		}, (*API).changes},
		{operation{
			method: http.MethodPost, path: "/api/v1/scan", name: "scan", tag: "Scan",
			summary: "Scan a file",
			text: "The body is a cpanfile.snapshot, META.json, META.yml, cpanfile, Makefile.PL, a CycloneDX or SPDX bill, or lines of Dist==Version. " +
				"It is read in memory; nothing of it is run, stored or logged. The answer is the stream nacre.scan/1, as nacre scan --format json prints it, or another form.",
			params: []param{
				{name: "name", in: "query", text: "what the body is, where that is not plain from its first bytes", example: "cpanfile.snapshot", most: maxName},
				{name: "perl", in: "query", text: "the version of the perl that runs the project", example: "5.36.0", most: maxName},
				{name: "format", in: "query", text: "the form of the answer", enum: []string{"json", "text", "sarif", "openvex", "cyclonedx", "csaf", "junit", "csv", "markdown", "html"}},
			},
			body:   body{types: []string{"text/plain", "application/json", "application/octet-stream"}},
			answer: answer{file: "JSON Lines of the form nacre.scan/1, or what format asks for", kind: "application/jsonl"},
			errors: []int{http.StatusRequestEntityTooLarge, http.StatusServiceUnavailable},
			examples: []Example{{
				Title: "A list of releases", Path: "/api/v1/scan?format=text", Type: "text/plain", Body: "Foo-Bar==1.1\nAcme-Demo==1.9\n",
			}},
		}, (*API).scan},
		{operation{
			method: http.MethodPost, path: "/v1/query", name: "query", tag: "OSV",
			summary: "The advisories that affect a version",
			text: "In the shape of OSV's API: the records of all advisories that affect the version of the package; without a version, all that are about it. " +
				"What cannot be judged is among them with database_specific.nacre_verdict \"unknown\" and the reason, a source that contradicts itself with \"contradictory\".",
			body:   body{value: Query{}},
			answer: answer{value: VulnerabilityList{}},
			errors: []int{http.StatusRequestEntityTooLarge},
			examples: []Example{
				{Title: "By package URL", Path: "/v1/query", Type: "application/json", Body: `{"package":{"purl":"pkg:cpan/Foo-Bar@1.1"}}`},
				{Title: "By name", Path: "/v1/query", Type: "application/json", Body: `{"version":"1.1","package":{"name":"Foo-Bar","ecosystem":"CPAN"}}`},
			},
		}, (*API).query},
		{operation{
			method: http.MethodPost, path: "/v1/querybatch", name: "queryBatch", tag: "OSV",
			summary: "The same for up to 1,000 versions",
			text: "In the shape of OSV's API: one result for each query, in their order, with id and time of change of each advisory. " +
				"An answer that is not whole has next_page_token: ask the query again with it as page_token.",
			body:   body{value: Batch{}},
			answer: answer{value: BatchAnswer{}},
			errors: []int{http.StatusRequestEntityTooLarge},
			examples: []Example{{
				Title: "Two releases", Path: "/v1/querybatch", Type: "application/json",
				Body: `{"queries":[{"package":{"purl":"pkg:cpan/Foo-Bar@1.1"}},{"package":{"purl":"pkg:cpan/Acme-Demo@2.0"}}]}`,
			}},
		}, (*API).queryBatch},
		{operation{
			method: http.MethodGet, path: "/v1/vulns/{id}", name: "getVulnerability", tag: "OSV",
			summary:  "One advisory as an OSV record",
			text:     "By its id or any alias, in any case: the document osv/<id>.json of the index. The ecosystem CPAN is not registered with OSV; the record says so, and names package URLs.",
			params:   []param{{name: "id", in: "path", text: "any id of the advisory", example: "CVE-2099-0001", required: true}},
			answer:   answer{value: Vulnerability{}},
			errors:   []int{http.StatusNotFound},
			cached:   true,
			examples: []Example{{Title: "The OSV record", Path: "/v1/vulns/CVE-2099-0001"}},
		}, (*API).vuln},
	}
}

// Vulnerability is an OSV record as far as it is described here; the form is OSV's.
type Vulnerability struct {
	_                struct{}       `json:"-" additionalProperties:"true"`
	ID               string         `json:"id" example:"CVE-2099-0001"`
	Modified         string         `json:"modified" format:"date-time"`
	Aliases          []string       `json:"aliases,omitempty"`
	Summary          string         `json:"summary,omitempty"`
	DatabaseSpecific map[string]any `json:"database_specific,omitempty" doc:"nacre_verdict is unknown or contradictory where the version cannot be judged, nacre_reason says why"`
}

// VulnerabilityList is the answer to one query.
type VulnerabilityList struct {
	_             struct{}        `json:"-" additionalProperties:"true"`
	Vulns         []Vulnerability `json:"vulns,omitempty" doc:"by id; a batch gives id, modified and perhaps database_specific alone"`
	NextPageToken string          `json:"next_page_token,omitempty" doc:"set where the answer is not whole"`
}

// BatchAnswer is the answer to a batch.
type BatchAnswer struct {
	Results []VulnerabilityList `json:"results" doc:"one for each query, in their order"`
}
