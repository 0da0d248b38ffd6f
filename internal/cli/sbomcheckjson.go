package cli

import (
	"nacre/advice"
	"nacre/bom/schema"
	"nacre/sbom/profile"
)

// sbomCheckLine is one line of nacre sbom check --format json; one field is set.
type sbomCheckLine struct {
	File    *sbomFileLine    `json:"file,omitempty"`
	Problem *sbomProblemLine `json:"problem,omitempty"`
	Check   *sbomTallyLine   `json:"check,omitempty"`
	Gap     *sbomGapLine     `json:"gap,omitempty"`
	Summary *sbomSummaryLine `json:"summary,omitempty"`
}

type sbomFileLine struct {
	Name       string `json:"name"`
	Format     string `json:"format"`
	Version    string `json:"version"`
	Encoding   string `json:"encoding"`
	Components int    `json:"components"`
	Schema     string `json:"schema"`
}

type sbomProblemLine struct {
	File    string       `json:"file"`
	Source  string       `json:"source"` // schema or rule
	ID      string       `json:"id,omitempty"`
	Level   advice.Level `json:"level"`
	Pointer string       `json:"pointer"`
	Line    int          `json:"line,omitempty"`
	Ref     string       `json:"ref,omitempty"`
	Name    string       `json:"name,omitempty"`
	Message string       `json:"message"`
	How     string       `json:"how,omitempty"`
}

type sbomTallyLine struct {
	File     string        `json:"file"`
	Profile  string        `json:"profile"`
	Check    string        `json:"check"`
	Title    string        `json:"title"`
	Of       string        `json:"of"`
	Level    profile.Level `json:"level"`
	Grade    profile.Grade `json:"grade"`
	Asked    int           `json:"asked"`
	Passed   int           `json:"passed"`
	Unknown  int           `json:"unknown"`
	Redacted int           `json:"redacted"`
	Failed   int           `json:"failed"`
	Exempt   int           `json:"not_applicable"`
	How      string        `json:"how"`
}

type sbomGapLine struct {
	File    string        `json:"file"`
	Profile string        `json:"profile"`
	Check   string        `json:"check"`
	State   profile.State `json:"state"`
	Ref     string        `json:"ref,omitempty"`
	Name    string        `json:"name,omitempty"`
	Pointer string        `json:"pointer"`
	Line    int           `json:"line,omitempty"`
	Note    string        `json:"note,omitempty"`
}

type sbomSummaryLine struct {
	File     string            `json:"file"`
	OK       bool              `json:"ok"` // the exit status of this file alone is 0
	Schema   int               `json:"schema_problems"`
	Rules    advice.Counts     `json:"rules"`
	Profiles []sbomProfileLine `json:"profiles"`
}

type sbomProfileLine struct {
	ID         string        `json:"id"`
	Version    string        `json:"version"`
	Source     string        `json:"source"`
	Grade      profile.Grade `json:"grade"`
	Score      int           `json:"score"`
	Components int           `json:"components"`
	Sound      int           `json:"sound"`
}

// writeHead writes the line of a file, and its schema's problems.
func (k *sbomChecking) writeHead(v *sbomVerdict) error {
	f := v.bill.Format
	err := k.out.Encode(sbomCheckLine{File: &sbomFileLine{v.file, f.Name, f.Version, f.Encoding, v.components, v.schema}})
	for i := range v.problems {
		if err == nil {
			err = k.writeSchemaProblem(v.file, &v.problems[i])
		}
	}
	return err
}

func (k *sbomChecking) writeSchemaProblem(file string, p *schema.Problem) error {
	return k.out.Encode(sbomCheckLine{Problem: &sbomProblemLine{
		File: file, Source: "schema", Level: advice.Error, Pointer: p.Pointer, Line: p.Line, Message: p.Message,
	}})
}

func (k *sbomChecking) writeProblem(file string, p *profile.Problem) error {
	return k.out.Encode(sbomCheckLine{Problem: &sbomProblemLine{
		File: file, Source: "rule", ID: p.ID, Level: p.Level, Pointer: p.Pointer, Line: p.Line, Ref: p.Ref, Name: p.Name, Message: p.Message, How: p.How,
	}})
}

// writeJSON writes what the profiles found, all of it, and the summary.
func (k *sbomChecking) writeJSON(v *sbomVerdict, ok bool) error {
	sum := sbomSummaryLine{File: v.file, OK: ok, Schema: len(v.problems), Rules: v.counts, Profiles: []sbomProfileLine{}}
	for i := range v.reports {
		r := &v.reports[i]
		id := r.Profile.ID
		for j := range r.Tallies {
			t := &r.Tallies[j]
			if err := k.out.Encode(sbomCheckLine{Check: &sbomTallyLine{
				v.file, id, t.Rule.ID, t.Rule.Title, t.Rule.Of, t.Rule.Level, t.Grade(),
				t.Asked, t.Passed, t.Unknown, t.Redacted, t.Failed, t.Exempt, t.Rule.How,
			}}); err != nil {
				return err
			}
		}
		for g := range profile.Gaps(v.bill, r.Profile) {
			if err := k.out.Encode(sbomCheckLine{Gap: &sbomGapLine{
				v.file, id, g.Rule.ID, g.State, g.Ref, g.Name, g.Pointer, g.Line, g.Note,
			}}); err != nil {
				return err
			}
		}
		sum.Profiles = append(sum.Profiles, sbomProfileLine{id, r.Profile.Version, r.Profile.Source, r.Grade, r.Score, r.Components, r.Sound})
	}
	return k.out.Encode(sbomCheckLine{Summary: &sum})
}
