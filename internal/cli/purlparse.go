package cli

import (
	"github.com/spf13/cobra"

	"nacre/purl"
)

// purlParts are the parts of a package URL, as the official test cases of the
// standard write them: a part that is not there is null.
type purlParts struct {
	Type       *string           `json:"type"`
	Namespace  *string           `json:"namespace"`
	Name       *string           `json:"name"`
	Version    *string           `json:"version"`
	Qualifiers map[string]string `json:"qualifiers"`
	Subpath    *string           `json:"subpath"`
}

// parsedPurl is the answer of nacre purl parse.
type parsedPurl struct {
	Input string `json:"input"`
	OK    bool   `json:"ok"`
	purlParts
	Error *string `json:"error"`
}

// orNull is null for an empty part.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func partsOf(p purl.PURL) purlParts {
	parts := purlParts{
		Type: orNull(p.Type()), Namespace: orNull(p.Namespace()), Name: orNull(p.Name()),
		Version: orNull(p.Version()), Subpath: orNull(p.Subpath()),
	}
	for _, q := range p.Qualifiers() {
		if parts.Qualifiers == nil {
			parts.Qualifiers = map[string]string{}
		}
		parts.Qualifiers[q.Key] = q.Value
	}
	return parts
}

func newPurlParse(env *Env) *cobra.Command {
	return purlVerb{
		arg: "PURL",
		solve: ofPurl(func(input string, p purl.PURL) (any, func(printer), error) {
			return parsedPurl{Input: input, OK: true, purlParts: partsOf(p)}, func(out printer) { printParts(out, p) }, nil
		}),
		failed: func(input string, err error) any {
			return parsedPurl{Input: input, Error: orNull(oneLine(err.Error()))}
		},
	}.attach(env, &cobra.Command{
		Use:   "parse",
		Short: "Take a package URL apart",
		Long: `Print the parts of a package URL, decoded, and its canonical form. What the
standard or the definition of the type forbids is refused, not mended; nacre
purl lint says all that is wrong.

With --batch a line is a package URL, and its answer an object with input, ok,
type, namespace, name, version, qualifiers, subpath and error. A part that is
not there is null. Qualifiers come back as they were given.`,
		Example: `  nacre purl parse 'pkg:cpan/libwww-perl@6.76?author=AUTHOR'
  echo pkg:cpan/Foo-Bar@1.20 | nacre purl parse --batch`,
	})
}

func printParts(out printer, p purl.PURL) {
	out.field("type", p.Type())
	out.field("namespace", p.Namespace())
	out.field("name", p.Name())
	out.field("version", p.Version())
	for _, q := range p.Qualifiers() {
		out.field(q.Key, q.Value)
	}
	out.field("subpath", p.Subpath())
	out.field("canonical", p.String())
}
