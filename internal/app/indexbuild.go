package app

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
	"nacre/index"
	"nacre/index/all"
	"nacre/internal/command"
	"nacre/internal/indexbuild"
	"nacre/terminal"
)

// sourceFlags are what an index is made of.
type sourceFlags struct {
	from               []string
	curation, metadata string
	work               string
	acceptOlder        bool
	site               index.Site
}

// buildFlags are the flags of nacred index build.
type buildFlags struct {
	sourceFlags
	out, key, nextKey string
	unsigned          bool
	expires           time.Duration
	maxLoss           float64
}

func newIndexBuild(env *Env) *cobra.Command {
	var f buildFlags
	c := &cobra.Command{
		Use:   "build --from SOURCE... -o DIR",
		Short: "Make the index out of its sources",
		Long: `Read every source, join what they say, and write the index into DIR: pages,
records in every form, and a signed list of all files. A source is a checkout of
cpan-security-advisory or its built JSON, the CVE List or its delta zips, CVE or
OSV records, a list of releases, or the address of such a file; what it is, its
content says (docs/index-sources.md).

DIR is replaced as a whole, and only by what is no worse: where a source cannot
be read, or where too many records would be gone, the index stays as it is, its
page of health says so, and the exit status is 3. It is 3, too, where an address
fails and its last good copy, which --work has, is used instead. The same
sources, settings and SOURCE_DATE_EPOCH give the same bytes.

Without --key the index is not signed, which readers refuse unless they are told
otherwise.`,
		Example: "  nacred index build --from advisories --unsigned -o www",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch {
			case len(f.from) == 0:
				return command.Usage(c, errors.New("--from SOURCE is missing"))
			case f.out == "":
				return command.Usage(c, errors.New("-o DIR is missing"))
			case f.key == "" && !f.unsigned:
				return command.Usage(c, errors.New("--key FILE is missing (or --unsigned, for a trial)"))
			case f.key != "" && f.unsigned:
				return command.Usage(c, errors.New("either --key FILE or --unsigned"))
			case !(f.maxLoss >= 0 && f.maxLoss <= 1): // NaN is no share either
				return command.Usage(c, fmt.Errorf("--max-loss %v is no share, which is 0 to 1", f.maxLoss))
			case f.expires <= 0:
				return command.Usage(c, fmt.Errorf("--expires %v is no time for which a signature holds", f.expires))
			case f.out == "-":
				return command.Usage(c, errors.New("-o - is no folder; an index has many files"))
			}
			b, err := f.builder(env)
			if err != nil {
				return err
			}
			r, err := b.Build(c.Context())
			if err != nil {
				return err
			}
			return tellBuild(env, &f, r)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	f.sourceFlags.add(flags)
	flags.StringVarP(&f.out, "output", "o", "", "the folder of the index (`DIR`)")
	flags.StringVar(&f.key, "key", "", "the `FILE` of the key that signs (nacred index keygen)")
	flags.StringVar(&f.nextKey, "next-key", "", "the verifier `KEY` that is going to follow")
	flags.BoolVar(&f.unsigned, "unsigned", false, "sign nothing")
	flags.DurationVar(&f.expires, "expires", indexbuild.DefaultExpires, "for how long the signatures hold (`TIME`)")
	flags.Float64Var(&f.maxLoss, "max-loss", 0.05, "which `SHARE` of records may be gone since the build before; 1 lets in anything")
	siteFlags(flags, &f.site)
	return c
}

// add adds the flags.
func (f *sourceFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.from, "from", nil, "a `SOURCE`: folder, file, zip or address; may be repeated")
	flags.StringVar(&f.curation, "curation", "", "a folder (`DIR`) of corrections (docs/curation.md)")
	flags.StringVar(&f.metadata, "metadata", "", "a folder (`DIR`) of unpacked releases, or of META files Foo-Bar-1.3.meta: how to report to each distribution")
	flags.StringVar(&f.work, "work", "", "a folder (`DIR`) for what the next build can use: addresses need it, and it is quicker")
	flags.BoolVar(&f.acceptOlder, "accept-older", false, "take sources whose data is older than in the build before")
}

// siteFlags are the flags that describe the index.
func siteFlags(flags *pflag.FlagSet, s *index.Site) {
	is := index.DefaultSite()
	flags.StringVar(&s.Title, "title", is.Title, "the index's name (`TEXT`)")
	flags.StringVar(&s.URL, "url", is.URL, "the `ADDRESS` of its root, with a slash at the end")
	flags.StringVar(&s.Publisher, "publisher", is.Publisher, "who answers for it (`TEXT`)")
	flags.StringVar(&s.Namespace, "namespace", is.Namespace, "the publisher's own `ADDRESS`")
	flags.StringVar(&s.Category, "category", is.Category, "what the publisher is (`WORD`): coordinator, discoverer, other, translator, user or vendor")
	flags.StringVar(&s.Contact, "contact", "", "the publisher's mail or https `ADDRESS`")
}

