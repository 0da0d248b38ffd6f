package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/command"
	"nacre/terminal"
)

func newDBVerify(env *Env) *cobra.Command {
	var path string
	v := indexVerifier{env: env}
	c := &cobra.Command{
		Use:   "verify [DIR|URL (--key KEY | --unsigned)]",
		Short: "Check everything in a database, or in a published index",
		Long: `Without an argument, check the digest of the database, every checksum, the
order of every table, every record and release, and the counts. It says that the
file is what its writer wrote, not who that was.

With a folder or an address, check an index that nacred has built: that one of
the keys has signed it, that its list and its notes speak of one build, and that
every file has the size and the digest that are listed. Of a folder it says too
which files are there that nobody has listed. An address is https, or http of
this machine itself, and every file is fetched from it.

The status is 0 where all is as it was signed, 1 where a signature is wrong or a
file is missing, changed or not listed, and 3 where a file could not be read or
a newer index is overdue.`,
		Example: `  nacre db verify
  nacre db verify site \
    --key advisories.example+c7ce8f65+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, v.format)
			switch {
			case err != nil:
				return err
			case len(args) == 0 && (len(v.keys) > 0 || v.unsigned || asJSON):
				return command.Usage(c, errors.New("--key, --unsigned and --format belong to an index, DIR or URL"))
			case len(args) == 0:
				return verifyDatabase(env, c, path)
			case path != "":
				return command.Usage(c, errors.New("either --db FILE or an index, DIR or URL"))
			case len(v.keys) == 0 && !v.unsigned:
				return command.Usage(c, errors.New("--key KEY is missing, or --unsigned where nobody has signed the index"))
			case v.jobs < 1 || v.jobs > maxVerifyJobs:
				return command.Usage(c, fmt.Errorf("-j %d is not 1 to %d", v.jobs, maxVerifyJobs))
			}
			for _, key := range v.keys {
				if _, err := note.NewVerifier(key); err != nil {
					return fault.Wrap(fault.Invalid, err, "--key %.60q", key).
						WithHint("a key looks like advisories.example+1a2b3c4d+AZ...; the publisher of the index says which")
				}
			}
			return v.verify(c.Context(), args[0], asJSON)
		},
	}
	dbFlag(c.Flags(), &path)
	c.Flags().StringArrayVar(&v.keys, "key", nil, "of an index: a verifier `KEY` that may have signed it; may be repeated")
	c.Flags().BoolVar(&v.unsigned, "unsigned", false, "of an index: do not look at who signed it")
	c.Flags().IntVarP(&v.jobs, "jobs", "j", 8, "of an index: how many files at once")
	formatFlag(c, &v.format)
	c.MarkFlagsMutuallyExclusive("key", "unsigned")
	return c
}

// maxVerifyJobs is how many requests at once a server may be asked for.
const maxVerifyJobs = 64

func verifyDatabase(env *Env, c *cobra.Command, path string) error {
	d, err := openDB(env, path)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Verify(c.Context()); err != nil {
		return fault.Wrap(fault.KindOf(err), err, "verify %s", d.path)
	}
	info := d.Info()
	fmt.Fprintf(env.Stdout, "%s is whole: %d advisories on %d distributions, %d bytes\n",
		d.path, info.Records, info.Dists, info.Size)
	return nil
}

// isAddress says whether a word is one of an index on a server.
func isAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// verifiedIndex is what nacre db verify says of an index.
type verifiedIndex struct {
	place   string
	index   *manifest.Index // nil where it was refused
	hint    string          // what to do where it was
	found   []manifest.Finding
	overdue time.Duration // since it has expired
	cut     error         // an interrupt, after which the rest was not looked at
	checked int
	bytes   int64 // that were read
}

// count is how many files have a problem.
func (v *verifiedIndex) count(p manifest.Problem) int {
	n := 0
	for _, f := range v.found {
		if f.Problem == p {
			n++
		}
	}
	return n
}

// end is what the command ends with.
func (v *verifiedIndex) end() error {
	switch {
	case v.cut != nil:
		return v.cut
	case len(v.found) > v.count(manifest.Unread):
		return command.Status(1)
	case len(v.found) > 0 || v.overdue > 0:
		return command.Status(3)
	}
	return nil
}

// print writes it for people.
func (v *verifiedIndex) print(env *Env) error {
	p := newPrinter(env)
	p.title("index", "  "+v.place)
	if x := v.index; x != nil {
		c := &x.Manifest.Counts
		p.field("sequence", fmt.Sprintf("%d, built %s", x.Seal.Sequence, x.Seal.Built.Format("2006-01-02 15:04 UTC")))
		p.field("expires", x.Expires().Format("2006-01-02 15:04 UTC"))
		for _, key := range x.Signers {
			p.field("signed by", key[:strings.LastIndexByte(key, '+')]) // name and id
		}
		p.field("next key", x.Seal.NextKey)
		p.field("holds", fmt.Sprintf("%d advisories (%d withdrawn) on %d distributions", c.Advisories, c.Withdrawn, c.Distributions))
		p.field("checked", fmt.Sprintf("%d of %d files, %d bytes", v.checked, c.Files, v.bytes))
	}
	for _, f := range v.found {
		p.Item(terminal.Span{Style: terminal.Red, Text: string(f.Problem)}, terminal.Span{Text: strings.Trim(f.Path+": "+f.Detail, ": ")})
	}
	switch {
	case v.index == nil, v.cut != nil:
	case len(v.found) == 0:
		p.field("result", "every file is as it was listed")
	default:
		p.field("result", fmt.Sprintf("%d missing, %d changed, %d unlisted, %d unread",
			v.count(manifest.Missing), v.count(manifest.Changed), v.count(manifest.Unlisted), v.count(manifest.Unread)))
	}
	return p.flush(env)
}

// verifiedLines are the lines of nacre db verify --format json after the first.
type verifiedLines struct {
	Finding *manifest.Finding `json:"finding,omitempty"`
	Summary *verifiedSummary  `json:"summary,omitempty"`
}

type verifiedSummary struct {
	Index       string   `json:"index"`
	Sequence    uint64   `json:"sequence,omitempty"`
	Built       string   `json:"built,omitempty"`
	Expires     string   `json:"expires,omitempty"`
	Expired     bool     `json:"expired"`
	Signers     []string `json:"signers,omitempty"`
	Files       int      `json:"files"`
	Checked     int      `json:"checked"`
	Bytes       int64    `json:"bytes"` // that were read
	Missing     int      `json:"missing"`
	Changed     int      `json:"changed"`
	Unlisted    int      `json:"unlisted"`
	Unread      int      `json:"unread"`
	Refused     int      `json:"refused"`
	Interrupted bool     `json:"interrupted,omitempty"`
}

// printJSON writes it as JSON Lines, nacre.db.verify/1.
func (v *verifiedIndex) printJSON(env *Env) error {
	out, err := jsonLines(env, "nacre.db.verify/1")
	if err != nil {
		return err
	}
	for i := range v.found {
		if err := out.Encode(verifiedLines{Finding: &v.found[i]}); err != nil {
			return err
		}
	}
	s := verifiedSummary{
		Index: v.place, Expired: v.overdue > 0, Checked: v.checked, Bytes: v.bytes, Missing: v.count(manifest.Missing),
		Changed: v.count(manifest.Changed), Unlisted: v.count(manifest.Unlisted), Unread: v.count(manifest.Unread),
		Refused: v.count(refused), Interrupted: v.cut != nil,
	}
	if x := v.index; x != nil {
		s.Sequence, s.Signers, s.Files = x.Seal.Sequence, x.Signers, len(x.Manifest.Files)
		s.Built, s.Expires = x.Seal.Built.Format(time.RFC3339), x.Expires().Format(time.RFC3339)
	}
	return out.Encode(verifiedLines{Summary: &s})
}

// refused is the problem of an index whose list or notes are not to be trusted.
const refused manifest.Problem = "refused"

// folderFiles gives the paths of all files below a folder, and which of them are
// no plain files.
func folderFiles(fsys fs.FS) (plain []string, others []manifest.Finding, err error) {
	err = fs.WalkDir(fsys, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			others = append(others, manifest.Finding{Path: path, Problem: manifest.Unread, Detail: unwrapped(err).Error()})
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			plain = append(plain, path)
		case !d.IsDir():
			others = append(others, manifest.Finding{Path: path, Problem: manifest.Unlisted, Detail: "it is no plain file"})
		}
		if len(plain) > 2*manifest.MaxFiles {
			return fault.New(fault.Invalid, "more than %d files (limit: files of a folder)", 2*manifest.MaxFiles)
		}
		return nil
	})
	return plain, others, err
}

// isFolder refuses what is no folder.
func isFolder(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		err = fault.New(fault.Invalid, "is no folder")
	}
	if err != nil {
		return fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", path).
			WithHint("name the folder that manifest.json is in, or its address")
	}
	return nil
}
