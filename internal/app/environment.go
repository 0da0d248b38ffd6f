package app

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"nacre/internal/command"
)

// stray is a variable of the environment that is called as if it set something of
// nacred serve, and sets nothing.
type stray struct {
	name  string
	other bool   // it sets something of another command
	near  string // the setting that may be meant, "" for none
}

// strays finds them. They end nothing by themselves: where a service is called nacred,
// Kubernetes sets NACRED_PORT and others of that kind for every program.
func strays(c *cobra.Command, environ []string) []stray {
	var settings, others []string
	for _, s := range serveSettings() {
		settings = append(settings, s.variable())
	}
	c.Flags().VisitAll(func(f *pflag.Flag) { settings = append(settings, command.Variable(c, f.Name)) })
	var visit func(*cobra.Command)
	visit = func(of *cobra.Command) {
		of.Flags().VisitAll(func(f *pflag.Flag) { others = append(others, command.Variable(c, f.Name)) })
		for _, sub := range of.Commands() {
			visit(sub)
		}
	}
	visit(c.Root())
	var all []stray
	for _, v := range environ {
		name, value, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "NACRED_") || value == "" || slices.Contains(settings, name) {
			continue
		}
		all = append(all, stray{name, slices.Contains(others, name), near(name, settings)})
	}
	slices.SortFunc(all, func(a, b stray) int { return strings.Compare(a.name, b.name) })
	return all
}

// near gives the word that may be meant, as cobra finds commands, "" for none.
func near(word string, words []string) string {
	if word == "" { // every word begins so
		return ""
	}
	c := &cobra.Command{SuggestionsMinimumDistance: 2}
	for _, w := range words {
		c.AddCommand(&cobra.Command{Use: w, Run: func(*cobra.Command, []string) {}})
	}
	if all := c.SuggestionsFor(word); len(all) > 0 {
		return all[0]
	}
	return ""
}

// meant is the hint of a name that is none.
func meant(near string) string {
	if near == "" {
		return "docs/serve.md describes every setting"
	}
	return "did you mean " + near + "? docs/serve.md describes every setting"
}

func (s stray) String() string {
	if s.other {
		return s.name + " is of other commands, and sets nothing of nacred serve"
	}
	return "no setting is called " + s.name
}
