package license

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// Evidence is a licence that a text names or holds. It is never what an author
// declares: the text may stand beside another, or speak of another's work.
type Evidence struct {
	Expression Expression
	Line       int // of the text, from 1
	// How is "SPDX-License-Identifier" (the line of that name), "text" (the
	// whole licence is there, by its most telling phrases), "notice" (a sentence
	// says that the licence holds) or "perl" (a sentence says that perl's own
	// terms hold).
	How        string
	Confidence float64 // from 0 to 1
	Note       string  // "" for nothing
}

// phrase is what tells a licence: all of has, and none of lacks, in normalised
// text; at is the line of the first of has.
type phrase struct {
	expression string
	how        string
	confidence float64
	has, lacks []string
	note       string
}

const noVersionSaid = "the text does not say whether later versions hold"

// phrases are words by which licences are told apart, of our own choosing.
// Titles with their versions stand in no notice, and sentences of notices in no
// other licence.
var phrases = []phrase{
	{"Artistic-2.0", "text", 0.9, []string{"artistic license 2.0", "definitions copyright holder means the individual"}, nil, ""},
	{"Artistic-1.0-Perl", "text", 0.9, []string{"artistic license", "embed this packages interpreter within an executable"}, nil, ""},
	{"Artistic-1.0-cl8", "text", 0.8, []string{"artistic license", "no overt attempt is made to make this packages interfaces visible"}, []string{"embed this packages interpreter"}, ""},
	{"GPL-1.0-only", "text", 0.9, []string{"gnu general public license version 1, february 1989"}, nil, noVersionSaid},
	{"GPL-2.0-only", "text", 0.9, []string{"gnu general public license version 2, june 1991"}, nil, noVersionSaid},
	{"GPL-3.0-only", "text", 0.9, []string{"gnu general public license version 3, 29 june 2007"}, nil, noVersionSaid},
	{"LGPL-2.0-only", "text", 0.9, []string{"gnu library general public license version 2, june 1991"}, nil, noVersionSaid},
	{"LGPL-2.1-only", "text", 0.9, []string{"gnu lesser general public license version 2.1, february 1999"}, nil, noVersionSaid},
	{"LGPL-3.0-only", "text", 0.9, []string{"gnu lesser general public license version 3, 29 june 2007"}, nil, noVersionSaid},
	{"AGPL-3.0-only", "text", 0.9, []string{"gnu affero general public license version 3, 19 november 2007"}, nil, noVersionSaid},
	{"Apache-2.0", "text", 0.9, []string{"apache license version 2.0, january 2004", "grant of patent license"}, nil, ""},
	{"Apache-2.0", "notice", 0.8, []string{"licensed under the apache license, version 2.0"}, []string{"grant of patent license"}, ""},
	{"Apache-1.1", "text", 0.8, []string{"the apache software license, version 1.1", "redistribution and use in source and binary forms"}, nil, ""},
	{"MIT", "text", 0.9, []string{"free of charge, to any person obtaining a copy of this software and associated documentation files", "notice and this permission notice shall be included in all copies or substantial portions"}, []string{"except as contained in this notice, the name", "shall be used for good, not evil"}, ""},
	{"X11", "text", 0.8, []string{"free of charge, to any person obtaining a copy of this software and associated documentation files", "except as contained in this notice, the name"}, nil, ""},
	{"JSON", "text", 0.9, []string{"free of charge, to any person obtaining a copy of this software and associated documentation files", "shall be used for good, not evil"}, nil, ""},
	{"BSD-2-Clause", "text", 0.8, []string{"redistribution and use in source and binary forms, with or without modification, are permitted provided", "redistributions in binary form must reproduce"}, []string{"neither the name", "may not be used to endorse", "must not be used to endorse", "all advertising materials", "apache software", "openssl toolkit"}, ""},
	{"BSD-3-Clause", "text", 0.9, []string{"redistribution and use in source and binary forms, with or without modification, are permitted provided", "redistributions in binary form must reproduce", "neither the name"}, []string{"all advertising materials", "apache software", "openssl toolkit"}, ""},
	{"BSD-4-Clause", "text", 0.8, []string{"redistribution and use in source and binary forms, with or without modification, are permitted provided", "all advertising materials mentioning features", "neither the name"}, []string{"apache software", "openssl toolkit"}, ""},
	{"OpenSSL", "text", 0.8, []string{"openssl license", "redistribution and use in source and binary forms", "openssl toolkit"}, nil, ""},
	{"ISC", "text", 0.9, []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that"}, nil, ""},
	{"ISC", "text", 0.9, []string{"permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted, provided that"}, nil, ""},
	{"0BSD", "text", 0.9, []string{"permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted. the software is provided as is"}, nil, ""},
	{"Zlib", "text", 0.9, []string{"the origin of this software must not be misrepresented", "altered source versions must be plainly marked", "acknowledgment in the product documentation would be appreciated"}, nil, ""},
	{"Zlib", "text", 0.9, []string{"the origin of this software must not be misrepresented", "altered source versions must be plainly marked", "acknowledgement in the product documentation would be appreciated"}, nil, ""},
	{"MPL-1.0", "text", 0.8, []string{"mozilla public license version 1.0 ", "1. definitions"}, nil, ""},
	{"MPL-1.1", "text", 0.8, []string{"mozilla public license version 1.1", "1. definitions"}, nil, ""},
	{"MPL-2.0", "text", 0.9, []string{"mozilla public license version 2.0", "1. definitions"}, nil, ""},
	{"MPL-2.0", "notice", 0.8, []string{"subject to the terms of the mozilla public license, v. 2.0"}, []string{"1. definitions"}, ""},
	{"Unlicense", "text", 0.9, []string{"this is free and unencumbered software released into the public domain"}, nil, ""},
	{"CC0-1.0", "text", 0.8, []string{"cc0 1.0 universal", "statement of purpose"}, nil, ""},
	{"BSL-1.0", "text", 0.9, []string{"boost software license - version 1.0"}, nil, ""},
	// What Software::License writes above a text, and Module::Starter into POD.
	{"Artistic-2.0", "notice", 0.8, []string{"this is free software, licensed under: the artistic license 2.0"}, nil, ""},
	{"Artistic-1.0", "notice", 0.8, []string{"this is free software, licensed under: the artistic license 1.0"}, nil, ""},
	{"MIT", "notice", 0.8, []string{"this is free software, licensed under: the mit (x11) license"}, nil, ""},
	{"BSD-3-Clause", "notice", 0.8, []string{"this is free software, licensed under: the (three-clause) bsd license"}, nil, ""},
	{"BSD-2-Clause", "notice", 0.8, []string{"this is free software, licensed under: the (two-clause) freebsd license"}, nil, ""},
	{"Apache-2.0", "notice", 0.8, []string{"this is free software, licensed under: the apache license, version 2.0"}, nil, ""},
	{"ISC", "notice", 0.8, []string{"this is free software, licensed under: the isc license"}, nil, ""},
	{"GPL-2.0-only", "notice", 0.8, []string{"this is free software, licensed under: the gnu general public license, version 2"}, nil, noVersionSaid},
	{"GPL-3.0-only", "notice", 0.8, []string{"this is free software, licensed under: the gnu general public license, version 3"}, nil, noVersionSaid},
	{"LGPL-2.1-only", "notice", 0.8, []string{"this is free software, licensed under: the gnu lesser general public license, version 2.1"}, nil, noVersionSaid},
	{"LGPL-3.0-only", "notice", 0.8, []string{"this is free software, licensed under: the gnu lesser general public license, version 3"}, nil, noVersionSaid},
	{"AGPL-3.0-only", "notice", 0.8, []string{"this is free software, licensed under: the gnu affero general public license, version 3"}, nil, noVersionSaid},
	{"Artistic-2.0", "notice", 0.8, []string{"under the terms of the artistic license (2.0)"}, nil, ""},
	{"Artistic-2.0", "notice", 0.8, []string{"under the terms of the artistic license 2.0"}, nil, ""},
	{"Artistic-2.0", "notice", 0.8, []string{"under the artistic license 2.0"}, nil, ""},
	{"Artistic-2.0", "notice", 0.8, []string{"under the terms of the artistic license, version 2.0"}, nil, ""},
	{"Artistic-2.0", "notice", 0.8, []string{"under the artistic license version 2.0"}, nil, ""},
}

// perlSentences say that perl's own terms hold.
var perlSentences = []string{
	"same terms as perl", "same terms as the perl", "terms as perl itself", "terms of perl itself",
	"license as perl", "licence as perl", "license terms as perl", "conditions as perl itself",
	"either version 1, or (at your option) any later version, or b) the artistic license",
}

// gnu are the GNU licences whose notices name a version, and the words of the
// notice before it.
var gnu = []struct{ prefix, words string }{
	{"AGPL", "terms of the gnu affero general public license"},
	{"LGPL", "terms of the gnu lesser general public license"},
	{"LGPL", "terms of the gnu library general public license"},
	{"GPL", "terms of the gnu general public license"},
}

// Recognise names the licences that a text holds or speaks of: a licence's
// file, a README, a source's first lines. Each is told once, at the first line
// that has it, in the order of lines. It takes time in proportion to the text,
// which the caller bounds.
func Recognise(text []byte) []Evidence {
	found := identifiers(text)
	n := normalise(text)
	perl := false
	for _, sentence := range perlSentences {
		if at := wordsIn(n.text, sentence); at >= 0 {
			perl = true
			found = append(found, evidence(perlTerms, n.line(at), "perl", 0.8, ""))
			break
		}
	}
	whole := map[string]bool{} // "GPL-2.0": the licence's own text is there
	for _, p := range phrases {
		at, ok := p.in(n.text)
		if !ok {
			continue
		}
		base := strings.TrimSuffix(p.expression, "-only")
		whole[base] = whole[base] || p.how == "text"
		if perl && (base == "GPL-1.0" || strings.HasPrefix(base, "Artistic-1.0")) {
			continue // the two texts that perl's terms consist of
		}
		found = append(found, evidence(p.expression, n.line(at), p.how, p.confidence, p.note))
	}
	found = append(found, notices(n, whole, perl)...)
	slices.SortStableFunc(found, func(a, b Evidence) int { return cmp.Compare(a.Line, b.Line) })
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(e Evidence) bool {
		key := e.Expression.String()
		twice := seen[key]
		seen[key] = true
		return twice
	})
}

