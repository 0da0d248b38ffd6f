package spdx

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// readPackage reads the fields of a package that SPDX 3 has itself.
func (r *reading3) readPackage(n *jsondoc.Node) *bom.Component {
	id := idOf(n)
	c := &bom.Component{
		Ref: id, Name: n.Get("name").Str(), Version: n.Get("software_packageVersion").Str(),
		Type: purposes3().from[n.Get("software_primaryPurpose").Str()], PURL: n.Get("software_packageUrl").Str(),
		Copyright: stated(n.Get("software_copyrightText").Str()), Released: n.Get("releaseTime").Str(), Line: n.Line, Raw: n,
	}
	if c.Description = n.Get("description").Str(); c.Description == "" {
		c.Description = n.Get("summary").Str()
	}
	if s := n.Get("suppliedBy"); s != nil {
		c.Supplier = r.readAgent(s)
	}
	for _, by := range several(n.Get("originatedBy")) {
		switch p := r.readAgent(by); {
		case p == nil:
		case p.Person || c.Manufacturer != nil:
			c.Authors = append(c.Authors, *p)
		default:
			c.Manufacturer = p
		}
	}
	c.Hashes = readHashes3(n)
	if file := r.files[id]; file != nil {
		c.File.Name = file.Get("name").Str()
		if len(c.Hashes) == 0 {
			c.Hashes = slices.Clip(r.hashes(file))
		}
		for _, p := range append(several(file.Get("software_additionalPurpose")), file.Get("software_primaryPurpose")) {
			switch p.Str() {
			case "archive":
				c.File.Archive = "archive"
			case "executable":
				c.File.Executable = "executable"
			}
		}
	}
	for _, x := range several(n.Get("externalIdentifier")) {
		typ, value := x.Get("externalIdentifierType").Str(), x.Get("identifier").Str()
		switch {
		case typ == "packageUrl" && (c.PURL == "" || c.PURL == value):
			c.PURL = value
		case (typ == "cpe23" || typ == "cpe22") && c.CPE == "":
			c.CPE = value
		default:
			if known, ok := identifiers3().from[typ]; ok {
				typ = known
			}
			c.IDs = append(c.IDs, bom.ID{Type: typ, Value: value})
		}
	}
	c.References = readLinks3(n)
	for _, rel := range r.licences[id] {
		claim := bom.Declared
		if rel.Get("relationshipType").Str() == "hasConcludedLicense" {
			claim = bom.Concluded
		}
		for _, to := range several(rel.Get("to")) {
			c.Licenses = append(c.Licenses, r.readLicense(to, claim)...)
		}
	}
	return c
}

// hashes are those of a file.
func (r *reading3) hashes(file *jsondoc.Node) []bom.Hash {
	list, ok := r.read.hashes[file]
	if !ok {
		if list = readHashes3(file); len(list) > maxShared {
			r.refuse(file, "a file of more than %d digests (limit: digests of a file)")
		}
		r.read.hashes[file] = list
	}
	return list
}

func readHashes3(n *jsondoc.Node) []bom.Hash {
	var out []bom.Hash
	for _, h := range several(n.Get("verifiedUsing")) {
		if name := h.Get("algorithm").Str(); name != "" {
			if known, ok := algorithms3().from[name]; ok {
				name = known
			}
			out = append(out, bom.Hash{Algorithm: name, Value: strings.ToLower(h.Get("hashValue").Str())})
		}
	}
	return out
}

func readLinks3(n *jsondoc.Node) []bom.Reference {
	var out []bom.Reference
	if u := n.Get("software_downloadLocation"); u.Str() != "" {
		out = append(out, bom.Reference{Type: downloadType(u.Str()), URL: u.Str(), Raw: u})
	}
	if u := n.Get("software_homePage"); u.Str() != "" {
		out = append(out, bom.Reference{Type: "website", URL: u.Str(), Raw: u})
	}
	for _, x := range several(n.Get("externalRef")) {
		typ, comment := references3().from[x.Get("externalRefType").Str()], x.Get("comment").Str()
		if typ == "" {
			if typ = "other"; slices.Contains(referenceTypes(), comment) {
				typ, comment = comment, ""
			}
		}
		for _, url := range several(x.Get("locator")) {
			out = append(out, bom.Reference{Type: typ, URL: url.Str(), Comment: comment, Raw: x})
		}
	}
	return out
}

// readLicense reads the licence at the end of a relationship. What no expression
// can say stays with its name and text.
func (r *reading3) readLicense(to *jsondoc.Node, claim bom.LicenseClaim) []bom.License {
	n := r.at(to)
	if n == nil {
		return r.licenseOf(to, nil, claim)
	}
	key := licenceOf{n, claim}
	list, ok := r.read.licences[key]
	if !ok {
		list = r.licenseOf(to, n, claim)
		r.read.licences[key] = list
	}
	return list
}

func (r *reading3) licenseOf(to, n *jsondoc.Node, claim bom.LicenseClaim) []bom.License {
	if e := r.expression(to, 0); e != "" {
		list := readLicense(jsondoc.String(e), claim, nil)
		for i := range list {
			list[i].Raw = n
			for _, entry := range several(n.Get("simplelicensing_customIdToUri")) {
				if text := r.byID[entry.Get("value").Str()]; entry.Get("key").Str() == e && text != nil {
					list[i].Text = text.Get("simplelicensing_licenseText").Str()
				}
			}
		}
		return list
	}
	l := bom.License{Name: n.Get("name").Str(), Text: n.Get("simplelicensing_licenseText").Str(), Claim: claim, Raw: n}
	if l.Text == "" {
		l.Text = n.Get("expandedlicensing_licenseText").Str()
	}
	if l.Name == "" && l.Text != "" {
		l.Name = idOf(n)
	}
	if l.Name == "" {
		return nil
	}
	return []bom.License{l}
}

// readPatch reads a package that is a patch.
func (r *reading3) readPatch(e *element) *bom.Patch {
	p := &bom.Patch{URL: e.c.Raw.Get("software_downloadLocation").Str(), Raw: e.c.Raw}
	applyPatch(p, e.lines)
	return p
}

// patches puts the patches into the pedigrees again, as they are in SPDX 3.
func (r *reading3) patches() {
	by := map[*jsondoc.Node]*bom.Patch{}
	for _, e := range r.assembly.elements {
		if e.patch != nil {
			by[e.c.Raw] = e.patch
		}
	}
	for _, e := range r.assembly.elements {
		if p := e.c.Pedigree; p != nil {
			for i := range p.Patches {
				if read := by[p.Patches[i].Raw]; read != nil {
					p.Patches[i] = *read
				}
			}
		}
	}
}
