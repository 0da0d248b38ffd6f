package decode

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/perlsrc"
)

// localWords are words of packages and subs that read what lies on the same machine
// because the system, an administrator or the program itself put it there: its
// databases, fonts, journals. Nobody sends such a thing.
var localWords = []string{
	"terminfo", "termcap", "wtmp", "utmp", "utmpx", "lastlog", "zoneinfo", "tzfile", "tzdata", "passwd", "proc", "procfs", "sysfs", "locale", "locales",
	"font", "fonts", "ttf", "truetype", "otf", "bdf", "geoip", "hyphenation", "dictionary", "wordlist", "thesaurus", "rcfile", "inifile",
	"cache", "cached", "journal", "checkpoint", "snapshot", "bookmarks", "preferences", "prefs", "gconf", "dconf", "registry",
}

// isLocal reports whether a sub reads what lies on the same machine, by its name and
// package, or by the file that a handle was opened for.
func isLocal(f *audit.File, at perlsrc.NodeID) bool {
	return firstOf(localWords, f.Tree.EnclosingPackage(at), f.SubName(at)) != "" || isOfTests(f, at)
}

// ships are functions that give the folder or file that a release has installed.
var ships = []string{"dist_file", "dist_dir", "module_file", "module_dir", "class_file", "class_dir"}

// isOwnFile reports whether a handle is of a file that the source names, or that
// the release brings.
func isOwnFile(f *audit.File, handle perlsrc.NodeID) bool {
	origins, _ := f.Flow().Origins(handle)
	for _, o := range origins {
		if audit.Unqualified(o.Name) != "open" || f.Tree.Nodes[o.Node].Kind != perlsrc.CallNode {
			continue
		}
		call := f.Tree.Call(o.Node)
		if len(call.Args) < 2 {
			return false
		}
		path := call.Args[len(call.Args)-1]
		if own(f, o.Node) {
			return true
		}
		return strings.Contains(string(f.Tree.Text(path)), "__FILE__") || slices.ContainsFunc(input.Of(f, path), func(s input.Source) bool {
			return slices.Contains(ships, audit.Unqualified(s.From.Name))
		})
	}
	return false
}

// readsOwnFile reports whether one of some subs reads a file that the source names.
func readsOwnFile(f *audit.File, subs []fileSub, group []int) bool {
	for _, i := range group {
		for n := range f.Tree.All(subs[i].node, perlsrc.CallNode) {
			switch call := f.Tree.Call(n); call.Callee {
			case "read", "sysread", "getc", "readline":
				if !call.Method && len(call.Args) > 0 && isOwnFile(f, call.Args[0]) {
					return true
				}
			}
		}
	}
	return false
}
