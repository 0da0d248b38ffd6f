package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"nacre/internal/testkit"
)

// action is the part of action.yml that is tested.
type action struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Value string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Steps []struct {
			ID    string            `yaml:"id"`
			Name  string            `yaml:"name"`
			If    string            `yaml:"if"`
			Uses  string            `yaml:"uses"`
			Shell string            `yaml:"shell"`
			Env   map[string]string `yaml:"env"`
			Run   string            `yaml:"run"`
			With  map[string]string `yaml:"with"`
		} `yaml:"steps"`
	} `yaml:"runs"`
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

var expression = regexp.MustCompile(`\$\{\{ ?(.*?) ?\}\}`)

// TestActionIsSafe holds that no script of the action has a text of its user in
// it, that each input exists and is used, and that bash can read each.
func TestActionIsSafe(t *testing.T) {
	bash := testkit.Need(t, "bash")
	a := readAction(t)
	used := map[string]bool{}
	see := func(where, text string) {
		for _, m := range regexp.MustCompile(`inputs\.([a-z-]+)`).FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if _, there := a.Inputs[m[1]]; !there {
				t.Errorf("%s: there is no input %s", where, m[1])
			}
		}
	}
	for _, s := range a.Runs.Steps {
		see(s.Name, s.If)
		for _, v := range s.Env {
			see(s.Name, v)
		}
		if s.Run == "" {
			continue
		}
		if expression.MatchString(s.Run) {
			t.Errorf("%s: the script has %s in it", s.Name, expression.FindString(s.Run))
		}
		if s.Shell != "bash" {
			t.Errorf("%s: shell %q", s.Name, s.Shell)
		}
		c := exec.Command(bash, "-n")
		c.Stdin = strings.NewReader(s.Run)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", s.Name, err, out)
		}
	}
	for name := range a.Inputs {
		if !used[name] {
			t.Errorf("nothing uses the input %s", name)
		}
	}
}

// runner runs the scripts of the action as GitHub's runner does, in a folder with
// the examples, and gives the log, what it wrote to the runner's files, and the
// status of the last script.
func runner(t *testing.T, dir string, inputs map[string]string) (log string, outputs map[string]string, summary string, status int) {
	t.Helper()
	bash := testkit.Need(t, "bash")
	temp := t.TempDir()
	nacre, err := exec.LookPath("nacre")
	if err != nil {
		t.Fatal(err)
	}
	// Go is there to be asked to build; it puts this test's nacre in place.
	bin := filepath.Join(temp, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	stub := "#!" + bash + "\n[ \"$1 $2 $3\" = 'build -C /the/action' ] && exec cp '" + nacre + "' \"$RUNNER_TEMP/nacre\"\nexit 9\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	a := readAction(t)
	outputs = map[string]string{}
	evaluate := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(e string) string {
			name := expression.FindStringSubmatch(e)[1]
			if input, ok := strings.CutPrefix(name, "inputs."); ok {
				if v, given := inputs[input]; given {
					return v
				}
				return a.Inputs[input].Default
			}
			if output, ok := strings.CutPrefix(name, "steps.scan.outputs."); ok {
				return outputs[output]
			}
			if name == "github.action_path" {
				return "/the/action"
			}
			t.Fatalf("an expression %s", name)
			return ""
		})
	}
	for _, s := range a.Runs.Steps {
		if s.Run == "" || strings.HasPrefix(s.If, "inputs.fingerprint") && inputs["fingerprint"] == "" {
			continue
		}
		c := exec.Command(bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		c.Dir = dir
		for k, v := range world(dir) {
			c.Env = append(c.Env, k+"="+v)
		}
		c.Env = append(c.Env, "PATH="+bin+":"+os.Getenv("PATH"), "RUNNER_TEMP="+temp,
			"GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"))
		for k, v := range s.Env {
			c.Env = append(c.Env, k+"="+evaluate(v))
		}
		out, err := c.CombinedOutput()
		log += string(out)
		text, _ := os.ReadFile(filepath.Join(temp, "output"))
		for line := range strings.Lines(string(text)) {
			k, v, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			outputs[k] = v
		}
		if status = c.ProcessState.ExitCode(); err != nil {
			break
		}
	}
	text, _ := os.ReadFile(filepath.Join(temp, "summary"))
	return log, outputs, string(text), status
}

