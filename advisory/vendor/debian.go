package vendor

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"nacre/advisory"
)

// debianFeed is the name of the tracker's statements.
const debianFeed = "Debian security tracker"

// debianFlaw is what is read of a flaw in a source package.
type debianFlaw struct {
	Releases map[string]debianState `json:"releases"`
}

// debianState is what is read of a flaw in one release.
type debianState struct {
	Status  string `json:"status"`
	Fixed   string `json:"fixed_version"`
	Urgency string `json:"urgency"`
	NoDSA   string `json:"nodsa"`
	Reason  string `json:"nodsa_reason"`
}

// ReadDebian reads the JSON of Debian's security tracker, some 50 MB, as a
// stream.
func ReadDebian(r io.Reader, keep Keep) (Batch, error) {
	c := &collector{keep: keep}
	in := newEntries(r, "tracker")
	if err := in.open('{', "the tracker's document"); err != nil {
		return Batch{}, err
	}
	for in.More() {
		source, err := in.key()
		if err != nil {
			return Batch{}, err
		}
		if err := c.debianSource(in, source); err != nil {
			return Batch{}, err
		}
	}
	if _, err := in.token(); err != nil { // the end, which a file that is cut off lacks
		return Batch{}, err
	}
	c.feed(debianFeed)
	return c.done(), nil
}

// debianSource reads the flaws of a source package.
func (c *collector) debianSource(in *entries, source string) error {
	if err := in.open('{', "what the tracker says of "+cut(source)); err != nil {
		return err
	}
	var raw json.RawMessage
	for in.More() {
		name, err := in.key()
		if err != nil {
			return err
		}
		if err := in.value(&raw); err != nil {
			return err
		}
		where := source + " " + name
		flaw, err := advisory.ParseID(name)
		switch {
		case err != nil:
			c.skip(where, "%v", err)
			continue
		case !c.keep(source, flaw):
			c.batch.Other++
			continue
		case !isName(source):
			c.skip(where, "%.40q is no name of a package", source)
			continue
		}
		var of debianFlaw
		if err := json.Unmarshal(raw, &of); err != nil {
			c.skip(where, "read JSON: %v", err)
			continue
		}
		if err := c.debianFlaw(source, flaw, &of); err != nil {
			return err
		}
	}
	_, err := in.token()
	return err
}

// debianFlaw takes what the tracker says of a flaw.
func (c *collector) debianFlaw(source string, flaw advisory.ID, of *debianFlaw) error {
	for _, release := range slices.Sorted(maps.Keys(of.Releases)) {
		said := of.Releases[release]
		where := source + " " + string(flaw) + " " + release
		s := advisory.VendorStatement{
			Feed: debianFeed, Distro: Release("debian:"+release, ""), Source: source, Flaw: flaw,
		}
		switch {
		case said.Status == "resolved" && said.Fixed == "0":
			s.Status = advisory.VendorNotAffected
		case said.Status == "resolved" && said.Fixed != "":
			s.Status, s.Fixed = advisory.VendorFixed, said.Fixed
		case said.Status == "resolved":
			s.Note = "resolved in a version that is not stated"
		case said.Status == "open":
			s.Status = advisory.VendorAffected
			var notes []string
			switch said.Urgency {
			case "unimportant", "end-of-life":
				notes = append(notes, said.Urgency)
			}
			if said.NoDSA != "" || said.Reason != "" {
				note := "no-dsa"
				if said.Reason != "" {
					note += " (" + said.Reason + ")"
				}
				if said.NoDSA != "" {
					note += ": " + said.NoDSA
				}
				notes = append(notes, note)
			}
			s.Note = strings.Join(notes, ", ")
		case said.Status == "undetermined":
			s.Note = "undetermined"
		default:
			c.skip(where, "status %.40q is none that is known", said.Status)
			continue
		}
		if err := c.add(where, s); err != nil {
			return err
		}
	}
	return nil
}
