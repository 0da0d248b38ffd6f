package chart

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
)

// drawn says an axis in a few characters: for each row which releases of four are
// under a span (A affected, C contradictory, U unknown), and o where it is mended.
func drawn(t *testing.T, svg string, n int) string {
	t.Helper()
	type element struct {
		Class string  `xml:"class,attr"`
		X     percent `xml:"x,attr"`
		CX    percent `xml:"cx,attr"`
		Width percent `xml:"width,attr"`
	}
	var rows []string
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return strings.Join(rows, " ")
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "rect" && start.Name.Local != "circle" {
			continue
		}
		var e element
		if err := d.DecodeElement(&e, &start); err != nil {
			t.Fatal(err)
		}
		if e.Class == "track" {
			rows = append(rows, strings.Repeat(".", n))
			continue
		}
		row := []byte(rows[len(rows)-1])
		mark, from, to := e.Class[0]-'a'+'A', float64(e.X), float64(e.X+e.Width)
		if e.Class == "fix" {
			mark, from, to = 'o', float64(e.CX)-.1, float64(e.CX)+.1
		}
		for i := range n {
			if at := (float64(i) + .5) * 100 / float64(n); at > from && at < to {
				row[i] = mark
			}
		}
		rows[len(rows)-1] = string(row)
	}
}

// percent is a length of SVG.
type percent float64

func (p *percent) UnmarshalXMLAttr(a xml.Attr) error {
	_, err := fmt.Sscanf(strings.TrimSuffix(a.Value, "%"), "%g", (*float64)(p))
	return err
}

func points(n int) []Point {
	all := make([]Point, n)
	for i := range all {
		all[i] = Point{Version: fmt.Sprintf("1.%03d", i), Year: 2000 + i/12}
	}
	return all
}

// TestAxis draws each span over exactly the releases that it is of.
func TestAxis(t *testing.T) {
	for _, c := range []struct {
		name string
		n    int
		rows []Row
		want string
	}{
		{"one release", 1, []Row{{Spans: []Span{{0, 0, Affected}}}}, "A"},
		{"the first two, mended in the third", 4, []Row{{Spans: []Span{{0, 1, Affected}}, Fixes: []int{2}}}, "AAo."},
		{"all", 4, []Row{{Spans: []Span{{0, 3, Affected}}}}, "AAAA"},
		{"each state", 4, []Row{{Spans: []Span{{0, 0, Affected}, {1, 1, Contradictory}, {3, 3, Unknown}}, Fixes: []int{2}}}, "ACoU"},
		{"two branches", 6, []Row{{Spans: []Span{{0, 0, Affected}, {3, 3, Affected}}, Fixes: []int{1, 4}}}, "Ao.Ao."},
		{"two rows", 2, []Row{{Spans: []Span{{0, 0, Affected}}}, {Spans: []Span{{1, 1, Affected}}}}, "A. .A"},
		{"a withdrawn one", 3, []Row{{Note: "withdrawn"}}, "..."},
	} {
		a := Axis{ID: "a", Points: points(c.n), Latest: c.n - 1, Rows: c.rows}
		if got := drawn(t, a.SVG(), c.n); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestLongAxis draws single releases among a thousand.
func TestLongAxis(t *testing.T) {
	const n = 1000
	for _, i := range []int{0, 1, 333, 998, 999} {
		a := Axis{ID: "a", Points: points(n), Latest: -1, Rows: []Row{{Spans: []Span{{i, i, Affected}}}}}
		got := drawn(t, a.SVG(), n)
		if want := strings.Repeat(".", i) + "A" + strings.Repeat(".", n-1-i); got != want {
			t.Errorf("release %d is drawn at %d, %d long", i, strings.IndexByte(got, 'A'), strings.Count(got, "A"))
		}
	}
}

// TestSpans joins neighbours of one kind.
func TestSpans(t *testing.T) {
	for states, want := range map[string]string{
		"":        "",
		"...":     "",
		"A":       "0-0 affected",
		"AAA.A":   "0-2 affected, 4-4 affected",
		".AACCU.": "1-2 affected, 3-4 contradictory, 5-5 unknown",
		"AUA":     "0-0 affected, 1-1 unknown, 2-2 affected",
	} {
		var got []string
		for _, s := range Spans(len(states), func(i int) Kind {
			return map[byte]Kind{'A': Affected, 'C': Contradictory, 'U': Unknown}[states[i]]
		}) {
			got = append(got, fmt.Sprintf("%d-%d %s", s.From, s.To, s.Kind))
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%q: %s, want %s", states, got, want)
		}
	}
}

// TestAxisIsText escapes what it is given, shortens what is long, and draws nothing
// where there is nothing.
func TestAxisIsText(t *testing.T) {
	bad := `"><script>alert(1)</script>` + strings.Repeat("x", 5000)
	a := Axis{ID: bad, Title: bad, Text: bad, Points: []Point{{Version: bad}}, Rows: []Row{{Name: bad, Note: bad}}}
	svg := a.SVG()
	drawn(t, svg, 1)
	if strings.Contains(svg, "<script") {
		t.Error("a text became an element")
	}
	a = Axis{ID: "a", Points: []Point{{Version: strings.Repeat("9", 5000)}}, Rows: []Row{{Name: strings.Repeat("n", 5000)}}}
	if n := len(a.SVG()); n > 3000 {
		t.Errorf("long names make it %d bytes long", n)
	}
	if svg := (&Axis{Latest: -1}).SVG(); svg != "" {
		t.Errorf("no releases are drawn as %s", svg)
	}
}
