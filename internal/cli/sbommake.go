package cli

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/inventory"
	"nacre/sbom"
	"nacre/scan"
	"nacre/terminal"
)

// makeFlags are the flags of making a bill.
type makeFlags struct {
	perl, database, format, out, kind, phases string
	authors                                   []string
	manufacturer, mirror, operator            string
	repository, location                      string
	reproducible, files, noPerl, forRelease   bool
	findings                                  bool
	pick                                      pick
}

func newSBOMMake(env *Env) *cobra.Command {
	var f makeFlags
	c := &cobra.Command{
		Use:   "make [PATH]",
		Short: "Make a bill of materials of what is really there",
		Long: `Make a bill of materials of a release, a project, an installation or an image.

` + placeHelp + `

What was found decides the kind: of a release or a checkout a source bill, whose
requirements are ranges; of a lock file a build bill, with exact releases; of an
installed tree, a system or an image a deployed bill. --type says otherwise.

Every attribute says where it comes from, and what nobody states is marked as
unknown: nothing is guessed. With --mirror, the folder of a CPAN mirror or of a
part of one, licences, authors, digests and embedded libraries of the releases
that it holds are told, too, and which distribution holds a required module.

The bill lists no vulnerabilities: nacre scan --format cyclonedx writes those
into a document beside it, which can be renewed when more is known. Who wants
them inside all the same says --with-vulnerabilities.

--for-release is an experiment after the drafts of CPAN's metadata v3: in the
folder of a checkout it writes the bill to CPAN-META/sbom.cdx.json, or
sbom.spdx.json, a name of our own, to be shipped in the release. What only the
finished archive could tell is marked as unknown there.

The status is 0, or 3 where what was found is known to be incomplete.`,
		Example: `  nacre sbom make examples/petshop -o petshop.cdx.json
  nacre sbom make --format spdx-2.3 --phases all examples/petshop
  nacre sbom make --author 'Ann Author <ann@example.org>' examples/petshop`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			path := "."
			if len(args) == 1 {
				path = args[0]
			}
			return f.run(c.Context(), env, path)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", "cyclonedx-1.6", "cyclonedx-1.6, cyclonedx-1.7, spdx-2.3, spdx-3.0.1 and others that sbom convert knows")
	flags.StringVarP(&f.out, "output", "o", "", "write to this file")
	flags.StringVar(&f.kind, "type", "", "design, source, build, analyzed or deployed (default what was found)")
	flags.StringVar(&f.phases, "phases", "runtime", "of runtime, configure, build, test and develop, with commas, or all")
	flags.StringArrayVar(&f.authors, "author", nil, "who makes the bill, as in 'Ann Author <ann@example.org>'")
	flags.StringVar(&f.manufacturer, "manufacturer", "", "who answers for what the bill is of: 'Name <mail or address>'")
	flags.StringVar(&f.operator, "license-operator", "", "join several licences of a META file with and, or or, as your own conclusion")
	flags.StringVar(&f.repository, "repository-url", "", "the address of the private repository that releases of no author's folder are from")
	flags.StringVar(&f.location, "location", "", "the address at which this bill will be found")
	flags.BoolVar(&f.reproducible, "reproducible", false, "the same input gives the same bytes, serial number and time included; a folder needs SOURCE_DATE_EPOCH")
	flags.BoolVar(&f.files, "files", false, "list the files of installed modules, with their digests")
	flags.BoolVar(&f.noPerl, "no-perl", false, "leave perl out, and what it ships")
	flags.BoolVar(&f.forRelease, "for-release", false, "write the bill into the checkout, to be shipped in the release (experimental)")
	flags.BoolVar(&f.findings, "with-vulnerabilities", false, "list what nacre scan finds in the bill, too")
	flags.StringVar(&f.perl, "perl", "", "the perl that runs the project, as perl -v prints it")
	mirrorFlag(flags, &f.mirror)
	f.pick.flags(flags)
	dbFlag(flags, &f.database)
	return c
}

func (f *makeFlags) run(ctx context.Context, env *Env, path string) error {
	format, err := formats.Parse(f.format)
	if err != nil {
		return err
	}
	m := billMaker{env: env, flags: f, path: path}
	opt, err := m.options()
	if err != nil {
		return err
	}
	out := f.out
	if f.forRelease {
		if out, err = m.inRelease(format); err != nil {
			return err
		}
	}
	bill, partial, err := m.make(ctx, opt, sbom.Make)
	if err != nil {
		return err
	}
	if f.forRelease {
		err = os.Mkdir(filepath.Dir(out), 0o777)
		if err != nil && !os.IsExist(err) {
			return fault.Wrap(fault.KindOf(err), err, "make the folder CPAN-META")
		}
	}
	unsure, err := m.write(ctx, bill, format, out)
	if err != nil {
		return err
	}
	if f.forRelease {
		m.note("wrote " + out + "; add it to the MANIFEST. This is an experiment: no name is reserved for bills yet.")
	}
	if partial || unsure {
		return command.Status(3)
	}
	return nil
}

// billMaker makes one bill for the command line.
type billMaker struct {
	env   *Env
	flags *makeFlags
	path  string
}

// write writes a bill, and tells what the format has no place for; partial is
// set where vulnerabilities were asked for and not everything could be judged.
func (m *billMaker) write(ctx context.Context, bill *bom.Bill, format bom.Format, out string) (partial bool, err error) {
	b, losses, err := formats.Write(bill, format)
	if err == nil && m.flags.findings {
		b, partial, err = addFindings(ctx, m.env, b, format, m.flags.database)
	}
	if err != nil {
		return false, err
	}
	if err := writeOut(m.env, out, func(w io.Writer) error { _, err := w.Write(b); return err }); err != nil {
		return false, err
	}
	return partial, reportLosses(m.env.Stderr, losses, "text")
}

// note tells a person what is no part of the bill, in the way of a place's
// other notes.
func (m *billMaker) note(text string) {
	p := terminal.NewPage(m.env.Width, false)
	p.Item(terminal.Span{Text: "note"}, terminal.Span{Text: text})
	io.WriteString(m.env.Stderr, p.String())
}

// options reads what flags and settings say.
func (m *billMaker) options() (sbom.Options, error) {
	f := m.flags
	opt := sbom.Options{
		Type: bom.Type(f.kind), LicenseOperator: f.operator, Repository: f.repository, Location: f.location,
		NoPerl: f.noPerl, Files: f.files, ForRelease: f.forRelease, Format: f.format, Version: command.ThisBuild().Version,
		Reproducible: f.reproducible || m.env.Getenv("SOURCE_DATE_EPOCH") != "", Random: rand.Reader, Notice: m.note,
	}
	if !f.reproducible || m.env.Getenv("SOURCE_DATE_EPOCH") != "" {
		opt.Created = m.env.Now()
	}
	if f.operator != "" && f.operator != "and" && f.operator != "or" {
		return opt, fault.New(fault.Invalid, "sbom make: no such operator: %s", f.operator).WithHint("use --license-operator and, or or")
	}
	for word := range strings.SplitSeq(f.phases, ",") {
		switch p := sbom.Phase(word); {
		case word == "all":
			opt.Phases = sbom.Phases()
		case slices.Contains(sbom.Phases(), p):
			opt.Phases = append(opt.Phases, p)
		default:
			return opt, fault.New(fault.Invalid, "sbom make: no such phase: %s", word).
				WithHint("use runtime, configure, build, test, develop, or all")
		}
	}
	opt.Phases = slices.DeleteFunc(sbom.Phases(), func(p sbom.Phase) bool { return !slices.Contains(opt.Phases, p) }) // each once
	settings, err := m.settings()
	if err != nil {
		return opt, err
	}
	authors, manufacturer := f.authors, f.manufacturer
	if len(authors) == 0 && settings.Author != "" {
		authors = []string{settings.Author}
	}
	if manufacturer == "" {
		manufacturer = settings.Manufacturer
	}
	for _, a := range authors {
		p, err := party(a)
		if err != nil {
			return opt, err
		}
		p.Person = true
		opt.Authors = append(opt.Authors, p)
	}
	if manufacturer != "" {
		p, err := party(manufacturer)
		if err != nil {
			return opt, err
		}
		if p.Email != "" { // an organization is asked by way of a person, or a desk
			p.Contacts = []bom.Party{{Person: true, Name: p.Name, Email: p.Email}}
			p.Email = ""
		}
		opt.Manufacturer = &p
	}
	return opt, nil
}

// settings are those of the folder that is looked at.
func (m *billMaker) settings() (scan.Settings, error) {
	info, err := os.Stat(m.path)
	if err != nil || !info.IsDir() {
		return scan.Settings{}, nil
	}
	root, err := os.OpenRoot(m.path)
	if err != nil {
		return scan.Settings{}, unopened(m.path, err)
	}
	defer root.Close()
	return readSettings(root, m.path)
}

// party reads "Name <mail>", "Name <address>", or a name.
func party(s string) (bom.Party, error) {
	if name, rest, ok := strings.Cut(s, "<"); ok {
		if url, ok := strings.CutSuffix(rest, ">"); ok && strings.Contains(url, "://") {
			return bom.Party{Name: strings.TrimSpace(name), URLs: []string{url}}, nil
		}
	}
	if strings.ContainsAny(s, "<>@") {
		a, err := mail.ParseAddress(s)
		if err != nil {
			return bom.Party{}, fault.New(fault.Invalid, "%q is no name with an address", s).
				WithHint("write it as in 'Ann Author <ann@example.org>'")
		}
		return bom.Party{Name: a.Name, Email: a.Address}, nil
	}
	return bom.Party{Name: s}, nil
}

// inRelease is the file for a bill that is to be shipped in the release.
func (m *billMaker) inRelease(format bom.Format) (string, error) {
	info, err := os.Stat(m.path)
	if err != nil {
		return "", unopened(m.path, err)
	}
	if !info.IsDir() || m.flags.out != "" {
		return "", fault.New(fault.Invalid, "sbom make: --for-release writes into the folder of a checkout").
			WithHint("name the folder that the release is built from, and leave -o out")
	}
	name := map[string]string{"CycloneDX": "sbom.cdx", "SPDX": "sbom.spdx"}[format.Name] + "." + format.Encoding
	return filepath.Join(m.path, "CPAN-META", name), nil
}

// largeArchive is the size above which an archive's files are kept only where
// components are told from them, until it turns out to be a release.
const largeArchive = 64 << 20

// make makes the bill in the way of with; partial is set where what was found is
// not all.
func (m *billMaker) make(ctx context.Context, opt sbom.Options, with func(context.Context, sbom.Input, sbom.Options) (*bom.Bill, error)) (bill *bom.Bill, partial bool, err error) {
	f := m.flags
	set, err := openDB(m.env, f.database)
	if err != nil {
		return nil, false, err
	}
	defer set.Close()
	pick := f.pick
	info, err := os.Stat(m.path)
	pick.whole = err != nil || !info.Mode().IsRegular() || info.Size() <= largeArchive
	p, err := openPlace(ctx, m.env, m.path, pick)
	if err != nil {
		return nil, false, err
	}
	defer func() { p.Close() }()
	inv, err := p.read(ctx, set.inventory(f.perl))
	if err != nil {
		return nil, false, err
	}
	release := p.archive && !p.container && slices.ContainsFunc(inv.Components, func(c inventory.Component) bool { return c.Itself })
	if release && !pick.whole {
		pick.whole = true
		p.Close()
		if p, err = openPlace(ctx, m.env, m.path, pick); err != nil {
			return nil, false, err
		}
	}
	in := sbom.Input{Inventory: &inv, FS: p.FS, Name: m.name(), Image: p.container}
	if release {
		if in.Archive, err = m.archive(p); err != nil {
			return nil, false, err
		}
	}
	mirror, done, err := openMirror(f.mirror)
	if err != nil {
		return nil, false, err
	}
	defer done()
	if mirror != nil {
		known, err := newMirrored(mirror, p.spool)
		if err != nil {
			return nil, false, err
		}
		in.Mirror = known
	}
	for _, n := range inv.Notices {
		if n.Partial {
			m.note(strings.TrimSuffix(n.Text+" ("+n.At.String()+")", " ()"))
		}
	}
	bill, err = with(ctx, in, opt)
	return bill, inv.Partial(), err
}

// name is what is looked at, without the folders above it.
func (m *billMaker) name() string {
	if m.path == "-" {
		return "standard input"
	}
	at, err := filepath.Abs(m.path)
	if err != nil {
		at = m.path
	}
	return filepath.Base(at)
}

// archive takes the digests of a release's archive.
func (m *billMaker) archive(p *place) (*sbom.Archive, error) {
	a, b := sha256.New(), sha512.New()
	if _, err := io.Copy(io.MultiWriter(a, b), io.NewSectionReader(p.bytes, 0, p.bytes.Size())); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "take the digest of %s", p.name())
	}
	out := &sbom.Archive{Folder: p.top, SHA256: hex.EncodeToString(a.Sum(nil)), SHA512: hex.EncodeToString(b.Sum(nil))}
	if p.path != "-" { // what comes through a pipe has no name
		out.File = filepath.Base(p.path)
	}
	if _, below, ok := strings.Cut(filepath.ToSlash(p.path), "authors/id/"); ok {
		out.Path = cpan.ParsePath(below).Path
	}
	return out, nil
}
