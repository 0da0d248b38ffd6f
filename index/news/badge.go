package news

import (
	"fmt"
	"html"
	"unicode/utf8"

	"nacre/advisory"
	"nacre/index"
)

// The backgrounds of a badge; its text is white.
const (
	labelColour = "#24292f"
	redColour   = "#b42318"
	greenColour = "#1a7f37"
	greyColour  = "#57606a"
)

// badge is what a badge says.
type badge struct {
	value  string // "2 affect 1.23"
	told   string // the same as a sentence
	colour string
}

// badgeFile is the badge of a distribution.
func badgeFile(_ *index.Model, d *index.Dist) ([]index.File, error) {
	return []index.File{{Path: "dist/" + string(d.Name) + "/badge.svg", Data: draw(string(d.Name), badgeOf(d))}}, nil
}

// maxVersion is how many characters of a version a badge shows.
const maxVersion = 24

// badgeOf judges the latest release.
func badgeOf(d *index.Dist) badge {
	r := d.LatestRelease()
	if r == nil {
		return badge{"unknown", "No release is known.", greyColour}
	}
	affected, unknown := 0, 0
	for _, of := range d.Advisories {
		switch of.Status[d.Latest] {
		case advisory.StatusAffected, advisory.StatusContradictory:
			affected++
		case advisory.StatusUnknown:
			unknown++
		}
	}
	version := plain(r.Version)
	if utf8.RuneCountInString(version) > maxVersion {
		version = string([]rune(version)[:maxVersion-1]) + "…"
	}
	switch {
	case affected == 1:
		return badge{"1 affects " + version, "One known advisory affects the latest release, " + version + ".", redColour}
	case affected > 1:
		return badge{
			fmt.Sprintf("%d affect %s", affected, version),
			fmt.Sprintf("%d known advisories affect the latest release, %s.", affected, version), redColour,
		}
	case unknown > 0:
		return badge{"unknown for " + version, "Whether a known advisory affects the latest release, " + version + ", cannot be told.", greyColour}
	}
	return badge{"none affects " + version, "No known advisory affects the latest release, " + version + ".", greenColour}
}

// draw draws a badge, 20 pixels high: two fields side by side, each with a text in
// its middle.
func draw(name string, b badge) []byte {
	const label, pad = "advisories", 6
	left, right := width(label), width(b.value)
	l, r := left+2*pad, right+2*pad
	say := html.EscapeString
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" viewBox="0 0 %[1]d 20" role="img" aria-labelledby="title desc">
<title id="title">%[2]s: %[3]s</title>
<desc id="desc">%[4]s: %[5]s</desc>
<clipPath id="round"><rect width="%[1]d" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)">
<rect width="%[6]d" height="20" fill="%[7]s"/>
<rect x="%[6]d" width="%[8]d" height="20" fill="%[9]s"/>
</g>
<g fill="#ffffff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" aria-hidden="true">
<text x="%[10]d" y="14" textLength="%[11]d">%[2]s</text>
<text x="%[12]d" y="14" textLength="%[13]d">%[3]s</text>
</g>
</svg>
`, l+r, label, say(b.value), say(name), say(b.told), l, labelColour, r, b.colour, pad, left, l+pad, right)
}

// width is about how many pixels a text takes in Verdana at 11 pixels. The drawing
// is told the width, so that another font fits too.
func width(s string) int {
	tenths := 0
	for _, r := range s {
		switch {
		case r == 'm' || r == 'w' || r == 'M' || r == 'W' || r == '%' || r == '@':
			tenths += 100
		case r == 'i' || r == 'l' || r == 'j' || r == '\'' || r == '|' || r == '!':
			tenths += 32
		case r == 'f' || r == 't' || r == 'r' || r == '.' || r == ',' || r == ':' || r == ' ' || r == '(' || r == ')' || r == '-' || r == 'I':
			tenths += 43
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			tenths += 68
		case r < 0x2000:
			tenths += 80
		default: // scripts whose letters are as wide as high
			tenths += 115
		}
	}
	return (tenths + 9) / 10
}
