package csaf

import (
	"encoding/json"
	"io"
)

// Provider is provider-metadata.json, which says who publishes documents, and
// where (7.1.7). Addresses are https.
type Provider struct {
	URL       string    `json:"canonical_url"` // ends in /provider-metadata.json
	Places    []Place   `json:"distributions"`
	Updated   string    `json:"last_updated"` // RFC 3339
	List      bool      `json:"list_on_CSAF_aggregators"`
	Version   string    `json:"metadata_version"` // "2.0"
	Mirror    bool      `json:"mirror_on_CSAF_aggregators"`
	Publisher Publisher `json:"publisher"`
	Role      string    `json:"role"` // "csaf_publisher", "csaf_provider" or "csaf_trusted_provider"
}

// Place is a way to find the documents: a folder with index.txt and changes.csv,
// or feeds.
type Place struct {
	Directory string `json:"directory_url,omitempty"`
	Rolie     *Rolie `json:"rolie,omitempty"`
}

// Rolie names feeds.
type Rolie struct {
	Feeds []FeedPlace `json:"feeds"`
}

// FeedPlace is where a feed is, and the label of TLP of all that is in it.
type FeedPlace struct {
	Summary string `json:"summary,omitempty"`
	Label   string `json:"tlp_label"`
	URL     string `json:"url"`
}

// Feed is a list of documents by ROLIE in JSON (7.1.15; RFC 8322).
type Feed struct {
	ID       string         `json:"id"` // letters, digits and +-_.
	Title    string         `json:"title"`
	Links    []Link         `json:"link"` // the first is of the feed itself
	Category []FeedCategory `json:"category"`
	Updated  string         `json:"updated"`
	Entries  []Entry        `json:"entry"`
}

// Link is an address; Rel is "self", "hash" or "signature".
type Link struct {
	Rel  string `json:"rel"`
	HRef string `json:"href"`
}

// FeedCategory is what a feed lists.
type FeedCategory struct {
	Scheme string `json:"scheme"`
	Term   string `json:"term"`
}

// Entry is one document of a feed.
type Entry struct {
	ID        string   `json:"id"` // the document's tracking id
	Title     string   `json:"title"`
	Links     []Link   `json:"link"` // the first is of the document
	Published string   `json:"published"`
	Updated   string   `json:"updated"`
	Summary   *Summary `json:"summary,omitempty"`
	Content   Content  `json:"content"`
	Format    Schema   `json:"format"`
}

// Summary is a text about a document.
type Summary struct {
	Content string `json:"content"`
}

// Content is where a document is.
type Content struct {
	Src  string `json:"src"`
	Type string `json:"type"` // "application/json"
}

// Schema is what a document is valid by.
type Schema struct {
	Schema  string `json:"schema"`
	Version string `json:"version"`
}

// ListsCSAF is the category of every feed of documents.
func ListsCSAF() []FeedCategory {
	return []FeedCategory{{Scheme: "urn:ietf:params:rolie:category:information-type", Term: "csaf"}}
}

// Schema20 is the schema of every document.
func Schema20() Schema {
	return Schema{Schema: "https://docs.oasis-open.org/csaf/csaf/v2.0/csaf_json_schema.json", Version: "2.0"}
}

// Write writes the metadata, indented and with a line feed at the end.
func (p Provider) Write(w io.Writer) error { return write(w, p) }

// Write writes the feed, indented and with a line feed at the end.
func (f Feed) Write(w io.Writer) error { return write(w, map[string]Feed{"feed": f}) }

func write(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
