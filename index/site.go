package index

import (
	"net/url"
	"strings"

	"nacre/fault"
)

// Site is what whoever runs an index says of it.
type Site struct {
	// Title is the name of the index, "CPAN advisories".
	Title string `json:"title"`
	// URL is where its root is published, https with a slash at the end. Pages link
	// to each other by relative paths and do without it; feeds, CSAF and ids of
	// documents cannot.
	URL string `json:"url"`
	// Publisher is who answers for it, and Namespace that party's URI.
	Publisher string `json:"publisher"`
	Namespace string `json:"namespace"`
	// Category is what the publisher is, in CSAF's words: coordinator, discoverer,
	// other, translator, user or vendor.
	Category string `json:"category"`
	// Contact is how to reach the publisher, a mail address or an https address.
	Contact string `json:"contact,omitempty"`
}

// DefaultSite describes an index that nobody has described: its address is one
// that is reserved for examples.
func DefaultSite() Site {
	return Site{
		Title: "CPAN advisories", URL: "https://advisories.example/", Publisher: "unnamed publisher",
		Namespace: "https://advisories.example/", Category: "other",
	}
}

// Check holds a site to what is said at its fields.
func (s Site) Check() error {
	switch {
	case strings.TrimSpace(s.Title) == "":
		return fault.New(fault.Invalid, "the index has no title").WithHint("name it, for example: CPAN advisories")
	case strings.TrimSpace(s.Publisher) == "":
		return fault.New(fault.Invalid, "the index has no publisher").WithHint("say who answers for it")
	}
	for _, of := range []struct{ name, value string }{{"url", s.URL}, {"namespace", s.Namespace}} {
		u, err := url.Parse(of.value)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return fault.New(fault.Invalid, "the index's %s %.200q is no address", of.name, of.value).WithHint("an address begins https:// and has a host")
		}
	}
	if !strings.HasSuffix(s.URL, "/") {
		return fault.New(fault.Invalid, "the index's url %.200q has no slash at the end", s.URL).WithHint("write %s/", s.URL)
	}
	switch s.Category {
	case "coordinator", "discoverer", "other", "translator", "user", "vendor":
		return nil
	}
	return fault.New(fault.Invalid, "the index's category %.60q is none of CSAF's", s.Category).
		WithHint("coordinator, discoverer, other, translator, user or vendor")
}
