package scan

import (
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/perlver"
)

// bounds are the versions that an advisory names as ends of its ranges.
type bounds struct {
	fixed  []perlver.Version // a source says that the flaw is mended there
	before []perlver.Version // an affected range ends before it
	last   []perlver.Version // an affected range ends with it
}

// boundsOf reads the ends out of what the sources say, in their own grammars.
// What cannot be read is no end; the verdict has told about it.
func boundsOf(a *advisory.Affected) bounds {
	var b bounds
	for i := range a.Statements {
		switch s := &a.Statements[i]; {
		case s.CPANSA != nil:
			b.cpansa(s.CPANSA)
		case s.CVE != nil:
			b.cve(s.CVE)
		case s.OSV != nil:
			for _, r := range s.OSV.Ranges {
				for _, e := range r.Events {
					add(&b.fixed, e.Fixed)
					add(&b.last, e.LastAffected)
				}
			}
		}
	}
	return b
}

func (b *bounds) cpansa(s *advisory.CPANSA) {
	for _, element := range s.Affected {
		for clause := range strings.SplitSeq(element, ",") {
			switch op, version := cutOperator(clause); op {
			case "<":
				add(&b.before, version)
			case "<=", "=", "==", "":
				add(&b.last, version)
			}
		}
	}
	for _, element := range s.Fixed {
		for clause := range strings.SplitSeq(element, ",") {
			switch op, version := cutOperator(clause); op {
			case ">=", "=", "==", "": // a bare fixed version is a minimum
				add(&b.fixed, version)
			}
		}
	}
}

func (b *bounds) cve(s *advisory.CVE) {
	for _, e := range s.Versions {
		affected := e.Status == "affected"
		switch {
		case affected && e.LessThan != "":
			add(&b.before, e.LessThan)
		case affected && e.LessThanOrEqual != "":
			add(&b.last, e.LessThanOrEqual)
		case affected:
			add(&b.last, e.Version)
		case e.Status == "unaffected" && e.Version != "0":
			add(&b.fixed, e.Version)
		}
		for _, c := range e.Changes {
			if c.Status == "unaffected" {
				add(&b.fixed, c.At)
			}
		}
	}
}

// add adds the version of text, if it is one.
func add(to *[]perlver.Version, text string) {
	if v, err := perlver.ParseExact(text); text != "" && err == nil {
		*to = append(*to, v)
	}
}

// cutOperator splits a clause of CPANSA; a bare version has no operator.
func cutOperator(clause string) (op, version string) {
	clause = strings.Trim(clause, " \t")
	for _, op := range [...]string{"<=", ">=", "==", "!=", "<", ">", "="} {
		if rest, ok := strings.CutPrefix(clause, op); ok {
			return op, strings.Trim(rest, " \t")
		}
	}
	return "", clause
}

// fixedIn says in which versions above base the flaw of a record is mended,
// and is careful about what a source states: a version that the same record
// calls affected mends nothing.
func fixedIn(j advisory.Judge, b bounds, base perlver.Version, known []release) FixedIn {
	mends := func(v perlver.Version) bool { return v.Compare(base) > 0 && j.Status(v).IsClean() }
	if stated := texts(b.fixed, mends); len(stated) > 0 {
		return FixedIn{Basis: "stated", Versions: stated}
	}
	for _, developer := range [...]bool{false, true} {
		for _, r := range known {
			if r.developer == developer && !r.derived && mends(r.version) {
				return FixedIn{Basis: "inferred", Versions: []string{r.text}}
			}
		}
	}
	if len(known) == 0 {
		if before := texts(b.before, mends); len(before) > 0 {
			return FixedIn{Basis: "inferred", Versions: before[:1]}
		}
	}
	return FixedIn{Basis: "none"}
}

// highestAffected is the highest of some releases that a record affects, or
// zero: above it a component is mended whose version nobody knows.
func highestAffected(j advisory.Judge, known []release) perlver.Version {
	for _, r := range slices.Backward(known) {
		if j.Status(r.version) >= advisory.StatusContradictory {
			return r.version
		}
	}
	return perlver.Version{}
}

// texts gives the texts of the versions that are wanted, lowest first, one for
// each place in the order.
func texts(vs []perlver.Version, wanted func(perlver.Version) bool) []string {
	vs = slices.Clone(vs)
	slices.SortStableFunc(vs, perlver.Version.Compare)
	var out []string
	var last perlver.Version
	for _, v := range vs {
		if (last.IsZero() || !v.Equal(last)) && wanted(v) {
			out, last = append(out, v.String()), v
		}
	}
	return out
}

// openEnded says that v is clean only because the range ends at or after the
// newest known release, without anybody stating a fix: a new release of a flaw
// that was never mended looks the same.
func openEnded(j advisory.Judge, b bounds, v perlver.Version, known []release) bool {
	newest := known[len(known)-1].version
	if v.Compare(newest) <= 0 || j.Status(newest) < advisory.StatusContradictory {
		return false
	}
	for _, ends := range [...][]perlver.Version{b.fixed, b.before} {
		for _, end := range ends {
			if end.Compare(newest) > 0 && end.Compare(v) <= 0 {
				return false
			}
		}
	}
	return true
}
