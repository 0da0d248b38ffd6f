package rules

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"nacre/report/csaf"
)

// tracking checks versions and dates.
func (c *checker) tracking(t *csaf.Tracking) {
	if len(t.Revisions) == 0 {
		c.fail("16: there is no revision")
		return
	}
	if t.Version != t.Revisions[len(t.Revisions)-1].Number {
		c.fail("16: version %s is not the newest revision", t.Version)
	}
	if (t.Version == "0" || strings.HasPrefix(t.Version, "0.")) && t.Status != "draft" {
		c.fail("17: version %s is %s", t.Version, t.Status)
	}
	for _, when := range []string{t.Initial, t.Current} {
		if _, err := time.Parse(time.RFC3339, when); err != nil {
			c.fail("14: date %s", when)
		}
	}
	var date time.Time
	var last []int
	for i, r := range t.Revisions {
		when, err := time.Parse(time.RFC3339, r.Date)
		if err != nil || when.Before(date) {
			c.fail("14: revision %s of %s", r.Number, r.Date)
		}
		date = when
		number := parts(r.Number)
		switch {
		case number == nil:
			c.fail("30: revision %s is no number", r.Number)
		case i > 0 && len(number) != len(last):
			c.fail("30: revisions %s and %s are of two kinds", t.Revisions[i-1].Number, r.Number)
		case i > 0 && compare(last, number) == 0:
			c.fail("22: revision %s is there twice", r.Number)
		case i > 0 && compare(last, number) > 0:
			c.fail("14: revision %s is after %s", r.Number, t.Revisions[i-1].Number)
		case i > 0 && number[0] > last[0]+1:
			c.fail("21: revisions between %s and %s are missing", t.Revisions[i-1].Number, r.Number)
		case t.Status == "final" && number[0] == 0:
			c.fail("18: revision %s was never released", r.Number)
		}
		last = number
	}
}

// parts are the numbers of a version, 3 or 1.2.3, nil if it is none.
func parts(version string) []int {
	var all []int
	for word := range strings.SplitSeq(version, ".") {
		n, err := strconv.Atoi(word)
		if err != nil || word != strconv.Itoa(n) || n < 0 {
			return nil
		}
		all = append(all, n)
	}
	if len(all) != 1 && len(all) != 3 {
		return nil
	}
	return all
}

func compare(a, b []int) int {
	for i := range min(len(a), len(b)) {
		if d := cmp.Compare(a[i], b[i]); d != 0 {
			return d
		}
	}
	return cmp.Compare(len(a), len(b))
}
