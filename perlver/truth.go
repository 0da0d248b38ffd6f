package perlver

// Truth is a logic value of three: what is not known stays unknown.
type Truth int8

// The three values.
const (
	False Truth = iota
	True
	Unknown
)

// String is false, true or unknown.
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case True:
		return "true"
	}
	return "unknown"
}

func truth(b bool) Truth {
	if b {
		return True
	}
	return False
}
