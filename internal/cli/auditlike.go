package cli

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"nacre/audit"
	"nacre/audit/like"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/limit"
	"nacre/perlsrc/facts"
)

// likeness is an audit that looks for one shape.
type likeness struct {
	rule  *audit.Rule
	file  string // that it was taken from, and the lines
	shape *like.Shape
	most  int // how many places are told; 0 for all
}

// likeTo reads the shape at --like.
func (f *auditFlags) likeTo(c *cobra.Command, env *Env) (*likeness, error) {
	name, at, ok := cutLast(f.like, ":")
	line, err := strconv.Atoi(at)
	switch {
	case !ok || err != nil || line < 1:
		return nil, command.Usage(c, fmt.Errorf("--like %.80q is no FILE:LINE", f.like))
	case len(f.rules)+len(f.without) > 0:
		return nil, command.Usage(c, errors.New("--like looks for one shape, and for no rule"))
	case f.likeness < 1 || f.likeness > 100:
		return nil, command.Usage(c, fmt.Errorf("--likeness %d is not from 1 to 100", f.likeness))
	case f.most < 0:
		return nil, command.Usage(c, fmt.Errorf("--most %d is less than none", f.most))
	}
	in, err := openInput(env, name, "name a file of Perl and one of its lines, as in lib/Foo.pm:12")
	if err != nil {
		return nil, err
	}
	defer in.Close()
	src, err := limit.ReadAll(in, audit.MaxFile, "file size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	shape, err := like.Of(audit.NewFile(name, audit.RoleOf(name, src[:min(len(src), facts.Head)]), src), line)
	if err != nil {
		return nil, err
	}
	return &likeness{like.Rule(shape, f.like, float64(f.likeness)/100), name, shape, f.most}, nil
}

// cutLast cuts a text at the last separator.
func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// ranked gives what run finds at the end, the likest first, without the place that
// the shape was taken from, and says how many are left out.
func (l *likeness) ranked(src *audited, run func(func(audit.Result) bool) error, yield func(audit.Result) bool) error {
	var found []audit.Finding
	more := true
	err := run(func(r audit.Result) bool {
		found = append(found, slices.DeleteFunc(r.Findings, func(f audit.Finding) bool { return l.isSource(src, f) })...)
		r.Findings = nil
		more = yield(r)
		return more
	})
	slices.SortStableFunc(found, func(a, b audit.Finding) int { return cmp.Compare(b.Likeness, a.Likeness) })
	out := audit.Result{Findings: found}
	if left := len(found) - l.most; l.most > 0 && left > 0 {
		out.Findings = found[:l.most]
		are := "are"
		if left == 1 {
			are = "is"
		}
		out.Notes = []audit.Note{{What: fmt.Sprintf("%d more, alike by %d %% and less, %s not told; --most tells more", left, found[l.most].Likeness, are)}}
	}
	if more {
		yield(out)
	}
	return err
}

// isSource reports whether a finding is where the shape was taken from.
func (l *likeness) isSource(src *audited, f audit.Finding) bool {
	return src.dir != "" && f.Line >= l.shape.First && f.Line <= l.shape.Last && isSameFile(filepath.Join(src.dir, filepath.FromSlash(f.File)), l.file)
}

// isSameFile reports whether two names are of one file.
func isSameFile(a, b string) bool {
	a, err := filepath.Abs(a)
	other, err2 := filepath.Abs(b)
	return err == nil && err2 == nil && a == other
}
