package cli

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"nacre/bom/formats"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/limit"
	"nacre/sbom/seal"
	"nacre/terminal"
)

// signatureExt ends the name of a bill's signature beside it.
const signatureExt = ".dsse.json"

// maxKey bounds a key file, in bytes.
const maxKey = 64 << 10

func newSBOMSign(env *Env) *cobra.Command {
	var key, out string
	c := &cobra.Command{
		Use:   "sign FILE --key KEY",
		Short: "Sign a bill, in a file of its own",
		Long: `Sign the bytes of a bill. The signature is a file of its own, FILE.dsse.json: a
DSSE envelope with a statement of in-toto, which other tools can read too. The
bill itself is not touched; after any change to it the signature no longer
holds.

KEY is a private key in PEM: Ed25519, ECDSA or RSA. nacre sbom key makes one,
and so does openssl genpkey -algorithm ed25519.`,
		Example: `  nacre sbom key nacre.key
  nacre sbom sign --key nacre.key examples/bill.json`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if key == "" {
				return command.Usage(c, fmt.Errorf("--key is missing"))
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
				out = args[0] + signatureExt
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
		Long: `Make a new Ed25519 key: FILE, which stays with you and signs, and FILE.pub,
which those need who verify. Neither is encrypted; only you can read FILE. A
file that is there already is left alone.`,
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
file, it is the one inside a bill of CycloneDX in JSON, which holds its values.
A key is public, in PEM; it must come to you by another way than the bill.

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
				return command.Usage(c, fmt.Errorf("--key is missing"))
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
			checked, err := checkSignature(c.Context(), args[0], signature, b, trusted)
			denied := fault.KindOf(err) == fault.Denied
			if err != nil && !denied {
				return err
			}
			if err := printSignatures(env, nameOf(args[0]), asJSON, checked, err); err != nil {
				return err
			}
			if denied {
				return command.Status(1)
			}
			return nil
		},
	}
	c.Flags().StringArrayVar(&keys, "key", nil, "public key, a PEM `FILE`; several may be given")
	c.Flags().StringVar(&signature, "signature", "", "the signature (default FILE.dsse.json)")
	formatFlag(c, &format)
	return c
}

// checkedSignature is what the check of a bill's signature came to.
type checkedSignature struct {
	file string // that it stands in; "" is the bill itself
	good []seal.Signature
}

// checkSignature checks the signature in a file, or where none is named and there
// is none beside the bill, the one inside.
func checkSignature(ctx context.Context, file, signature string, bill []byte, keys [][]byte) (c checkedSignature, err error) {
	if signature == "" && file != "-" {
		signature = file + signatureExt
		if _, err := os.Stat(signature); errors.Is(err, fs.ErrNotExist) {
			signature = ""
		}
	}
	if signature == "" {
		one, err := seal.CheckEnclosed(bill, keys...)
		if fault.KindOf(err) == fault.NotFound {
			beside := ", nor one beside it: " + file + signatureExt
			if file == "-" {
				beside = ""
			}
			return c, fault.New(fault.NotFound, "%s has no signature inside%s", nameOf(file), beside).
				WithHint("name the file of the signature with --signature")
		}
		if err == nil {
			c.good = []seal.Signature{one}
		}
		return c, err
	}
	c.file = signature
	envelope, err := limitedFile(signature, seal.MaxEnvelope, "signature size")
	if err != nil {
		return c, err
	}
	c.good, err = seal.Check(ctx, bill, envelope, keys...)
	return c, err
}

func printSignatures(env *Env, file string, asJSON bool, checked checkedSignature, denied error) error {
	if asJSON {
		type signer struct {
			KeyID string  `json:"key_id"`
			Name  *string `json:"name"`
		}
		line := struct {
			File      string   `json:"file"`
			Signature *string  `json:"signature"`
			Holds     bool     `json:"holds"`
			Signers   []signer `json:"signers"`
			Error     *string  `json:"error"`
		}{File: file, Signature: orNull(checked.file), Holds: denied == nil, Signers: []signer{}}
		if denied != nil {
			line.Error = orNull(oneLine(denied.Error()))
		}
		for _, g := range checked.good {
			line.Signers = append(line.Signers, signer{g.KeyID, orNull(g.Name)})
		}
		out, err := jsonLines(env, "nacre.sbom.signature/1")
		if err != nil {
			return err
		}
		return out.Encode(line)
	}
	p := terminal.NewPage(env.Width, env.Color())
	if denied != nil {
		p.Para(terminal.Span{Style: terminal.Red, Text: "does not hold: "}, terminal.Span{Text: file})
		p.Item(terminal.Span{Style: terminal.Dim, Text: "because"}, terminal.Span{Text: denied.Error()})
		if hint := fault.HintOf(denied); hint != "" {
			p.Item(terminal.Span{Style: terminal.Dim, Text: "hint"}, terminal.Span{Text: hint})
		}
	} else {
		p.Para(terminal.Span{Style: terminal.Green, Text: "holds: "}, terminal.Span{Text: file})
	}
	p.Item(terminal.Span{Style: terminal.Dim, Text: "signature"}, terminal.Span{Text: cmp.Or(checked.file, "inside the bill")})
	for _, g := range checked.good {
		if g.Name != "" {
			p.Item(terminal.Span{Style: terminal.Dim, Text: "signed as"}, terminal.Span{Text: g.Name})
		}
		p.Item(terminal.Span{Style: terminal.Dim, Text: "by key"}, terminal.Span{Text: g.KeyID})
	}
	_, err := io.WriteString(env.Stdout, p.String())
	return err
}

// limitedFile reads a small file.
func limitedFile(name string, n int64, what string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), unwrapped(err), "open %s", name).WithHint("name a file that is there and can be read")
	}
	defer f.Close()
	b, err := limit.ReadAll(f, n, what)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", name)
	}
	return b, nil
}