// builder makes what the flags ask for.
func (f *buildFlags) builder(env *Env) (*indexbuild.Builder, error) {
	b, err := f.sourceFlags.builder(env)
	if err != nil {
		return nil, err
	}
	b.Formats, b.Health = all.Formats(), all.Health
	b.Out, b.NextKey, b.Expires, b.MaxLoss = f.out, f.nextKey, f.expires, f.maxLoss
	if f.key != "" {
		signer, _, err := readKey(f.key)
		if err != nil {
			return nil, err
		}
		b.Signers = []note.Signer{signer}
	}
	return b, nil
}

// builder makes what reads the sources.
func (f *sourceFlags) builder(env *Env) (*indexbuild.Builder, error) {
	for _, from := range f.from {
		scheme, _, is := strings.Cut(from, "://")
		switch {
		case is && scheme != "https" && scheme != "http":
			return nil, fault.New(fault.Invalid, "--from %s is no address that is asked", fault.Quote(from)).
				WithHint("give one that begins https://, or a file that you have fetched")
		case is && f.work == "":
			return nil, fault.New(fault.Invalid, "--from %s is an address, and --work DIR is missing", fault.Quote(from)).
				WithHint("--work names a folder in which what was fetched stays")
		}
	}
	b := &indexbuild.Builder{
		Site: f.site, Generator: generator(), Now: env.Now, Sources: f.from, Work: f.work, AcceptOlder: f.acceptOlder,
	}
	b.Ask = func(address string) { fmt.Fprintln(env.Stderr, "contacting", address) }
	if env.IsTerminal(env.Stderr) {
		b.Say = func(what string) { fmt.Fprintln(env.Stderr, "reading", what) }
	}
	for _, given := range []struct {
		flag, dir string
		to        *fs.FS
	}{{"curation", f.curation, &b.Curation}, {"metadata", f.metadata, &b.Metadata}} {
		if given.dir == "" {
			continue
		}
		if info, err := os.Stat(given.dir); err != nil || !info.IsDir() {
			return nil, fault.New(fault.NotFound, "--%s %s is no folder", given.flag, given.dir).
				WithHint("name a folder that is there; nacred index build --help says what is in it")
		}
		*given.to = os.DirFS(given.dir)
	}
	if f.work != "" {
		if err := os.MkdirAll(f.work, 0o755); err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "--work").WithHint("name a folder that can be written")
		}
		b.Program = ownDigest()
	}
	return b, nil
}

// generator names this program in what it makes.
func generator() string { return "nacred " + command.ThisBuild().Version }

// ownDigest is the digest of this program, nothing where it cannot be read.
func ownDigest() []byte {
	name, err := os.Executable()
	if err != nil {
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil
	}
	return h.Sum(nil)
}

// tellBuild says how a build ended.
func tellBuild(env *Env, f *buildFlags, r *indexbuild.Result) error {
	counts := r.Manifest.Counts
	if r.Refused != "" {
		fmt.Fprintf(env.Stderr, "nacred: the index in %s stays as it is: %s\n", f.out, terminal.Visible(r.Refused))
		fmt.Fprintf(env.Stderr, "hint: its page of health says so too; docs/operate.md says what to do\n")
		return command.Status(fault.Unavailable.ExitCode())
	}
	fmt.Fprintf(env.Stdout, "wrote %s: %d advisories (%d withdrawn) on %d distributions, sequence %d\n",
		f.out, counts.Advisories, counts.Withdrawn, counts.Distributions, r.Manifest.Sequence)
	fmt.Fprintf(env.Stdout, "%d files, %.1f MB; %d of them as they were\n", counts.Files, float64(counts.Bytes)/1e6, r.Reused)
	if f.unsigned {
		fmt.Fprintln(env.Stderr, "note: the index is not signed; readers refuse it unless they are told otherwise")
	}
	for _, said := range r.Kept {
		fmt.Fprintf(env.Stderr, "nacred: %s\n", terminal.Visible(said))
	}
	if len(r.Kept) > 0 {
		fmt.Fprintf(env.Stderr, "hint: what the other sources have is in the index; its page of health tells until that address answers again\n")
		return command.Status(fault.Unavailable.ExitCode())
	}
	return nil
}
