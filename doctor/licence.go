package doctor

import (
	"fmt"
	"slices"
	"strings"

	"nacre/jsondoc"
	"nacre/license"
	"nacre/meta"
)

// licence looks at META's licence, its SPDX expression, and the text.
func (e *examination) licence() {
	d, ok := e.doc()
	if !ok {
		return
	}
	f := d.Fields()
	e.vocabulary(d, f)
	stated := slices.DeleteFunc(slices.Clone(f.Licenses), func(s string) bool { return s == "unknown" })
	if len(stated) == 0 {
		e.add("I01", d.name, lineOf(d, "license"), "no licence is stated", e.write("perl_5 is what \"the same terms as Perl itself\" means", e.tool.license))
	}
	var named []license.Expression
	sure := 1.0
	for _, s := range stated {
		n := license.FromMeta(s)
		if n.Expression.IsZero() || len(n.Expression.Refs()) > 0 {
			named, sure = nil, 0
			break
		}
		named = append(named, n.Expression)
		sure = min(sure, n.Confidence)
	}
	switch {
	case f.SPDX != "":
		e.expression(d, f, named)
	case len(named) == 1:
		e.propose(d, named[0], sure)
	case len(named) > 1:
		e.add("I02", d.name, lineOf(d, "license"), fmt.Sprintf("%d licences are named, and not whether all of them hold or one may be chosen", len(named)),
			fmt.Sprintf("say which with x_spdx_expression: %q or %q", license.Or(named...), license.And(named...)))
	}
	e.licenceFile(f, named)
}

// propose proposes an SPDX expression beside a licence.
func (e *examination) propose(d document, x license.Expression, sure float64) {
	how := fmt.Sprintf("x_spdx_expression: %q; license stays as it is", x)
	if sure < 0.8 {
		how = fmt.Sprintf("x_spdx_expression: %q, if that is what you mean: META's name leaves a choice; license stays as it is", x)
	}
	if e.tool.extra != "" {
		how += fmt.Sprintf("; in %s, add it to %s", e.tool.file, e.tool.extra)
	}
	var edits []edit
	if sure >= 0.8 {
		edits = e.addKey(d, "x_spdx_expression", x.String())
	}
	e.add("I02", d.name, lineOf(d, "license"), "there is no SPDX expression beside the licence", how, edits...)
}

// vocabulary looks for names that META's specification does not have.
func (e *examination) vocabulary(d document, f meta.Fields) {
	if f.Spec != meta.Spec2 {
		return // the names of older ones are upgraded
	}
	told := 0
	texts(d.Tree.Get("license"), []string{"license"}, func(_ []string, n *jsondoc.Node) {
		if told == maxTold || license.FromMeta(n.Text).Known {
			return
		}
		told++
		how := "one of the specification's names, as perl_5, mit or apache_2_0"
		if x, err := license.Parse(n.Text); err == nil && len(x.Unknown()) == 0 && !x.IsZero() {
			how = fmt.Sprintf("write that as x_spdx_expression: %q, and here the specification's name for it", x)
			if name := metaName(x); name != "" {
				how = fmt.Sprintf("write %q here, and x_spdx_expression: %q beside it", name, x)
			}
		}
		e.add("I06", d.name, n.Line, fmt.Sprintf("license has no name %q", cut(n.Text)), how)
	})
}

// metaNames are the names of the specification that mean one SPDX expression.
var metaNames = []string{
	"agpl_3", "apache_1_1", "apache_2_0", "artistic_1", "artistic_2", "bsd", "freebsd", "gfdl_1_2", "gfdl_1_3", "gpl_1", "gpl_2", "gpl_3",
	"lgpl_2_1", "lgpl_3_0", "mit", "mozilla_1_0", "mozilla_1_1", "openssl", "perl_5", "qpl_1_0", "ssleay", "sun", "zlib",
}

// metaName is META's name for an expression, "" for none.
func metaName(x license.Expression) string {
	for _, name := range metaNames {
		if license.FromMeta(name).Expression.Equal(x.Current()) {
			return name
		}
	}
	return ""
}

