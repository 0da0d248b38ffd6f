package cli

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"nacre/archive"
	"nacre/bom/formats"
	"nacre/fault"
	"nacre/internal/files"
	"nacre/limit"
	"nacre/sbom/seal"
	"nacre/terminal"
)

// maxKey bounds a key file, in bytes.
const maxKey = 64 << 10

func newSBOMSign(env *Env) *cobra.Command {
	var key, out string
	c := &cobra.Command{
		Use:   "sign FILE --key KEY",
		Short: "Sign a bill, in a file of its own",
		Long: `Sign the bytes of a bill. The signature is a file of its own, FILE.dsse.json: a
DSSE envelope with a statement of in-toto, which other tools can read too. The
bill itself is not touched; after any change to it the signature no longer holds.

KEY is a private key in PEM: Ed25519, ECDSA or RSA. nacre sbom key makes one, and
so does openssl genpkey -algorithm ed25519.`,
		Example: `  nacre sbom key nacre.key
  nacre sbom sign --key nacre.key examples/bill.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if key == "" {
				return usage(c, fmt.Errorf("--key is missing"))
			}
			b, err := billBytes(env, args[0])
			if err != nil {
				return err
			}
			bill, err := formats.Read(b)
			if err != nil {
				return inFolder(nameOf(args[0]), err)
			}
			pem, err := limitedFile(key, maxKey, "key size")
			if err != nil {
				return err
			}
			signed, err := seal.Sign(c.Context(), b, filepath.Base(nameOf(args[0])), bill.Format, pem)
			if err != nil {
				return err
			}
			if out == "" && args[0] != "-" {
				out = args[0] + ".dsse.json"
			}
			return writeOut(env, out, func(w io.Writer) error {
				_, err := w.Write(signed)
				return err
			})
		},
	}
	c.Flags().StringVar(&key, "key", "", "private key, a PEM `FILE`")
	c.Flags().StringVarP(&out, "output", "o", "", "write to this file (default FILE.dsse.json)")
	return c
}

func newSBOMKey(env *Env) *cobra.Command {
	return &cobra.Command{
		Use:   "key FILE",
		Short: "Make a key to sign bills with",
		Long: `Make a new Ed25519 key: FILE, which stays with you and signs, and FILE.pub, which
those need who verify. Neither is encrypted; only you can read FILE. A file that is
there already is left alone.`,
		Example: "  nacre sbom key nacre.key",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			private, public, err := seal.NewKey(rand.Reader)
			if err != nil {
				return err
			}
			if err := writeKey(args[0], private, 0o600); err != nil {
				return err
			}
			if err := writeKey(args[0]+".pub", public, 0o644); err != nil {
				return errors.Join(err, os.Remove(args[0]))
			}
			_, err = fmt.Fprintf(env.Stdout, "%s signs; keep it to yourself\n%s.pub verifies; give it to those who get your bills\n", args[0], args[0])
			return err
		},
	}
}

// writeKey writes a file that is not there yet.
func writeKey(name string, b []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), unwrapped(err), "write %s", name).WithHint("name a file that is not there yet, in a folder that is")
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

func newSBOMVerifySignature(env *Env) *cobra.Command {
	var keys []string
	var signature, format string
	c := &cobra.Command{
		Use:   "verify-signature FILE --key KEY",
		Short: "Check a bill against its signature",
		Long: `Check that the bytes of a bill are those that one of the keys signed. The
signature is FILE.dsse.json, or what --signature names; where there is no such
file, it is the one inside the bill, as CycloneDX allows. A key is public, in PEM;
it must come to you by another way than the bill.

The status is 0 where the signature holds and 1 where it does not.`,
		Example: `  nacre sbom key nacre.key
  nacre sbom sign --key nacre.key examples/bill.json
  nacre sbom verify-signature --key nacre.key.pub examples/bill.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			if len(keys) == 0 {
				return usage(c, fmt.Errorf("--key is missing"))
			}
			b, err := billBytes(env, args[0])
			if err != nil {
				return err
			}
			var trusted [][]byte
			for _, name := range keys {
				k, err := limitedFile(name, maxKey, "key size")
				if err != nil {
					return err
				}
				trusted = append(trusted, k)
			}
			good, err := checkSignature(c.Context(), args[0], signature, b, trusted)
			denied := fault.KindOf(err) == fault.Denied
			if err != nil && !denied {
				return err
			}
			if err := printSignatures(env, args[0], asJSON, good, err); err != nil {
				return err
			}
			if denied {
				return exitStatus(1)
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&keys, "key", nil, "public key, a PEM `FILE`; several may be given")
	c.Flags().StringVar(&signature, "signature", "", "the signature (default FILE.dsse.json)")
	formatFlag(c, &format)
	return c
}

// checkSignature checks the signature in a file, or where none is named and there
// is none beside the bill, the one inside.
func checkSignature(ctx context.Context, file, signature string, bill []byte, keys [][]byte) ([]seal.Signature, error) {
	beside := file + ".dsse.json"
	if signature == "" {
		if _, err := os.Stat(beside); errors.Is(err, fs.ErrNotExist) {
			err := seal.CheckEnclosed(bill, keys...)
			if fault.KindOf(err) == fault.NotFound {
				return nil, fault.New(fault.NotFound, "no signature: neither %s nor one inside the bill", beside).
					WithHint("name the file of the signature with --signature")
			}
			return []seal.Signature{{Name: nameOf(file), KeyID: "inside the bill"}}, err
		}
		signature = beside
	}
	envelope, err := limitedFile(signature, seal.MaxEnvelope, "signature size")
	if err != nil {
		return nil, err
	}
	return seal.Check(ctx, bill, envelope, keys...)
}

func printSignatures(env *Env, file string, asJSON bool, good []seal.Signature, denied error) error {
	if asJSON {
		type signer struct {
			KeyID string `json:"key_id"`
			Name  string `json:"name"`
		}
		line := struct {
			File    string   `json:"file"`
			Holds   bool     `json:"holds"`
			Signers []signer `json:"signers"`
			Error   string   `json:"error,omitempty"`
		}{File: file, Holds: denied == nil, Signers: []signer{}}
		if denied != nil {
			line.Error = denied.Error()
		}
		for _, g := range good {
			line.Signers = append(line.Signers, signer(g))
		}
		return json.NewEncoder(terminal.Inert(env.Stdout)).Encode(line)
	}
	p := terminal.NewPage(env.Width, env.color())
	if denied != nil {
		p.Para(terminal.Span{Style: terminal.Red, Text: "does not hold: "}, terminal.Span{Text: denied.Error()})
		if hint := fault.HintOf(denied); hint != "" {
			p.Para(terminal.Span{Text: "hint: " + hint})
		}
	}
	for _, g := range good {
		p.Para(terminal.Span{Style: terminal.Green, Text: "holds: "}, terminal.Span{Text: file + ", signed as " + g.Name + " by key " + g.KeyID})
	}
	_, err := io.WriteString(env.Stdout, p.String())
	return err
}

// limitedFile reads a small file.
func limitedFile(name string, n int64, what string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", name)
	}
	defer f.Close()
	b, err := limit.ReadAll(f, n, what)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	return b, nil
}

