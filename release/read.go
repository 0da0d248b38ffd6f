package release

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"nacre/archive"
	"nacre/cpan"
	"nacre/fault"
	"nacre/jsondoc"
	"nacre/limit"
	"nacre/meta"
	"nacre/perlver"
)

const (
	// maxFiles bounds the tree, and maxText what is read of one text; releases
	// in use have far less.
	maxFiles = 200_000
	maxText  = 1 << 20
	// maxRead bounds all that is read.
	maxRead = 256 << 20
)

// reader is one call of Read.
type reader struct {
	ctx   context.Context
	fsys  fs.FS
	opt   Options
	left  int64
	files []string // all plain files, in the order of a walk by name
	top   []string // those at the top
	main  string   // the file of facts.MainModule
	facts *Facts
}

// Read reads a release or a checkout. A file that cannot be read stands in
// Notes; an error is a limit, or the end of ctx.
func Read(ctx context.Context, fsys fs.FS, opt Options) (*Facts, error) {
	r := &reader{ctx: ctx, fsys: fsys, opt: opt, left: maxRead, facts: &Facts{Dynamic: true}}
	err := archive.Walk(ctx, fsys, archive.Limits{Entries: maxFiles}, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			r.note("%s cannot be read: %v", fault.Quote(name), err)
		case d.IsDir() && (name == ".git" || name == "blib" || name == "local"):
			return fs.SkipDir // not part of a release
		case d.Type().IsRegular():
			r.files = append(r.files, name)
			if !strings.Contains(name, "/") {
				r.top = append(r.top, name)
			}
		}
		return nil
	})
	for _, step := range []func() error{r.meta, r.sources, r.texts, r.security, r.commit} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read what a release says of itself: %w", err)
	}
	r.name()
	return r.facts, nil
}

func (r *reader) note(format string, args ...any) {
	r.facts.Notes = append(r.facts.Notes, fmt.Sprintf(format, args...))
}

// read gives the first bytes of a file, at most n; nothing where it cannot be
// read, which is noted.
func (r *reader) read(name string, n int64) ([]byte, error) {
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	b, err := limit.ReadFile(r.fsys, name, n, "size of a text")
	if err != nil {
		r.note("%v", err)
		return nil, nil
	}
	if r.left -= int64(len(b)); r.left < 0 {
		return nil, fault.New(fault.Invalid, "more than %d bytes of texts and sources (limit: bytes of a release)", maxRead)
	}
	return b, nil
}

// meta reads META.json, or META.yml where that is not there.
func (r *reader) meta() error {
	f := r.facts
	for _, name := range []string{"META.json", "META.yml"} {
		if !slices.Contains(r.top, name) {
			continue
		}
		b, err := r.read(name, limit.Metadata)
		if err != nil {
			return err
		}
		doc, err := meta.ParseDocument(name, b)
		if err != nil {
			r.note("%s cannot be read: %v", name, err)
			continue
		}
		fields := doc.Fields()
		f.Meta, f.MetaFile = &fields, name
		r.take(doc.Tree, fields)
		return nil
	}
	return nil
}

// take copies what META states.
func (r *reader) take(tree *jsondoc.Node, m meta.Fields) {
	f := r.facts
	at := func(value string, keys ...string) Text {
		if value == "" {
			return Text{}
		}
		t := Text{Value: value, Origin: Meta, File: f.MetaFile}
		if n := tree.At(keys...); n != nil {
			t.Line = n.Line
		}
		return t
	}
	f.Name, f.Version = at(m.Name, "name"), at(m.Version, "version")
	f.Abstract, f.Description = at(m.Abstract, "abstract"), at(m.Description, "description")
	f.GeneratedBy, f.ReleaseStatus = at(m.GeneratedBy, "generated_by"), at(m.ReleaseStatus, "release_status")
	f.Dynamic, f.Static = m.DynamicConfig, m.StaticInstall
	for _, a := range m.Authors {
		f.Authors = append(f.Authors, splitAuthors(a)...)
	}
	res := m.Resources
	f.Homepage = at(res.Homepage, "resources", "homepage")
	f.RepositoryWeb, f.RepositoryVCS = at(res.RepositoryWeb, "resources", "repository"), at(res.RepositoryVCS, "resources", "repository")
	if f.Repository = at(res.RepositoryURL, "resources", "repository"); f.Repository.Value == "" {
		f.Repository = f.RepositoryWeb
	}
	f.Bugtracker, f.BugtrackerTo = at(res.BugtrackerWeb, "resources", "bugtracker"), at(res.BugtrackerTo, "resources", "bugtracker")
	for _, url := range res.Licenses {
		f.LicenseURLs = append(f.LicenseURLs, at(url, "resources", "license"))
	}
	for _, c := range res.Custom {
		text := Text{addressOf(c.Value), Meta, f.MetaFile, c.Line}
		switch key := strings.ToLower(c.Key); {
		case text.Value == "":
		case key == "x_irc":
			f.Chats = append(f.Chats, text)
		case key == "x_mailinglist":
			f.MailingLists = append(f.MailingLists, text)
		}
	}
	r.license(at(m.SPDX, "x_spdx_expression"), m.Licenses, at)
	for _, p := range m.Provides {
		mod := Module{Name: p.Module, File: p.File, Version: Text{p.Version, Meta, f.MetaFile, p.Line}}
		if p.Version == "" {
			mod.Version = Text{}
		}
		f.Modules = append(f.Modules, mod)
	}
}

