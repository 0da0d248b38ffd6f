package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nacre/cpan/mirror"
	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/bill"
	"nacre/pkgver"
	"nacre/purl"
)

// packagedPurl is the answer of nacre purl from-os-package.
type packagedPurl struct {
	Purl     string      `json:"purl"`
	Ancestor *guessedURL `json:"ancestor"`
}

// guessedURL is a package URL that nobody states.
type guessedURL struct {
	Purl  string `json:"purl"`
	Guess bool   `json:"guess"`
	Why   string `json:"why"`
}

// systems are the operating systems by the type of their packages. Those that
// are not here are told with --type.
var systems = map[string]string{
	"debian": "deb", "ubuntu": "deb", "raspbian": "deb", "kali": "deb", "devuan": "deb",
	"alpine": "apk", "wolfi": "apk", "chainguard": "apk",
	"fedora": "rpm", "redhat": "rpm", "rhel": "rpm", "centos": "rpm", "rocky": "rpm", "almalinux": "rpm",
	"opensuse": "rpm", "suse": "rpm", "sles": "rpm", "amzn": "rpm", "ol": "rpm",
}

// packageManagers are what packages pkgver and inventory call the types.
var packageManagers = map[string]string{"deb": "dpkg", "apk": "apk", "rpm": "rpm"}

// osPackage is what the command line says of one.
type osPackage struct{ typ, system, name, version, arch, distro string }

func newPurlFromOSPackage(env *Env) *cobra.Command {
	var o osPackage
	var dir, format string
	c := &cobra.Command{
		Use:   "from-os-package SYSTEM NAME VERSION",
		Short: "Make the package URL of an operating system's package",
		Long: `Print the package URL of a package of an operating system, and that of the
release of CPAN that it was made of, as far as that can be told. The first names
the component, the second goes into its pedigree as the ancestor.

Which distribution a package was made of is a guess from its name, and marked;
with --mirror its name is spelled as the index has it. The version is the
upstream part of the package's.`,
		Example: `  nacre purl from-os-package debian libfoo-bar-perl 1.20-3 --distro bookworm
  nacre purl from-os-package fedora perl-Foo-Bar 1.20-3.fc42 --arch noarch`,
		Args: cobra.ExactArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			o.system, o.name, o.version = args[0], args[1], args[2]
			m, done, err := openMirror(dir)
			if err != nil {
				return err
			}
			defer done()
			var x *mirror.Index
			if m != nil {
				if x, err = m.Index(); err != nil {
					return err
				}
			}
			answer, err := o.urls(x)
			if err != nil {
				return err
			}
			if asJSON {
				out, err := jsonLines(env, purlSchema)
				if err == nil {
					err = out.Encode(answer)
				}
				return err
			}
			p := newPrinter(env)
			p.field("purl", answer.Purl)
			if a := answer.Ancestor; a != nil {
				p.field("ancestor", a.Purl)
				p.field("", a.Why)
			} else {
				p.field("ancestor", "not known: the name is none that packages of Perl distributions have")
			}
			return p.flush(env)
		},
	}
	c.Flags().StringVar(&o.typ, "type", "", "deb, apk or rpm, for a system that is not known by its name")
	c.Flags().StringVar(&o.arch, "arch", "", "the machine that it is built for")
	c.Flags().StringVar(&o.distro, "distro", "", "the release of the system, as in bookworm or fedora-42")
	formatFlag(c, &format)
	mirrorFlag(c.Flags(), &dir)
	return c
}

// urls makes the package URLs; x may be nil.
func (o osPackage) urls(x *mirror.Index) (packagedPurl, error) {
	if o.typ == "" {
		o.typ = systems[strings.ToLower(o.system)]
	}
	manager := packageManagers[o.typ]
	if manager == "" {
		return packagedPurl{}, fault.New(fault.Invalid, "purl from-os-package: what packages %s has is not known", fault.Quote(o.system)).
			WithHint("say it with --type deb, apk or rpm")
	}
	version, q := o.version, map[string]string{"arch": o.arch, "distro": o.distro}
	if o.typ == "rpm" { // the type has the epoch apart
		if epoch, rest, ok := strings.Cut(version, ":"); ok {
			q["epoch"], version = epoch, rest
		}
	}
	p, err := purl.New(o.typ, o.system, o.name, version, q, "")
	if err != nil {
		return packagedPurl{}, err
	}
	ancestor, err := o.ancestor(manager, x)
	return packagedPurl{p.String(), ancestor}, err
}

// ancestor guesses the release of CPAN; nil is none that could be told.
func (o osPackage) ancestor(manager string, x *mirror.Index) (*guessedURL, error) {
	dist := bill.DistOf(inventory.Package{Manager: manager, Name: o.name, Version: o.version})
	if dist == "" {
		return nil, nil
	}
	why := fmt.Sprintf("a guess: %s packages of %s are called so; upper and lower case may differ", o.typ, dist)
	switch {
	case dist == "perl":
		why = "perl itself, with the changes that the system made"
	case x != nil:
		if known, ok := likeDist(x, dist); ok {
			dist, why = known, "a guess by the package's name; the index has a distribution of that name"
		} else {
			why += "; the index at hand has none of that name"
		}
	}
	upstream := pkgver.Upstream(manager, o.version)
	if upstream == "" {
		why += "; its version cannot be told from " + o.version
	}
	p, err := purl.New("cpan", "", string(dist), upstream, nil, "")
	if err != nil {
		return nil, err
	}
	return &guessedURL{p.String(), dist != "perl", why}, nil
}
