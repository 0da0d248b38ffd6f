// Package arch holds the rules of the project that a compiler does not check:
// who may import whom, what the pure packages must not touch, and what no file
// may say. It has tests only; floors.txt is the table of packages.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

const (
	ground   = -1          // the floor below all numbers
	pure     = 6           // the highest floor of pure packages
	testOnly = math.MaxInt // the floor of what only tests import
)

// impure are the packages of the standard library that pure packages do not
// import, with what lies below them.
var impure = []string{"os", "net/http", "database/sql"}

// file is one Go file of the project.
type file struct {
	name string // slash-separated, from the root
	dir  string // its package: "advisory/db"
	test bool
	ast  *ast.File
	set  *token.FileSet
}

func (f file) imports() []string {
	var paths []string
	for _, spec := range f.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err) // the parser has accepted it
		}
		paths = append(paths, p)
	}
	return paths
}

// floors reads floors.txt.
func floors(t *testing.T) map[string]int {
	t.Helper()
	text, err := os.ReadFile("floors.txt")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]int{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		var floor int
		switch fields[0] {
		case "ground":
			floor = ground
		case "test":
			floor = testOnly
		default:
			if floor, err = strconv.Atoi(fields[0]); err != nil {
				t.Fatalf("floors.txt: %v", err)
			}
		}
		for _, dir := range fields[1:] {
			if _, twice := table[dir]; twice {
				t.Errorf("floors.txt names %s twice", dir)
			}
			table[dir] = floor
		}
	}
	return table
}

// walk calls see for every file of the project but those of git and of builds,
// with its name from the root.
func walk(t *testing.T, see func(name, at string)) {
	t.Helper()
	root := testkit.Root(t)
	err := filepath.WalkDir(root, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, at)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case name == ".git", name == "bin", name == "dist":
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			see(name, at)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sources parses every Go file of the project, whatever its build constraints
// say.
func sources(t *testing.T) []file {
	t.Helper()
	var files []file
	walk(t, func(name, at string) {
		if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
			return
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, at, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file{
			name: name,
			dir:  path.Dir(name),
			test: strings.HasSuffix(name, "_test.go"),
			ast:  parsed,
			set:  set,
		})
	})
	return files
}

func TestFloors(t *testing.T) {
	table := floors(t)
	for _, f := range sources(t) {
		floor, listed := table[f.dir]
		if !listed {
			t.Errorf("%s: internal/arch/floors.txt does not list %s", f.name, f.dir)
			continue
		}
		if f.test {
			continue
		}
		for _, imported := range f.imports() {
			dir, ours := strings.CutPrefix(imported, "nacre/")
			if ours && (floor == testOnly || table[dir] >= floor) {
				t.Errorf("%s (%s) imports %s (%s)", f.name, floorName(floor), dir, floorName(table[dir]))
			}
			if floor <= pure && isImpure(imported) {
				t.Errorf("%s: %s is pure, and imports %s", f.name, floorName(floor), imported)
			}
		}
	}
}

func floorName(floor int) string {
	switch floor {
	case ground:
		return "the ground"
	case testOnly:
		return "for tests only"
	}
	return "floor " + strconv.Itoa(floor)
}

func isImpure(imported string) bool {
	return slices.ContainsFunc(impure, func(p string) bool {
		return imported == p || strings.HasPrefix(imported, p+"/")
	})
}

// TestNoInit holds that nothing happens before main, and that the variables of
// a package keep the value they are declared with.
func TestNoInit(t *testing.T) {
	variables := map[string]map[string]bool{} // package, name
	files := slices.DeleteFunc(sources(t), func(f file) bool { return f.test })
	for _, f := range files {
		if variables[f.dir] == nil {
			variables[f.dir] = map[string]bool{}
		}
		for _, d := range f.ast.Decls {
			for _, name := range declared(d, token.VAR) {
				variables[f.dir][name] = true
			}
		}
	}
	for _, f := range files {
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", f.name)
			}
			local := locals(fn)
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				for _, to := range assigned(n) {
					if variables[f.dir][to.Name] && !local[to.Name] {
						t.Errorf("%s:%d: changes the package's variable %s", f.name, f.set.Position(to.Pos()).Line, to.Name)
					}
				}
				return true
			})
		}
	}
}

// declared are the names that a declaration of the given kind introduces.
func declared(d ast.Node, kind token.Token) []string {
	gen, ok := d.(*ast.GenDecl)
	if !ok || gen.Tok != kind {
		return nil
	}
	var names []string
	for _, spec := range gen.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			for _, id := range v.Names {
				names = append(names, id.Name)
			}
		}
	}
	return names
}

// locals are the names that fn declares itself, in any block.
func locals(fn *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	add := func(fields *ast.FieldList) {
		if fields == nil {
			return
		}
		for _, field := range fields.List {
			for _, id := range field.Names {
				names[id.Name] = true
			}
		}
	}
	add(fn.Recv)
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			add(n.Params)
			add(n.Results)
		case *ast.GenDecl:
			for _, name := range declared(n, token.VAR) {
				names[name] = true
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, to := range n.Lhs {
					if id, ok := to.(*ast.Ident); ok {
						names[id.Name] = true
					}
				}
			}
		case *ast.RangeStmt:
			for _, to := range []ast.Expr{n.Key, n.Value} {
				if id, ok := to.(*ast.Ident); ok && n.Tok == token.DEFINE {
					names[id.Name] = true
				}
			}
		}
		return true
	})
	return names
}

// assigned are the variables that a statement gives a new value, whole or in
// part: m in m["a"] = 1, clear(m) and delete(m, "a"), x in x.y++.
func assigned(n ast.Node) []*ast.Ident {
	var targets []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			targets = n.Lhs
		}
	case *ast.IncDecStmt:
		targets = []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			targets = []ast.Expr{n.Key, n.Value}
		}
	case *ast.CallExpr:
		if fn, ok := n.Fun.(*ast.Ident); ok && (fn.Name == "clear" || fn.Name == "delete") {
			targets = n.Args[:1]
		}
	}
	var ids []*ast.Ident
	for _, to := range targets {
		if id := whole(to); id != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// whole is the variable of which x is a part, nil if it has no name.
func whole(x ast.Expr) *ast.Ident {
	switch x := x.(type) {
	case *ast.Ident:
		return x
	case *ast.IndexExpr:
		return whole(x.X)
	case *ast.SelectorExpr:
		return whole(x.X)
	case *ast.StarExpr:
		return whole(x.X)
	case *ast.ParenExpr:
		return whole(x.X)
	}
	return nil
}
