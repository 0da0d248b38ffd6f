package sources

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"nacre/limit"
)

// checkoutFolders are folders of checkouts that are sources by themselves: the
// commit of what they hold is that of the folder above.
var checkoutFolders = []string{"cpansa", "generated_reports", "external_reports", "cves"}

// commitAbove says whether the commit of a path is that of the folder above.
func commitAbove(at string) bool {
	return slices.Contains(checkoutFolders, filepath.Base(filepath.Clean(at)))
}

// maxGit bounds the files of git that are read: the list of packed references of
// a large repository has some hundreds of kilobytes.
const maxGit = 16 << 20

// commitOf gives the commit that a checkout of git is at, "" where fsys is none
// or does not say. Only files are read, and git is not run: gitrepository-layout
// is what they mean. The reftable format and linked worktrees are not read.
func commitOf(fsys fs.FS) string {
	head := gitLine(fsys, "HEAD")
	ref, is := strings.CutPrefix(head, "ref: ")
	if !is {
		return commitID(head)
	}
	if !fs.ValidPath(ref) || !strings.HasPrefix(ref, "refs/") {
		return ""
	}
	if id := commitID(gitLine(fsys, ref)); id != "" {
		return id
	}
	packed, err := limit.ReadFile(fsys, ".git/packed-refs", maxGit, "packed references")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(packed)) {
		if id, name, _ := strings.Cut(strings.TrimSpace(line), " "); name == ref {
			return commitID(id)
		}
	}
	return ""
}

// gitLine gives the first line of a file in .git.
func gitLine(fsys fs.FS, name string) string {
	text, err := limit.ReadFile(fsys, path.Join(".git", name), 4<<10, "reference size")
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line)
}

// commitID gives a commit's id, SHA-1 or SHA-256 in hex, and "" for what is
// none. A zip that GitHub makes of a commit has it as its comment.
func commitID(s string) string {
	if len(s) != 40 && len(s) != 64 || strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s
}
