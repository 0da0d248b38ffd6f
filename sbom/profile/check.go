package profile

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// State is what a check finds at one place.
type State string

// The states.
const (
	Pass          State = "pass"
	Fail          State = "fail"
	Unknown       State = "unknown"  // the bill itself says that it is not known
	Redacted      State = "redacted" // the bill says that it was taken out
	NotApplicable State = "not-applicable"
)

// Grade is what a bill as a whole gets.
type Grade string

// The grades.
const (
	Passes         Grade = "pass"
	PassesDeclared Grade = "pass-with-declared-unknowns" // every gap is stated by the bill itself
	Fails          Grade = "fail"
)

// Tally is what one check finds in a bill.
type Tally struct {
	Rule *Rule
	// Asked is of how many it was asked; Passed, Unknown, Redacted and Failed
	// add up to it.
	Asked, Passed, Unknown, Redacted, Failed int
	// Exempt is how many it is not for.
	Exempt int
	// First are the first gaps, at most FirstGaps.
	First []Gap
}

// FirstGaps is how many gaps a Tally has.
const FirstGaps = 3

// Grade says how a check went.
func (t *Tally) Grade() Grade {
	switch {
	case t.Failed > 0:
		return Fails
	case t.Unknown+t.Redacted > 0:
		return PassesDeclared
	}
	return Passes
}

// Gap is a place where a check does not pass.
type Gap struct {
	Rule  *Rule
	State State // Fail, Unknown or Redacted
	// Ref is the component, "" for the bill.
	Ref string
	// Name is the component's name and version, for people.
	Name string
	// Pointer is where the missing value would stand: a JSON pointer, for a bill
	// that was made one from its component.
	Pointer string
	Line    int    // of the component in the document; 0 not known
	Note    string // why; "" where it is only not there
}

// Report is what a profile finds in a bill.
type Report struct {
	Profile *Profile
	Grade   Grade
	// Score is how many in a hundred answers to what is required pass, rounded
	// down. It is no grade: one gap in a thousand is a gap.
	Score   int
	Tallies []Tally // in the profile's order
	// Components is how many components there are, and Sound how many of them
	// pass all that is required of each.
	Components, Sound int
	// Shut is set where nothing was asked but the format, which is refused.
	Shut bool
}

// Check compares a bill with a profile.
func Check(b *bom.Bill, p *Profile) Report {
	r := Report{Profile: p, Grade: Passes}
	asked, passed := 0, 0
	unsound := map[*bom.Component]bool{}
	index := make(map[*Rule]int, len(p.Checks))
	for i, c := range p.Checks {
		r.Tallies = append(r.Tallies, Tally{Rule: c})
		index[c] = i
	}
	each(b, p, func(v *view, c *Rule, on *bom.Component, state State, note string) bool {
		t := &r.Tallies[index[c]]
		switch state {
		case NotApplicable:
			t.Exempt++
			return true
		case Pass:
			t.Passed++
		case Unknown:
			t.Unknown++
		case Redacted:
			t.Redacted++
		case Fail:
			t.Failed++
			r.Shut = r.Shut || c.Gate
		}
		t.Asked++
		if state != Pass {
			if len(t.First) < FirstGaps && state == Fail {
				t.First = append(t.First, v.gap(c, on, state, note))
			}
			if c.Level == Required && on != nil {
				unsound[on] = true
			}
		}
		if c.Level == Required {
			asked++
			if state == Pass {
				passed++
			}
		}
		return true
	})
	for c := range b.All() {
		r.Components++
		if !unsound[c] {
			r.Sound++
		}
	}
	for i := range r.Tallies {
		t := &r.Tallies[i]
		if t.Rule.Level != Required {
			continue
		}
		switch g := t.Grade(); {
		case g == Fails:
			r.Grade = Fails
		case g == PassesDeclared && r.Grade == Passes:
			r.Grade = PassesDeclared
		}
	}
	r.Score = 100
	if asked > 0 {
		r.Score = passed * 100 / asked
	}
	if r.Shut {
		r.Score, r.Sound = 0, 0
	}
	return r
}

// Gaps gives every gap, in the order of the profile's checks and the bill's
// components.
func Gaps(b *bom.Bill, p *Profile) iter.Seq[Gap] {
	return func(yield func(Gap) bool) {
		each(b, p, func(v *view, c *Rule, on *bom.Component, state State, note string) bool {
			if state == Pass || state == NotApplicable {
				return true
			}
			return yield(v.gap(c, on, state, note))
		})
	}
}

