package advisory

import (
	"time"

	"nacre/fault"
)

// Date is a day in UTC; the zero Date is "not stated".
type Date struct{ t time.Time }

// DateOf gives the day of a time.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.UTC().Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// ParseDate reads a day as the sources write it: "2020-07-30", or a time
// whose first ten characters are a day ("2020-07-30T00:00:00.000Z"). Nothing
// is the zero Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	day := s
	if len(s) > 10 && (s[10] == 'T' || s[10] == ' ') {
		day = s[:10]
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return Date{}, fault.New(fault.Invalid, "date %q is not YYYY-MM-DD", s)
	}
	return Date{t}, nil
}

// IsZero reports whether no day is stated.
func (d Date) IsZero() bool { return d.t.IsZero() }

// Time is the day's first instant in UTC.
func (d Date) Time() time.Time { return d.t }

// String gives YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.t.Format(time.DateOnly)
}

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}
