package vendor

import (
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/fault"
)

// alpineFeed is the name of the secdb's statements.
const alpineFeed = "Alpine secdb"

// alpinePackage is one element of the list of packages.
type alpinePackage struct {
	Pkg alpineFixes `json:"pkg"`
}

// alpineFixes are a package's flaws by the version that mends them.
type alpineFixes struct {
	Name     string              `json:"name"`
	SecFixes map[string][]string `json:"secfixes"`
}

// ReadAlpine reads one file of Alpine's secdb: one repository of one release.
func ReadAlpine(r io.Reader, keep Keep) (Batch, error) {
	c := &collector{keep: keep}
	in := newEntries(r, "secdb")
	if err := in.open('{', "the secdb's document"); err != nil {
		return Batch{}, err
	}
	release, listed := "", false
	for in.More() {
		key, err := in.key()
		if err != nil {
			return Batch{}, err
		}
		switch key {
		case "distroversion":
			err = in.value(&release)
		case "packages":
			listed = true
			err = c.alpinePackages(in)
		default:
			var passed json.RawMessage
			err = in.value(&passed)
		}
		if err != nil {
			return Batch{}, err
		}
	}
	if _, err := in.token(); err != nil {
		return Batch{}, err
	}
	distro := Release("alpine:"+release, "")
	if distro == "" || !listed {
		return Batch{}, fault.New(fault.Invalid, "the secdb's document states no release, or no packages").
			WithHint("give a file of https://secdb.alpinelinux.org, as v3.19/main.json")
	}
	found := c.batch.Statements // which do not know their release yet
	c.batch.Statements = nil
	for _, s := range found {
		s.Distro = distro
		if err := c.add(s.Source+" "+s.Fixed+" "+string(s.Flaw), s); err != nil {
			return Batch{}, err
		}
	}
	c.feed(alpineFeed).distros[distro] = true
	return c.done(), nil
}

// alpinePackages reads the list of packages.
func (c *collector) alpinePackages(in *entries) error {
	if err := in.open('[', "the secdb's list of packages"); err != nil {
		return err
	}
	var raw json.RawMessage
	for n := 1; in.More(); n++ {
		if err := in.value(&raw); err != nil {
			return err
		}
		var entry alpinePackage
		err := json.Unmarshal(raw, &entry)
		source := entry.Pkg.Name
		switch {
		case err != nil:
			c.skip(source, "package %d: read JSON: %v", n, err)
			continue
		case !isName(source):
			c.skip(source, "package %d: %.40q is no name of a package", n, source)
			continue
		}
		for _, version := range slices.Sorted(maps.Keys(entry.Pkg.SecFixes)) {
			// One text may hold several ids of a flaw.
			for _, word := range strings.Fields(strings.Join(entry.Pkg.SecFixes[version], " ")) {
				flaw, err := advisory.ParseID(word)
				switch {
				case err != nil || !strings.Contains(word, "-"):
					c.skip(source+" "+version, "%.40q is no id of a flaw", word)
					continue
				case !c.keep(source, flaw):
					c.batch.Other++
					continue
				case len(c.batch.Statements) >= maxStatements:
					return fault.New(fault.Invalid, "more than %d statements (limit: statements)", maxStatements)
				}
				s := advisory.VendorStatement{Feed: alpineFeed, Source: source, Flaw: flaw, Status: advisory.VendorFixed, Fixed: version}
				if version == "0" {
					s.Status, s.Fixed = advisory.VendorNotAffected, ""
				}
				c.batch.Statements = append(c.batch.Statements, s)
			}
		}
	}
	_, err := in.token()
	return err
}
