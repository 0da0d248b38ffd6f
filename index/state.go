package index

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

// StateSchema names the format of State as JSON, which is state.json at the root
// of an index.
const StateSchema = "nacre.index.state/1"

// Digest is a SHA-256; as text it is 64 lower-case hex digits.
type Digest [32]byte

// String gives the digest in hex.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// MarshalText writes String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what String gives.
func (d *Digest) UnmarshalText(b []byte) error {
	if n, err := hex.Decode(d[:], b[:min(len(b), 64)]); err != nil || n != 32 || len(b) != 64 {
		return fault.New(fault.Invalid, "digest %.80q is not 64 hex digits", b)
	}
	return nil
}

// State is what one build concluded, as far as the next one has to know.
type State struct {
	Schema string `json:"schema"`
	// Sequence grows by one with every build of other input, or on another day,
	// than the one before, from 1.
	Sequence uint64 `json:"sequence"`
	// Input is of all that the build was made of; zero where the conclusions are of
	// an earlier one, since this one was refused.
	Input Digest `json:"input"`
	// Advisories are what was concluded about each, by id.
	Advisories []Conclusion `json:"advisories"`
	// Renamed are the ids that advisories of earlier builds had, by id.
	Renamed []Rename `json:"renamed,omitempty"`
	// Sources are the states of the sources that the build was made of.
	Sources []Health `json:"sources"`
	// History are the changes of all builds, the newest first; at most MaxHistory.
	History []Change `json:"history"`
}

// MaxHistory is how many changes a State keeps.
const MaxHistory = 20_000

// Conclusion is what was concluded about one advisory, in short.
type Conclusion struct {
	ID        advisory.ID   `json:"id"`
	Digest    Digest        `json:"digest"` // of the record and of what it affects
	FirstSeen advisory.Date `json:"first_seen"`
	Modified  time.Time     `json:"modified"` // Advisory.Modified
	Severity  string        `json:"severity,omitempty"`
	Withdrawn bool          `json:"withdrawn,omitempty"`
	Gone      bool          `json:"gone,omitempty"`
	Title     string        `json:"title,omitempty"`
	Dists     []Short       `json:"dists,omitempty"`
}

// Short is what was concluded about one distribution, in short.
type Short struct {
	Dist  cpan.Dist `json:"dist"`
	Known int       `json:"known"` // affected releases
	Fixed string    `json:"fixed,omitempty"`
	Range string    `json:"range,omitempty"`
}

// ChangeKind is a kind of change.
type ChangeKind string

// The kinds of changes.
const (
	Appeared  ChangeKind = "appeared"
	Changed   ChangeKind = "changed"
	Withdrawn ChangeKind = "withdrawn"
	Returned  ChangeKind = "returned" // a withdrawn one stands again
	Gone      ChangeKind = "gone"     // no source carries it any longer
	Renamed   ChangeKind = "renamed"  // it is part of another one now, which has its id as an alias
)

// Change is one difference between what two builds concluded.
type Change struct {
	Day  advisory.Date `json:"day"`
	Kind ChangeKind    `json:"kind"`
	ID   advisory.ID   `json:"id"`
	// Dists are the distributions that it is about.
	Dists []cpan.Dist `json:"dists,omitempty"`
	// Text says what is different, "Foo-Bar: <1.3 became <1.4; 3 more releases are
	// affected".
	Text string `json:"text,omitempty"`
}

// maxState bounds a state in bytes.
const maxState = 256 << 20

// ParseState reads what Encode writes.
func ParseState(b []byte) (*State, error) {
	if len(b) > maxState {
		return nil, fault.New(fault.Invalid, "read the state of an index: more than %d bytes (limit: state size)", maxState)
	}
	var s State
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the state of an index")
	}
	if s.Schema != StateSchema {
		return nil, fault.New(fault.Invalid, "read the state of an index: schema %.60q, not %s", s.Schema, StateSchema).
			WithHint("it was written by another version of nacred; build without it to begin anew")
	}
	return &s, nil
}

// Encode writes the state as JSON, one advisory or change a line.
func (s *State) Encode() ([]byte, error) {
	b, err := json.MarshalIndent(s, "", " ")
	return append(b, '\n'), err
}
