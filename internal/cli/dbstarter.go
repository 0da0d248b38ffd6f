package cli

import (
	"nacre/advisory/db"
	"nacre/internal/starter"
)

// openStarter opens the set that is built in.
func openStarter() (*db.DB, error) { return starter.Open() }
