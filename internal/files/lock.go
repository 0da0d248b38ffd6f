package files

import "nacre/fault"

// locked is the error of a file that another program has locked.
func locked(name string) error {
	return fault.New(fault.Conflict, "another run is at work here").
		WithHint("wait until it has ended; it holds %s", name)
}
