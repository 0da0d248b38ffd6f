package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"nacre/cpan"
	"nacre/fault"
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
		solve: func(input string) (any, func(printer), error) {
			p, err := purl.Parse(input)
			if err != nil {
				return nil, nil, err
			}
			return parsedPurl{Input: input, OK: true, purlParts: partsOf(p)}, func(out printer) { printParts(out, p) }, nil
		},
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

// madePurl is the answer of nacre purl make.
type madePurl struct {
	Purl   string `json:"purl"`
	Legacy bool   `json:"legacy,omitempty"`
}

// purlMaker makes package URLs of parts.
type purlMaker struct {
	namespace  string
	version    string
	subpath    string
	qualifiers []string
	author     string
	typ        string
	archive    string
	form       string
}

func newPurlMake(env *Env) *cobra.Command {
	var m purlMaker
	var isBatch bool
	c := &cobra.Command{
		Use:   "make [NAME]",
		Short: "Make a package URL of its parts",
		Long: `Make a package URL in canonical form: of the name of a distribution and what
the flags say, or with --archive of the path that an archive has on CPAN. The
parts are not encoded.

With --batch a line is a JSON object with type, namespace, name, version,
qualifiers and subpath, as nacre purl parse writes it, and its answer
{"purl":"..."}, or {"input":"...","error":"..."}.

The author goes where it is given. --purl-form author writes it as a qualifier,
as one should; --purl-form namespace as a namespace, for programs that know only
that: the answer is marked as legacy.`,
		Example: `  nacre purl make libwww-perl --version 6.76 --author AUTHOR
  nacre purl make --archive authors/id/A/AU/AUTHOR/Foo-Bar-1.20.tar.gz
  echo '{"type":"cpan","name":"Foo-Bar","version":"1.20"}' | nacre purl make --batch`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case m.form != "" && m.form != "author" && m.form != "namespace":
				return usage(c, fmt.Errorf("--purl-form %q is neither author nor namespace", m.form))
			case isBatch && len(args) > 0:
				return usage(c, errors.New("--batch reads standard input and takes no arguments"))
			case isBatch:
				v := purlVerb{solve: m.fromLine, failed: func(in string, err error) any { return failure{in, oneLine(err.Error())} }}
				return batch(c.Context(), env, v.line)
			case (len(args) == 1) == (m.archive != ""):
				return usage(c, errors.New("NAME or --archive PATH expected"))
			}
			made, err := m.fromFlags(strings.Join(args, ""))
			if err != nil {
				return err
			}
			if made.Legacy {
				fmt.Fprintln(env.Stderr, "note: the author as namespace is legacy")
			}
			fmt.Fprintln(env.Stdout, made.Purl)
			return nil
		},
	}
	c.Flags().BoolVar(&isBatch, "batch", false, "answer each line of standard input with a JSON object")
	c.Flags().StringVar(&m.typ, "type", "cpan", "the type")
	c.Flags().StringVar(&m.namespace, "namespace", "", "the namespace; for cpan use --author")
	c.Flags().StringVar(&m.version, "version", "", "the version, as it is spelled")
	c.Flags().StringVar(&m.author, "author", "", "the author, as a qualifier")
	c.Flags().StringArrayVar(&m.qualifiers, "qualifier", nil, "a qualifier as KEY=VALUE; may be repeated")
	c.Flags().StringVar(&m.subpath, "subpath", "", "a path inside it")
	c.Flags().StringVar(&m.archive, "archive", "", "the path of an archive, which says the rest")
	c.Flags().StringVar(&m.form, "purl-form", "", "author or namespace: where the author stands")
	return c
}

// fromLine makes one of a JSON object.
func (m *purlMaker) fromLine(line string) (any, func(printer), error) {
	var in struct {
		purlParts
		// These three stand in what parse writes.
		Input string  `json:"input"`
		OK    *bool   `json:"ok"`
		Error *string `json:"error"`
	}
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "read the parts")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, fault.New(fault.Invalid, "read the parts: text follows the object")
	}
	if in.OK != nil && !*in.OK {
		return nil, nil, fault.New(fault.Invalid, "the line is of a text that could not be read")
	}
	made, err := m.make(orEmpty(in.Type), orEmpty(in.Namespace), orEmpty(in.Name), orEmpty(in.Version), in.Qualifiers, orEmpty(in.Subpath))
	return made, nil, err
}

// fromFlags makes one of the command line.
func (m *purlMaker) fromFlags(name string) (madePurl, error) {
	q := map[string]string{}
	if m.archive != "" {
		p, err := purl.Identity(cpan.ParsePath(m.archive))
		if err != nil {
			return madePurl{}, fault.Wrap(fault.KindOf(err), err, "archive %s", fault.Quote(m.archive)).
				WithHint("name it as in authors/id/A/AU/AUTHOR/Foo-Bar-1.20.tar.gz")
		}
		maps.Copy(q, partsOf(p).Qualifiers)
		name, m.version = p.Name(), p.Version()
	}
	if m.author != "" {
		q["author"] = m.author
	}
	for _, s := range m.qualifiers {
		key, value, ok := strings.Cut(s, "=")
		if _, twice := q[key]; !ok || twice {
			return madePurl{}, fault.New(fault.Invalid, "qualifier %s: is not KEY=VALUE, or there twice", fault.Quote(s)).
				WithHint("as in --qualifier ext=zip, each key once")
		}
		q[key] = value
	}
	return m.make(m.typ, m.namespace, name, m.version, q, m.subpath)
}

func (m *purlMaker) make(typ, namespace, name, version string, q map[string]string, subpath string) (madePurl, error) {
	p, err := purl.New(typ, namespace, name, version, q, subpath)
	if err != nil {
		return madePurl{}, err
	}
	legacy := false
	if p.IsCPAN() && m.form == "namespace" {
		p, err = purl.Convert(p, purl.NamespaceForm)
		legacy = true
	} else if p.IsCPAN() && m.form == "author" {
		p, err = purl.Normalise(p)
	}
	if err != nil {
		return madePurl{}, err
	}
	return madePurl{p.String(), legacy}, nil
}
