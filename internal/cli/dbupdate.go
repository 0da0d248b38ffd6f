package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/internal/dbupdate"
	"nacre/internal/files"
	"nacre/limit"
)

// keysName is the folder of the accepted OpenPGP keys in the user's data
// folder.
const keysName = "keys"

func newDBUpdate(env *Env) *cobra.Command {
	var path, address string
	var indexKeys []string
	var unsigned bool
	c := &cobra.Command{
		Use:   "update",
		Short: "Fetch the advisory database over the network",
		Long: `Ask the sources in order and take the first that answers. The database is
replaced only when the new one is whole, is signed by a key that is accepted and
can be read; an interrupted download goes on where it stopped.

The sources stand in sources.yaml in the user's data folder. Without that file
the published JSON of the CPAN Security Advisory database is fetched, whose
signing key nacre db trust must have accepted once. docs/updating.md tells all.

It says every address on standard error before it asks.`,
		Example: "  nacre db update",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			folder, err := files.DataFolder(runtime.GOOS, env.Getenv)
			if err != nil {
				return err
			}
			sources, err := listSources(folder)
			if err != nil {
				return err
			}
			if address != "" {
				if sources, err = pickSource(sources, address, indexKeys); err != nil {
					return err
				}
			} else if len(indexKeys) > 0 {
				return command.Usage(c, errors.New("--index-key belongs to --source"))
			}
			if path == "" {
				path = filepath.Join(folder, databaseName)
			}
			if err := keepVendors(path); err != nil {
				return err
			}
			show := &progress{env: env}
			u := dbupdate.Updater{
				File: path, Trust: dbupdate.Trust(filepath.Join(folder, keysName)), Sources: sources,
				Now: env.Now, Unsigned: unsigned, Say: show.say, Progress: show.bytes,
			}
			result, err := u.Update(c.Context())
			show.clear()
			for _, w := range result.Warnings {
				fmt.Fprintln(env.Stderr, "warning:", w)
			}
			if err != nil {
				return err
			}
			printUpdate(env, path, &result, unsigned)
			return nil
		},
	}
	c.Flags().StringVar(&path, "db", "", "the database to bring up to date, a `FILE` (default: "+databaseName+" in the user's data folder)")
	c.Flags().StringVar(&address, "source", "", "the only `URL` to ask, instead of the list")
	c.Flags().StringArrayVar(&indexKeys, "index-key", nil, "with --source: it is a Nacre index, signed by this verifier `KEY`; may be repeated")
	c.Flags().BoolVar(&unsigned, "insecure-unsigned", false, "take CPANSA's JSON without a signature; the database says so")
	return c
}

// keepVendors refuses to replace a database that security data of vendors was
// put into, which no source of an update has.
func keepVendors(path string) error {
	d, err := openFile(path)
	if err != nil {
		return nil // there is none, or the update mends it
	}
	defer d.Close()
	feeds := d.Feeds()
	if len(feeds) == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "update %s: it holds security data of vendors (%s and its like), which an update would drop", path, feeds[0].Name).
		WithHint("update another file with --db FILE, and put the data into this one with nacre db build --from FILE --from DATA -o %s", path)
}

func printUpdate(env *Env, path string, r *dbupdate.Result, unsigned bool) {
	done := "is up to date"
	if r.Changed {
		done = "updated"
	}
	fmt.Fprintln(env.Stdout, path, done)
	fmt.Fprintf(env.Stdout, "%d advisories (%d withdrawn) on %d distributions, built %s\n",
		r.Info.Records, r.Info.Withdrawn, r.Info.Dists, r.Info.Built.Format("2006-01-02 15:04 UTC"))
	fmt.Fprintln(env.Stdout, "from", r.Source.URL)
	switch {
	case r.Source.Kind == dbupdate.KindIndex:
		fmt.Fprintf(env.Stdout, "sequence %d, signed by %s\n", r.Sequence, r.Signer)
	case r.Signer != "":
		fmt.Fprintln(env.Stdout, "signed by", dbupdate.Fingerprint(r.Signer))
	}
	if unsigned && r.Source.Kind == dbupdate.KindCPANSA {
		fmt.Fprintln(env.Stderr, "warning: the signature of the data was not checked (--insecure-unsigned)")
	}
}

// listSources reads the user's list of sources, or gives the default one.
func listSources(folder string) ([]dbupdate.Source, error) {
	name := filepath.Join(folder, dbupdate.SourcesFile)
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return dbupdate.DefaultSources(), nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the list of sources")
	}
	defer f.Close()
	text, err := limit.ReadAll(f, dbupdate.MaxSources, "sources size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	sources, err := dbupdate.ParseSources(text)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	return sources, nil
}

