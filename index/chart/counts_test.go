package chart

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

// readWhole reads a drawing to its end.
func readWhole(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
	}
}

func TestCounts(t *testing.T) {
	c := Counts{
		ID: "years", Title: "Advisories by year", Text: "From 2024 to 2026.", Parts: []Part{{"high", "high"}, {"low", "low"}},
		Groups: []Group{{"2024", []int{3, 1}}, {"2025", []int{0, 0}}, {"2026", []int{6, 2}}},
	}
	for _, test := range []struct {
		name, svg string
		want      []string
	}{
		{"columns", c.Columns(), []string{
			// The highest fills the field of 230: six eighths of it below, two above.
			`<rect class="high" x="73.0133%" width="23.3067%" y="75.5" height="172.5"><title>2026: 6 high</title></rect>`,
			`<rect class="low" x="73.0133%" width="23.3067%" y="18.0" height="57.5"><title>2026: 2 low</title></rect>`,
			`<rect class="high" x="11.68%" width="23.3067%" y="161.8" height="86.2">`,
		}},
		{"rows", c.Rows(), []string{
			// The longest ends where numbers begin, and another as much before as it is less.
			`<rect class="high" x="0%" width="66%" y="110.0" height="14.0"><title>2026: 6 high</title></rect>`,
			`<rect class="low" x="66%" width="22%"`, `<rect class="low" x="33%" width="11%"`, `>0</text>`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			readWhole(t, test.svg)
			for _, want := range test.want {
				if !strings.Contains(test.svg, want) {
					t.Errorf("no %s in\n%s", want, test.svg)
				}
			}
			if strings.Contains(test.svg, "2025: ") {
				t.Error("a part of nothing is drawn")
			}
		})
	}
}

// TestCountsOfAnything draws what nobody should ask for: nothing, less than
// nothing, and markup.
func TestCountsOfAnything(t *testing.T) {
	for name, c := range map[string]Counts{
		"nothing":           {},
		"empty groups":      {Parts: []Part{{"high", "high"}}, Groups: []Group{{"a", []int{0}}}},
		"less than nothing": {Parts: []Part{{"high", "high"}}, Groups: []Group{{"a", []int{-5}}}},
		"markup":            {ID: `"><script>`, Title: "</svg>", Text: "<b>", Parts: []Part{{`"x`, "<u>"}}, Groups: []Group{{"<i>&", []int{1}}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, svg := range []string{c.Columns(), c.Rows()} {
				readWhole(t, svg)
				if strings.Contains(svg, "<script") || strings.Contains(svg, "<i>") || strings.Contains(svg, "NaN") {
					t.Error(svg)
				}
			}
		})
	}
}

func TestStep(t *testing.T) {
	for most, want := range map[int]int{0: 1, 5: 1, 6: 2, 10: 2, 11: 5, 25: 5, 26: 10, 117: 50, 1000: 200} {
		if got := step(most); got != want {
			t.Errorf("an axis to %d has lines at every %d, want %d", most, got, want)
		}
	}
}
