package output

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"nacre/inventory"
	"nacre/scan"
)

// columns are those of the CSV, in order. New ones are added at the end.
var columns = []struct {
	name string
	cell func(s *stream, f *scan.Finding) string
}{
	{"severity", func(_ *stream, f *scan.Finding) string { return word(f.Advisory.Severity) }},
	{"verdict", func(_ *stream, f *scan.Finding) string { return f.Verdict.String() }},
	{"state", func(_ *stream, f *scan.Finding) string { return state(f) }},
	{"counts", func(_ *stream, f *scan.Finding) string { return strconv.FormatBool(f.Counts) }},
	{"distribution", func(_ *stream, f *scan.Finding) string { return string(f.Component.Dist) }},
	{"version", func(_ *stream, f *scan.Finding) string { return f.Component.Version }},
	{"range", func(_ *stream, f *scan.Finding) string { return f.Component.Range }},
	{"advisory", func(_ *stream, f *scan.Finding) string { return string(f.Advisory.ID) }},
	{"aliases", func(_ *stream, f *scan.Finding) string { return words(f.Advisory.Aliases) }},
	{"title", func(_ *stream, f *scan.Finding) string { return f.Advisory.Title }},
	{"fixed_in", func(_ *stream, f *scan.Finding) string { return words(f.Fixed.Versions) }},
	{"update_to", func(s *stream, f *scan.Finding) string {
		if fix := s.fixOf(f); mends(fix, f.Advisory.ID) {
			return fix.To
		}
		return ""
	}},
	{"action", func(s *stream, f *scan.Finding) string { return action(f, s.fixOf(f)) }},
	{"kind", func(_ *stream, f *scan.Finding) string { return f.Component.Kind }},
	{"scope", func(_ *stream, f *scan.Finding) string { return f.Component.Scope }},
	{"direct", func(_ *stream, f *scan.Finding) string { return strconv.FormatBool(f.Component.Direct) }},
	{"path", func(s *stream, f *scan.Finding) string {
		if len(f.Paths) == 0 {
			return ""
		}
		return strings.Join(append([]string{project(&s.config)}, f.Paths[0]...), " > ")
	}},
	{"file", func(_ *stream, f *scan.Finding) string { return evidence(f).File }},
	{"line", func(_ *stream, f *scan.Finding) string {
		if n := evidence(f).Line; n > 0 {
			return strconv.Itoa(n)
		}
		return ""
	}},
	{"purl", func(_ *stream, f *scan.Finding) string { return purlOf(&f.Component) }},
	{"cvss", func(_ *stream, f *scan.Finding) string {
		if c := score(f.Advisory.CVSS); c != nil {
			return fmt.Sprintf("%.1f", c.Base)
		}
		return ""
	}},
	{"cwes", func(_ *stream, f *scan.Finding) string { return words(f.Advisory.CWEs) }},
	{"published", func(_ *stream, f *scan.Finding) string { return f.Advisory.Published.String() }},
	{"url", func(_ *stream, f *scan.Finding) string { return home(&f.Advisory) }},
	{"reason", func(_ *stream, f *scan.Finding) string { return reason(f) }},
	{"ignored", func(_ *stream, f *scan.Finding) string {
		if f.Ignored == nil {
			return ""
		}
		return silenced(f.Ignored)
	}},
	{"installed", func(_ *stream, f *scan.Finding) string { return carrier(&f.Component) }},
	{"vendor", func(_ *stream, f *scan.Finding) string { return vendored(f) }},
	{"reach", func(_ *stream, f *scan.Finding) string { return reached(f.Reach) }},
}

// printCSV writes a table by RFC 4180, a row for each finding.
func printCSV(w io.Writer, s *stream, _ Options) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var row []string
	for _, c := range columns {
		row = append(row, c.name)
	}
	if err := out.Write(row); err != nil {
		return err
	}
	for i := range s.findings {
		row = row[:0]
		for _, c := range columns {
			row = append(row, inert(line(c.cell(s, &s.findings[i]), maxMessage)))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// state is what becomes of a finding: "open", "ignored", "known" by the baseline,
// or "admitted" by a requirement.
func state(f *scan.Finding) string {
	switch {
	case f.Ignored != nil:
		return "ignored"
	case f.Known:
		return "known"
	case f.Admits:
		return "admitted"
	}
	return "open"
}

// evidence is where a component is named in a file, empty where it is in none.
func evidence(f *scan.Finding) inventory.Evidence {
	for _, e := range f.Component.Evidence {
		if e.File != "" {
			return e
		}
	}
	return inventory.Evidence{}
}

// words are names side by side, for a cell.
func words[S ~string](all []S) string {
	var s []string
	for _, w := range all {
		s = append(s, string(w))
	}
	return strings.Join(s, " ")
}

// formula is what a spreadsheet takes a cell for a formula by.
const formula = "=+-@＝＋－＠"

// inert keeps spreadsheets from running a cell: where it begins like a formula,
// and also where it would behind a semicolon, at which some programs cut a table
// of commas, a ' goes in front.
func inert(s string) string {
	var b strings.Builder
	start := true // nothing but blanks and quotes since the cell began
	for _, r := range s {
		if start && strings.ContainsRune(formula, r) {
			b.WriteByte('\'')
		}
		start = r == ';' || start && slices.Contains([]rune{' ', '"', '\u00a0'}, r)
		b.WriteRune(r)
	}
	return b.String()
}