// wordsIn finds words whose last does not go on: terms as Perl, not as PerlFoo.
func wordsIn(text []byte, words string) int {
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte(words))
		if i < 0 {
			return -1
		}
		end := from + i + len(words)
		if end == len(text) || !isLetter(text[end]) {
			return from + i
		}
		from = end
	}
}

func evidence(expression string, line int, how string, confidence float64, note string) Evidence {
	e, err := Parse(expression)
	if err != nil {
		return Evidence{} // a test reads all expressions of this file
	}
	return Evidence{e, line, how, confidence, note}
}

// in reports whether the phrase is in a text, and where it begins.
func (p phrase) in(text []byte) (at int, ok bool) {
	at = -1
	for _, has := range p.has {
		i := bytes.Index(text, []byte(has))
		if i < 0 {
			return 0, false
		}
		if at < 0 {
			at = i
		}
	}
	for _, lacks := range p.lacks {
		if bytes.Contains(text, []byte(lacks)) {
			return 0, false
		}
	}
	return at, true
}

// notices finds sentences such as "under the terms of the GNU General Public
// License as published by the Free Software Foundation; either version 2 of the
// License, or (at your option) any later version". The licences' own texts end
// with such a notice for others to use, and that one does not count.
func notices(n *normal, whole map[string]bool, perl bool) []Evidence {
	const reach = 200 // bytes from the licence's name to its version
	var found []Evidence
	own := map[string]int{} // of a licence whose text is there: its last notice, in found
	for _, g := range gnu {
		for at := 0; ; {
			i := bytes.Index(n.text[at:], []byte(g.words))
			if i < 0 {
				break
			}
			start := at + i
			at = start + len(g.words)
			near, _, _ := bytes.Cut(n.text[at:min(at+reach, len(n.text))], []byte(". ")) // the next sentence may name a version of something else
			v := bytes.Index(near, []byte("version "))
			if v < 0 {
				continue
			}
			version := digits(near[v+len("version "):])
			if !strings.Contains(version, ".") {
				version += ".0"
			}
			base := g.prefix + "-" + version
			if perl && base == "GPL-1.0" {
				continue
			}
			id := base + "-only"
			if bytes.Contains(near[v:], []byte("any later version")) {
				id = base + "-or-later"
			}
			if _, ok := Lookup(id); !ok {
				continue
			}
			if whole[base] {
				own[base] = len(found)
			}
			found = append(found, evidence(id, n.line(start), "notice", 0.8, ""))
		}
	}
	for i := range found {
		id := strings.TrimSuffix(strings.TrimSuffix(found[i].Expression.String(), "-only"), "-or-later")
		if last, ok := own[id]; ok && last == i {
			found[i].Line = 0
		}
	}
	return slices.DeleteFunc(found, func(e Evidence) bool { return e.Line == 0 })
}

// digits gives the version that text begins with: "2", "2.1".
func digits(text []byte) string {
	end := 0
	for end < len(text) && ('0' <= text[end] && text[end] <= '9' || text[end] == '.') {
		end++
	}
	return string(bytes.TrimRight(text[:end], "."))
}

// identifiers finds the lines that name a licence by its id for machines.
//
// Source: SPDX 2.3 annex E, and the REUSE specification.
func identifiers(text []byte) []Evidence {
	tag := []byte("SPDX-License-Identifier:")
	var found []Evidence
	line := 0
	for row := range bytes.Lines(text) {
		line++
		i := bytes.Index(row, tag)
		if i < 0 || len(row) > maxLength {
			continue
		}
		value := strings.TrimSpace(string(row[i+len(tag):]))
		for _, end := range []string{"*/", "-->", "*)", "#}", "--}}"} {
			value = strings.TrimSpace(strings.TrimSuffix(value, end))
		}
		e, err := Parse(value)
		if err != nil || len(e.Unknown()) > 0 {
			continue // a sentence about the tag, or a list newer than ours
		}
		found = append(found, Evidence{e, line, "SPDX-License-Identifier", 0.95, ""})
	}
	return found
}