// expression checks x_spdx_expression by itself and against license.
func (e *examination) expression(d document, f meta.Fields, named []license.Expression) {
	line := lineOf(d, "x_spdx_expression")
	x, err := license.Parse(f.SPDX)
	switch {
	case err != nil:
		e.add("I03", d.name, line, "x_spdx_expression cannot be read: "+err.Error(), "as in \"Artistic-1.0-Perl OR GPL-1.0-or-later\"")
		return
	case len(x.Unknown()) > 0:
		e.add("I03", d.name, line, "x_spdx_expression has ids that are not on the SPDX list: "+strings.Join(x.Unknown(), ", "), "see https://spdx.org/licenses; a licence of your own is LicenseRef-name")
		return
	case len(x.Deprecated()) > 0:
		var ids []string
		for _, l := range x.Deprecated() {
			ids = append(ids, l.ID)
		}
		to := x.Current()
		how := "see https://spdx.org/licenses for what took their place"
		var edits []edit
		if !to.Equal(x) {
			how = fmt.Sprintf("write %q", to)
			edits = e.reword(d.name, line, f.SPDX, to.String())
		}
		e.add("I03", d.name, line, "x_spdx_expression has ids that SPDX no longer recommends: "+strings.Join(ids, ", "), how, edits...)
	}
	if len(named) > 0 && !slices.ContainsFunc(named, func(n license.Expression) bool { return shares(n, x) }) {
		e.add("I04", d.name, line, fmt.Sprintf("license says %s, and x_spdx_expression %q", strings.Join(f.Licenses, ", "), f.SPDX), "see which one is meant, and mend the other")
	}
}

// shares reports whether two expressions have a licence in common: the same one,
// or a version of it that "or later" allows.
func shares(a, b license.Expression) bool {
	for _, x := range a.Current().IDs() {
		for _, y := range b.Current().IDs() {
			if allows(x, y) || allows(y, x) {
				return true
			}
		}
	}
	return false
}

// allows reports whether who has licence x may follow y: GPL-1.0-or-later allows
// GPL-2.0-only.
func allows(x, y string) bool {
	split := func(id string) (name, version string, later bool) {
		id, later = strings.CutSuffix(id, "-or-later")
		id = strings.TrimSuffix(strings.TrimSuffix(id, "-only"), "-Perl")
		i := strings.LastIndexByte(id, '-')
		if i < 0 {
			return id, "", later
		}
		return id[:i], id[i+1:], later
	}
	name, version, later := split(x)
	other, version2, _ := split(y)
	return name == other && (version == version2 || later && version2 > version)
}

// certain is how sure the text of a licence must be for a contradiction.
const certain = 0.9

// licenceFile compares the text with what META says.
func (e *examination) licenceFile(f meta.Fields, named []license.Expression) {
	if len(e.facts.LicenseFiles) == 0 {
		e.add("I05", "", 0, "there is no file with the licence's text", "put the text into LICENSE; Software::License has the texts, and Dist::Zilla's [License] writes the file")
		return
	}
	if f.SPDX != "" {
		if x, err := license.Parse(f.SPDX); err == nil && !x.IsZero() {
			named = []license.Expression{x}
		}
	}
	if len(named) == 0 {
		return
	}
	var texts []string
	at := e.facts.LicenseFiles[0]
	for _, v := range e.facts.Evidence {
		if !slices.Contains(e.facts.LicenseFiles, v.File) || v.Confidence < certain {
			continue
		}
		if slices.ContainsFunc(named, func(n license.Expression) bool { return shares(n, v.Expression) }) {
			return
		}
		texts = append(texts, v.Expression.String())
		at = v.File
	}
	if len(texts) > 0 {
		slices.Sort(texts)
		e.add("I07", at, 0, fmt.Sprintf("the text is that of %s, and META says %s", strings.Join(slices.Compact(texts), ", "), strings.Join(f.Licenses, ", ")), "see which one is meant, and mend the other")
	}
}
