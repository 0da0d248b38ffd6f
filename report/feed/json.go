package feed

import (
	"encoding/json"
	"io"
)

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url"`
	Self        string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID        string   `json:"id"`
	URL       string   `json:"url"`
	Title     string   `json:"title"`
	Text      string   `json:"content_text"`
	Published string   `json:"date_published,omitempty"`
	Modified  string   `json:"date_modified"`
	Tags      []string `json:"tags,omitempty"`
}

// WriteJSON writes the feed that is published at an address as JSON Feed.
func (f *Feed) WriteJSON(w io.Writer, self string) error {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Home: f.Home, Self: self,
		Description: f.Subtitle, Language: "en", Authors: []jsonAuthor{{Name: f.Author}},
		Items: make([]jsonItem, len(f.Entries)),
	}
	for i, e := range f.Entries {
		out.Items[i] = jsonItem{
			ID: e.ID, URL: e.URL, Title: e.Title, Text: e.Text,
			Published: stamp(e.Published), Modified: stamp(e.Updated), Tags: e.Tags,
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(out)
}
