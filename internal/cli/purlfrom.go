package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/cpan/mirror"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/perlver"
	"nacre/purl"
)

// moduleOwner is the answer of nacre purl from-module. What is not known is
// null.
type moduleOwner struct {
	Module   string      `json:"module"`
	Dist     cpan.Dist   `json:"dist"`
	Purl     string      `json:"purl"`
	Source   string      `json:"source"`
	Guess    bool        `json:"guess"`
	Core     *coreModule `json:"core"`
	Warnings []string    `json:"warnings"`
}

// coreModule is what perl's own releases ship of a module.
type coreModule struct {
	First   string  `json:"first"`   // the first perl that ships it
	Removed *string `json:"removed"` // the first that does not any more
	Version *string `json:"version"` // of the module, in the perl that --perl names
	Purl    *string `json:"purl"`    // of that copy
}

// moduleAsker answers from-module.
type moduleAsker struct {
	resolver cpan.Resolver
	perl     string
}

// tableOwner is the advisory data's table of modules as a cpan.Owner.
type tableOwner struct {
	set *database
	err error // the first; an answer after it is not to be trusted
}

func (t *tableOwner) OwnerOf(m cpan.Module) (cpan.Dist, bool) {
	d, err := t.set.OwnerOf(context.Background(), m)
	if err != nil && t.err == nil {
		t.err = err
	}
	return d, d != ""
}

func newPurlFromModule(env *Env) *cobra.Command {
	var dir, database string
	var a moduleAsker
	var table tableOwner
	c := purlVerb{
		arg: "MODULE",
		open: func(bool) (func(), error) {
			m, done, err := openMirror(dir)
			if err != nil {
				return nil, err
			}
			if m != nil {
				x, err := m.Index()
				if err != nil {
					done()
					return nil, err
				}
				a.resolver.Add(cpan.FromIndex, x)
			}
			if table.set, err = openDB(env, database); err != nil {
				done()
				return nil, err
			}
			a.resolver.Add(cpan.FromAdvisories, &table)
			return func() { done(); table.set.Close() }, nil
		},
		solve: func(input string) (any, func(printer), error) {
			answer, err := a.ask(input)
			if err = errors.Join(err, table.err); err != nil {
				return nil, nil, err
			}
			var status error
			if answer.Guess {
				status = command.Status(3)
			}
			return answer, func(out printer) { printOwner(out, answer) }, status
		},
	}.attach(env, &cobra.Command{
		Use:   "from-module",
		Short: "Find the package URL of a module's distribution",
		Long: `Print the package URL of the distribution that holds a module: by the index of a
mirror, else by what the advisory data knows, else by what perl ships. Where
none of them knows the module, its name with hyphens is a guess, and marked.

Of a module that perl ships, the package URL of that copy is printed too, where
--perl says which perl it is.

The status is 0, or 3 for a guess. With --batch a line is a module, and its
answer an object with module, dist, purl, source, guess, core and warnings, or
{"input":"...","error":"..."}.`,
		Example: `  nacre purl from-module --mirror cpan Foo::Bar::Baz
  nacre purl from-module --perl 5.36.0 HTTP::Tiny`,
	})
	c.Flags().StringVar(&a.perl, "perl", "", "the perl whose copy is meant, as perl -v prints it")
	mirrorFlag(c.Flags(), &dir)
	dbFlag(c.Flags(), &database)
	return c
}

func (a *moduleAsker) ask(name string) (moduleOwner, error) {
	m, err := cpan.ParseModule(name)
	if err != nil {
		return moduleOwner{}, err
	}
	core, inPerl, doubt, err := a.core(m)
	if err != nil {
		return moduleOwner{}, err
	}
	found := a.resolver.Resolve(m)
	if doubt != "" {
		found.Warnings = append(found.Warnings, doubt)
	}
	o := moduleOwner{Module: name, Dist: found.Dist, Source: found.Source.String(), Guess: found.Source == cpan.FromGuess, Core: core, Warnings: found.Warnings}
	if o.Guess && inPerl {
		o.Dist, o.Source, o.Guess = "perl", "core list", false
		o.Warnings = append(o.Warnings, "CPAN may have it in a distribution of its own too; the index of a mirror would tell")
	}
	p, err := purl.Selector(o.Dist)
	if err != nil {
		return moduleOwner{}, err
	}
	o.Purl = p.String()
	if o.Warnings == nil {
		o.Warnings = []string{}
	}
	return o, nil
}

// core says what perl ships of a module; inPerl where it is of perl itself and
// nowhere else, as far as the core list says; doubt why the copy of the perl that
// --perl names is not known.
func (a *moduleAsker) core(m cpan.Module) (c *coreModule, inPerl bool, doubt string, err error) {
	var v perlver.Version
	if a.perl != "" {
		if v, err = perlver.Parse(a.perl); err != nil {
			return nil, false, "", fault.Wrap(fault.Invalid, err, "--perl").WithHint("write it as in 5.36.0")
		}
	}
	h, ok := corelist.Lookup(m)
	if !ok {
		return nil, false, "", nil
	}
	c = &coreModule{First: h.First.Number.String()}
	if !h.Removed.IsZero() {
		c.Removed = orNull(h.Removed.Number.String())
	}
	inPerl = h.Removed.IsZero() && h.Upstream != "cpan"
	if a.perl == "" {
		return c, inPerl, "", nil
	}
	perl, ok := corelist.Find(v)
	if !ok {
		return c, inPerl, "the core list has no perl " + a.perl + "; write it as in 5.36.0", nil
	}
	version, ok := perl.Version(m)
	if !ok {
		return c, inPerl, "perl " + a.perl + " does not ship it", nil
	}
	c.Version = orNull(version)
	p, err := purl.New("cpan", "", "perl", releaseOfPerl(v, a.perl), nil, "lib/"+strings.ReplaceAll(string(m), "::", "/")+".pm")
	c.Purl = orNull(p.String())
	return c, inPerl, "", err
}

// releaseOfPerl is a perl's version as its release is called: 5.36.0 since 5.6,
// and before that as it was given.
func releaseOfPerl(v perlver.Version, given string) string {
	if first, err := perlver.Parse("5.6.0"); err == nil && v.Compare(first) >= 0 {
		return strings.TrimPrefix(v.Normal(), "v")
	}
	return given
}

func printOwner(out printer, o moduleOwner) {
	out.title(o.Module, "")
	out.field("purl", o.Purl)
	if o.Guess {
		out.field("source", "a guess: the module's name with hyphens; nothing at hand knows the module")
	} else {
		out.field("source", o.Source)
	}
	if c := o.Core; c != nil {
		text := "since perl " + c.First
		if c.Removed != nil {
			text += ", until before " + *c.Removed
		}
		out.field("in core", text)
		if c.Purl != nil {
			out.field("that copy", *c.Purl+", version "+cmp.Or(orEmpty(c.Version), "not stated"))
		}
	}
	for _, w := range o.Warnings {
		out.field("warning", w)
	}
}

// likeDist gives the distribution of an index whose name is d but for case,
// which may be d itself.
func likeDist(x *mirror.Index, d cpan.Dist) (cpan.Dist, bool) {
	if s := x.Standing(d, ""); s != cpan.Unknown && s != cpan.Nowhere {
		return d, true
	}
	return x.LikeDist(d)
}
