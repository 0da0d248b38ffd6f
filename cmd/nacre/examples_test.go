package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"nacre/internal/app"
	"nacre/internal/cli"
	"nacre/internal/command"
	"nacre/internal/testkit"
	"nacre/terminal"
)

// network are the examples that need an address of the outside world. They
// run all the same, and must end as a run without network does: with status 3
// and an error.
var network = map[string]bool{
	"nacre db update": true,
}

// TestHelpExamples runs every example of every --help as it is printed, in a
// folder that holds examples/ of the project and the files that testdata/desk
// adds. Status 1 is a success: it says that something was found.
func TestHelpExamples(t *testing.T) {
	sh := testkit.Need(t, "sh")
	var visit func(command string)
	visit = func(command string) {
		help := say(t, sh, t.TempDir(), command+" --help")
		examples, subs := parseHelp(help)
		if len(subs) == 0 && len(examples) == 0 {
			t.Errorf("%s --help has no example", command)
		}
		t.Run(command, func(t *testing.T) {
			dir := desk(t)
			for _, example := range examples {
				out, status := shell(t, sh, dir, example, 0)
				want := status == 0 || status == 1
				if network[example] {
					want = status == 3 && strings.Contains(out, "nacre: ")
				}
				if !want {
					t.Errorf("$ %s\n%sexit status %d", example, out, status)
				}
			}
		})
		for _, sub := range subs {
			visit(command + " " + sub)
		}
	}
	visit("nacre")
	visit("nacred")
}

// TestHelpFitsATerminal holds that no line of a help is wider than 80 columns,
// but for examples, which are there to be copied.
func TestHelpFitsATerminal(t *testing.T) {
	for name, p := range map[string]command.Program{"nacre": cli.Program(), "nacred": app.Program()} {
		checked := 0
		var check func(c *cobra.Command)
		check = func(c *cobra.Command) {
			var b bytes.Buffer
			c.SetOut(&b)
			c.InitDefaultHelpFlag()
			if err := c.Help(); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if line := strings.TrimRight(line, "\n"); terminal.Cut(line, 80) != line && !strings.Contains(c.Example, line) {
					t.Errorf("%s --help is too wide:\n%s", c.CommandPath(), line)
				}
				checked++
			}
			for _, sub := range c.Commands() {
				check(sub)
			}
		}
		check(p.Root(&command.Env{Getenv: func(string) string { return "" }}))
		if checked < 50 {
			t.Errorf("%s: only %d lines", name, checked)
		}
	}
}

// parseHelp reads the examples and the names of the commands out of a help
// text, as a person would.
func parseHelp(help string) (examples, commands []string) {
	section := ""
	for line := range strings.Lines(help) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "":
			section = ""
		case !strings.HasPrefix(line, " "):
			section = line
		case section == "Examples:":
			last := len(examples) - 1
			if last >= 0 && strings.HasSuffix(examples[last], `\`) {
				examples[last] += "\n" + line
				continue
			}
			examples = append(examples, strings.TrimSpace(line))
		case section == "Available Commands:":
			if name := strings.Fields(line)[0]; name != "help" {
				commands = append(commands, name)
			}
		}
	}
	return examples, commands
}

// TestReadmeListsCommands holds that the README's tables have every command of
// both programs, and none that is not there.
func TestReadmeListsCommands(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"nacre", "nacred"} {
		_, commands := parseHelp(say(t, testkit.Need(t, "sh"), t.TempDir(), program+" --help"))
		var listed []string
		for row := range strings.Lines(string(text)) {
			if !strings.HasPrefix(row, "| `"+program+" ") {
				continue
			}
			cell, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
			for name := range strings.SplitSeq(cell, ",") {
				if name, ok := strings.CutPrefix(strings.Trim(name, " `"), program+" "); ok {
					listed = append(listed, name)
				}
			}
		}
		slices.Sort(listed)
		if diff := cmp.Diff(commands, listed); diff != "" {
			t.Errorf("README.md (- %s --help, + its table):\n%s", program, diff)
		}
	}
}

// desk makes the folder in which examples are run.
func desk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string]string{
		filepath.Join(testkit.Root(t), "examples"): "examples",
		filepath.Join("testdata", "desk"):          ".",
	} {
		if _, err := os.Stat(from); err != nil {
			continue
		}
		if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shell runs one command in dir, after a command that ended with the status
// before, and gives what it wrote to both streams and its status.
func shell(t *testing.T, sh, dir, command string, before int, env ...string) (string, int) {
	t.Helper()
	c := exec.Command(sh, "-c", fmt.Sprintf("(exit %d)\n%s", before, command))
	c.Dir = dir
	c.Env = os.Environ()
	for k, v := range world(dir) {
		c.Env = append(c.Env, k+"="+v)
	}
	c.Env = append(c.Env, env...)
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), c.ProcessState.ExitCode()
}

// say gives the output of a command that must succeed.
func say(t *testing.T, sh, dir, command string) string {
	t.Helper()
	out, status := shell(t, sh, dir, command, 0)
	if status != 0 {
		t.Fatalf("$ %s\n%sexit status %d", command, out, status)
	}
	return out
}
