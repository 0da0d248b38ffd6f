package news

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// home is the address of an advisory's page.
func home(m *index.Model, a *index.Advisory) string {
	return m.Site.URL + "advisory/" + url.PathEscape(string(a.ID)) + "/"
}

// day is when an advisory was published, or else reported; zero where nobody says.
func day(a *index.Advisory) time.Time {
	for _, d := range []advisory.Date{a.Published, a.Reported} {
		if !d.IsZero() {
			return d.Time()
		}
	}
	return time.Time{}
}

// inID is the year that an id names.
var inID = regexp.MustCompile(`-((?:19|20)[0-9][0-9])-`)

// order is what advisories are sorted by: the day, or else the day on which it was
// first seen. The first build sees all the old ones for the first time, so the year
// in an id counts where it is an earlier one.
func order(a *index.Advisory) time.Time {
	if d := day(a); !d.IsZero() {
		return d
	}
	seen := a.FirstSeen.Time()
	if m := inID.FindStringSubmatch(string(a.ID)); m != nil {
		year, _ := strconv.Atoi(m[1])
		if year < seen.Year() {
			return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		}
	}
	return seen
}

// plain makes one line of a text of a source.
func plain(s string) string {
	s, _ = advisory.CleanLine(s)
	return s
}

// where names the distributions of an advisory: "Foo-Bar", "Foo-Bar and 2 more
// distributions"; "" where there is none.
func where(a *index.Advisory) string {
	switch n := len(a.Dists); n {
	case 0:
		return ""
	case 1:
		return string(a.Dists[0].Dist.Name)
	case 2:
		return string(a.Dists[0].Dist.Name + " and " + a.Dists[1].Dist.Name)
	default:
		return fmt.Sprintf("%s and %d more distributions", a.Dists[0].Dist.Name, n-1)
	}
}

// headline is an advisory in one line.
func headline(a *index.Advisory) string {
	s := string(a.ID)
	if a.IsWithdrawn() {
		s = "Withdrawn: " + s
	}
	switch title := plain(a.Title); {
	case title != "":
		s += ": " + title
	case len(a.Dists) > 0:
		s += " in " + where(a)
	}
	return s
}

// affected says which versions are affected, and what mends it: "Affected: <1.3.
// Fixed in 1.3.".
func affected(of *index.Affected) string {
	var s string
	switch r := plain(of.Range); {
	case r != "":
		s = "Affected: " + r + "."
	case len(of.Known) > 0:
		s = fmt.Sprintf("Affected: %s.", count(len(of.Known), "release"))
	default:
		s = "Which versions are affected is not stated."
	}
	switch {
	case of.Fixed != "":
		s += " Fixed in " + plain(of.Fixed) + "."
	case plain(of.Promised) != "":
		s += " Stated as fixed: " + plain(of.Promised) + "."
	default:
		s += " No fixed release is known."
	}
	return s
}

// gone says that an advisory is withdrawn, and why.
func gone(a *index.Advisory) string {
	s := "The advisory is withdrawn"
	if reason := plain(a.WithdrawnReason); reason != "" {
		s += ": " + strings.TrimRight(reason, ".")
	}
	return s + "."
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
