package profile

import (
	"nacre/advice"
	"nacre/bom"
	"nacre/purl"
)

// packageURL asks about the package URL of a component, and whether it names
// what the component does. The ids are those of purl.Lint.
func (r *ruler) packageURL(c *bom.Component) {
	if c.PURL == "" {
		return
	}
	for _, f := range purl.Lint(c.PURL, purl.LintOptions{
		Modified: c.Property("cpan:patched") == "true" || c.Pedigree != nil && len(c.Pedigree.Patches) > 0,
		Core:     c.Property("cpan:dist:origin") == "core",
		Private:  c.Property("cpan:dist:origin") == "darkpan",
	}) {
		r.lint(c, f)
	}
	p, err := purl.Parse(c.PURL)
	if err != nil {
		return
	}
	if p.Version() != "" && c.Version != "" && p.Version() != c.Version && p.Subpath() == "" {
		r.say("R16", advice.Warning, c, "version", "the version is "+quote(c.Version)+", and in its package URL "+quote(p.Version()))
	}
	if p.IsCPAN() && p.Subpath() == "" && p.Name() != c.Name && c.Group == "" {
		r.say("R16", advice.Warning, c, "name", "the name is "+quote(c.Name)+", and in its package URL "+quote(p.Name()))
	}
}

// lint tells of a finding about a package URL.
func (r *ruler) lint(c *bom.Component, f purl.Finding) {
	if !r.going {
		return
	}
	p := r.at(c, "purl")
	p.ID, p.Level, p.Message, p.How = f.ID, f.Level, f.Message, f.Hint
	r.going = r.yield(p)
}
