package filesystem

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// touched is a path at which something is read, made, loaded or removed.
type touched struct {
	at     perlsrc.NodeID // the call
	arg    perlsrc.NodeID // what holds the path
	path   []piece
	how    string // "opened", "deleted", "loaded as code"
	writes bool
}

// touchers are functions whose argument number at, from 0, is a path.
var touchers = []struct {
	at     int
	how    string
	writes bool
	names  []string
}{
	{0, "read", false, []string{"read_file", "slurp", "slurp_file", "read_text", "read_binary", "LoadFile", "retrieve", "lock_retrieve"}},
	{0, "written", true, []string{"write_file", "overwrite_file", "append_file", "write_text", "write_binary", "spew", "DumpFile"}},
	{1, "written", true, []string{"store", "nstore", "lock_store", "lock_nstore", "copy", "cp", "move", "mv", "rename", "getstore"}},
	{0, "read", false, []string{"copy", "cp", "move", "mv", "rename"}},
	{1, "linked to", true, []string{"symlink", "link"}},
	{1, "listed", false, []string{"opendir"}},
	{0, "deleted", true, []string{"rmdir", "rmtree", "remove_tree", "unlink"}},
	{0, "made", true, []string{"mkdir", "mkpath", "make_path"}},
	{0, "loaded as code", false, []string{"do", "require"}},
}

// pathMethods are methods of path objects that touch the path.
var pathMethods = []struct {
	how    string
	writes bool
	names  []string
}{
	{"read", false, []string{"slurp", "slurp_utf8", "slurp_raw", "lines", "lines_utf8", "openr", "openr_utf8", "openr_raw"}},
	{"opened", false, []string{"filehandle"}},
	{"written", true, []string{"spew", "spew_utf8", "spew_raw", "spurt", "append", "append_utf8", "append_raw", "openw", "openw_utf8", "openw_raw", "opena"}},
	{"made", true, []string{"touch", "touchpath", "mkpath", "mkdir", "make_path"}},
	{"deleted", true, []string{"remove", "remove_tree", "unlink"}},
}

// isOfFiles reports whether a function may be one of those that touch paths: one
// that is called with a package is, where modules of these names bring such.
func isOfFiles(callee string) bool {
	first, _, qualified := strings.Cut(callee, "::")
	return !qualified || slices.Contains([]string{"", "main", "CORE", "File", "IO", "LWP", "POSIX", "Path", "Storable", "YAML", "Mojo"}, first)
}

type touchedKey struct{}

// touches gives the places of a file that touch paths.
func touches(f *audit.File) []touched {
	return f.Memo(touchedKey{}, func() any {
		var all []touched
		t := f.Tree
		for o := range files(f) {
			all = append(all, touched{o.call, o.arg, o.name, "opened", o.makes()})
		}
		for _, w := range touchers {
			for n := range f.Calls(w.names...) {
				call := t.Call(n)
				if call.Method || call.Block != 0 || !isOfFiles(call.Callee) || w.at >= len(call.Args) || call.Callee == "require" && t.Include(n).Module != "" {
					continue
				}
				all = append(all, touched{n, call.Args[w.at], pieces(f, call.Args[w.at]), w.how, w.writes})
			}
		}
		for _, m := range pathMethods {
			for n := range f.Calls(m.names...) {
				if call := t.Call(n); call.Method && isPathObject(f, call.Invocant, 0) {
					all = append(all, touched{n, call.Invocant, pieces(f, call.Invocant), m.how, m.writes})
				}
			}
		}
		for n := range f.Calls("copy_to", "move_to", "link_to", "save_as", "saveas") { // of uploads
			if call := t.Call(n); call.Method && len(call.Args) == 1 {
				all = append(all, touched{n, call.Args[0], pieces(f, call.Args[0]), "written", true})
			}
		}
		return all
	}).([]touched)
}
