package api

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/index"
	"nacre/internal/snapshot"
)

// quote quotes what came from outside.
func quote(s string) string { return fault.Quote(s) }

// The limits of lists.
const (
	maxSearch  = 200 // bytes of a search
	maxFound   = 100 // results of one
	maxChanges = 1000
)

// Found is one result of a search.
type Found struct {
	ID        advisory.ID   `json:"id" doc:"the id that the index knows it by" example:"CVE-2099-0001"`
	Aliases   []advisory.ID `json:"aliases" doc:"its other ids"`
	Title     string        `json:"title,omitempty" doc:"one line"`
	Dists     []cpan.Dist   `json:"dists" doc:"the distributions that it is about"`
	Severity  string        `json:"severity" doc:"unknown, low, medium, high or critical"`
	Withdrawn bool          `json:"withdrawn,omitempty" doc:"set where it matches nothing any more"`
}

// SearchAnswer is the answer of a search.
type SearchAnswer struct {
	Query   string  `json:"query" doc:"what was asked"`
	Total   int     `json:"total" doc:"how many were found, of which results has the best"`
	Results []Found `json:"results"`
}

// search finds advisories.
func (a *API) search(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	q, limit, err := question(r, []string{"q"}, 20, maxFound)
	if err != nil {
		return err
	}
	text := q.Get("q")
	if strings.TrimSpace(text) == "" || len(text) > maxSearch {
		return fault.New(fault.Invalid, "search: q must have a word, and at most %d bytes", maxSearch).WithHint("as in /api/v1/search?q=Foo-Bar")
	}
	all := s.Search(text)
	answer := SearchAnswer{Query: text, Total: len(all), Results: []Found{}}
	for _, a := range all[:min(limit, len(all))] {
		f := Found{ID: a.ID, Aliases: a.Aliases, Title: a.Title, Dists: []cpan.Dist{}, Severity: a.Severity.String(), Withdrawn: a.IsWithdrawn()}
		if f.Aliases == nil {
			f.Aliases = []advisory.ID{}
		}
		for _, d := range a.Dists {
			f.Dists = append(f.Dists, d.Affected.Dist)
		}
		answer.Results = append(answer.Results, f)
	}
	return sendJSON(w, r, answer)
}

// Change is one difference between two builds.
type Change struct {
	Day   string      `json:"day" doc:"of the build that found it" example:"2099-01-02"`
	Kind  string      `json:"kind" doc:"appeared, changed, withdrawn, returned, renamed or gone"`
	ID    advisory.ID `json:"id"`
	Dists []cpan.Dist `json:"dists"`
	Text  string      `json:"text,omitempty" doc:"what is different, in words"`
}

// ChangesAnswer is the answer about changes.
type ChangesAnswer struct {
	Since   string   `json:"since,omitempty" doc:"the first day of what was asked"`
	Total   int      `json:"total" doc:"how many there are, of which changes has the newest; state.json has all"`
	Changes []Change `json:"changes" doc:"the newest first"`
}

// changes gives what changed since a day.
func (a *API) changes(s *snapshot.Snapshot, w http.ResponseWriter, r *http.Request) error {
	q, limit, err := question(r, []string{"since"}, 100, maxChanges)
	if err != nil {
		return err
	}
	var since advisory.Date
	if text := q.Get("since"); text != "" {
		if since, err = advisory.ParseDate(text); err != nil {
			return fault.Wrap(fault.Invalid, err, "read since").WithHint("write a day, as in since=2099-01-02")
		}
	}
	all := s.State.History // the newest first
	n, _ := slices.BinarySearchFunc(all, since, func(c index.Change, since advisory.Date) int {
		if c.Day.Time().Before(since.Time()) {
			return 1
		}
		return -1
	})
	all = all[:n]
	answer := ChangesAnswer{Since: since.String(), Total: len(all), Changes: []Change{}}
	for _, c := range all[:min(limit, len(all))] {
		one := Change{Day: c.Day.String(), Kind: string(c.Kind), ID: c.ID, Dists: c.Dists, Text: c.Text}
		if one.Dists == nil {
			one.Dists = []cpan.Dist{}
		}
		answer.Changes = append(answer.Changes, one)
	}
	return sendJSON(w, r, answer)
}

// question reads the query of an address: the named parameters, each at most once,
// and limit. Others are an error, because one that is misspelt would be ignored.
func question(r *http.Request, names []string, usual, most int) (q url.Values, limit int, err error) {
	q, err = url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, 0, fault.New(fault.Invalid, "the query of the address cannot be read").WithHint("write it as name=value&name=value, other characters as %%XX")
	}
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if values := q[name]; len(values) > 1 {
			return nil, 0, fault.New(fault.Invalid, "%s is given %d times", quote(name), len(values)).WithHint("give it once")
		}
		if name != "limit" && !slices.Contains(names, name) {
			return nil, 0, fault.New(fault.Invalid, "no parameter is called %s", quote(name)).WithHint("/api/ describes them all")
		}
	}
	limit = usual
	if text, has := q["limit"]; has {
		limit, err = strconv.Atoi(text[0])
		if err != nil || limit < 1 || limit > most {
			return nil, 0, fault.New(fault.Invalid, "limit must be 1 to %d", most).WithHint("as in limit=%d", usual)
		}
	}
	return q, limit, nil
}
