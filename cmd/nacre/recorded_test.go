package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/internal/testkit"
)

var update = flag.Bool("update", false, "write the recorded runs of the documents anew")

// recorded stands before a run, and says at which day its clock stands and, if
// the output is long, how many lines of it are shown.
var recorded = regexp.MustCompile(`^<!-- recorded: (\d{4}-\d{2}-\d{2})(?:, first (\d+) lines)? -->$`)

// rest stands for the lines that are not shown.
const rest = "[...]\n"

// TestRecordedRuns runs what the documents show. Every block of theirs that
// begins with ```console holds lines "$ command", each followed by what the
// command prints on both streams; "$ echo $?" sees the status of the one
// before. go run ./cmd/nacre is nacre here, and the folder is a copy of the
// project's examples.
func TestRecordedRuns(t *testing.T) {
	sh := testkit.Need(t, "sh")
	root := testkit.Root(t)
	var docs []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, found...)
	}
	for _, doc := range docs {
		name, err := filepath.Rel(root, doc)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			old, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			now := replay(t, sh, string(old))
			if *update && now != string(old) {
				if err := os.WriteFile(doc, []byte(now), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(old), now); diff != "" {
				t.Errorf("the recorded run differs; if that is right: go test ./cmd/nacre -run Recorded -update\n%s", diff)
			}
		})
	}
}

// replay gives doc with the output of every command in its console blocks as
// it is today.
func replay(t *testing.T, sh, doc string) string {
	t.Helper()
	var out strings.Builder
	var clock []string
	var dir string // of the block that is open
	status, shown := 0, 0
	for line := range strings.Lines(doc) {
		text := strings.TrimSuffix(line, "\n")
		switch {
		case dir == "" && text == "```console":
			dir, status = desk(t), 0
		case dir != "" && text == "```":
			dir, clock, shown = "", nil, 0
		case dir != "":
			command, ok := strings.CutPrefix(text, "$ ")
			if !ok {
				continue // output of that day
			}
			out.WriteString(line)
			var now string
			command = strings.ReplaceAll(command, "go run ./cmd/nacre", "nacre")
			now, status = shell(t, sh, dir, command, status, clock...)
			out.WriteString(head(now, shown))
			continue
		case recorded.MatchString(text):
			says := recorded.FindStringSubmatch(text)
			day, err := time.Parse(time.DateOnly, says[1])
			if err != nil {
				t.Fatal(err)
			}
			if says[2] != "" {
				if shown, err = strconv.Atoi(says[2]); err != nil {
					t.Fatal(err)
				}
			}
			clock = []string{"SOURCE_DATE_EPOCH=" + strconv.FormatInt(day.Unix(), 10)}
		}
		out.WriteString(line)
	}
	return out.String()
}

// head gives the first lines of a text, and says where it ends early; 0 lines
// are all.
func head(text string, lines int) string {
	at := 0
	for range lines {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			return text
		}
		at += end + 1
	}
	if lines == 0 || at == len(text) {
		return text
	}
	return text[:at] + rest
}
