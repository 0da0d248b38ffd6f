package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nacre/perlver"
)

type source struct {
	Source string `json:"source"`
	Perls  []struct {
		Perl     string             `json:"perl"`
		Released string             `json:"released"`
		Set      map[string]*string `json:"set"`
		Removed  []string           `json:"removed"`
	} `json:"perls"`
	Upstream   map[string]string   `json:"upstream"`
	Deprecated map[string][]string `json:"deprecated"`
}

// change is a new version of a module in one perl, or its removal ("-").
type change struct {
	perl int
	text string
}

// encode gives the bytes of the table file; package corelist describes them.
func encode(src []byte) ([]byte, error) {
	var s source
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return nil, err
	}
	numbers, perls, err := encodePerls(s)
	if err != nil {
		return nil, err
	}
	histories, err := collect(s)
	if err != nil {
		return nil, err
	}
	marks, err := collectMarks(s, numbers, histories)
	if err != nil {
		return nil, err
	}
	body := section(nil, perls)
	for _, b := range encodeModules(histories, marks) {
		body = section(body, b)
	}
	out := bytes.NewBufferString("NacreCL\x01")
	w, err := flate.NewWriter(out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func section(body, b []byte) []byte {
	return append(binary.AppendUvarint(body, uint64(len(b))), b...)
}

// encodePerls gives the parsed numbers and the perls section.
func encodePerls(s source) (numbers []perlver.Version, b []byte, err error) {
	day := int64(0)
	for _, p := range s.Perls {
		v, err := perlver.ParseExact(p.Perl)
		if err != nil {
			return nil, nil, fmt.Errorf("perl %s: %w", p.Perl, err)
		}
		released, err := time.Parse(time.DateOnly, p.Released)
		if err != nil {
			return nil, nil, fmt.Errorf("perl %s: %w", p.Perl, err)
		}
		numbers = append(numbers, v)
		b = section(b, []byte(p.Perl))
		b = binary.AppendVarint(b, released.Unix()/86400-day)
		day = released.Unix() / 86400
	}
	return numbers, b, nil
}

// collect gives every module's changes.
func collect(s source) (map[string][]change, error) {
	histories := map[string][]change{}
	for i, p := range s.Perls {
		for _, m := range p.Removed {
			if h := histories[m]; len(h) == 0 || h[len(h)-1].text == "-" {
				return nil, fmt.Errorf("perl %s removes %s, which is not there", p.Perl, m)
			}
			histories[m] = append(histories[m], change{i, "-"})
		}
		for m, v := range p.Set {
			text := ""
			if v != nil {
				if text = *v; text == "" || text == "-" || strings.Contains(text, "\n") {
					return nil, fmt.Errorf("perl %s: %s has the version %q, which the table cannot hold", p.Perl, m, text)
				}
			}
			if h := histories[m]; len(h) > 0 && h[len(h)-1].perl == i {
				return nil, fmt.Errorf("perl %s both sets and removes %s", p.Perl, m)
			}
			histories[m] = append(histories[m], change{i, text})
		}
	}
	return histories, nil
}

// collectMarks gives, per module, 2 x (1 + index of the perl that deprecated
// it first) + 1 for an upstream on CPAN.
func collectMarks(s source, numbers []perlver.Version, histories map[string][]change) (map[string]uint64, error) {
	first := map[string]int{}
	for key, modules := range s.Deprecated {
		v, err := perlver.ParseExact(key)
		if err != nil {
			return nil, fmt.Errorf("deprecated by %s: %w", key, err)
		}
		perl := slices.IndexFunc(numbers, v.Equal)
		if perl < 0 {
			return nil, fmt.Errorf("deprecated by %s, which is no perl of the list", key)
		}
		for _, m := range modules {
			if old, ok := first[m]; !ok || perl < old {
				first[m] = perl
			}
		}
	}
	marks := map[string]uint64{}
	for m, perl := range first {
		marks[m] = 2 * uint64(perl+1)
	}
	for m, up := range s.Upstream {
		if up != "cpan" {
			return nil, fmt.Errorf("%s has the upstream %q, which the table cannot hold", m, up)
		}
		marks[m]++
	}
	for m := range marks {
		if len(histories[m]) == 0 {
			return nil, fmt.Errorf("%s has an upstream or is deprecated, and no perl ships it", m)
		}
	}
	return marks, nil
}

// encodeModules gives the sections names, refs, marks, steps and versions.
func encodeModules(histories map[string][]change, marks map[string]uint64) [5][]byte {
	var names, refs, flags, steps, versions []byte
	seen := map[string]int{} // history in its encoded form -> number
	prev := ""
	for _, m := range slices.Sorted(maps.Keys(histories)) {
		shared := 0
		for shared < len(prev) && shared < len(m) && prev[shared] == m[shared] {
			shared++
		}
		names = binary.AppendUvarint(names, uint64(shared))
		names = section(names, []byte(m[shared:]))
		prev = m

		step := binary.AppendUvarint(nil, uint64(len(histories[m])))
		var text []byte
		last := -1
		for _, c := range histories[m] {
			step = binary.AppendUvarint(step, uint64(c.perl-last))
			text = append(append(text, c.text...), '\n')
			last = c.perl
		}
		key := string(step) + string(text)
		if n, ok := seen[key]; ok {
			refs = binary.AppendUvarint(refs, uint64(len(seen)-n))
		} else {
			seen[key] = len(seen)
			refs = append(refs, 0)
			steps, versions = append(steps, step...), append(versions, text...)
		}
		flags = binary.AppendUvarint(flags, marks[m])
	}
	return [5][]byte{names, refs, flags, steps, versions}
}
