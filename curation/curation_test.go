package curation_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/curation"
	"nacre/fault"
	"nacre/internal/testkit"
	"nacre/perlver"
)

var update = flag.Bool("update", false, "write what the cases give")

// TestCases runs testdata/*.txtar: "sources" has an entry a line, "releases" the
// known releases of a distribution a line, and the YAML files are the overlays.
// What is wanted is the verdict on each known release, what became of the
// overlays, and what is wrong with them; a release with another verdict than
// without the overlays has a star.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		files := fstest.MapFS{}
		var batches []advisory.Batch
		for _, f := range ar.Files {
			switch {
			case f.Name == "sources":
				batches = append(batches, sources(t, string(f.Data))...)
			case f.Name == "releases":
				batches = append(batches, releases(string(f.Data)))
			case strings.HasSuffix(f.Name, ".yaml"):
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
		}
		given := records(t, batches)
		got := outcome(files, batches)
		if after := records(t, batches); after != given {
			t.Errorf("the entries of the sources are changed:\n%s", after)
		}
		slices.Reverse(batches)
		for i := range batches {
			slices.Reverse(batches[i].Items)
		}
		if again := outcome(files, batches); again != got {
			t.Errorf("another order of the sources, another result:\n%s", again)
		}
		return got
	})
}

// records are the records of all entries, as text.
func records(t *testing.T, batches []advisory.Batch) string {
	t.Helper()
	var all strings.Builder
	for b := range batches {
		for i := range batches[b].Items {
			text, err := json.Marshal(batches[b].Items[i].Record)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&all, "%s\n", text)
		}
	}
	return all.String()
}

func outcome(files fs.FS, batches []advisory.Batch) string {
	var b strings.Builder
	set, err := curation.Read(files)
	if err != nil {
		fmt.Fprintf(&b, "error: %v\nhint: %s\n\n", err, fault.HintOf(err))
		var mistakes curation.Mistakes
		if errors.As(err, &mistakes) {
			for _, m := range mistakes {
				fmt.Fprintf(&b, "%s:%d: %s\n    %s\n", m.File, m.Line, m.Title, m.How)
			}
		}
		return b.String()
	}
	before, _ := merge.Merge(batches)
	applied := set.Apply(batches)
	after, _ := merge.Merge(applied.Batches)
	for i := range after.Records {
		writeRecord(&b, &after.Records[i], &before, after.Releases)
	}
	b.WriteString("\n")
	outcomes := applied.Outcomes(after.Releases)
	for _, o := range outcomes {
		fmt.Fprintf(&b, "%s %s %s: %s\n    %s\n", o.Overlay.Where(), o.Overlay.Kind, o.Overlay.Target(), o.State, o.Text)
	}
	today, _ := advisory.ParseDate("2099-06-01")
	for _, f := range applied.Lint(outcomes, after.Releases, today) {
		fmt.Fprintf(&b, "%s %s %s:%d: %s\n    %s\n", f.Level, f.ID, f.File, f.Line, f.Title, f.How)
	}
	return b.String()
}

func writeRecord(b *strings.Builder, r *advisory.Record, before *advisory.Set, known map[cpan.Dist][]advisory.Known) {
	fmt.Fprintf(b, "%s", r.ID)
	for _, id := range r.Aliases {
		fmt.Fprintf(b, " =%s", id)
	}
	fmt.Fprintf(b, " %q %s %v\n", r.Title, r.Severity, r.CWEs)
	if r.IsWithdrawn() {
		fmt.Fprintf(b, "  withdrawn %s: %s\n", r.Withdrawn, r.WithdrawnReason)
	}
	for i := range r.Affected {
		a := &r.Affected[i]
		fmt.Fprintf(b, "  %s:", a.Dist)
		said := ""
		for _, k := range known[a.Dist] {
			v, err := perlver.Parse(k.Version)
			if err != nil {
				continue
			}
			verdict := a.Judge(v)
			star := ""
			if s, ok := statusIn(before, r, a.Dist, v); !ok || s != verdict.Status {
				star = "*"
			}
			fmt.Fprintf(b, " %s %s%s", k.Version, verdict.Status, star)
			if verdict.Disagreement != "" && said == "" {
				said = fmt.Sprintf("    %s\n    but %s\n", verdict.Reason, verdict.Disagreement)
			}
		}
		fmt.Fprintf(b, "\n%s", said)
		for j := range a.Statements {
			s := &a.Statements[j]
			affected, fixed := s.Words()
			fmt.Fprintf(b, "    %s says %q", r.Sources[s.Source].Name, affected)
			if fixed != "" {
				fmt.Fprintf(b, ", fixed %q", fixed)
			}
			fmt.Fprintf(b, " (%s)\n", s.Entry)
		}
		if len(a.Modules)+len(a.Files)+len(a.Routines) > 0 {
			fmt.Fprintf(b, "    %v %v %v\n", a.Modules, a.Files, a.Routines)
		}
	}
}

