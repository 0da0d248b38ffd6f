package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/command"
	"nacre/limit"
)

func newIndexKeygen(env *Env) *cobra.Command {
	var output, public string
	c := &cobra.Command{
		Use:   "keygen NAME -o FILE",
		Short: "Make a key that signs an index",
		Long: `Make a key with a name, write the secret half into FILE, which only you can
read, and print the verifier key, which everybody may have: publish it where
people find it before they trust the index. A name is the host of the index,
or what else will stay; all keys of one index have the same name.

A file that is there is never overwritten. -o - prints the secret half
instead. --public FILE prints the verifier key of a key that is there.
docs/operate.md says where to keep a key and how to replace one.`,
		Example: `  nacred index keygen advisories.example -o index.key
  nacred index keygen --public index.key`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case public != "" && len(args) == 0 && output == "":
				_, verifier, err := readKey(public)
				if err != nil {
					return err
				}
				fmt.Fprintln(env.Stdout, verifier)
				return nil
			case public != "" || len(args) == 0:
				return command.Usage(c, errors.New("either NAME -o FILE or --public FILE"))
			case output == "":
				return command.Usage(c, errors.New("-o FILE is missing"))
			}
			secret, verifier, err := manifest.NewKey(rand.Reader, args[0])
			if err != nil {
				return err
			}
			if output == "-" {
				fmt.Fprintln(env.Stdout, secret)
				fmt.Fprintln(env.Stderr, "verifier key:", verifier)
				return nil
			}
			if err := writeSecret(output, secret+"\n"); err != nil {
				return err
			}
			fmt.Fprintln(env.Stdout, verifier)
			return nil
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "the `FILE` for the secret half; - prints it")
	c.Flags().StringVar(&public, "public", "", "print the verifier key of the key in `FILE`")
	return c
}

// maxKeyFile is more than the file of any key has, in bytes.
const maxKeyFile = 4 << 10

// readKey reads the file of a secret key, and gives what signs with it and its
// verifier key.
func readKey(name string) (note.Signer, string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, "", fault.Wrap(fault.KindOf(err), err, "read the key").WithHint("nacred index keygen makes one")
	}
	defer f.Close()
	text, err := limit.ReadAll(f, maxKeyFile, "key size")
	if err != nil {
		return nil, "", fault.Wrap(fault.KindOf(err), err, "read the key in %s", name)
	}
	return manifest.ParseKey(text)
}

// writeSecret writes a new file that nobody else can read, whole or not at all.
func writeSecret(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.New(fault.Conflict, "write %s: it is there already", name).
			WithHint("a key that is lost is lost: name another file, or move that one away")
	}
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "write the key").WithHint("name a file in a folder that you can write to")
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(name) //nolint:errcheck // half a key is worth nothing, and the first error says why
		return fault.Wrap(fault.KindOf(err), err, "write %s", name)
	}
	return nil
}
