package publish

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
	"nacre/index/manifest"
)

// Release is one published index.
type Release struct {
	Name     string    `json:"name"` // "42-e3b0c44298fc"
	Sequence uint64    `json:"sequence"`
	Built    time.Time `json:"built,omitzero"` // as its note says; zero where that cannot be read
	Expires  time.Time `json:"expires,omitzero"`
	Current  bool      `json:"current"`
	// RolledBack is set where somebody has switched from it to an older one.
	RolledBack bool `json:"rolled_back,omitempty"`
}

// digestDigits is how much of a digest is in a name.
const digestDigits = 12

// nameOf is the name of the release that a note seals.
func nameOf(s manifest.Seal) string {
	return fmt.Sprintf("%d-%s", s.Sequence, s.SHA256[:digestDigits])
}

// parseName reads the name of a release.
func parseName(name string) (Release, bool) {
	number, digest, ok := strings.Cut(name, "-")
	n, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil || n == 0 || strconv.FormatUint(n, 10) != number ||
		len(digest) != digestDigits || strings.Trim(digest, "0123456789abcdef") != "" {
		return Release{}, false
	}
	return Release{Name: name, Sequence: n}, true
}

// newestFirst orders releases by falling sequence.
func newestFirst(all []Release) {
	slices.SortFunc(all, func(a, b Release) int {
		if a.Sequence != b.Sequence {
			if a.Sequence > b.Sequence {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
}

// current is the index in all of the current release, -1 where there is none.
func current(all []Release) int {
	return slices.IndexFunc(all, func(r Release) bool { return r.Current })
}

// pick gives the release with a name, or with a sequence that only one has.
func pick(all []Release, name string) (Release, error) {
	var found []Release
	for _, r := range all {
		if r.Name == name || strconv.FormatUint(r.Sequence, 10) == name {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return Release{}, fault.New(fault.NotFound, "no release %.60q", name).WithHint("nacred index releases lists them")
	case 1:
		return found[0], nil
	}
	return Release{}, fault.New(fault.Invalid, "%d releases of sequence %s", len(found), name).
		WithHint("write the whole name, as nacred index releases lists it")
}

// admit says whether an index may be published, newest first being what there is.
func admit(all []Release, x *manifest.Index, before *manifest.Index) error {
	name := nameOf(x.Seal)
	for _, r := range all {
		switch {
		case before != nil && nameOf(before.Seal) == name: // the notes alone may be new
		case r.Name == name && r.RolledBack:
			return fault.New(fault.Conflict, "release %s was rolled back", r.Name).
				WithHint("build again, without what was wrong; or --force to publish it all the same")
		case r.Name != name && r.Sequence >= x.Seal.Sequence:
			return fault.New(fault.Conflict, "sequence %d is not higher than that of release %s: readers would refuse it", x.Seal.Sequence, r.Name).
				WithHint("nacred index rollback switches to an older release; --force publishes it all the same")
		}
	}
	if before == nil {
		return nil
	}
	if x.Expires().Before(before.Expires()) && nameOf(before.Seal) == name {
		return fault.New(fault.Conflict, "the notes expire %s, before those that are published", x.Expires().Format(time.RFC3339)).
			WithHint("--force publishes them all the same")
	}
	return knownSigner(x, before)
}

// knownSigner refuses an index that no reader of the one before would take.
func knownSigner(x, before *manifest.Index) error {
	accepted := signersOf(before.Note)
	if before.Seal.NextKey != "" {
		if v, err := note.NewVerifier(before.Seal.NextKey); err == nil {
			accepted = append(accepted, keyID(v.Name(), v.KeyHash()))
		}
	}
	if len(accepted) == 0 {
		return nil // nobody has signed that one either
	}
	for _, id := range signersOf(x.Note) {
		if slices.Contains(accepted, id) {
			return nil
		}
	}
	return fault.New(fault.Denied, "no key has signed it that readers of the current release know (%s)", strings.Join(accepted, ", ")).
		WithHint("sign with that key, too, and name the new one as the next for some weeks (docs/operate.md); --force publishes it all the same")
}

// signersOf names the keys by which a note says that it is signed. Nobody has
// checked that here.
func signersOf(b []byte) []string {
	var unverified *note.UnverifiedNoteError
	if _, err := note.Open(b, nil); !errors.As(err, &unverified) {
		return nil
	}
	var ids []string
	for _, s := range unverified.Note.UnverifiedSigs {
		ids = append(ids, keyID(s.Name, s.Hash))
	}
	return ids
}

func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// surplus gives the releases that are to be removed: all but the newest keep, the
// current one, and the one before it. Names in it stay as they are.
func surplus(all []Release, keep int) []Release {
	at := current(all)
	var gone []Release
	for i, r := range all {
		if i >= keep && i != at && i != at+1 {
			gone = append(gone, r)
		}
	}
	return gone
}
