package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

var sharedFolder = lazyregexp.New(`\A(?:/tmp|/var/tmp|/usr/tmp|/dev/shm|/private/tmp)(?:/|\z)`)

// inShared reports whether a path lies in a folder that all users of a machine
// share, under a name that can be known before; direct where the source says so
// at that place.
func inShared(f *audit.File, path []piece) (shared, direct bool) {
	if len(path) == 0 {
		return false, false
	}
	first := path[0]
	if first.node == 0 {
		if !sharedFolder.MatchString(first.text) {
			return false, false
		}
	} else if !startsShared(f, first.node) {
		return false, false
	}
	for _, part := range path {
		if part.node != 0 && isMadeSafely(f, part.node) {
			return false, false
		}
	}
	return true, first.node == 0
}

// startsShared reports whether the value with which a path begins is, or begins
// with, a shared folder.
func startsShared(f *audit.File, n perlsrc.NodeID) bool {
	if isTmpdir(f, n) {
		return true
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins {
		switch {
		case len(o.Steps) > farSteps:
		case o.Kind == flow.Constant && sharedFolder.MatchString(o.Name):
			return true
		case o.Kind == flow.Result && isTmpdir(f, o.Node):
			return true
		case o.Kind == flow.Global && strings.HasSuffix(o.Name, "ENV") && isTempVariable(o.Key):
			return true
		}
	}
	return false
}

// isTmpdir reports whether a node asks File::Spec for the folder for temporary
// files, and not an object or a function of another kind for one of its own.
func isTmpdir(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	if t.Nodes[n].Kind != perlsrc.CallNode || audit.Unqualified(t.Callee(n)) != "tmpdir" {
		return false
	}
	call := t.Call(n)
	if call.Method {
		return strings.HasPrefix(call.Class, "File::Spec")
	}
	_, ok := f.Loads("File::Spec::Functions")
	return len(call.Args) == 0 && (ok || strings.HasPrefix(call.Callee, "File::Spec"))
}

func isTempVariable(key string) bool { return key == "TMPDIR" || key == "TMP" || key == "TEMP" }

// safeNames make a name or folder that nobody knows before, and make it at once.
var safeNames = map[string]bool{
	"tempfile": true, "tempdir": true, "mkstemp": true, "mkstemps": true, "mkdtemp": true, "newdir": true, "new_tmpfile": true,
	"mktemp_file": true, "scratch": true,
}

// isPredictable reports whether the source shows that all parts of a path can be
// known: what stands there, the process, the time, the user, rand.
func isPredictable(f *audit.File, path []piece) bool {
	for _, part := range path {
		if part.node == 0 {
			continue
		}
		origins, _ := f.Flow().Origins(part.node)
		for _, o := range origins {
			switch o.Kind {
			case flow.Constant, flow.Global:
			case flow.Result:
				switch audit.Unqualified(o.Name) {
				case "rand", "time", "getpwuid", "getlogin", "localtime", "gmtime", "hostname", "basename", "getppid", "times":
				default:
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// randomNames are functions whose result nobody can guess.
var randomNames = lazyregexp.New(`\A(?:urandom|random_bytes|getrandom|sysrandom|random_uuid|uuid4)`)

// isMadeSafely reports whether a value comes from what makes temporary files
// safely: the name, or the object, or the object's filename.
func isMadeSafely(f *audit.File, n perlsrc.NodeID) bool { return madeSafely(f, n, 0) }

func madeSafely(f *audit.File, n perlsrc.NodeID, deep int) bool {
	if deep > 3 {
		return false
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins {
		if o.Kind != flow.Result {
			continue
		}
		name := audit.Unqualified(o.Name)
		if safeNames[name] || randomNames.MatchString(name) || strings.HasPrefix(o.Class, "File::Temp") {
			return true
		}
		if name == "filename" && f.Tree.Nodes[o.Node].Kind == perlsrc.CallNode && o.Node != n {
			return madeSafely(f, o.Node, deep+1)
		}
	}
	if f.Tree.Nodes[n].Kind == perlsrc.CallNode && audit.Unqualified(f.Tree.Callee(n)) == "filename" {
		if object := f.Tree.Call(n).Invocant; object != 0 {
			return madeSafely(f, object, deep+1)
		}
	}
	return false
}