// addressOf gives the address of a resource: the text itself, or the "url" or
// "web" of a map.
func addressOf(n *jsondoc.Node) string {
	if n.Is(jsondoc.KindObject) {
		for _, key := range []string{"url", "web", "mailto"} {
			if s := n.Get(key).Str(); s != "" {
				return s
			}
		}
	}
	return n.Str()
}

// splitAuthors takes an entry of META's authors apart: several people may stand
// in one, each with an address, and there may be nobody in it (":").
func splitAuthors(text string) []Author {
	var list []Author
	for rest := text; strings.IndexFunc(rest, unicode.IsLetter) >= 0; {
		one := rest
		if at := strings.IndexByte(rest, '>'); at >= 0 && splitAuthor(rest[:at+1]).Mail != "" {
			one = rest[:at+1]
		}
		rest = strings.TrimLeft(rest[len(one):], " \t,;&")
		rest = strings.TrimPrefix(rest, "and ")
		list = append(list, splitAuthor(one))
	}
	return list
}

// splitAuthor takes "A. U. Thor <author@example.org>" apart, also with the
// address in other brackets.
func splitAuthor(text string) Author {
	a := Author{Text: text, Name: strings.TrimSpace(text)}
	if isMail(a.Name) {
		a.Name, a.Mail = "", a.Name
		return a
	}
	for _, brackets := range []string{"<>", "()"} {
		open := strings.LastIndexByte(text, brackets[0])
		if open < 0 {
			continue
		}
		mail, _, closed := strings.Cut(text[open+1:], brackets[1:])
		if mail = strings.TrimSpace(mail); closed && isMail(mail) {
			a.Name, a.Mail = strings.TrimSpace(text[:open]), mail
			break
		}
	}
	return a
}

// isMail reports whether a text has the form of a mail address.
func isMail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at < len(s)-1 && !strings.ContainsAny(s, " \t\r\n<>(),;:\"") && strings.Contains(s[at:], ".")
}

func (r *reader) disagree(format string, args ...any) {
	r.facts.Disagreements = append(r.facts.Disagreements, fmt.Sprintf(format, args...))
}

// name puts name and version of the archive beside those of META.
func (r *reader) name() {
	f := r.facts
	archive := r.archive()
	name, version := string(archive.Dist), archive.Version
	switch {
	case f.Name.Value == "" && name != "":
		f.Name = Text{Value: name, Origin: Archive}
	case name != "" && name != f.Name.Value:
		r.disagree("the archive is called %s, and %s says the distribution is %s", fault.Quote(name), f.MetaFile, fault.Quote(f.Name.Value))
	}
	if f.Name.Value == "" && r.opt.Dist != "" {
		f.Name = Text{Value: r.opt.Dist, Origin: Written}
	}
	if version == "" {
		return
	}
	if stated := f.Version.Value; stated != "" && !sameVersion(stated, version) {
		r.disagree("the archive has version %s, and %s says %s", fault.Quote(version), f.MetaFile, fault.Quote(stated))
	}
	f.Version = Text{Value: version, Origin: Archive}
}

// archive is what the name of the archive tells, or of the folder in it where
// that is the one of META, and of what builds the distribution.
func (r *reader) archive() cpan.Release {
	if a := cpan.ParsePath(r.opt.File); a.Ext != "" {
		return a
	}
	a := cpan.ParsePath(r.opt.Folder + ".tar.gz")
	for _, known := range []string{r.facts.Name.Value, r.opt.Dist} {
		if known != "" && string(a.Dist) != known {
			return cpan.Release{}
		}
	}
	if _, err := perlver.ParseExact(a.Version); err != nil { // of a packager, or a commit
		return cpan.Release{}
	}
	return a
}

// sameVersion compares what is written: 1.10 and 1.1 are the same number and
// two names. A "-TRIAL" in the archive's name alone is not part of the version,
// and a "v" makes no difference before three numbers or more, as it does before
// two. "undef" says nothing.
func sameVersion(stated, archive string) bool {
	archive = strings.TrimSuffix(archive, "-TRIAL")
	if strings.Count(stated, ".") > 1 {
		archive, stated = strings.TrimPrefix(archive, "v"), strings.TrimPrefix(stated, "v")
	}
	return archive == strings.TrimSuffix(stated, "-TRIAL") || stated == "undef"
}

// isCalled reports whether a file without folders is called, in any case, one of
// the names, without its ending or with one of a text.
func isCalled(name string, names ...string) bool {
	base := strings.ToUpper(name)
	switch ext := path.Ext(base); ext {
	case ".MD", ".TXT", ".TEXT", ".POD", ".MKDN", ".MARKDOWN", ".RST":
		base = strings.TrimSuffix(base, ext)
	}
	return slices.Contains(names, base)
}
