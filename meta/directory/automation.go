package directory

import (
	"fmt"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
	"nacre/jsondoc"
)

// ladder is a key whose values are levels, each of which includes those before
// it.
type ladder struct {
	key    string
	levels []string
}

// ladders are the keys of automation-policy.json that have levels.
var ladders = []ladder{
	{"code_generation", []string{"toolchain", "external_sources", "machine_generated"}},
	{"automated_contributions", []string{"none", "comment", "issue", "code_request"}},
	{"automated_actions", []string{"none", "comment", "issue", "code_request", "code_change", "release"}},
}

// texts are the keys whose values are free texts.
var texts = []string{"distribution", "description", "document"}

// limits of a file; the draft's have six keys.
var limits = jsondoc.Limits{Depth: 16, Values: 1000, Name: "automation policy", Unique: true}

// CheckAutomation checks the text of an automation-policy.json by itself: V03 to
// V11, but for whether the document that it names exists.
func CheckAutomation(file string, text []byte, known Facts) []advice.Finding {
	c := &checker{known: known}
	c.parse(file, text)
	return advice.Sort(c.out)
}

// parse checks the text, and gives it as far as it is an object.
func (c *checker) parse(file string, text []byte) *jsondoc.Node {
	doc, err := jsondoc.Parse(text, limits)
	switch {
	case err != nil:
		how := "mend it there; nacre meta directory new writes one that can be read"
		if strings.Contains(stripSpace(text), ",}") {
			how = "take the comma behind the last key away; the schema that the draft prints has one too many, too"
		}
		c.add("V03", file, 0, "it cannot be read: "+err.Error(), how)
		return nil
	case !doc.Is(jsondoc.KindObject):
		c.add("V03", file, doc.Line, "it is "+doc.Kind.String()+", not an object", "write the keys and values of the draft within { and }")
		return nil
	}
	for _, m := range doc.Members {
		c.member(file, m)
	}
	for _, key := range append([]string{"version"}, ladderKeys()...) {
		if doc.Get(key) == nil {
			c.add("V05", file, 0, "it does not say "+key, "add "+example(key))
		}
	}
	if doc.Get("code_generation").Str() == "machine_generated" && doc.Get("automated_actions").Str() == "release" {
		c.add("V11", file, lineOf(doc, "automated_actions"), "what programs write is released by programs", "let a person merge or release: code_request is the highest level with somebody in between")
	}
	return doc
}

func (c *checker) member(file string, m jsondoc.Member) {
	v := m.Value
	if i := slices.IndexFunc(ladders, func(l ladder) bool { return l.key == m.Key }); i >= 0 {
		c.level(file, ladders[i], v, m.Line)
		return
	}
	switch {
	case m.Key == "version":
		if !v.Is(jsondoc.KindNumber) || v.Text != "1" {
			what := v.Text
			if v.Is(jsondoc.KindString) {
				what = fmt.Sprintf("the text %q", v.Text)
			} else if !v.Is(jsondoc.KindNumber) {
				what = v.Kind.String()
			}
			c.add("V07", file, m.Line, "its version is "+what, `write "version": 1, a number without quotes`)
		}
	case slices.Contains(texts, m.Key):
		if !v.Is(jsondoc.KindString) || strings.TrimSpace(v.Text) == "" {
			c.add("V09", file, m.Line, m.Key+" is no text", "write it in quotes, or leave the key out")
		} else if m.Key == "distribution" && c.known.Dist != "" && cpan.Dist(v.Text) != c.known.Dist {
			c.add("V10", file, m.Line, fmt.Sprintf("it is for %s, and this is %s", v.Text, c.known.Dist), "go over it, and put this distribution's name there")
		}
	default:
		how := "take it away; the draft has no such key"
		for _, k := range slices.Concat([]string{"version"}, ladderKeys(), texts) {
			if near(m.Key, k) {
				how = "did you mean " + k + "?"
			}
		}
		if strings.Contains(strings.ToLower(m.Key), "mining") {
			how = "take it away; the draft leaves data mining out on purpose, since it cannot be held"
		}
		c.add("V04", file, m.Line, fmt.Sprintf("the key %q is not of the draft", m.Key), how)
	}
}

