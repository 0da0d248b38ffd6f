package merge

import (
	"cmp"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

// Outcome is what became of a raw entry.
type Outcome uint8

// The outcomes.
const (
	Became  Outcome = iota // it made a record
	Merged                 // it adds to a record that another entry made
	Refused                // it is in no record
)

var outcomes = [...]string{"became", "merged", "refused"}

// String gives the outcome's word.
func (o Outcome) String() string { return outcomes[min(int(o), len(outcomes)-1)] }

// MarshalText writes the outcome's word.
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads an outcome's word.
func (o *Outcome) UnmarshalText(b []byte) error {
	i := slices.Index(outcomes[:], string(b))
	if i < 0 {
		return fault.New(fault.Invalid, "outcome %.40q", b)
	}
	*o = Outcome(i)
	return nil
}

// Entry is one raw entry of a source and what became of it.
type Entry struct {
	Source  string  `json:"source"` // the publisher: "CPANSA"
	Where   string  `json:"where"`  // file and number in it: "cpansa/CPANSA-Foo.yml#2"
	Native  string  `json:"native,omitempty"`
	Outcome Outcome `json:"outcome"`
	// Records are the records that the entry is in, sorted. An entry about
	// several distributions may be in several.
	Records []advisory.ID `json:"records,omitempty"`
	// Reason says why the entry was refused.
	Reason   string   `json:"reason,omitempty"`
	Warnings []string `json:"warnings,omitempty"`

	item *item
}

// Kind is a kind of contradiction.
type Kind string

// The kinds, in the order in which they are listed.
const (
	Overlap    Kind = "overlap"     // known releases are both affected and fixed
	Unreadable Kind = "unreadable"  // a clause cannot be read
	NoRange    Kind = "no-range"    // no affected versions are stated
	MatchNone  Kind = "match-none"  // no known release is affected
	MatchAll   Kind = "match-all"   // every known release is affected
	OpenEnd    Kind = "open-end"    // the range ends with a release, and no fixed version is stated
	Gap        Kind = "gap"         // fixed versions are stated, and known releases are neither
	Doubtful   Kind = "doubtful"    // a clause was read with a doubt
	OtherDist  Kind = "other-dist"  // the id names another distribution
	Repeated   Kind = "repeated"    // one source has several entries of one id and distribution
	Reused     Kind = "reused"      // one id stands for records with different CVEs
	Disagree   Kind = "disagree"    // sources give different verdicts on known releases
	BadRelease Kind = "bad-release" // known releases that version.pm refuses
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{
		Overlap, Unreadable, NoRange, MatchNone, MatchAll, OpenEnd, Gap, Doubtful,
		OtherDist, Repeated, Reused, Disagree, BadRelease,
	}
}

// Words say what a kind is, in a clause: "known releases are both affected and
// fixed".
func (k Kind) Words() string {
	switch k {
	case Overlap:
		return "known releases are both affected and fixed"
	case Unreadable:
		return "a clause cannot be read"
	case NoRange:
		return "no affected versions are stated"
	case MatchNone:
		return "no known release is affected"
	case MatchAll:
		return "every known release is affected"
	case OpenEnd:
		return "a range ends with a release, and no fix is stated"
	case Gap:
		return "known releases are neither affected nor fixed"
	case Doubtful:
		return "a clause was read with a doubt"
	case OtherDist:
		return "the id names another distribution"
	case Repeated:
		return "one source has several entries of one id"
	case Reused:
		return "one id stands for different CVEs"
	case Disagree:
		return "sources disagree on known releases"
	case BadRelease:
		return "known releases that version.pm refuses"
	}
	return string(k)
}

// Contradiction is one thing in the data that cannot be right as it stands, or
// deserves a second look.
type Contradiction struct {
	Kind   Kind        `json:"kind"`
	Dist   cpan.Dist   `json:"dist,omitempty"`
	Record advisory.ID `json:"record,omitempty"`
	// Entry is the id of the entry whose statement it is.
	Entry string `json:"entry,omitempty"`
	// Where are the raw entries that make the statement.
	Where []string `json:"where,omitempty"`
	// Text says what is wrong, with examples.
	Text string `json:"text"`
	// Releases is how many known releases it touches.
	Releases int `json:"releases,omitempty"`
}

// Ledger is the account of a merge.
type Ledger struct {
	// Entries are all raw entries, by source and place.
	Entries []Entry
	// Contradictions are sorted by kind, distribution, record and entry.
	Contradictions []Contradiction
}

// Count gives the number of entries with an outcome.
func (l *Ledger) Count(o Outcome) int {
	n := 0
	for i := range l.Entries {
		if l.Entries[i].Outcome == o {
			n++
		}
	}
	return n
}

// CountKind gives the number of contradictions of a kind, and of the raw
// entries that they are in.
func (l *Ledger) CountKind(k Kind) (contradictions, entries int) {
	for i := range l.Contradictions {
		if l.Contradictions[i].Kind == k {
			contradictions++
			entries += len(l.Contradictions[i].Where)
		}
	}
	return contradictions, entries
}

func (l *Ledger) refuse(source string, in *advisory.Item, reason string) {
	l.Entries = append(l.Entries, Entry{
		Source: source, Where: in.Where, Native: in.Native,
		Outcome: Refused, Reason: reason, Warnings: in.Warnings,
	})
}

// settle says of every entry what became of it.
func (l *Ledger) settle(joined []*joinedRecord) {
	type fate struct {
		made    bool
		records []advisory.ID
	}
	fates := map[*item]*fate{}
	for _, j := range joined {
		maker := slices.IndexFunc(j.items, func(it *item) bool { return !it.rank.isCuration() })
		for i, it := range j.items {
			f := fates[it]
			if f == nil {
				f = &fate{}
				fates[it] = f
			}
			f.made = f.made || i == maker
			f.records = append(f.records, j.record.ID)
		}
	}
	for i := range l.Entries {
		e := &l.Entries[i]
		if e.item == nil {
			continue
		}
		f := fates[e.item]
		switch {
		case f == nil:
			e.Outcome = Refused
			e.Reason = "names no distribution of CPAN, and no other source has an advisory of its ids"
		case f.made:
			e.Outcome, e.Records = Became, f.records
		default:
			e.Outcome, e.Records = Merged, f.records
		}
	}
	// Entries come in the order of batches; items that tie in all but their
	// content keep an order of their own.
	slices.SortStableFunc(l.Entries, func(a, b Entry) int {
		c := cmp.Or(cmp.Compare(a.Source, b.Source), compareWhere(a.Where, b.Where),
			cmp.Compare(a.Native, b.Native), cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.Reason, b.Reason))
		if c == 0 && a.item != nil && b.item != nil {
			c = cmp.Compare(a.item.fingerprint(), b.item.fingerprint())
		}
		return c
	})
	for i := range l.Entries {
		l.Entries[i].item = nil
	}
}

// compareWhere sorts places, numbers after "#" by value.
func compareWhere(a, b string) int {
	fileA, numberA := splitWhere(a)
	fileB, numberB := splitWhere(b)
	return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(numberA, numberB), cmp.Compare(a, b))
}

func splitWhere(s string) (file string, n int) {
	i := len(s)
	for scale := 1; i > 0 && '0' <= s[i-1] && s[i-1] <= '9' && scale < 1_000_000_000; scale *= 10 {
		i--
		n += scale * int(s[i]-'0')
	}
	if i > 0 && s[i-1] == '#' {
		return s[:i-1], n
	}
	return s, 0
}
