package purl

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/package-url/packageurl-go"

	"nacre/fault"
)

// problem is a reason to refuse a text, and the check of Lint that it belongs
// to. Parse and Lint read with one reader, so that neither refuses what the
// other takes.
type problem struct {
	id  string
	err error
}

type problems []problem

func (p *problems) add(id string, err error) {
	if err != nil {
		*p = append(*p, problem{id, err})
	}
}

const scheme = "pkg:"

// read splits a text into its decoded parts, checks them and brings them into
// canonical form. With problems the parts are as good as can be told; without a
// name, nothing can.
func read(s string) (p packageurl.PackageURL, found problems) {
	if len(s) > maxLength {
		found.add("P25", tooLong())
		return p, found
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		found.add("P27", fault.New(fault.Invalid, "has a blank or a control character in it").WithHint("write a blank as %%20"))
	}
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		found.add("P25", malformed("does not begin with "+scheme))
		return p, found
	}
	main, rawSubpath, _ := strings.Cut(strings.TrimLeft(s[len(scheme):], "/"), "#")
	main, query, _ := strings.Cut(main, "?")
	if strings.Contains(rawSubpath, "#") || strings.Contains(query, "?") {
		found.add("P27", fault.New(fault.Invalid, "has a second # or ?").WithHint("write # as %%23 and ? as %%3F within a part"))
	}
	typ, path, _ := strings.Cut(main, "/")
	version := ""
	if i := strings.LastIndexByte(path, '@'); i > 0 { // at 0 it begins an npm scope
		path, version = path[:i], path[i+1:]
	}
	i := strings.LastIndexByte(path, '/')
	namespace, name := path[:max(i, 0)], path[i+1:]
	if name == "" || name[0] == '@' {
		found.add("P25", malformed("has no name"))
		return p, found
	}

	p.Type = typ
	p.Name = found.decode("name", name)
	p.Version = found.decode("version", version)
	p.Namespace = strings.Join(found.decodeSegments("namespace", namespace), "/")
	p.Subpath = strings.Join(dropDots(found.decodeSegments("subpath", rawSubpath)), "/")
	p.Qualifiers = found.decodeQualifiers(query)
	return p, append(found, check(&p)...)
}

func malformed(why string) error {
	return fault.New(fault.Invalid, "%s", why).WithHint("a package url looks like pkg:cpan/Foo-Bar@1.23")
}

func tooLong() error {
	return fault.New(fault.Invalid, "longer than %d bytes (limit: package url length)", maxLength)
}

// decode resolves %XX, and leaves a plus alone, and all where it cannot.
func (p *problems) decode(part, raw string) string {
	s, err := url.PathUnescape(raw)
	if err != nil {
		p.add("P27", fault.Wrap(fault.Invalid, err, "%s", part))
		return raw
	}
	return s
}

// decodeSegments decodes what slashes separate. A segment that then has a
// slash in it would become two in the canonical form.
func (p *problems) decodeSegments(part, raw string) []string {
	segs := strings.Split(raw, "/")
	for i, seg := range segs {
		segs[i] = p.decode(part, seg)
		if strings.Contains(segs[i], "/") {
			p.add("P27", fault.New(fault.Invalid, "%s has an encoded slash in a segment", part))
		}
	}
	return segs
}

// decodeQualifiers refuses a key that is there twice even where one of the two
// is empty, which packageurl-go lets pass: the standard wants unique keys.
func (p *problems) decodeQualifiers(query string) packageurl.Qualifiers {
	var q packageurl.Qualifiers
	seen := map[string]struct{}{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		key, raw, _ := strings.Cut(pair, "=")
		key = strings.ToLower(key)
		if _, ok := seen[key]; ok {
			p.add("P26", fault.New(fault.Invalid, "qualifier %s: is there twice", fault.Quote(key)))
			continue
		}
		seen[key] = struct{}{}
		q = append(q, packageurl.Qualifier{Key: key, Value: p.decode("qualifier "+fault.Quote(key), raw)})
	}
	return q
}

// dropDots leaves out the segments of a subpath that the standard discards.
func dropDots(segs []string) []string {
	return slices.DeleteFunc(segs, func(s string) bool { return s == "" || s == "." || s == ".." })
}

// check checks decoded parts and brings them into canonical form.
func check(p *packageurl.PackageURL) (found problems) {
	ns := slices.DeleteFunc(strings.Split(p.Namespace, "/"), func(s string) bool { return s == "" })
	p.Namespace = strings.Join(ns, "/")
	p.Qualifiers = slices.Clone(p.Qualifiers)
	texts := []Qualifier{{"namespace", p.Namespace}, {"name", p.Name}, {"version", p.Version}, {"subpath", p.Subpath}}
	for _, q := range p.Qualifiers {
		texts = append(texts, Qualifier{"qualifier " + fault.Quote(q.Key), q.Value})
	}
	for _, t := range texts {
		if !utf8.ValidString(t.Value) {
			found.add("P27", fault.New(fault.Invalid, "%s is not UTF-8", t.Key))
		}
		if strings.ContainsFunc(t.Value, unicode.IsControl) {
			found.add("P27", fault.New(fault.Invalid, "%s has a control character in it", t.Key))
		}
	}
	if strings.EqualFold(p.Type, packageurl.TypeCpan) {
		found = append(found, checkCPAN(p)...)
	}
	if err := p.Qualifiers.Normalize(); err != nil {
		found.add("P26", fault.Wrap(fault.Invalid, err, "check"))
	}
	if len(found) > 0 {
		p.Type = strings.ToLower(p.Type)
		return found
	}
	if err := p.Normalize(); err != nil {
		id := "P28"
		if strings.HasPrefix(err.Error(), "invalid type") {
			id = "P25"
		}
		found.add(id, fault.Wrap(fault.Invalid, err, "check"))
	} else if len(p.ToString()) > maxLength {
		found.add("P25", tooLong())
	}
	return found
}
