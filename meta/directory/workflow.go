package directory

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/jsondoc"
	"nacre/limit"
)

// workflowFolder is where GitHub, and forges that follow it, keep what runs by
// itself.
const workflowFolder = ".github/workflows"

// maxWorkflows bounds the files of the folder that are read.
const maxWorkflows = 200

// signs are words of a workflow that show what it does, by level, highest first.
var signs = []struct {
	level string
	words []string
}{
	{"release", []string{"cpan-upload", "dzil release", "minil release", "cpan_upload", "upload-to-cpan"}},
	{"code_change", []string{"gh pr merge", "auto-merge", "automerge"}},
	{"code_request", []string{"gh pr create", "create-pull-request"}},
	{"issue", []string{"gh issue create", "gh issue close", "actions/stale", "issues.create"}},
}

// workflows compares automated_actions with what the repository's workflows do.
// That there is one at all is more than none, by the draft.
func (c *checker) workflows(file string, doc *jsondoc.Node) {
	actions := ladders[len(ladders)-1]
	stated := slices.Index(actions.levels, doc.Get(actions.key).Str())
	if stated < 0 {
		return
	}
	entries, err := fs.ReadDir(c.fsys, workflowFolder)
	if err != nil {
		return // none
	}
	for i, e := range entries {
		if i == maxWorkflows {
			c.unread(file, doc, fmt.Sprintf("%s has more than %d files, and what the others do is not known", workflowFolder, maxWorkflows), "look through them yourself")
			break
		}
		ext := path.Ext(e.Name())
		if e.IsDir() || ext != ".yml" && ext != ".yaml" {
			continue
		}
		name := path.Join(workflowFolder, e.Name())
		b, err := limit.ReadFile(c.fsys, name, limit.Metadata, "workflow size")
		if err != nil {
			c.unread(file, doc, name+" cannot be read, and what it does is not known", "see that it is a text file of a usual size")
			continue
		}
		text := withoutComments(string(b))
		does, word := "comment", ""
		for _, s := range signs {
			if i := slices.IndexFunc(s.words, func(w string) bool { return strings.Contains(text, w) }); i >= 0 {
				does, word = s.level, s.words[i]
				break
			}
		}
		if slices.Index(actions.levels, does) <= stated {
			continue
		}
		why := "runs by itself"
		if word != "" {
			why = fmt.Sprintf("has %q", word)
		}
		c.add("V12", file, lineOf(doc, actions.key), fmt.Sprintf("it says %s, and %s %s", actions.levels[stated], name, why), fmt.Sprintf("write %q, or change the workflow", does))
	}
}

// unread tells that workflows were not looked at.
func (c *checker) unread(file string, doc *jsondoc.Node, title, how string) {
	f := Rules().Find("V12", file, lineOf(doc, "automated_actions"), title, how)
	f.Level = advice.Note
	c.out = append(c.out, f)
}

// withoutComments takes away the lines of YAML that are nothing but a comment.
func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}
