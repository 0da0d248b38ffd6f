package cli

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/spf13/cobra"

	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/jsondoc"
	"nacre/purl"
)

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
		Use:     "make [NAME]",
		Aliases: []string{"build"},
		Short:   "Make a package URL of its parts",
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
				return command.Usage(c, fmt.Errorf("--purl-form %q is neither author nor namespace", m.form))
			case isBatch && len(args) > 0:
				return command.Usage(c, errors.New("--batch reads standard input and takes no arguments"))
			case isBatch:
				v := purlVerb{solve: m.fromLine, failed: func(in string, err error) any { return failure{in, oneLine(err.Error())} }}
				return batch(c.Context(), env, v.line)
			case (len(args) == 1) == (m.archive != ""):
				return command.Usage(c, errors.New("NAME or --archive PATH expected"))
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
	for _, said := range []string{"type", "namespace", "version"} { // by the archive
		c.MarkFlagsMutuallyExclusive("archive", said)
	}
	c.Flags().StringVar(&m.form, "purl-form", "", "author or namespace: where the author stands")
	return c
}

// fromLine makes one of a JSON object.
func (m *purlMaker) fromLine(line string) (any, func(printer), error) {
	p, err := readParts(line)
	if err != nil {
		return nil, nil, fault.Wrap(fault.Invalid, err, "read the parts")
	}
	made, err := m.make(p.texts["type"], p.texts["namespace"], p.texts["name"], p.texts["version"], p.qualifiers, p.texts["subpath"])
	return made, nil, err
}

// givenParts are the parts that a line of a batch gives.
type givenParts struct {
	texts      map[string]string
	qualifiers map[string]string
}

// readParts reads a JSON object. A version that is a number is refused: its
// digits would not be those that were meant.
func readParts(line string) (p givenParts, err error) {
	doc, err := jsondoc.Parse([]byte(line), jsondoc.Limits{Values: maxPartValues, Unique: true, Name: "parts"})
	if err != nil {
		return p, err
	}
	if doc.Kind != jsondoc.KindObject {
		return p, fmt.Errorf("an object is expected, not %s", doc.Kind)
	}
	p = givenParts{map[string]string{}, map[string]string{}}
	for _, m := range doc.Members {
		switch m.Key {
		case "type", "namespace", "name", "version", "subpath":
			if p.texts[m.Key], err = textOf(m); err != nil {
				return p, err
			}
		case "qualifiers":
			if m.Value.Kind != jsondoc.KindObject && m.Value.Kind != jsondoc.KindNull {
				return p, fmt.Errorf("qualifiers: an object is expected, not %s", m.Value.Kind)
			}
			for _, q := range m.Value.Members {
				if p.qualifiers[q.Key], err = textOf(q); err != nil {
					return p, err
				}
			}
		case "ok":
			if m.Value.Text == "false" {
				return p, errors.New("the line is of a text that could not be read")
			}
		case "input", "error": // these two, and ok, stand in what parse writes
		default:
			return p, fmt.Errorf("field %s: is none that a package url has", fault.Quote(m.Key))
		}
	}
	return p, nil
}

// maxPartValues bounds the values of one line.
const maxPartValues = 10_000

// textOf is the text of a field; null is none.
func textOf(m jsondoc.Member) (string, error) {
	if m.Value.Kind != jsondoc.KindString && m.Value.Kind != jsondoc.KindNull {
		return "", fmt.Errorf("field %s: a text is expected, not %s", fault.Quote(m.Key), m.Value.Kind)
	}
	return m.Value.Text, nil
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