// each asks every check of a profile of everything that it is for; on is nil
// for the bill. It ends where found says so.
func each(b *bom.Bill, p *Profile, found func(v *view, c *Rule, on *bom.Component, state State, note string) bool) {
	v := newView(b)
	shut := false
	for _, c := range p.Checks {
		if c.Of == "bill" {
			state, note := NotApplicable, ""
			if !shut {
				state, note = v.ofBill(c)
			}
			shut = shut || c.Gate && state == Fail
			if !found(v, c, nil, state, note) {
				return
			}
			continue
		}
		for on := range b.All() {
			state, note := NotApplicable, ""
			if !shut && v.isFor(c, on) {
				state, note = v.ofComponent(c, on)
			}
			if !found(v, c, on, state, note) {
				return
			}
		}
	}
}

// isFor reports whether a check is for a component.
func (v *view) isFor(c *Rule, on *bom.Component) bool {
	class := ClassOf(v.bill, on)
	if len(c.On) == 0 {
		return class != File
	}
	return slices.Contains(c.On, class) || on == v.bill.Root && slices.Contains(c.On, Root)
}

func (v *view) ofBill(c *Rule) (State, string) {
	if len(c.Formats) > 0 {
		if state, note := v.format(c); state != Pass {
			return state, note
		}
	}
	return judge(c, v, v.bill, billFields, v.unknown, v.redacted)
}

func (v *view) ofComponent(c *Rule, on *bom.Component) (State, string) {
	return judge(c, v, on, componentFields, on.Unknown, on.Redacted)
}

// format compares the bill's format with the least that a check asks for.
func (v *view) format(c *Rule) (State, string) {
	f := v.bill.Format
	least, ok := c.Formats[f.Name]
	switch {
	case f.Name == "":
		return NotApplicable, ""
	case !ok:
		return Fail, f.Name + " is not among the formats that are asked for"
	case compareVersions(f.Version, least) < 0:
		return Fail, f.String() + ", and at least " + least + " is asked for"
	}
	return Pass, ""
}

// compareVersions orders versions of formats: numbers between dots.
func compareVersions(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(x), len(y)) {
		if d := cmp.Compare(number(x, i), number(y, i)); d != 0 {
			return d
		}
	}
	return 0
}

func number(parts []string, i int) int {
	if i >= len(parts) {
		return 0
	}
	n, err := strconv.Atoi(parts[i])
	if err != nil {
		return -1
	}
	return n
}

// judge asks one check of one subject.
func judge[S any](c *Rule, v *view, subject S, fields map[string]field[S], unknown, redacted []string) (State, string) {
	ask := func(f string) answer {
		name, argument, _ := strings.Cut(f, ":")
		return fields[name].ask(v, subject, argument)
	}
	for _, f := range c.None {
		if ask(f).has != lacks {
			return Fail, "must not be in it"
		}
	}
	worst := answer{has: given}
	for _, f := range c.All {
		if a := ask(f); a.has < worst.has {
			worst = a
		}
	}
	if len(c.Any) > 0 {
		var best answer
		for _, f := range c.Any {
			best = max2(best, ask(f))
		}
		if best.has < worst.has {
			worst = best
		}
	}
	switch worst.has {
	case given:
		return Pass, ""
	case open:
		return Unknown, worst.note
	case wrong:
		return Fail, worst.note
	}
	for name := range strings.FieldsSeq(c.Attribute) {
		switch {
		case slices.Contains(redacted, name):
			return Redacted, worst.note
		case slices.Contains(unknown, name):
			return Unknown, worst.note
		}
	}
	return Fail, worst.note
}

// gap makes a gap.
func (v *view) gap(c *Rule, on *bom.Component, state State, note string) Gap {
	g := Gap{Rule: c, State: state, Note: note}
	path := c.path(v.bill.Format)
	if on == nil {
		g.Pointer = v.element("/" + strings.TrimPrefix(path, "/"))
		return g
	}
	g.Ref, g.Line = on.Ref, on.Line
	g.Name = nameOf(on)
	g.Pointer = on.Pointer
	if path == "" {
		return g
	}
	if strings.HasPrefix(path, "/") { // it stands elsewhere in the document
		g.Pointer = path
		return g
	}
	if on.Pointer == "" {
		g.Pointer = "/" + jsondoc.Escape(on.Ref)
	}
	g.Pointer += "/" + path
	return g
}

// element puts the place of SPDX 3's first element of a type into a path that
// names the type: "/@graph/CreationInfo/created" becomes "/@graph/0/created".
func (v *view) element(path string) string {
	rest, ok := strings.CutPrefix(path, "/@graph/")
	if !ok {
		return path
	}
	kind, key, _ := strings.Cut(rest, "/")
	for i, e := range v.bill.Raw.Get("@graph").List() {
		if e.Get("type").Str() == kind {
			return jsondoc.Pointer("@graph", i, key)
		}
	}
	return "/@graph"
}
