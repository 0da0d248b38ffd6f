package build

import (
	"bytes"
	"path"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
)

// The bounds of what is read to tell what a release runs when it is built.
const (
	maxRun  = 50
	maxCode = 256 << 10 // bytes of each
)

type runKey struct{}

// run gives the code of the files that a release runs when it is built: its
// programs for that, and the modules and files of the release that these load, and
// those again. It is empty where the release has no such program.
func run(rel *audit.Release) map[string][]byte {
	return rel.Memo(runKey{}, func() any {
		all := map[string][]byte{}
		var todo []string
		add := func(name string) {
			if _, seen := all[name]; !seen && rel.Has(name) && len(all) < maxRun {
				all[name] = nil
				todo = append(todo, name)
			}
		}
		for _, name := range rel.Files {
			if strings.HasSuffix(name, ".PL") && audit.RoleOf(name, nil) == audit.Build {
				add(name)
			}
		}
		for len(todo) > 0 {
			name := todo[0]
			todo = todo[1:]
			src, err := rel.ReadFile(name, maxCode)
			if err != nil {
				continue
			}
			all[name] = code(src)
			for _, l := range facts.OfTree(perlsrc.Parse(src)).Loads {
				for _, as := range [...]string{l.File, strings.ReplaceAll(l.Module, "::", "/") + ".pm"} {
					for _, folder := range [...]string{"", "inc", "lib", path.Dir(name)} {
						add(path.Join(folder, as))
					}
				}
			}
		}
		return all
	}).(map[string][]byte)
}

// isRun reports whether a file is one of those that run when the release is built.
// What lies in inc may be a copy of what tests need, and a class for building may
// be there for the releases of others.
func isRun(p *audit.Pass) bool {
	if strings.HasSuffix(p.File.Path, ".PL") {
		return true
	}
	all := run(p.Release)
	_, ok := all[p.File.Path]
	return ok || len(all) == 0 && strings.HasPrefix(p.File.Path, "inc/")
}

// overridden are subs that builders call.
var overridden = map[string]bool{"new": true, "import": true, "resume": true, "BUILD": true, "BEGIN": true, "INIT": true, "configure": true, "create_build_script": true}

// isCalled reports whether the sub around a node may be called when the release is
// built: by a builder, or by what runs then.
func isCalled(p *audit.Pass, n perlsrc.NodeID) bool {
	f := p.File
	name := f.SubName(n)
	pkg := f.Tree.EnclosingPackage(n)
	switch {
	case name == "" || overridden[name] || pkg == "MY" || strings.HasPrefix(name, "ACTION_") || strings.HasPrefix(name, "process_"):
		return true
	}
	for file, src := range run(p.Release) {
		if file != f.Path && holdsWord(bytes.ReplaceAll(src, []byte("->"), []byte("  ")), name) {
			return true
		}
	}
	here := bytes.ReplaceAll(code(f.Src), []byte("->"), []byte("  "))
	i := bytes.Index(here, []byte("sub "+name))
	return i < 0 || holdsWord(here[:i], name) || holdsWord(here[i+len("sub "+name):], name)
}

// phase says when a node is reached: while the release is configured, built, tested
// or installed.
func phase(f *audit.File, n perlsrc.NodeID) string {
	name := f.SubName(n)
	switch action, ok := strings.CutPrefix(name, "ACTION_"); {
	case ok && strings.Contains(action, "install"):
		return "installed"
	case ok && strings.HasPrefix(action, "test"):
		return "tested"
	case ok && !strings.HasPrefix(action, "config") || strings.HasPrefix(name, "process_"):
		return "built"
	}
	switch base := path.Base(f.Path); {
	case strings.EqualFold(base, "Makefile.PL") || strings.EqualFold(base, "Build.PL") || strings.EqualFold(base, "configure.PL"):
		return "configured"
	case strings.HasSuffix(base, ".PL"):
		return "built"
	}
	return "configured or built"
}
