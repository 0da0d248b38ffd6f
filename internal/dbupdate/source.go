package dbupdate

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
	"nacre/internal/fetch"
)

// SourcesFile is the name of the list of sources in the user's data folder.
const SourcesFile = "sources.yaml"

// MaxSources is the most that a list of sources may have, in bytes.
const MaxSources = 64 << 10

// What one list may hold.
const (
	maxList = 20 // sources, and keys and fingerprints of each
)

// The kinds of a source.
const (
	KindIndex  = "index"  // a signed note that names a database
	KindCPANSA = "cpansa" // the built JSON with an OpenPGP signature
)

// Source is one place that advisories come from.
type Source struct {
	Kind string `yaml:"kind"`
	URL  string `yaml:"url"`
	// Keys are the verifier keys of an index, "name+hash+key", one of which
	// must have signed. They are different keys of one name.
	Keys []string `yaml:"keys"`
	// Signature is the address of the JSON's detached signature, by default
	// URL with ".gpg".
	Signature string `yaml:"signature"`
	// Fingerprints are the OpenPGP keys that may sign the JSON, as far as the
	// user has accepted them; none stands for every accepted key.
	Fingerprints []Fingerprint `yaml:"fingerprints"`
}

// DefaultSources is the list of a user who has none: the CPAN Security
// Advisory database where its maintainer publishes it.
//
// The repository holds the JSON and its signature beside each other
// (github.com/briandfoy/cpan-security-advisory, cpan-security-advisory.json and
// cpan-security-advisory.json.gpg on the branch master). The fingerprint is
// stated by GPG_README.md of that repository, section "Verify the database",
// and by the documentation of CPANSA::DB, section VERIFYING
// (metacpan.org/pod/CPANSA::DB). GPG_README.md also names the maintainer's
// personal key, 867D53B08E433DF401A06EF49A9C0FE7F64876BF; no text says that it
// signs the database, so it is not accepted here.
func DefaultSources() []Source {
	const json = "https://raw.githubusercontent.com/briandfoy/cpan-security-advisory/master/cpan-security-advisory.json"
	return []Source{{
		Kind:         KindCPANSA,
		URL:          json,
		Signature:    json + ".gpg",
		Fingerprints: []Fingerprint{"75AAB42CBA0D7F37F0D6886DF83F8D5E878B6041"},
	}}
}

// ParseSources reads a list of sources, as sources.yaml has it. Unknown keys
// are refused, and so is a list without a source.
func ParseSources(text []byte) ([]Source, error) {
	if len(text) > MaxSources {
		return nil, fault.New(fault.Invalid, "list of sources is larger than %d bytes (limit: sources size)", MaxSources)
	}
	var doc struct {
		Sources []Source `yaml:"sources"`
	}
	if err := yaml.Load(text, &doc, yaml.WithKnownFields()); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the list of sources").
			WithHint("docs/updating.md shows one that works")
	}
	switch {
	case len(doc.Sources) == 0:
		return nil, fault.New(fault.Invalid, "the list of sources is empty").
			WithHint("without the file the default list is used; docs/updating.md shows a file")
	case len(doc.Sources) > maxList:
		return nil, fault.New(fault.Invalid, "%d sources are more than %d (limit: sources)", len(doc.Sources), maxList)
	}
	for i := range doc.Sources {
		if err := doc.Sources[i].Check(); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "source %d", i+1)
		}
	}
	return doc.Sources, nil
}

// Check holds a source to what its kind has, and writes what it leaves out.
func (s *Source) Check() error {
	if err := fetch.CheckURL(s.URL); err != nil {
		return err
	}
	if len(s.Keys) > maxList || len(s.Fingerprints) > maxList {
		return fault.New(fault.Invalid, "more than %d keys (limit: keys of a source)", maxList)
	}
	switch s.Kind {
	case KindIndex:
		return s.checkIndex()
	case KindCPANSA:
		return s.checkCPANSA()
	}
	return fault.New(fault.Invalid, "kind %.40q is neither %s nor %s", s.Kind, KindIndex, KindCPANSA)
}

func (s *Source) checkIndex() error {
	switch {
	case len(s.Keys) == 0:
		return fault.New(fault.Invalid, "an index without keys").
			WithHint("its publisher states a verifier key, name+hash+key; an unsigned index cannot be used")
	case s.Signature != "" || len(s.Fingerprints) > 0:
		return fault.New(fault.Invalid, "an index has keys, no signature and no fingerprints")
	}
	for _, k := range s.Keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "key %.60q", k)
		}
		if name, _, _ := strings.Cut(s.Keys[0], "+"); v.Name() != name {
			return fault.New(fault.Invalid, "keys of %.60s and of %.60s in one source", name, v.Name()).
				WithHint("the keys of an index all have its name; make two sources of it")
		}
	}
	slices.Sort(s.Keys)
	s.Keys = slices.Compact(s.Keys)
	return nil
}

func (s *Source) checkCPANSA() error {
	if len(s.Keys) > 0 {
		return fault.New(fault.Invalid, "a cpansa source has fingerprints, no keys")
	}
	for i, f := range s.Fingerprints {
		parsed, err := ParseFingerprint(string(f))
		if err != nil {
			return err
		}
		s.Fingerprints[i] = parsed
	}
	if s.Signature == "" {
		s.Signature = s.URL + ".gpg"
	}
	return fetch.CheckURL(s.Signature)
}
