package cli

import (
	"nacre/advisory/db"
	"nacre/fault"
)

// openStarter opens the set that is built in.
func openStarter() (*db.DB, error) {
	return nil, fault.New(fault.NotFound, "no advisory database here").
		WithHint("nacre db build makes one, nacre db update fetches one; --db names another")
}
