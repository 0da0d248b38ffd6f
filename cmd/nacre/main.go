// Command nacre is the supply-chain security tool of CPAN: nacre --help.
package main

import (
	"os"

	"nacre/internal/cli"
)

func main() {
	pace()
	os.Exit(cli.Program().Main())
}
