package scan

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
	"nacre/perlver"
)

// SettingsFile is where a project keeps its settings.
const SettingsFile = "nacre.yaml"

// Settings is what nacre.yaml says; docs/nacre-yaml.md describes it. Flags and
// the environment win over it.
type Settings struct {
	FailOn        string // severity; "" where not stated, as are all
	FailOnUnknown bool
	Strict        bool
	OnlyFixed     bool
	Perl          string
	DB            string // a path, relative to the file
	MaxDBAge      string
	Ignores       []Ignore
	// Author and Manufacturer are who makes bills of materials, and who answers
	// for what they are of: "Name <mail or address>".
	Author, Manufacturer string
}

// Bounds on nacre.yaml.
const (
	maxSettings = 1 << 20
	maxYAML     = 8 // levels; the file has four
	maxIgnores  = 1_000
)

// settingKeys and ignoreKeys are all keys there are.
var (
	settingKeys = []string{"author", "db", "fail-on", "fail-on-unknown", "ignore", "manufacturer", "max-db-age", "only-fixed", "perl", "strict"}
	ignoreKeys  = []string{"distribution", "expires", "id", "justification", "path", "reason", "versions"}
)

// ReadSettings reads nacre.yaml. A key that it does not know is an error, and
// so is an ignore that does not say why and until when. Every error has a hint.
func ReadSettings(r io.Reader) (Settings, error) {
	s, err := readSettings(r)
	if e, ok := errors.AsType[*fault.Error](err); ok && fault.HintOf(err) == "" {
		err = e.WithHint("docs/nacre-yaml.md describes every key")
	}
	return s, err
}

func readSettings(r io.Reader) (Settings, error) {
	b, err := limit.ReadAll(r, maxSettings, "nacre.yaml size")
	if err != nil {
		return Settings{}, err
	}
	if !utf8.Valid(b) {
		return Settings{}, fault.New(fault.Invalid, "nacre.yaml is not UTF-8").WithHint("save it as UTF-8")
	}
	loader, err := yaml.NewLoader(bytes.NewReader(b), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxYAML))))
	if err != nil {
		return Settings{}, errYAML(err)
	}
	var doc, second yaml.Node
	if err := loader.Load(&doc); errors.Is(err, io.EOF) {
		return Settings{}, nil // empty, or comments only
	} else if err != nil {
		return Settings{}, errYAML(err)
	}
	if err := loader.Load(&second); !errors.Is(err, io.EOF) {
		return Settings{}, fault.New(fault.Invalid, "nacre.yaml has more than one document").
			WithHint("take out the line --- between them, and what is in the second one twice")
	}
	if len(doc.Content) != 1 || isNull(doc.Content[0]) {
		return Settings{}, nil
	}
	var s Settings
	return s, s.read(doc.Content[0])
}

func errYAML(err error) error {
	return fault.Wrap(fault.Invalid, err, "nacre.yaml is no YAML").WithHint("docs/nacre-yaml.md shows one that works")
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// fail is an error at a place of the file.
func fail(n *yaml.Node, format string, args ...any) *fault.Error {
	return fault.Wrap(fault.Invalid, fault.New(fault.Invalid, format, args...), "nacre.yaml line %d", n.Line)
}

// pairs calls do for every key of a map, which must be one of keys.
func pairs(n *yaml.Node, what string, keys []string, do func(key string, v *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return fail(n, "%s is not a map of keys and values", what).WithHint("docs/nacre-yaml.md shows one that works")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			return fail(k, "%s has a key that is not a word", what)
		}
		if !slices.Contains(keys, k.Value) {
			return unknownWord(k, "key", k.Value, keys)
		}
		if seen[k.Value] {
			return fail(k, "%s has the key %s twice", what, k.Value).WithHint("keep one of them")
		}
		seen[k.Value] = true
		if v.Kind == yaml.AliasNode {
			return fail(v, "aliases are not read here").WithHint("write the value out")
		}
		if err := do(k.Value, v); err != nil {
			return err
		}
	}
	return nil
}

// unknownWord is the error of a word that is none of those there are.
func unknownWord(n *yaml.Node, what, word string, words []string) error {
	err := fail(n, "unknown %s %.60q", what, word)
	if near := fault.Nearest(word, words); near != "" {
		return err.WithHint("did you mean %s?", near)
	}
	return err.WithHint("there are %s", strings.Join(words, ", "))
}

// text is a value as it is written: 5.10 is not a number.
func text(n *yaml.Node) (string, error) {
	switch {
	case n.Kind == yaml.SequenceNode:
		return "", fail(n, "a list, where one value is expected").WithHint("write a single value after the colon")
	case n.Kind != yaml.ScalarNode:
		return "", fail(n, "a map, where one value is expected").WithHint("write a single value after the colon")
	case isNull(n) || strings.TrimSpace(n.Value) == "":
		return "", fail(n, "a value is missing").WithHint("write one after the colon, or leave the key out")
	}
	return n.Value, nil
}

func boolean(n *yaml.Node) (bool, error) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == "true":
		return true, nil
	case n.Kind == yaml.ScalarNode && n.Value == "false":
		return false, nil
	}
	return false, fail(n, "neither true nor false").WithHint("write true or false, in small letters")
}

