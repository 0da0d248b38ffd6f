package profile

import (
	"net/url"
	"strings"

	"nacre/fault"
	"nacre/perlver"
)

// checkVers says what is wrong with a range in the form of vers. Of those of
// cpan the versions must be Perl's, sorted and each there once; of other types
// only the form is looked at.
//
// Source: package-url/vers-spec, docs/standard.
func checkVers(s string) error {
	rest, ok := strings.CutPrefix(s, "vers:")
	kind, all, more := strings.Cut(rest, "/")
	if !ok || !more || kind == "" || all == "" {
		return fault.New(fault.Invalid, "%s is no range: vers:cpan/>=1.2|<2 expected", fault.Quote(s))
	}
	if all == "*" {
		return nil
	}
	var last perlver.Version
	for i, one := range strings.Split(all, "|") {
		text := strings.TrimLeft(one, "<>=!")
		switch one[:len(one)-len(text)] {
		case "", "=", "!=", "<", "<=", ">", ">=":
		default:
			return fault.New(fault.Invalid, "range %s: no comparison is written %s", fault.Quote(s), fault.Quote(one))
		}
		text, err := url.PathUnescape(text)
		if err != nil || text == "" || text == "*" {
			return fault.New(fault.Invalid, "range %s: %s has no version", fault.Quote(s), fault.Quote(one))
		}
		if kind != "cpan" {
			continue
		}
		v, err := perlver.Parse(text)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "range %s", fault.Quote(s))
		}
		if i > 0 && last.Compare(v) >= 0 {
			return fault.New(fault.Invalid, "range %s: its versions are not sorted, or one is there twice", fault.Quote(s))
		}
		last = v
	}
	return nil
}
