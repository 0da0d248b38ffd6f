package lockfile

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/limit"
)

// Bounds of a plain list.
const (
	maxList    = 16 << 20 // bytes
	maxEntries = 100_000
)

// ReadList adds the components of a plain list to inv: one "Dist==Version" a
// line, blanks around both allowed, "#" begins a comment, blank lines are
// skipped:
//
//	# what the image holds
//	Plack==1.0047
//	libwww-perl == 6.68   # for the importer
//
// A list says nothing of who requires what. The file's name is for evidence
// and errors; an error names the line.
func ReadList(r io.Reader, file string, inv *inventory.Inventory) error {
	lines := bufio.NewScanner(limit.Reader(r, maxList, "list size"))
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	fail := func(line int, format string, args ...any) *fault.Error {
		return fault.New(fault.Invalid, "read %s: line %d: "+format, append([]any{file, line}, args...)...)
	}
	n := 0
	for lines.Scan() {
		n++
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		name, version, ok := strings.Cut(text, "==")
		name, version = strings.TrimSpace(name), strings.TrimSpace(version)
		if !ok || version == "" || strings.ContainsAny(version, " \t=<>!,") {
			return fail(n, "%.60q is not Dist==Version", text).
				WithHint("write one distribution with its exact version a line, as in Plack==1.0047")
		}
		dist, err := cpan.ParseDist(name)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "read %s: line %d", file, n)
		}
		if len(inv.Components) == maxEntries {
			return fail(n, "more than %d distributions (limit: list distributions)", maxEntries).WithHint(hintLarge)
		}
		inv.Components = append(inv.Components, inventory.Component{
			Kind: inventory.Exact, Dist: dist, Version: version, Direct: true,
			Evidence: []inventory.Evidence{{File: file, Line: n, How: "list"}},
		})
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fail(n+1, "longer than %d bytes (limit: list line)", maxLine).WithHint(hintLarge)
	} else if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "read %s", file)
	}
	return nil
}
