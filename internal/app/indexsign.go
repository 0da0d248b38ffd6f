package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
	"nacre/index/manifest"
	"nacre/internal/command"
	"nacre/internal/files"
	"nacre/internal/indexbuild"
)

func newIndexSign(env *Env) *cobra.Command {
	var keys []string
	var next string
	var expires time.Duration
	c := &cobra.Command{
		Use:   "sign DIR --key FILE...",
		Short: "Sign a built index, or sign it anew",
		Long: `Write the two notes of the index in DIR, signed by every key: manifest.note
and nacre-index. Nothing else changes, so an index can be built where no key
is, and the expiry of one that has not changed can be put off. While one key
follows another, both sign. Only the digests are read: nacred index publish
checks that every file is what was signed.`,
		Example: `  nacred index build --from advisories --unsigned -o www
  nacred index keygen advisories.example -o index.key
  nacred index sign www --key index.key`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(keys) == 0 {
				return command.Usage(c, errors.New("--key FILE is missing"))
			}
			if expires <= 0 {
				return command.Usage(c, fmt.Errorf("--expires %v is no time for which a signature holds", expires))
			}
			var signers []note.Signer
			var verifiers []string
			for _, name := range keys {
				s, verifier, err := readKey(name)
				if err != nil {
					return err
				}
				signers, verifiers = append(signers, s), append(verifiers, verifier)
			}
			until := env.Now().Add(expires).UTC()
			before, err := signIndex(c.Context(), args[0], next, until, signers)
			if err != nil {
				said := fault.Wrap(fault.KindOf(err), err, "sign the index in %s", args[0])
				if fault.KindOf(err) == fault.NotFound {
					return said.WithHint("name the folder of an index that nacred index build made")
				}
				return said
			}
			for _, v := range verifiers {
				fmt.Fprintf(env.Stdout, "signed by %s\n", v)
			}
			fmt.Fprintf(env.Stdout, "it expires %s\n", until.Format("2006-01-02 15:04 UTC"))
			if before != "" && next == "" && !slices.Contains(verifiers, before) {
				fmt.Fprintf(env.Stderr, "note: the notes before named a next key, which these do not (--next-key):\n  %s\n", before)
			}
			return nil
		},
	}
	flags := c.Flags()
	flags.StringArrayVar(&keys, "key", nil, "the `FILE` of a key that signs (nacred index keygen); may be repeated")
	flags.StringVar(&next, "next-key", "", "the verifier `KEY` that is going to follow")
	flags.DurationVar(&expires, "expires", indexbuild.DefaultExpires, "for how long the signatures hold (`TIME`)")
	return c
}

// signIndex signs the notes anew, and gives the next key of those before. Nobody has
// checked who wrote these, so that key is not signed unless it is asked for.
func signIndex(ctx context.Context, dir, next string, until time.Time, signers []note.Signer) (before string, err error) {
	x, err := manifest.Load(ctx, func(_ context.Context, path string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(dir, filepath.FromSlash(path)))
	}, nil)
	if err != nil {
		return "", err
	}
	terms := manifest.Terms{Built: x.Seal.Built, Expires: until, NextKey: next}
	if x.Head != nil {
		terms.Database = x.Head.Built
	}
	list, seal, head, err := x.Manifest.Notes(terms, signers...)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(list, x.Text) {
		return "", fault.New(fault.Conflict, "its %s was written by another version of nacred", manifest.ListName).
			WithHint("sign with the version that built it, or build it again")
	}
	for _, note := range []struct {
		name string
		data []byte
	}{{manifest.HeadName, head}, {manifest.SealName, seal}} {
		if note.data == nil {
			continue
		}
		err := files.Replace(filepath.Join(dir, note.name), func(w io.Writer) error {
			_, err := w.Write(note.data)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return x.Seal.NextKey, nil
}
