package indexbuild

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"nacre/advisory"
	"nacre/index"
	"nacre/internal/sources"
)

// before is how the sources were in the index before, in the order of its state.
type before []index.Health

func beforeOf(old *previous) before {
	if old == nil {
		return nil
	}
	return old.state.Sources
}

// last is of what time the data of a part was. Of two that look the same to
// everybody the earlier one counts.
func (b before) last(p sources.Part) time.Time {
	var at time.Time
	for _, h := range b {
		if h.Name == p.Kind && h.From == shownName(p.Path) && (at.IsZero() || h.Time.Before(at)) {
			at = h.Time
		}
	}
	return at
}

// health is how the reading of each part of each source went. A path of this
// machine is told by its last part: the rest is nobody's business. Of a source that
// could not be used, the parts are those that the index before was made of: that
// is what stays, and what the next build is compared with.
func (b before) health(all []sources.Health, today advisory.Date) []index.Health {
	var told []index.Health
	for _, h := range all {
		name := shownName(h.Name)
		var parts []index.Health
		for _, p := range h.Parts {
			of := index.Health{
				Name: p.Kind, From: shownName(p.Path), Commit: p.Commit, Time: p.Time, Licence: p.Licence, Attribution: p.Attribution,
				Entries: p.Entries, Refused: p.Refused,
			}
			if of.From != name {
				of.Source = name
			}
			parts = append(parts, of)
		}
		if h.Problem != "" && len(parts) == 0 {
			parts = b.of(name)
		}
		for i := range parts {
			p := &parts[i]
			p.Problem, p.Since, p.Kept, p.KeptOf = h.Problem, advisory.Date{}, h.Kept, advisory.Date{}
			if h.Problem != "" {
				p.Since = b.since(p, today)
			}
			if h.Kept {
				p.KeptOf = advisory.DateOf(h.Fetched)
			}
		}
		told = append(told, parts...)
	}
	return told
}

// kept tells the sources of which a copy was used.
func kept(all []index.Health) []string {
	var told []string
	for i := range all {
		h := &all[i]
		if text := fmt.Sprintf("%s could not be used, and its copy of %s was: %s", h.Named(), h.KeptOf, h.Problem); h.Kept && !slices.Contains(told, text) {
			told = append(told, text)
		}
	}
	return told
}

// of gives the parts that a source had; itself, where none are known.
func (b before) of(name string) []index.Health {
	var parts []index.Health
	for _, h := range b {
		if h.Named() == name {
			parts = append(parts, h)
		}
	}
	if len(parts) == 0 {
		parts = []index.Health{{Name: name, From: name}}
	}
	return parts
}

// since is the day of the first build with a problem of a part.
func (b before) since(part *index.Health, today advisory.Date) advisory.Date {
	for _, h := range b {
		if h.Name == part.Name && h.From == part.From && !h.Since.IsZero() {
			return h.Since
		}
	}
	return today
}

// shownName is a source's name for everybody: an address without a question, or
// the last part of a path.
func shownName(name string) string {
	if u, err := url.Parse(name); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		u.User, u.RawQuery, u.Fragment = nil, "", ""
		return u.String()
	}
	return filepath.Base(name)
}
