package page

import (
	"context"

	"nacre/index"
)

// changesPath is the page of changes, which lists the newest ones.
const (
	changesPath = "changes/index.html"
	changesMost = 500
)

// dayOf is the changes of one day.
type dayOf struct {
	Day     string
	Changes []changeRow
	More    int // that are not among them
}

// changeRow is a change with links.
type changeRow struct {
	index.Change
	Path  string // of the advisory; "" where there is none any more
	Badge string // class of its kind
	Of    []listLink
}

// changes gives the page of what changed from build to build.
func (s *shell) changes(_ context.Context, m *index.Model) ([]index.File, error) {
	history := m.State.History
	var days []dayOf
	for i, c := range history {
		day := c.Day.String()
		if i >= changesMost && (len(days) == 0 || days[len(days)-1].Day != day) {
			break
		}
		if len(days) == 0 || days[len(days)-1].Day != day {
			days = append(days, dayOf{Day: day})
		}
		last := &days[len(days)-1]
		if i >= changesMost {
			last.More++
			continue
		}
		row := changeRow{Change: c, Badge: changeBadge(c.Kind)}
		if a := m.ByID(c.ID); a != nil {
			row.Path = advisoryPath(a.ID)
		}
		for _, d := range c.Dists[:min(len(c.Dists), 4)] {
			l := listLink{Name: string(d)}
			if m.ByDist(d) != nil {
				l.Path = distPath(string(d))
			}
			row.Of = append(row.Of, l)
		}
		last.Changes = append(last.Changes, row)
	}
	f, err := s.file(m.Site, &page{
		Path: changesPath, Title: "Changes", Here: "changes", Body: "changes.html",
		Data: map[string]any{"at": at(changesPath), "Days": days, "Count": len(history), "Most": changesMost},
	})
	return []index.File{f}, err
}

// changeBadge is the class of a kind's badge.
func changeBadge(k index.ChangeKind) string {
	switch k {
	case index.Appeared, index.Returned:
		return "appeared"
	case index.Changed, index.Renamed:
		return "changed"
	}
	return "withdrawn"
}