// TestAction runs the action's scripts.
func TestAction(t *testing.T) {
	dir := desk(t)
	log, outputs, summary, status := runner(t, dir, map[string]string{"path": "examples/petshop", "format": "html", "output": "nacre.html"})
	if status != 1 || outputs["status"] != "1" {
		t.Errorf("status %d, output %q", status, outputs["status"])
	}
	if !strings.Contains(summary, "## Perl dependencies: 10 known vulnerabilities") {
		t.Errorf("summary:\n%s", summary)
	}
	if sarif, err := os.ReadFile(outputs["sarif"]); err != nil || !strings.Contains(string(sarif), `"version": "2.1.0"`) {
		t.Errorf("sarif: %v", err)
	}
	if page, err := os.ReadFile(filepath.Join(dir, "nacre.html")); err != nil || !strings.HasPrefix(string(page), "<!DOCTYPE html>") {
		t.Errorf("page: %v", err)
	}
	// What people read can give no command, what are commands can.
	stopped, token := false, ""
	for line := range strings.Lines(log) {
		line = strings.TrimSpace(line)
		switch rest, stop := strings.CutPrefix(line, "::stop-commands::"); {
		case stop:
			stopped, token = true, rest
		case stopped && line == "::"+token+"::":
			stopped = false
		case strings.HasPrefix(line, "::") == stopped:
			t.Errorf("commands are stopped: %v, and here is %s", stopped, line)
		}
	}
	if len(token) != 32 || !strings.Contains(log, "::error file=examples/petshop/cpanfile.snapshot,line=") {
		t.Errorf("log:\n%s", log)
	}
}

// TestActionInputs holds that an input is never run, and what each kind of
// answer ends with.
func TestActionInputs(t *testing.T) {
	sh := testkit.Need(t, "sh")
	for _, c := range []struct {
		why    string
		inputs map[string]string
		status int
		log    string
	}{
		{"what is found", map[string]string{"path": "list.txt", "database": "db"}, 1, "::error file=list.txt,line=1,title=Foo-Bar 1.2%3A CVE-2099-0001::"},
		{"findings below the level do not count", map[string]string{"path": "list.txt", "database": "db", "fail-on": "critical"}, 0, "::notice file=list.txt,line=1"},
		{"what is not to be annotated", map[string]string{"path": "list.txt", "database": "db", "annotations": "false"}, 1, "FINDINGS"},
		{"a path that is a script", map[string]string{"path": `$(touch pwned)";touch pwned;'`}, 3, "touch pwned"},
		{"a path that is a flag", map[string]string{"path": "--exit-zero"}, 3, "--exit-zero"},
		{"a level that is a script", map[string]string{"fail-on": "high; touch pwned"}, 2, "hint: use low, medium, high or critical"},
		{"a format that is none", map[string]string{"path": "examples/petshop", "format": "$(touch pwned)", "output": "x"}, 1, "hint: use --format"},
		{"a key that is not there", map[string]string{"fingerprint": "75AAB42CBA0D7F37F0D6886DF83F8D5E878B6041", "key": "; touch pwned"}, 3, "touch pwned"},
	} {
		dir := desk(t)
		if out, status := shell(t, sh, dir, "nacre db build --from advisories -o db && echo Foo-Bar==1.2 >list.txt", 0); status != 0 {
			t.Fatal(out)
		}
		log, _, _, status := runner(t, dir, c.inputs)
		if status != c.status || !strings.Contains(log, c.log) {
			t.Errorf("%s: status %d, want %d:\n%s", c.why, status, c.status, log)
		}
		if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
			t.Errorf("%s: it ran", c.why)
		}
	}
}

