// Package chart draws what the pages of the advisory index show, as SVG.
//
//	a := chart.Axis{
//		ID: "axis", Title: "Which releases of Foo-Bar are affected",
//		Points: []chart.Point{{Version: "1.0", Year: 2019}, {Version: "1.1", Year: 2020}, {Version: "1.2", Year: 2021}},
//		Latest: 2,
//		Rows:   []chart.Row{{Name: "CVE-2099-0001", Spans: []chart.Span{{From: 0, To: 1, Kind: chart.Affected}}, Fixes: []int{2}}},
//	}
//	svg := a.SVG()
//
// A drawing is text: an svg element for the middle of a page of HTML. It names
// classes and no colours, so that the page's style says how it looks in light, in
// dark and on paper. It has no view box: places across are percentages, and so a
// drawing is as wide as its place while its letters keep their size. What a narrow
// place has no room for has the class "wide".
//
// # Promises
//
// A drawing is a picture for whoever cannot see it (role img), with a title and a
// description; nothing in it can be focused. Every text is escaped, and whatever
// the input is, the output is well-formed. The same input gives the same bytes, at
// a cost that is linear in it. Not promised: the drawing itself.
//
// Public source: SVG 2 (https://www.w3.org/TR/SVG2/), and SVG-AAM for its roles.
package chart
