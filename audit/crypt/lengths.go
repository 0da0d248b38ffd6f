package crypt

import (
	"path"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/csrc"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// A comparison that means to take the same time always, and ends at once where the
// lengths differ, tells the length.

// constantTime is a name that says so.
var constantTime = lazyregexp.New(`(?i)const(?:ant)?_?time|timing_?(?:safe|constant)|time_?(?:constant|independent)|fixed_?time|(?:secure|slow)_?(?:comp|eq|memcmp|cmp)`)

const unequal = "the comparison ends at once where the lengths differ, which tells the length of the secret"

// unequalLengths tells of one in Perl.
func (v view) unequalLengths(n, left, right perlsrc.NodeID, op string) {
	if op != "!=" && op != "==" || !v.isLength(left) || !v.isLength(right) || !constantTime.MatchString(v.f.SubName(n)) {
		return
	}
	if by, _ := v.t.Conditional(n); by == 0 && v.t.Dest(n).Use != perlsrc.Condition {
		return
	}
	v.pass.Report(audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.Low, Message: unequal})
}

// isLength reports whether a value is a length: length $x, $len, $x_length.
func (v view) isLength(n perlsrc.NodeID) bool {
	n = v.bare(n)
	if v.kind(n) == perlsrc.CallNode {
		return v.t.Callee(n) == "length"
	}
	return v.kind(n) == perlsrc.TermNode && lengthName(audit.NameOf(v.t, n))
}

var (
	lengthWords = purpose.NewSet("len length size cur sz")
	lengthEnd   = lazyregexp.New(`(?i)(?:len|length)\d?\z`)
)

// lengthName reports whether a name is one of a length: alen, key_len, size2.
func lengthName(name string) bool { return lengthWords.In(name) || lengthEnd.MatchString(name) }

// lengthsInC tells of one in C or XS: the function or the file is called so, and
// two lengths are compared in a condition.
func lengthsInC(p *audit.Pass, file *csrc.File, fn *csrc.Function) {
	if !constantTime.MatchString(fn.Name) && !constantTime.MatchString(path.Base(p.File.Path)) {
		return
	}
	for i := fn.First + 1; i+1 < fn.End; i++ {
		if op := file.Text(i); op != "==" && op != "!=" {
			continue
		}
		left, begin := lengthBefore(file, i-1)
		right, end := lengthBehind(file, i+1)
		if left == "" || right == "" || left == right || begin == 0 {
			continue
		}
		switch file.Text(begin - 1) {
		case "(", "&&", "||":
		default:
			continue
		}
		if after := file.Text(end); after != ")" && after != "&&" && after != "||" && after != "?" {
			continue
		}
		p.Report(audit.Found{Line: file.Tokens[i].Line, Confidence: audit.Likely, Severity: audit.Low, Message: unequal})
	}
}

// lengthBefore gives the length that ends at a token, and where it begins; "" for
// none.
func lengthBefore(file *csrc.File, at int) (string, int) {
	switch {
	case file.Is(at, csrc.Word) && lengthName(file.Text(at)):
		return file.Text(at), at
	case file.Text(at) == ")" && file.Match(at) > 0:
		begin := file.Match(at) - 1
		if begin >= 0 && isLengthC(file.Text(begin)) {
			return file.Span(begin, at+1), begin
		}
	}
	return "", 0
}

// lengthBehind gives the length that begins at a token, and what is behind it; ""
// for none.
func lengthBehind(file *csrc.File, at int) (string, int) {
	switch {
	case isLengthC(file.Text(at)) && file.Text(at+1) == "(" && file.Match(at+1) > 0:
		end := file.Match(at+1) + 1
		return file.Span(at, end), end
	case file.Is(at, csrc.Word) && lengthName(file.Text(at)):
		return file.Text(at), at + 1
	}
	return "", 0
}

// isLengthC reports whether a function gives a length.
func isLengthC(name string) bool {
	return name == "SvCUR" || name == "strlen" || name == "sv_len" || name == "SvLEN"
}