// statusIn is the verdict that another set has on the same.
func statusIn(set *advisory.Set, r *advisory.Record, d cpan.Dist, v perlver.Version) (advisory.Status, bool) {
	for i := range set.Records {
		old := &set.Records[i]
		if !r.Has(old.ID) || old.For(d) == nil || old.IsWithdrawn() {
			continue
		}
		return old.For(d).Judge(v).Status, true
	}
	return 0, false
}

// sources reads lines as "CPANSA CVE-2099-0001 CPANSA-Foo-Bar-2099-01 dist=Foo-Bar
// affected=<1.3 fixed=>=1.3": the source, the ids of the entry, its own last, and
// what it says.
func sources(t *testing.T, text string) []advisory.Batch {
	t.Helper()
	by := map[string]int{}
	var out []advisory.Batch
	for n, line := range strings.Split(strings.TrimSpace(text), "\n") {
		words := strings.Fields(line)
		source := words[0]
		r := &advisory.Record{Sources: []advisory.Source{{Name: source}}}
		item := advisory.Item{Where: fmt.Sprintf("%s#%d", strings.ToLower(source), n+1), Record: r}
		var st advisory.Statement
		for _, w := range words[1:] {
			key, value, ok := strings.Cut(w, "=")
			if !ok {
				id := advisory.ID(w)
				if item.Native = w; r.ID == "" {
					r.ID = id
				} else {
					r.Aliases = append(r.Aliases, id)
				}
				continue
			}
			switch key {
			case "dist":
				r.Affected = append(r.Affected, advisory.Affected{Dist: cpan.Dist(value)})
			case "affected":
				st.CPANSA = &advisory.CPANSA{Affected: strings.Split(value, "|")}
			case "fixed":
				st.CPANSA.Fixed = strings.Split(value, "|")
			case "module":
				r.Affected[0].Modules = append(r.Affected[0].Modules, cpan.Module(value))
			case "text":
				r.Description = strings.ReplaceAll(value, "_", " ")
			case "title":
				r.Title = value
			case "severity":
				r.Severity, _ = advisory.ParseSeverity(value)
			case "withdrawn":
				r.Withdrawn, _ = advisory.ParseDate(value)
			default:
				t.Fatalf("%q in %q", w, line)
			}
		}
		for i := range r.Affected {
			if st.Entry = item.Native; st.CPANSA != nil {
				r.Affected[i].Statements = []advisory.Statement{st}
			}
		}
		i, ok := by[source]
		if !ok {
			i = len(out)
			by[source] = i
			out = append(out, advisory.Batch{Source: advisory.Source{Name: source}})
		}
		out[i].Items = append(out[i].Items, item)
	}
	return out
}

// releases reads lines as "Foo-Bar 1.0 1.1 1.2".
func releases(text string) advisory.Batch {
	b := advisory.Batch{Source: advisory.Source{Name: "list"}, Releases: map[cpan.Dist][]advisory.Known{}}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for _, v := range words[1:] {
			d := cpan.Dist(words[0])
			b.Releases[d] = append(b.Releases[d], advisory.Known{Version: v})
		}
	}
	return b
}
