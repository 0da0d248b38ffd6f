package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"nacre/internal/app"
	"nacre/internal/testkit"
)

// TestMain puts nacre and nacred on the PATH of the tests: this test's own
// program, so that nothing is built beside it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"nacre":  main,
		"nacred": func() { os.Exit(app.Program().Main()) },
	})
}

// TestScripts runs testdata/*.txtar, the program as its users meet it. A
// script finds the project's examples in $EXAMPLES, the samples of databases
// of packages in $PACKAGES, the jobs of deploy in $DEPLOY, and its clock stands
// at $SOURCE_DATE_EPOCH, 2026-10-01, where it does not set another. It makes
// images of folders:
//
//	image docker image.tar config.json LAYER...
//	image oci folder config.json LAYER...
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		UpdateScripts:       *update,
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			for k, v := range world(env.WorkDir) {
				env.Setenv(k, v)
			}
			env.Setenv("EXAMPLES", filepath.Join(testkit.Root(t), "examples"))
			env.Setenv("DEPLOY", filepath.Join(testkit.Root(t), "deploy"))
			env.Setenv("PACKAGES", filepath.Join(testkit.Root(t), "inventory", "ospkg", "testdata"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"image": makeImage},
	})
}

// makeImage is the scripts' command image: a file as docker save writes it, or
// a folder in OCI layout.
func makeImage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: image docker|oci TO CONFIG LAYER...")
	}
	to, config := ts.MkAbs(args[1]), []byte(ts.ReadFile(args[2]))
	var layers []fs.FS
	for _, dir := range args[3:] {
		layers = append(layers, os.DirFS(ts.MkAbs(dir)))
	}
	if args[0] == "oci" {
		ts.Check(testkit.WriteLayout(to, config, layers...))
		return
	}
	f, err := os.Create(to)
	ts.Check(err)
	ts.Check(testkit.SaveImage(f, config, layers...))
	ts.Check(f.Close())
}

// world is the environment of every run of nacre in these tests: the user's
// folders are below dir, the clock stands, and the network leads nowhere.
func world(dir string) map[string]string {
	return map[string]string{
		"HOME":              dir,
		"XDG_DATA_HOME":     filepath.Join(dir, ".local", "share"),
		"LOCALAPPDATA":      filepath.Join(dir, ".local", "share"),
		"SOURCE_DATE_EPOCH": "1790812800",
		"HTTP_PROXY":        "http://127.0.0.1:1",
		"HTTPS_PROXY":       "http://127.0.0.1:1",
		"NO_PROXY":          "127.0.0.1,localhost",
	}
}
