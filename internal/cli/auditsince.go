package cli

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"nacre/audit"
	"nacre/fault"
	"nacre/limit"
)

// since knows which lines of files are not in a revision of git. Only the
// plumbing is asked that lists and prints what is stored: what compares files
// on disk would run the filters that a repository's settings name.
type since struct {
	ctx      context.Context
	fsys     fs.FS
	dir      string
	revision string
	blobs    map[string]string       // file to object, in the revision
	fresh    map[string]map[int]bool // the new lines of files that were asked about
	err      error                   // the first that came up
}

const sinceHint = "name a revision of the git repository that PATH is in, as in HEAD~1 or v1.20"

// How long git's answers may be, in bytes.
const (
	maxName = 1 << 10   // of the revision
	maxTree = 256 << 20 // of the list of its files
)

// newSince looks at a revision; fsys are the files of dir as they are now.
func newSince(ctx context.Context, dir, revision string, fsys fs.FS) (*since, error) {
	s := &since{ctx: ctx, fsys: fsys, dir: dir, revision: revision, blobs: map[string]string{}, fresh: map[string]map[int]bool{}}
	id, err := s.git(maxName, "rev-parse", "--verify", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, noRevision(revision, err)
	}
	list, err := s.git(maxTree, "ls-tree", "-r", "-z", strings.TrimSpace(string(id)))
	if err != nil {
		return nil, err
	}
	for entry := range strings.SplitSeq(string(list), "\x00") {
		// "100644 blob 1f3...\tlib/Foo.pm"
		head, name, _ := strings.Cut(entry, "\t")
		if field := strings.Fields(head); len(field) == 3 && field[1] == "blob" {
			s.blobs[name] = field[2]
		}
	}
	return s, nil
}

// git runs one command of git, which must neither ask nor fetch anything, and
// gives what it says, at most so many bytes.
func (s *since) git(most int64, args ...string) ([]byte, error) {
	c := exec.CommandContext(s.ctx, "git", append([]string{"-C", s.dir, "--no-pager", "-c", "core.fsmonitor=false"}, args...)...)
	c.Env = append(os.Environ(), "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	var complaint bytes.Buffer
	c.Stderr = &complaint
	pipe, err := c.StdoutPipe()
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "audit --new-since: git")
	}
	switch err := c.Start(); {
	case s.ctx.Err() != nil:
	case err != nil:
		return nil, fault.Wrap(fault.Unavailable, err, "audit --new-since").WithHint("install git, or leave --new-since out")
	}
	out, tooMuch := limit.ReadAll(pipe, most, "what git says")
	if tooMuch != nil {
		pipe.Close() // git ends where nobody reads
	}
	err = c.Wait()
	switch {
	case s.ctx.Err() != nil:
		return nil, fault.Wrap(fault.Canceled, s.ctx.Err(), "audit --new-since")
	case tooMuch != nil:
		return nil, fault.Wrap(fault.KindOf(tooMuch), tooMuch, "audit --new-since: git %s", args[0])
	case err != nil:
		why := strings.TrimPrefix(strings.TrimSpace(complaint.String()), "fatal: ")
		if why == "" {
			why = err.Error()
		}
		return nil, fault.New(fault.Invalid, "audit --new-since %.40s: git: %s", s.revision, oneLine(why)).WithHint(sinceHint)
	}
	return out, nil
}

// noRevision says in words of ours what git says of a revision that is none.
func noRevision(revision string, err error) error {
	if strings.HasSuffix(err.Error(), "Needed a single revision") {
		return fault.New(fault.Invalid, "audit --new-since %.40s: git knows no such revision", revision).WithHint(sinceHint)
	}
	return err
}

// IsNew reports whether a line is not in the revision. Of a file that cannot be
// compared all lines are, and the error is kept.
func (s *since) IsNew(file string, line int) bool {
	blob, ok := s.blobs[file]
	if !ok {
		return true
	}
	fresh, ok := s.fresh[file]
	if !ok {
		fresh = s.compare(file, blob)
		s.fresh[file] = fresh
	}
	return fresh == nil || fresh[line]
}

// compare gives the lines of a file that the revision has not; nil for all.
func (s *since) compare(file, blob string) map[int]bool {
	before, err := s.git(audit.MaxFile, "cat-file", "blob", blob)
	if err == nil {
		var f fs.File
		if f, err = s.fsys.Open(file); err == nil {
			defer f.Close()
			var now []byte
			if now, err = limit.ReadAll(f, audit.MaxFile, "file size"); err == nil {
				return newLines(unixLines(before), unixLines(now))
			}
		}
	}
	if s.err == nil {
		s.err = err
	}
	return nil
}

// unixLines is a text without the carriage returns that git may put at the ends of
// lines when it writes a file.
func unixLines(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }

// newLines gives the numbers of the lines that a text has not from an earlier one.
func newLines(before, now []byte) map[int]bool {
	fresh := map[int]bool{}
	text := diff.Diff("before", before, "now", now)
	line, left := 0, 0 // the next line of now, and how many of this hunk are to come
	for row := range strings.Lines(string(text)) {
		if left == 0 {
			// "@@ -1,3 +1,4 @@"
			if field := strings.Fields(row); len(field) == 4 && field[0] == "@@" {
				from, n, _ := strings.Cut(strings.TrimPrefix(field[2], "+"), ",")
				line, _ = strconv.Atoi(from)
				left, _ = strconv.Atoi(n)
			}
			continue
		}
		switch row[0] {
		case '+':
			fresh[line] = true
			line, left = line+1, left-1
		case ' ':
			line, left = line+1, left-1
		}
	}
	return fresh
}
