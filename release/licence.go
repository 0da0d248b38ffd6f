package release

import (
	"slices"
	"strings"

	"nacre/license"
)

// license reads what META declares.
func (r *reader) license(spdx Text, names []string, at func(string, ...string) Text) {
	l := &r.facts.License
	l.Names = names
	var stated []license.Expression
	for _, name := range names {
		n := license.FromMeta(name)
		l.Named = append(l.Named, n)
		if !n.Expression.IsZero() {
			stated = append(stated, n.Expression)
		}
	}
	if len(names) == 1 && len(stated) == 1 {
		l.Expression, l.Confidence, l.From = stated[0], l.Named[0].Confidence, at(names[0], "license")
	}
	if spdx.Value == "" {
		return
	}
	e, err := license.Parse(spdx.Value)
	if err != nil {
		r.disagree("x_spdx_expression cannot be read: %v", err)
		return
	}
	for _, s := range stated {
		if !covers(e, s) {
			r.disagree("x_spdx_expression is %s, and license says %s", e, strings.Join(names, ", "))
			break
		}
	}
	l.Expression, l.Confidence, l.From = e, 0.9, spdx
}

// covers reports whether an expression names all licences that a name of META
// means, by their families: GPL-1.0-or-later and GPL-1.0-only are one.
func covers(e, name license.Expression) bool {
	if len(name.Refs()) > 0 {
		return true // "open_source" contradicts nothing that can be told here
	}
	have := map[string]bool{}
	for _, id := range e.IDs() {
		have[family(id)] = true
	}
	for _, id := range name.IDs() {
		if !have[family(id)] {
			return false
		}
	}
	return true
}

func family(id string) string {
	for _, end := range []string{"-only", "-or-later", "-Perl", "-cl8"} {
		id = strings.TrimSuffix(id, end)
	}
	return id
}

// compare holds the licences whose texts are in the files for them against what
// is declared. Only where they have none in common something is said: a file
// often holds one of several.
func (r *reader) compare() {
	f := r.facts
	var declared []license.Expression
	for _, n := range f.License.Named {
		declared = append(declared, n.Expression)
	}
	all := license.And(append(declared, f.License.Expression)...)
	if all.IsZero() || len(all.Refs()) > 0 || len(all.Unknown()) > 0 {
		return
	}
	var texts []string
	for _, e := range f.Evidence {
		if !slices.Contains(f.LicenseFiles, e.File) {
			continue
		}
		for _, id := range e.Expression.IDs() {
			if slices.ContainsFunc(all.IDs(), func(d string) bool { return family(d) == family(id) }) {
				return
			}
		}
		texts = append(texts, e.Expression.String()+" in "+e.File)
	}
	if len(texts) > 0 {
		r.disagree("%s declares %s, and the files hold %s", f.MetaFile, strings.Join(all.IDs(), ", "), strings.Join(texts, ", "))
	}
}
