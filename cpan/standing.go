package cpan

// Standing is what an index at hand knows of a release. What an index does not
// hold is Unknown to it, never Nowhere.
type Standing uint8

// The standings, the best first but for Unknown.
const (
	Unknown   Standing = iota
	Indexed            // 02packages.details.txt names it for some module
	OnCPAN             // an author's folder has it; the index names a later one, or none
	OnBackPAN          // a listing of BackPAN has it: superseded, or withdrawn
	Withdrawn          // BackPAN has it, and CPAN no more
	Nowhere            // neither the index has it nor a listing of all that ever was
)

var standingNames = [...]string{
	Unknown:   "unknown",
	Indexed:   "indexed",
	OnCPAN:    "on CPAN",
	OnBackPAN: "on BackPAN",
	Withdrawn: "withdrawn",
	Nowhere:   "nowhere",
}

// String gives the standing's name, as in "on CPAN".
func (s Standing) String() string {
	if int(s) < len(standingNames) {
		return standingNames[s]
	}
	return standingNames[Unknown]
}
