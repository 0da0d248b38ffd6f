package perlver

import (
	"errors"
	"fmt"
	"strings"
)

// ParseCNA reads affected of the CNA's YAML, one interval in an element:
//
//	<= B      through B            A <= B    from A through B
//	< B       before B             A < *     from A, without an end
//	V         this version
//
// Blanks around the parts do not matter. Elements are alternatives; a version
// that none of them has is not affected. An element that cannot be read is an
// error: cna-tool would take ">=1.2" for a version of that name. No element
// at all gives the zero Range.
//
// Source: cna-tool's README and schema.
func ParseCNA(elements []string) (Range, error) {
	if len(elements) == 0 {
		return Range{}, nil
	}
	entries := make([]CVEVersion, len(elements))
	for i, e := range elements {
		entry, err := cnaEntry(strings.Trim(e, spaces))
		if err != nil {
			return Range{}, fmt.Errorf("affected %s: %w", quote(e), err)
		}
		entries[i] = entry
	}
	return ParseCVE("unaffected", entries), nil
}

// cnaEntry is the CVE entry of one element.
func cnaEntry(e string) (CVEVersion, error) {
	if strings.Contains(e, ",") {
		return CVEVersion{}, errors.New("one interval only, commas have no meaning here")
	}
	entry := CVEVersion{Status: "affected"}
	from, to, isInterval := strings.Cut(e, "<")
	if !isInterval {
		entry.Version = e
		_, err := ParseExact(e)
		return entry, err
	}
	upper := &entry.LessThan
	if rest, ok := strings.CutPrefix(to, "="); ok {
		to, upper = rest, &entry.LessThanOrEqual
	}
	from, *upper = strings.TrimRight(from, spaces), strings.TrimLeft(to, spaces)
	if from == "" {
		from = "0"
	}
	entry.Version = from
	if _, err := ParseExact(from); err != nil {
		return CVEVersion{}, err
	}
	if *upper == "*" {
		return entry, nil
	}
	_, err := ParseExact(*upper)
	return entry, err
}
