package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/purl"
)

// convertedPurl is the answer of nacre purl convert and normalise.
type convertedPurl struct {
	Input  string    `json:"input"`
	Purl   string    `json:"purl"`
	Form   purl.Form `json:"form,omitempty"`
	Legacy bool      `json:"legacy,omitempty"`
}

func newPurlNormalise(env *Env) *cobra.Command {
	return purlVerb{
		arg: "PURL",
		solve: ofPurl(func(input string, p purl.PURL) (any, func(printer), error) {
			p, err := purl.Normalise(p)
			if err != nil {
				return nil, nil, err
			}
			return convertedPurl{Input: input, Purl: p.String()}, func(out printer) { out.linef("%s", p) }, nil
		}),
	}.attach(env, &cobra.Command{
		Use:   "normalise",
		Short: "Write a package URL as one should",
		Long: `Print a package URL in canonical form, the author as a qualifier, without what
is the default (ext=tar.gz, CPAN as the repository), with a scheme in front of
repository_url, authors/id/ in front of distpath, and sha256 first. What it
names stays the same. What is wrong is not mended: nacre purl lint names it.

With --batch a line is a package URL, and its answer
{"input":"...","purl":"..."} or {"input":"...","error":"..."}.`,
		Example: `  nacre purl normalise 'pkg:cpan/AUTHOR/Foo-Bar@1.20?ext=tar.gz'`,
	})
}

func newPurlConvert(env *Env) *cobra.Command {
	var to string
	names := make([]string, 0, len(purl.Forms()))
	for _, f := range purl.Forms() {
		names = append(names, string(f))
	}
	oneOf := strings.Join(names, ", ")
	c := &cobra.Command{
		Use:   "convert",
		Short: "Write a package URL in another form",
		Long: `Print a package URL of type cpan in another form:

  identity   name, version, author and all that is known of the archive, as a
             bill of materials names a component
  selector   the distribution alone, as an advisory names it: no version, no
             author
  bare       name and version
  namespace  as identity, with the author as namespace. That is legacy, for
             programs that know only that; the answer says so

With --batch a line is a package URL, and its answer
{"input":"...","purl":"...","form":"...","legacy":true}, where legacy is left
out if it is not true, or {"input":"...","error":"..."}.`,
		Example: `  nacre purl convert --to selector 'pkg:cpan/Foo-Bar@1.20?author=AUTHOR'
  echo pkg:cpan/AUTHOR/Foo-Bar@1.20 | nacre purl convert --to identity --batch`,
	}
	purlVerb{
		arg: "PURL",
		open: func(bool) (func(), error) {
			for _, name := range names {
				if to == name {
					return func() {}, nil
				}
			}
			return nil, command.Usage(c, fmt.Errorf("--to %q is none of %s", to, oneOf))
		},
		solve: ofPurl(func(input string, p purl.PURL) (any, func(printer), error) {
			form := purl.Form(to)
			p, err := purl.Convert(p, form)
			if err != nil {
				return nil, nil, err
			}
			return convertedPurl{input, p.String(), form, form.IsLegacy()}, func(out printer) {
				if form.IsLegacy() {
					fmt.Fprintln(env.Stderr, "note: the author as namespace is legacy")
				}
				out.linef("%s", p)
			}, nil
		}),
	}.attach(env, c)
	c.Flags().StringVar(&to, "to", string(purl.IdentityForm), oneOf)
	// The error is for a flag that does not exist.
	_ = c.RegisterFlagCompletionFunc("to", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// explainedPurl is the answer of nacre purl explain.
type explainedPurl struct {
	Input string        `json:"input"`
	Purl  string        `json:"purl"`
	Parts []explanation `json:"parts"`
}

type explanation struct {
	Part  string  `json:"part"`
	Value *string `json:"value"`
	Means string  `json:"means"`
}

func newPurlExplain(env *Env) *cobra.Command {
	return purlVerb{
		arg: "PURL",
		solve: ofPurl(func(input string, p purl.PURL) (any, func(printer), error) {
			answer := explainedPurl{Input: input, Purl: p.String()}
			for _, part := range purl.Explain(p) {
				answer.Parts = append(answer.Parts, explanation{part.Name, orNull(part.Value), part.Means})
			}
			return answer, func(out printer) {
				out.title(p.String(), "")
				for _, part := range purl.Explain(p) {
					out.field(part.Name, strings.TrimPrefix(part.Value+": "+part.Means, ": "))
				}
			}, nil
		}),
	}.attach(env, &cobra.Command{
		Use:   "explain",
		Short: "Say what each part of a package URL means",
		Long: `Print each part of a package URL with what it means in plain words, and what
follows from a part that is not there.

With --batch a line is a package URL, and its answer an object with input, purl
and parts, or {"input":"...","error":"..."}: see docs/formats/purl.md.`,
		Example: `  nacre purl explain 'pkg:cpan/Foo-Bar@1.20?author=AUTHOR&ext=zip'`,
	})
}
