// The limits of a number, and of how many digits the high one is:
//
//	if (n < 0 || n > 999)

package native

import (
	"strconv"
	"strings"
)

// limits are what a function asks of a number.
type limits struct {
	low, high bool
	digits    int // of the high limit, 0 where that is not known
}

// limits gives what is asked of a number between two tokens: n < 100, n >= 0,
// n % 10, but not that it is equal to another.
func (r *review) limits(name string, from, to int) limits {
	var l limits
	for _, i := range r.uses[name] {
		if i >= to {
			break
		}
		if i <= from {
			continue
		}
		m := r.limit(i)
		if m.low && m.high {
			return m
		}
		l = limits{low: l.low || m.low, high: l.high || m.high, digits: max(l.digits, m.digits)}
	}
	return l
}

// limit gives what is asked of a number at one use.
func (r *review) limit(i int) (l limits) {
	f := r.file
	op, other := f.Text(i+1), i+2
	if !isOrder(op) {
		op, other = f.Text(i-1), i-2
	}
	if f.Text(i+1) == "++" && isOrder(f.Text(i+2)) {
		op, other = f.Text(i+2), i+3
	}
	switch {
	case f.Text(i-1) == "->" || f.Text(i-1) == ".":
	case f.Text(i+1) == "%" || f.Text(i+1) == "&" || f.Text(i+1) == "%=" || f.Text(i+1) == "&=" || f.Text(i-2) == "switch":
		return limits{low: true, high: true}
	case isOrder(op):
		n, ok := r.shelf.defined[f.Text(other)]
		if !ok {
			var err error
			n, err = strconv.Atoi(strings.TrimRight(f.Text(other), "uUlL"))
			ok = err == nil
		}
		switch {
		case ok && (n <= 1 || f.Text(other-1) == "-"):
			l.low = true
		case ok:
			l.high, l.digits = true, max(l.digits, len(strconv.Itoa(n)))
		case r.within(i, "for", "while") && !r.limitedBefore(f.Text(other), i):
			// for (n = 0; n < count; n++) is no limit where count has none.
		default:
			l.high = true
		}
	default:
		if isCheck(r.inCall(i)) {
			return limits{low: true, high: true}
		}
	}
	return l
}

// limitedBefore reports whether a number is compared by its order before a token,
// outside of the heads of loops; a constant is.
func (r *review) limitedBefore(name string, before int) bool {
	if strings.ToUpper(name) == name {
		return true
	}
	for _, i := range r.uses[name] {
		if i < before && (isOrder(r.file.Text(i-1)) || isOrder(r.file.Text(i+1))) && !r.within(i, "for", "while") {
			return true
		}
	}
	return false
}
