// Command nacred builds, publishes and serves the advisory index: nacred --help.
package main

import (
	"os"

	"nacre/internal/app"
)

func main() { os.Exit(app.Program().Main()) }