// TestGitLabJob runs the job that docs/ci.md shows.
func TestGitLabJob(t *testing.T) {
	sh := testkit.Need(t, "sh")
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "ci.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, job, _ := strings.Cut(string(text), "```yaml\nnacre:\n")
	job, _, _ = strings.Cut("nacre:\n"+job, "```")
	var jobs map[string]struct {
		Script    []string `yaml:"script"`
		Artifacts struct {
			Paths   []string          `yaml:"paths"`
			Reports map[string]string `yaml:"reports"`
		} `yaml:"artifacts"`
	}
	if err := yaml.Unmarshal([]byte(job), &jobs); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(desk(t), "examples", "petshop")
	// git and go have no network here; the program is on the PATH already.
	script := "set -e\ngit() { :; }\ngo() { :; }\nCI_BUILDS_DIR=.\n" + strings.Join(jobs["nacre"].Script, "\n")
	out, status := shell(t, sh, dir, script, 0)
	if status != 1 {
		t.Errorf("status %d:\n%s", status, out)
	}
	made := jobs["nacre"].Artifacts.Paths
	for _, file := range jobs["nacre"].Artifacts.Reports {
		made = append(made, file)
	}
	for _, file := range made {
		if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestAuthorTest runs docs/xt/nacre.t on distributions, with nacre and without.
func TestAuthorTest(t *testing.T) {
	perl := testkit.NeedPerl(t, "JSON::PP", "Test::More")
	sh := testkit.Need(t, "sh")
	test := filepath.Join(testkit.Root(t), "docs", "xt", "nacre.t")
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "desk"))); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("nacre.yaml", "") // the folder of the advisories is not a distribution
	if out, status := shell(t, sh, dir, "nacre db build --from advisories -o advisories.nacre", 0); status != 0 {
		t.Fatal(out)
	}
	lock := func(version string) string {
		return "# carton snapshot format: version 1.0\nDISTRIBUTIONS\n  Foo-Bar-" + version +
			"\n    pathname: A/AU/AUTHOR/Foo-Bar-" + version + ".tar.gz\n    provides:\n      Foo::Bar " + version + "\n    requirements:\n      perl 5.010\n"
	}
	write("locked/cpanfile", "requires 'Foo::Bar', '1.0';\n")
	write("locked/cpanfile.snapshot", lock("1.2"))
	write("clean/cpanfile.snapshot", lock("99"))
	write("admits/META.json", `{"name":"Shop","version":"1","abstract":"x","author":["x"],"license":["perl_5"],"dynamic_config":0,"generated_by":"x",
		"meta-spec":{"version":2},"release_status":"stable","prereqs":{"runtime":{"requires":{"Foo::Bar":"0"}}}}`)
	write("empty/README", "nothing\n")
	for _, c := range []struct {
		folder, env string
		status      int
		want        []string
	}{
		{"locked", "", 1, []string{"not ok 1 - no known vulnerability in Foo-Bar@1.2", "# CVE-2099-", "mended in", "Don't panic"}},
		{"clean", "", 0, []string{"ok 1 - no known vulnerability; components looked at: 2", "1..2"}},
		{"admits", "", 0, []string{"ok 1 - ", "# Foo-Bar: CVE-2099-0001 is ", "a minimum of 1.3 would rule it out"}},
		{"empty", "", 1, []string{"not ok 1 - nacre could read this project"}},
		{"locked", "PATH=/nowhere ", 0, []string{"1..0 # SKIP nacre is not on the PATH"}},
		{"locked", "NACRE=/nowhere/nacre ", 0, []string{"1..0 # SKIP nacre could not be started"}},
	} {
		out, status := shell(t, sh, filepath.Join(dir, c.folder), c.env+"NACRE_DB=../advisories.nacre "+perl+" "+test, 0)
		if status != c.status {
			t.Errorf("%s%s: status %d, want %d:\n%s", c.env, c.folder, status, c.status, out)
		}
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s%s: no %q in\n%s", c.env, c.folder, want, out)
			}
		}
	}
}
