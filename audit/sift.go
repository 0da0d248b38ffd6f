package audit

import "slices"

// Sift says which findings are told, and which count.
type Sift struct {
	Confidence Confidence // the least that is told
	Severity   Severity   // the least that is told
	FailOn     Severity   // the least that makes the status 1; 0 for none
	Baseline   Baseline   // what was found before; nil for nothing
	// IsNew says whether a line is new; nil where all are looked at.
	IsNew func(file string, line int) bool
}

// Tell hands what a run gives to h, sifted, with the configuration before it and
// the summary behind it. run is Run, or what replaces it; an error of it is
// given back, with the summary told that far.
func (s Sift) Tell(c Config, h Handler, run func(yield func(Result) bool) error) (Summary, error) {
	if err := h.Handle(Message{Config: &c}); err != nil {
		return Summary{}, err
	}
	var sum Summary
	var failed error
	fails := false
	known := s.Baseline.copy()
	err := run(func(r Result) bool {
		failed = s.result(&sum, &r, known, &fails, h)
		return failed == nil
	})
	if failed != nil {
		return sum, failed
	}
	if err != nil {
		sum.Partial = true
	}
	switch {
	case sum.Partial:
		sum.Status = 3
	case fails:
		sum.Status = 1
	}
	if told := h.Handle(Message{Summary: &sum}); err == nil {
		err = told
	}
	return sum, err
}

// result tells one result.
func (s Sift) result(sum *Summary, r *Result, known Baseline, fails *bool, h Handler) error {
	switch {
	case r.Read && r.File != "":
		sum.Files++
		sum.Bytes += int64(r.Bytes)
	case r.Role == Test || r.Role == Author:
		sum.Skipped++
	}
	partial := false
	for i := range r.Notes {
		partial = partial || r.Notes[i].Partial
		if err := h.Handle(Message{Note: &r.Notes[i]}); err != nil {
			return err
		}
	}
	if partial {
		sum.Partial = true
		if r.File != "" {
			sum.Unread++
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		confidence, _ := ParseConfidence(f.Confidence)
		severity, _ := ParseSeverity(f.Severity)
		switch {
		case confidence < s.Confidence || severity < s.Severity:
			sum.Below++
			continue
		case s.IsNew != nil && !s.isNew(f):
			sum.Old++
			continue
		case f.Allowed != nil:
			sum.Allowed++
		case known.takes(f):
			f.Known = true
			sum.Known++
		default:
			sum.count(severity)
			*fails = *fails || s.FailOn != 0 && severity >= s.FailOn
		}
		if err := h.Handle(Message{Finding: f}); err != nil {
			return err
		}
	}
	return nil
}

// isNew reports whether the finding's line is new, or one that the value comes by.
func (s Sift) isNew(f *Finding) bool {
	return s.IsNew(f.File, f.Line) || slices.ContainsFunc(f.Steps, func(st Step) bool { return s.IsNew(f.File, st.Line) })
}

func (sum *Summary) count(s Severity) {
	switch s {
	case Critical:
		sum.Critical++
	case High:
		sum.High++
	case Medium:
		sum.Medium++
	default:
		sum.Low++
	}
}

// Counted is how many findings are told and count.
func (sum *Summary) Counted() int { return sum.Critical + sum.High + sum.Medium + sum.Low }

// Baseline is what an earlier audit found: how often each fingerprint was there.
type Baseline map[string]int

// Handle takes the findings of a recorded stream, those too that were known then.
func (b Baseline) Handle(m Message) error {
	if m.Finding != nil && m.Finding.Allowed == nil {
		b[m.Finding.Fingerprint]++
	}
	return nil
}

func (b Baseline) copy() Baseline {
	c := Baseline{}
	for k, n := range b {
		c[k] = n
	}
	return c
}

// takes reports whether a finding was there before, each as often as it was.
func (b Baseline) takes(f *Finding) bool {
	if b[f.Fingerprint] == 0 {
		return false
	}
	b[f.Fingerprint]--
	return true
}
