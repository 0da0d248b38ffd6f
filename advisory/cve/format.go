package cve

import (
	"encoding/json"

	"nacre/perlver"
)

// document is what is read of a record; every other key is passed over.
type document struct {
	DataType    string `json:"dataType"`
	DataVersion string `json:"dataVersion"`
	Metadata    struct {
		ID        string `json:"cveId"`
		State     string `json:"state"`
		Assigner  string `json:"assignerShortName"`
		Published string `json:"datePublished"`
		Updated   string `json:"dateUpdated"`
		Rejected  string `json:"dateRejected"`
	} `json:"cveMetadata"`
	Containers struct {
		CNA container   `json:"cna"`
		ADP []container `json:"adp"`
	} `json:"containers"`
}

// container is what one party says. Only the CNA's has more than references
// and metrics that is read.
type container struct {
	Provider struct {
		ShortName string `json:"shortName"`
	} `json:"providerMetadata"`
	Title           string    `json:"title"`
	DatePublic      string    `json:"datePublic"`
	Descriptions    []prose   `json:"descriptions"`
	RejectedReasons []prose   `json:"rejectedReasons"`
	ReplacedBy      []string  `json:"replacedBy"`
	Tags            []string  `json:"tags"`
	Affected        []product `json:"affected"`
	ProblemTypes    []struct {
		Descriptions []struct {
			ID          string `json:"cweId"`
			Description string `json:"description"`
		} `json:"descriptions"`
	} `json:"problemTypes"`
	References []struct {
		URL  string   `json:"url"`
		Tags []string `json:"tags"`
	} `json:"references"`
	// Each metric is a map of a format's name to a score, beside keys that
	// are not scores.
	Metrics []map[string]json.RawMessage `json:"metrics"`
}

type prose struct {
	Lang  string `json:"lang"`
	Value string `json:"value"`
}

type product struct {
	CollectionURL string   `json:"collectionURL"`
	PackageName   string   `json:"packageName"`
	PackageURL    string   `json:"packageURL"`
	Product       string   `json:"product"`
	Modules       []string `json:"modules"`
	Files         []string `json:"programFiles"`
	Routines      []struct {
		Name string `json:"name"`
	} `json:"programRoutines"`
	DefaultStatus string               `json:"defaultStatus"`
	Versions      []perlver.CVEVersion `json:"versions"`
}