// pickSource is the source at one address: as the list has it, or else an
// index where there are keys, and CPANSA's JSON where there are none.
func pickSource(list []dbupdate.Source, address string, keys []string) ([]dbupdate.Source, error) {
	i := slices.IndexFunc(list, func(s dbupdate.Source) bool { return s.URL == address })
	if i >= 0 && len(keys) == 0 {
		return list[i : i+1], nil
	}
	s := dbupdate.Source{Kind: dbupdate.KindCPANSA, URL: address}
	if len(keys) > 0 {
		s.Kind, s.Keys = dbupdate.KindIndex, keys
	}
	if err := s.Check(); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "--source")
	}
	return []dbupdate.Source{s}, nil
}

// progress shows a download on a terminal, on one line that is written anew.
type progress struct {
	env  *Env
	last string
}

func (p *progress) say(address string) {
	p.clear()
	fmt.Fprintln(p.env.Stderr, "contacting", address)
}

func (p *progress) bytes(done, total int64) {
	if !p.env.IsTerminal(p.env.Stderr) {
		return
	}
	line := fmt.Sprintf("%.1f MB", float64(done)/1e6)
	if total > 0 {
		line = fmt.Sprintf("%.1f of %.1f MB", float64(done)/1e6, float64(total)/1e6)
	}
	if line != p.last {
		fmt.Fprintf(p.env.Stderr, "\r%s\x1b[K", line)
		p.last = line
	}
}

func (p *progress) clear() {
	if p.last != "" {
		fmt.Fprint(p.env.Stderr, "\r\x1b[K")
		p.last = ""
	}
}

func newDBTrust(env *Env) *cobra.Command {
	var keyFile, remove string
	var list bool
	c := &cobra.Command{
		Use:   "trust [FINGERPRINT --key FILE]",
		Short: "Accept an OpenPGP key that signs advisory data",
		Long: `Accept the key with a fingerprint that you have from a place you trust, such as
the documentation of the data's publisher. The key itself comes from a file,
armored or not (- is standard input), and may come from anywhere: it is taken
only if it has that fingerprint.`,
		Example: "  nacre db trust --list",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			folder, err := files.DataFolder(runtime.GOOS, env.Getenv)
			if err != nil {
				return err
			}
			trust := dbupdate.Trust(filepath.Join(folder, keysName))
			switch {
			case len(args) == 1 && keyFile != "":
				return acceptKey(env, trust, args[0], keyFile)
			case len(args) == 0 && list:
				return listKeys(env, trust)
			case len(args) == 0 && remove != "":
				return removeKey(env, trust, remove)
			}
			return command.Usage(c, errors.New("either FINGERPRINT with --key FILE, or --list, or --remove FINGERPRINT"))
		},
	}
	c.Flags().StringVar(&keyFile, "key", "", "the `FILE` with the key; - is standard input")
	c.Flags().BoolVar(&list, "list", false, "show the accepted keys")
	c.Flags().StringVar(&remove, "remove", "", "take the key with this `FINGERPRINT` back")
	c.MarkFlagsMutuallyExclusive("key", "list", "remove")
	return c
}

func acceptKey(env *Env, trust dbupdate.Trust, fingerprint, file string) error {
	want, err := dbupdate.ParseFingerprint(fingerprint)
	if err != nil {
		return err
	}
	in := env.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "read key")
		}
		defer f.Close()
		in = f
	}
	k, err := dbupdate.ReadKey(in, want, env.Now())
	if err != nil {
		return err
	}
	if err := trust.Accept(k); err != nil {
		return err
	}
	fmt.Fprintln(env.Stdout, "accepted the key with the fingerprint")
	printKey(env.Stdout, &k)
	return nil
}

func printKey(w io.Writer, k *dbupdate.Key) {
	state := []string{"created " + k.Created.Format(time.DateOnly)}
	if !k.Expires.IsZero() {
		state = append(state, "expires "+k.Expires.Format(time.DateOnly))
	}
	if k.Problem != nil {
		state = append(state, "not good: "+k.Problem.Error())
	}
	fmt.Fprintf(w, "  %s\n  %s\n", k.Fingerprint, strings.Join(state, ", "))
}

func listKeys(env *Env, trust dbupdate.Trust) error {
	keys, err := trust.Keys(env.Now())
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		fmt.Fprintln(env.Stdout, "no key is accepted")
	}
	for i := range keys {
		printKey(env.Stdout, &keys[i])
	}
	return nil
}

func removeKey(env *Env, trust dbupdate.Trust, fingerprint string) error {
	f, err := dbupdate.ParseFingerprint(fingerprint)
	if err != nil {
		return err
	}
	if err := trust.Remove(f); err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "removed the key with the fingerprint\n  %s\n", f)
	return nil
}
