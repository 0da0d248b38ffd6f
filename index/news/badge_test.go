package news

import (
	"encoding/xml"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/internal/testkit"
)

func TestBadge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		affected string
		releases []string
		value    string
		colour   string
	}{
		{"the latest is affected", "<1.3", []string{"1.1", "1.2"}, "1 affects 1.2", redColour},
		{"it is mended", "<1.3", []string{"1.2", "1.3"}, "none affects 1.3", greenColour},
		{"a developer's release counts for nothing", "<1.3", []string{"1.3", "1.4_01"}, "none affects 1.3", greenColour},
		{"nobody can read the range", "some", []string{"1.3"}, "unknown for 1.3", greyColour},
		{"no release is known", "<1.3", nil, "unknown", greyColour},
		{"a long version", "<1", []string{"1." + strings.Repeat("9", 40)}, "none affects 1.999999999999999999999…", greenColour},
	} {
		m := model(t, foo("CVE-2099-0001", "It follows links", c.affected), map[cpan.Dist][]string{"Foo-Bar": c.releases})
		if got := badgeOf(m.ByDist("Foo-Bar")); got.value != c.value || got.colour != c.colour {
			t.Errorf("%s: %q in %s, want %q in %s", c.name, got.value, got.colour, c.value, c.colour)
		}
		b := files(t, m)["dist/Foo-Bar/badge.svg"]
		var svg struct {
			Width int    `xml:"width,attr"`
			Title string `xml:"title"`
			Desc  string `xml:"desc"`
			G     []struct {
				Rect []struct {
					X     int `xml:"x,attr"`
					Width int `xml:"width,attr"`
				} `xml:"rect"`
				Text []struct {
					X      int    `xml:"x,attr"`
					Length int    `xml:"textLength,attr"`
					Text   string `xml:",chardata"`
				} `xml:"text"`
			} `xml:"g"`
		}
		if err := xml.Unmarshal(b, &svg); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if svg.Title != "advisories: "+c.value || !strings.HasPrefix(svg.Desc, "Foo-Bar: ") || svg.G[1].Text[1].Text != c.value {
			t.Errorf("%s: %s", c.name, b)
		}
		for i, field := range svg.G[0].Rect {
			if text := svg.G[1].Text[i]; text.X < field.X || text.X+text.Length > field.X+field.Width || field.X+field.Width > svg.Width {
				t.Errorf("%s: a text at %d of %d in a field at %d of %d", c.name, text.X, text.Length, field.X, field.Width)
			}
		}
	}
}

// TestBadgeContrast is WCAG 2.2, 1.4.3, by the formula of relative luminance.
func TestBadgeContrast(t *testing.T) {
	t.Parallel()
	for _, colour := range []string{labelColour, redColour, greenColour, greyColour} {
		if c := 1.05 / (luminance(t, colour) + 0.05); c < 4.5 {
			t.Errorf("white on %s has a contrast of %.2f", colour, c)
		}
	}
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestBadgeHostile holds that a version is text in a badge.
func TestBadgeHostile(t *testing.T) {
	t.Parallel()
	b := draw("Foo-Bar", badge{"none affects <b>&\"'", "No </desc><script>", greenColour})
	path := filepath.Join(t.TempDir(), "badge.svg")
	if err := os.WriteFile(path, b, 0o666); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(testkit.Need(t, "xmllint"), "--noout", "--nonet", path).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, said)
	}
	if strings.Contains(string(b), "<script") || strings.Contains(string(b), "<b>") {
		t.Errorf("%s", b)
	}
}
