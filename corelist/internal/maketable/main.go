// Command maketable writes the table that package corelist embeds, out of the
// JSON form of Module::CoreList's tables:
//
//	{
//	 "source": "Module::CoreList 5.20241120 (Perl/perl5, dist/Module-CoreList)",
//	 "perls": [
//	  {"perl": "5.000", "released": "1994-10-17", "set": {"Carp": null, ...}},
//	  {"perl": "5.002", "released": "1996-02-29", "set": {...}, "removed": ["TieHash"]}
//	 ],
//	 "upstream": {"App::Prove": "cpan", ...},
//	 "deprecated": {"5.011": ["Switch", ...], "5.011000": [...]}
//	}
//
// perls ascend by version, and each says what changed since the one before it
// in the list. Keys of deprecated may spell a perl in several ways.
//
//	go run ./corelist/internal/maketable -o corelist/table.bin corelist.json
//
// The same input gives the same bytes. Anything it does not understand is an
// error; nothing is left out.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("o", "table.bin", "write the table to this `file`")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: maketable [-o FILE] corelist.json")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "maketable:", err)
		os.Exit(3)
	}
}

func run(in, out string) error {
	src, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	b, err := encode(src)
	if err != nil {
		return fmt.Errorf("make table from %s: %w", in, err)
	}
	return os.WriteFile(out, b, 0o644)
}