// level checks a value against its ladder.
func (c *checker) level(file string, l ladder, v *jsondoc.Node, line int) {
	all := strings.Join(l.levels, ", ")
	switch {
	case v.Is(jsondoc.KindArray):
		how := "choose one of " + all
		if top := highest(l, v); top != "" {
			how = fmt.Sprintf("write %q, which includes those below it", top)
		}
		c.add("V06", file, line, l.key+" is a list; it is one level", how)
	case !v.Is(jsondoc.KindString):
		c.add("V06", file, line, l.key+" is "+v.Kind.String()+"; it is one level", "choose one of "+all)
	case slices.Contains(l.levels, v.Text):
	default:
		c.add("V06", file, line, fmt.Sprintf("%s has no level %q", l.key, v.Text), meant(l, v.Text)+"; the levels are "+all)
	}
}

// meant says which level was meant by a word that is none, as far as it can be
// told.
func meant(l ladder, word string) string {
	if word == "code_generation" && l.key == "code_generation" {
		return "the draft's template for full automation has the name of the key there; \"machine_generated\" is the level for code that programs write, if that is what you mean"
	}
	if word == "issues" && slices.Contains(l.levels, "issue") {
		return "write \"issue\"; the draft says issues in its text, and issue in its schema"
	}
	if word == "none" && l.key == "code_generation" {
		return "write \"toolchain\", the lowest: a release is always touched by some program"
	}
	for _, level := range l.levels {
		if near(word, level) {
			return fmt.Sprintf("write %q", level)
		}
	}
	for _, other := range ladders {
		if slices.Contains(other.levels, word) {
			return fmt.Sprintf("%q is a level of %s", word, other.key)
		}
	}
	return "choose one"
}

// highest is the highest level in a list, "" where one of them is none.
func highest(l ladder, v *jsondoc.Node) string {
	top := -1
	for _, item := range v.List() {
		i := slices.Index(l.levels, item.Str())
		if i < 0 {
			return ""
		}
		top = max(top, i)
	}
	if top < 0 {
		return ""
	}
	return l.levels[top]
}

func ladderKeys() []string {
	var keys []string
	for _, l := range ladders {
		keys = append(keys, l.key)
	}
	return keys
}

// example is a key with its lowest level.
func example(key string) string {
	for _, l := range ladders {
		if l.key == key {
			return fmt.Sprintf("%q: %q, or a level above it", key, l.levels[0])
		}
	}
	return fmt.Sprintf("%q: 1", key)
}

func lineOf(doc *jsondoc.Node, key string) int {
	for _, m := range doc.Members {
		if m.Key == key {
			return m.Line
		}
	}
	return 0
}

func stripSpace(text []byte) string { return strings.Join(strings.Fields(string(text)), "") }

// Template is a common policy.
type Template string

// The templates of the draft, with its slips mended.
const (
	NoAutomation      Template = "no-automation"
	IssuesOnly        Template = "issues-only"
	HumanSupervised   Template = "human-supervised"
	DataDrivenUpdates Template = "data-driven-updates"
	FullAutomation    Template = "full-automation" // discouraged
)

// Templates gives all templates, with the levels of each and what it is for.
func Templates() []struct {
	Name   Template
	Levels [3]string // of code_generation, automated_contributions, automated_actions
	For    string
} {
	return []struct {
		Name   Template
		Levels [3]string
		For    string
	}{
		{NoAutomation, [3]string{"toolchain", "none", "comment"}, "people write everything; programs build, test and comment"},
		{IssuesOnly, [3]string{"toolchain", "issue", "issue"}, "programs may report, and do not change code"},
		{HumanSupervised, [3]string{"machine_generated", "code_request", "code_request"}, "programs may propose changes, and a person decides"},
		{DataDrivenUpdates, [3]string{"external_sources", "issue", "release"}, "releases follow the data of others, as time zones do"},
		{FullAutomation, [3]string{"machine_generated", "code_request", "release"}, "programs write and release alone; discouraged"},
	}
}

// New writes an automation-policy.json. dist and document may be empty.
func New(template Template, dist cpan.Dist, document string) ([]byte, error) {
	for _, t := range Templates() {
		if t.Name != template {
			continue
		}
		doc := jsondoc.Object()
		doc.Set("version", jsondoc.Number("1"))
		doc.SetString("distribution", string(dist))
		doc.SetString("document", document)
		for i, l := range ladders {
			doc.SetString(l.key, t.Levels[i])
		}
		return doc.Append(nil), nil
	}
	return nil, fault.New(fault.Invalid, "no such template: %s", fault.Quote(string(template))).
		WithHint("the templates are no-automation, issues-only, human-supervised, data-driven-updates and full-automation")
}