func newSBOMVerify(env *Env) *cobra.Command {
	var format string
	var everything bool
	c := &cobra.Command{
		Use:   "verify FILE DIR",
		Short: "Check recorded digests against files",
		Long: `Compute the digests that a bill records, of the files below a folder: archives of
releases, wherever they lie in it, or the files of an installed tree. A component
whose file is not there, or for which the bill records no digest, is named. With
--all, files that are in no component are named too.

The status is 0 where every digest that could be computed is the recorded one, 1
where one differs or a file could not be read, and 3 where a component could not
be checked.`,
		Example: `  tar -czf Foo-Bar-1.20.tar.gz Foo-Bar
  nacre sbom make Foo-Bar-1.20.tar.gz -o bill.json
  nacre sbom verify bill.json .`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			bill, err := readBill(env, args[0])
			if err != nil {
				return err
			}
			if info, err := os.Stat(args[1]); err != nil || !info.IsDir() {
				if err == nil {
					err = fault.New(fault.Invalid, "is no folder")
				}
				return fault.Wrap(fault.Invalid, unwrapped(err), "open %s", args[1]).WithHint("name the folder that the archives or the installed files are in")
			}
			tree, err := files.OpenTree(args[1])
			if err != nil {
				return unopened(args[1], err)
			}
			defer tree.Close()
			watch := newWatch(env, args[1])
			results, err := seal.Files(c.Context(), bill, watch.tree(archive.RootFS(tree)), everything)
			watch.clear()
			if err != nil {
				return err
			}
			return printVerified(env, asJSON, results)
		},
	}
	c.Flags().BoolVar(&everything, "all", false, "name files that are in no component, too")
	formatFlag(c, &format)
	return c
}

func printVerified(env *Env, asJSON bool, results []seal.Result) error {
	counts := map[seal.State]int{}
	p := terminal.NewPage(env.Width, env.color())
	enc := json.NewEncoder(terminal.Inert(env.Stdout))
	if asJSON {
		var head schemaLine
		head.Config.Schema, head.Config.Tool = "nacre.sbom-verify/1", toolName()
		if err := enc.Encode(head); err != nil {
			return err
		}
	}
	for _, r := range results {
		counts[r.State]++
		if asJSON {
			if err := enc.Encode(struct {
				Result seal.Result `json:"result"`
			}{r}); err != nil {
				return err
			}
			continue
		}
		if r.State == seal.Same {
			continue
		}
		style := terminal.Yellow
		if r.State == seal.Differs || r.State == seal.Unreadable {
			style = terminal.Red
		}
		p.Para(terminal.Span{Style: style, Text: string(r.State) + ": "}, terminal.Span{Text: r.Name})
		if r.File != "" {
			p.Item(terminal.Span{Style: terminal.Dim, Text: "file"}, terminal.Span{Text: r.File})
		}
		if r.State == seal.Differs {
			p.Item(terminal.Span{Style: terminal.Dim, Text: "recorded"}, terminal.Span{Text: r.Algorithm + " " + r.Recorded})
			p.Item(terminal.Span{Style: terminal.Dim, Text: "found"}, terminal.Span{Text: r.Algorithm + " " + r.Found})
		}
		if r.Detail != "" {
			p.Item(terminal.Span{Style: terminal.Dim, Text: "because"}, terminal.Span{Text: r.Detail})
		}
	}
	wrong := counts[seal.Differs] + counts[seal.Unreadable]
	open := counts[seal.NoFile] + counts[seal.NoDigest]
	if asJSON {
		if err := enc.Encode(struct {
			Summary map[seal.State]int `json:"summary"`
		}{counts}); err != nil {
			return err
		}
	} else {
		p.Para(terminal.Span{Text: fmt.Sprintf("%d the same, %d different, %d unreadable, %d without a file, %d without a digest",
			counts[seal.Same], counts[seal.Differs], counts[seal.Unreadable], counts[seal.NoFile], counts[seal.NoDigest])})
		if _, err := io.WriteString(env.Stdout, p.String()); err != nil {
			return err
		}
	}
	switch {
	case wrong > 0:
		return exitStatus(1)
	case open > 0:
		return exitStatus(3)
	}
	return nil
}
