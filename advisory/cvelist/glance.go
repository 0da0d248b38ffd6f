package cvelist

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"nacre/cpan"
)

// mayConcern says whether a record can be about CPAN, by its bytes. It is never
// wrong about one that is: an address of CPAN has its letters, unless they
// are escaped, and the name of a module its colons.
func mayConcern(data []byte) bool {
	return hasCPAN(data) || bytes.Contains(data, []byte("::")) || hasEscape(data)
}

// hasEscape says whether a letter may be escaped.
func hasEscape(data []byte) bool { return bytes.Contains(data, []byte(`\u00`)) }

// hasCPAN says whether the letters "cpan" stand in data, in any case. Of four
// neighbouring bytes it looks at one.
func hasCPAN(data []byte) bool {
	for i := 3; i < len(data); i += 4 {
		place := strings.IndexByte("cpan", data[i]|0x20)
		if place < 0 {
			continue
		}
		from := i - place
		if from+4 <= len(data) && bytes.EqualFold(data[from:from+4], []byte("cpan")) {
			return true
		}
	}
	return false
}

// glance is what decides about a record that nobody asked for.
type glance struct {
	Metadata struct {
		ID      string `json:"cveId"`
		Updated string `json:"dateUpdated"`
	} `json:"cveMetadata"`
	Containers struct {
		CNA struct {
			Affected []struct {
				PackageName string `json:"packageName"`
				Product     string `json:"product"`
			} `json:"affected"`
			References []struct {
				URL string `json:"url"`
			} `json:"references"`
		} `json:"cna"`
	} `json:"containers"`
}

// look decodes what decides. What is no JSON gives what could be read.
func look(data []byte) glance {
	var g glance
	_ = json.Unmarshal(data, &g) // the record's reader says what is wrong
	return g
}

// updated is when the record was changed last, the zero time where it does not
// say. Some records have no zone.
func (g *glance) updated() time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, g.Metadata.Updated); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// suspicion says why the record looks as if it were about CPAN, "" where it
// does not.
func (g *glance) suspicion() string {
	for _, p := range g.Containers.CNA.Affected {
		for _, name := range []string{p.PackageName, p.Product} {
			if !strings.Contains(name, "::") {
				continue
			}
			if m, err := cpan.ParseModule(name); err == nil {
				return "a product is called " + string(m) + ", as a module is, and has no collectionURL of CPAN"
			}
		}
	}
	for _, r := range g.Containers.CNA.References {
		u, err := url.Parse(r.URL)
		if err != nil {
			continue
		}
		switch host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."); host {
		case "metacpan.org", "fastapi.metacpan.org", "search.cpan.org", "cpan.org":
			return "a link leads to " + host + ", and no product has a collectionURL of CPAN"
		}
	}
	return ""
}
