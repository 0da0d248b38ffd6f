package advisory

import "time"

// VendorStatus is what a vendor says about a flaw in one of its packages.
type VendorStatus uint8

// The statuses. The zero value is the honest one.
const (
	VendorUnknown     VendorStatus = iota // undetermined, or under investigation
	VendorFixed                           // mended from VendorStatement.Fixed on
	VendorAffected                        // not mended
	VendorNotAffected                     // the package never had it
)

// String gives the status's word, as in "not affected".
func (s VendorStatus) String() string {
	return [...]string{"unknown", "fixed", "affected", "not affected"}[s]
}

// VendorFeed is one collection of a vendor's security data, as it was given.
type VendorFeed struct {
	Name string `json:"name"` // as in VendorStatement.Feed
	// Distros are the releases that it has data of, sorted.
	Distros []string `json:"distros"`
	// Time is the newest state that the data says it is of; zero where it
	// says nothing.
	Time       time.Time `json:"time,omitzero"`
	Statements int       `json:"statements"` // what was taken of it
}

// VendorStatement is what the security data of a vendor says about one flaw in
// one source package of one release of its operating system.
type VendorStatement struct {
	Feed   string       // "Debian security tracker", "Alpine secdb", "OSV Red Hat"
	Distro string       // "debian:12", "debian:sid", "alpine:3.19", "rhel:9"
	Source string       // the source package, "libfoo-bar-perl"; of RPM the package itself
	Flaw   ID           // CVE id, or the vendor's own
	Status VendorStatus // as of the feed
	Fixed  string       // the first package version without the flaw, in the vendor's order; "" unless VendorFixed
	Note   string       // "no-dsa", "end of life", ...; at most MaxLine bytes
	URL    string       // the vendor's page on the flaw
}