func (s *Settings) read(n *yaml.Node) error {
	return pairs(n, "nacre.yaml", settingKeys, func(key string, v *yaml.Node) (err error) {
		switch key {
		case "fail-on":
			if s.FailOn, err = text(v); err == nil {
				if _, bad := ParseFailOn(s.FailOn); bad != nil {
					err = fail(v, "%v", bad).WithHint("%s", fault.HintOf(bad))
				}
			}
		case "fail-on-unknown":
			s.FailOnUnknown, err = boolean(v)
		case "strict":
			s.Strict, err = boolean(v)
		case "only-fixed":
			s.OnlyFixed, err = boolean(v)
		case "perl":
			s.Perl, err = text(v)
		case "db":
			s.DB, err = text(v)
		case "max-db-age":
			if s.MaxDBAge, err = text(v); err == nil {
				if _, bad := ParseAge(s.MaxDBAge); bad != nil {
					err = fail(v, "%v", bad).WithHint("%s", fault.HintOf(bad))
				}
			}
		case "author":
			s.Author, err = text(v)
		case "manufacturer":
			s.Manufacturer, err = text(v)
		case "ignore":
			s.Ignores, err = readIgnores(v)
		}
		return err
	})
}

func readIgnores(n *yaml.Node) ([]Ignore, error) {
	if isNull(n) {
		return nil, nil
	}
	if n.Kind != yaml.SequenceNode {
		return nil, fail(n, "ignore is not a list").WithHint("start each entry with \"- id: ...\"")
	}
	if len(n.Content) > maxIgnores {
		return nil, fail(n, "more than %d ignores (limit: ignores)", maxIgnores).
			WithHint("take out those that have expired; versions and path can make one of several")
	}
	var all []Ignore
	for _, item := range n.Content {
		g, err := readIgnore(item)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

func readIgnore(n *yaml.Node) (Ignore, error) {
	g := Ignore{Line: n.Line}
	err := pairs(n, "an ignore", ignoreKeys, func(key string, v *yaml.Node) error {
		if key == "versions" && v.Kind == yaml.SequenceNode {
			return g.versions(v, v.Content)
		}
		value, err := text(v)
		if err != nil {
			return err
		}
		switch key {
		case "id":
			g.ID, err = advisory.ParseID(value)
		case "distribution":
			g.Dist, err = cpan.ParseDist(value)
		case "versions":
			return g.versions(v, []*yaml.Node{v})
		case "path":
			g.Path, err = parsePath(value)
		case "reason":
			g.Reason = strings.Join(strings.Fields(value), " ")
		case "expires":
			if g.Expires, err = advisory.ParseDate(value); err == nil && len(value) != len(time.DateOnly) {
				err = fault.New(fault.Invalid, "date %.40q is not YYYY-MM-DD", value)
			}
		case "justification":
			if !slices.Contains(justifications, value) {
				return unknownWord(v, "justification", value, justifications)
			}
			g.Justification = value
		}
		if err != nil {
			bad := fault.Wrap(fault.Invalid, err, "nacre.yaml line %d: %s", v.Line, key)
			if key == "expires" {
				return bad.WithHint("write a day as YYYY-MM-DD: 2099-06-30")
			}
			return bad
		}
		return nil
	})
	switch {
	case err != nil:
		return g, err
	case g.ID == "":
		return g, fail(n, "an ignore without id").WithHint("name the advisory: id: CVE-2099-0001")
	case g.Reason == "":
		return g, fail(n, "the ignore of %s has no reason", g.ID).WithHint("say why it does not matter here: reason: ...")
	case g.Expires.IsZero():
		return g, fail(n, "the ignore of %s does not expire", g.ID).WithHint("say when to look at it again: expires: YYYY-MM-DD")
	}
	return g, nil
}

// versions takes clauses in CPANSA's grammar; one that cannot be read would
// never match and is refused.
func (g *Ignore) versions(at *yaml.Node, nodes []*yaml.Node) error {
	for _, n := range nodes {
		clause, err := text(n)
		if err != nil {
			return err
		}
		g.Versions = append(g.Versions, clause)
	}
	if len(g.Versions) == 0 {
		return fail(at, "versions is empty").WithHint("leave it out to ignore the advisory in every version")
	}
	if bad := perlver.ParseCPANSA(g.Versions).Unreadable(); len(bad) > 0 {
		return fail(at, "versions: %s", bad[0]).WithHint("write clauses like \"<1.5\" or \">=1.2,<1.5\"")
	}
	return nil
}

// ParseFailOn reads the severity of --fail-on.
func ParseFailOn(word string) (advisory.Severity, error) {
	s, err := advisory.ParseSeverity(word)
	if err != nil || s == advisory.SeverityUnknown {
		return 0, fault.New(fault.Invalid, "no such severity: %.40q", word).WithHint("use low, medium, high or critical")
	}
	return s, nil
}

// ParseAge reads the age of --max-db-age: days ("7", "7d") or a duration of
// Go ("36h"). Zero and less is no age.
func ParseAge(s string) (time.Duration, error) {
	days := strings.TrimSuffix(s, "d")
	if days != "" && strings.Trim(days, "0123456789") == "" && len(days) <= 5 {
		n := 0
		for _, c := range []byte(days) {
			n = n*10 + int(c-'0')
		}
		if n > 0 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return d, nil
	}
	return 0, fault.New(fault.Invalid, "no such age: %.40q", s).WithHint("give days, as in 7, or hours, as in 36h")
}
