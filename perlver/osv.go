package perlver

import (
	"cmp"
	"slices"
)

// OSVRange is one of the ranges[] of an affected package of an OSV record.
type OSVRange struct {
	Type   string     `json:"type"`
	Events []OSVEvent `json:"events"`
}

// OSVEvent is one event of a range; exactly one of its fields is set.
type OSVEvent struct {
	Introduced   string `json:"introduced,omitempty"`
	Fixed        string `json:"fixed,omitempty"`
	LastAffected string `json:"last_affected,omitempty"`
	Limit        string `json:"limit,omitempty"`
}

// ParseOSV reads ranges[] and versions[] of one affected package of an OSV
// record: True is a version that is in the list, or in one of the ranges.
//
//	ranges [{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.4"}]}]
//
// The events of a range are taken in the order of their versions: from
// introduced on a version is affected, from fixed on and above last_affected
// it is not, and it must be below one of the limits, if there are any. Events
// at one version have no defined order; they are taken as listed, with a
// warning. The list is compared in version.pm's order too, where other tools
// compare texts.
//
// An event that cannot be read makes unknown what it could change. A range of
// type SEMVER or GIT is passed over with a warning where a list or a range of
// another type stands beside it, and is an unknown clause as a whole where
// none does. An entry of the list that version.pm refuses or warns about, as
// it does 2.00-TRIAL, makes unknown the version that Approximate takes it for,
// and every version where that takes it for none. Neither ranges nor versions
// is Unknown for every version.
//
// Source: the OSV schema 1, section affected[].ranges[].events and its
// evaluation algorithm.
func ParseOSV(ranges []OSVRange, versions []string) Range {
	r := Range{}
	for _, v := range versions {
		r.rule(True, listed(v)...)
	}
	ofPerl := len(versions) > 0 || slices.ContainsFunc(ranges, func(x OSVRange) bool { return !isForeign(x.Type) })
	for i := range ranges {
		if x := &ranges[i]; ofPerl && isForeign(x.Type) {
			r.warn("a range is passed over: " + foreignType(x.Type))
		} else {
			r.osvRange(x)
		}
	}
	return r
}

// listed gives the clauses of an entry of the list. Equality decides about all
// versions but the one that a doubtful entry is taken for.
func listed(text string) []clause {
	v, note, err := Approximate(text)
	if err != nil {
		return []clause{unread(text, reasonOf(err))}
	}
	clauses := []clause{{op: equal, v: v}}
	if doubt := cmp.Or(note, join(v.Warnings())); doubt != "" {
		clauses = append(clauses, unread(text, doubt))
	}
	return clauses
}

// point is a version at which events of a range happen.
type point struct {
	v Version
	e OSVEvent
}

// osvRange adds the rules of one range.
func (r *Range) osvRange(x *OSVRange) {
	r.stated = statedRules // even where its events leave no version
	switch x.Type {
	case "ECOSYSTEM":
	case "":
		r.warn("a range without type is read as ECOSYSTEM")
	default:
		r.rule(True, unread("range", foreignType(x.Type)))
		return
	}
	var points []point
	var opener, closer *clause // an event that cannot be read and may start, may end
	var limits osvLimits
	introduced := false
	for _, e := range x.Events {
		text, count := e.text()
		switch {
		case count != 1:
			bad := unread("event", "exactly one of introduced, fixed, last_affected and limit is expected")
			opener, closer = &bad, &bad
			introduced = true
		case e.Limit != "":
			limits.add(e.Limit)
		default:
			introduced = introduced || e.Introduced != ""
			v, err := ParseExact(text)
			switch {
			case err == nil:
				points = append(points, point{v, e})
			case e.Introduced != "":
				bad := unread(text, reasonOf(err))
				opener = &bad
			default:
				bad := unread(text, reasonOf(err))
				closer = &bad
			}
		}
	}
	switch {
	case !introduced:
		r.rule(True, unread("events", "no event introduced"))
	case opener != nil && closer != nil:
		limits.rule(r, *opener)
	default:
		r.walk(points, closer, &limits)
		if opener != nil {
			limits.rule(r, *opener)
		}
	}
}

// text is the version of an event, and how many versions it has.
func (e *OSVEvent) text() (text string, count int) {
	for _, s := range []string{e.Introduced, e.Fixed, e.LastAffected, e.Limit} {
		if s != "" {
			text = s
			count++
		}
	}
	return text, count
}

// walk goes through the events in order and adds a rule for each stretch of
// affected versions. Where an event that may end a stretch could not be read,
// it is a clause of each.
func (r *Range) walk(points []point, closer *clause, limits *osvLimits) {
	slices.SortStableFunc(points, func(a, b point) int { return a.v.Compare(b.v) })
	emit := func(clauses ...clause) {
		if closer != nil {
			clauses = append(clauses, *closer)
		}
		limits.rule(r, clauses...)
	}
	open := false
	var start clause
	turn := func(on bool, begin, end op, v Version) {
		switch {
		case on && !open:
			start = clause{op: begin, v: v}
		case !on && open:
			emit(start, clause{op: end, v: v})
		}
		open = on
	}
	for len(points) > 0 {
		n := 1
		for n < len(points) && points[n].v.Equal(points[0].v) {
			n++
		}
		v := points[0].v
		if n > 1 {
			r.warn("several events at version " + quote(v.text) + " have no defined order; taken as listed")
		}
		at, above := open, open // the state at v, and above it
		for _, p := range points[:n] {
			switch {
			case p.e.Introduced != "":
				at, above = true, true
			case p.e.Fixed != "":
				at, above = false, false
			default:
				above = false
			}
		}
		turn(at, greaterOrEqual, less, v)
		turn(above, greater, lessOrEqual, v)
		points = points[n:]
	}
	if open {
		emit(start)
	}
}

// osvLimits are the limits of one range: a version is to be below one of them.
type osvLimits struct {
	some    bool
	none    bool    // one of them is *, which is above everything
	highest Version // of those that can be read
	bad     *clause // one that cannot
}

func (l *osvLimits) add(text string) {
	l.some = true
	if text == "*" {
		l.none = true
		return
	}
	v, err := ParseExact(text)
	switch {
	case err != nil:
		bad := unread(text, reasonOf(err))
		l.bad = &bad
	case l.highest.IsZero() || v.Compare(l.highest) > 0:
		l.highest = v
	}
}

// rule adds a rule for clauses and the limits.
func (l *osvLimits) rule(r *Range, clauses ...clause) {
	if !l.some || l.none {
		r.rule(True, clauses...)
		return
	}
	clauses = slices.Clip(clauses)
	if !l.highest.IsZero() {
		r.rule(True, append(clauses, clause{op: less, v: l.highest})...)
	}
	if l.bad != nil {
		r.rule(True, append(clauses, *l.bad)...)
	}
}
