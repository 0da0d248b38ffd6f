package spdx

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// purposes are the words for what a package is. SOURCE, ARCHIVE, INSTALL and
// OTHER say how it comes, not what it is, and have no word in the model.
var purposes = map[string]string{
	"APPLICATION": "application", "FRAMEWORK": "framework", "LIBRARY": "library", "CONTAINER": "container",
	"OPERATING_SYSTEM": "operating-system", "DEVICE": "device", "FIRMWARE": "firmware", "FILE": "file",
}

func purposeOf(typ string) string {
	for purpose, t := range purposes {
		if t == typ {
			return purpose
		}
	}
	return "OTHER"
}

// algorithms are the digests whose names SPDX 2 spells otherwise.
var algorithms = map[string]string{
	"SHA1": "SHA-1", "SHA224": "SHA-224", "SHA256": "SHA-256", "SHA384": "SHA-384", "SHA512": "SHA-512",
	"SHA3-256": "SHA3-256", "SHA3-384": "SHA3-384", "SHA3-512": "SHA3-512", "BLAKE2b-256": "BLAKE2b-256", "BLAKE2b-384": "BLAKE2b-384",
	"BLAKE2b-512": "BLAKE2b-512", "BLAKE3": "BLAKE3", "MD2": "MD2", "MD4": "MD4", "MD5": "MD5", "MD6": "MD6", "ADLER32": "ADLER32",
}

func readChecksum(n *jsondoc.Node) bom.Hash {
	name := n.Get("algorithm").Str()
	if known, ok := algorithms[name]; ok {
		name = known
	}
	return bom.Hash{Algorithm: name, Value: strings.ToLower(n.Get("checksumValue").Str())}
}

// checksumName is SPDX's name of a digest, "" where the version has none.
func checksumName(algorithm, version string) string {
	for name, a := range algorithms {
		if a == algorithm {
			if version == "2.2" && (strings.HasPrefix(a, "BLAKE") || strings.HasPrefix(a, "SHA3") || a == "ADLER32") {
				return ""
			}
			return name
		}
	}
	return ""
}

// readPackage reads the fields of a package that SPDX has itself.
func readPackage(n *jsondoc.Node, texts map[string]*jsondoc.Node) *bom.Component {
	c := &bom.Component{
		Ref: n.Get("SPDXID").Str(), Name: n.Get("name").Str(), Version: stated(n.Get("versionInfo").Str()),
		Type: purposes[n.Get("primaryPackagePurpose").Str()], File: bom.File{Name: n.Get("packageFileName").Str()},
		Copyright: stated(n.Get("copyrightText").Str()), Released: n.Get("releaseDate").Str(), Line: n.Line, Raw: n,
	}
	if c.Description = n.Get("description").Str(); c.Description == "" {
		c.Description = n.Get("summary").Str()
	}
	c.Supplier = readParty(n.Get("supplier"))
	if p := readParty(n.Get("originator")); p != nil && p.Person {
		c.Authors = []bom.Party{*p}
	} else {
		c.Manufacturer = p
	}
	for _, h := range n.Get("checksums").List() {
		c.Hashes = append(c.Hashes, readChecksum(h))
	}
	list := readPointed(n)
	for _, p := range list {
		switch p.kind {
		case 'p':
			c.PURL = p.id.Value
		case 'c':
			c.CPE = p.id.Value
		case 'i':
			c.IDs = append(c.IDs, p.id)
		}
	}
	c.References = readLinks(n, list)
	c.Licenses = append(readLicense(n.Get("licenseConcluded"), bom.Concluded, texts), readLicense(n.Get("licenseDeclared"), bom.Declared, texts)...)
	return c
}

// writePackage sets those keys of a package whose fields are not as old has
// them; all of them where old is nil.
func (w *writer2) writePackage(n *jsondoc.Node, c, old *bom.Component) {
	changed := func(names ...string) bool {
		for _, name := range names {
			if old == nil || !same(c, old, name) {
				return true
			}
		}
		return false
	}
	fresh := old == nil
	if changed("Name") {
		n.Set("name", jsondoc.String(c.Name)) // required, also where it is empty
	}
	if changed("Version") {
		n.SetString("versionInfo", c.Version)
	}
	if changed("File") && c.File.Name != n.Get("packageFileName").Str() {
		n.SetString("packageFileName", c.File.Name)
	}
	if w.version != "2.2" && changed("Type") {
		if n.SetString("primaryPackagePurpose", ""); c.Type != "" {
			n.SetString("primaryPackagePurpose", purposeOf(c.Type))
		}
	}
	if changed("Supplier", "Unknown") {
		setParty(n, "supplier", c.Supplier, slices.Contains(c.Unknown, "supplier"))
	}
	if changed("Authors", "Manufacturer") {
		originator := c.Manufacturer
		if originator == nil && len(c.Authors) > 0 {
			originator = &c.Authors[0]
		}
		setParty(n, "originator", originator, false)
	}
	if changed("References", "PURL", "CPE", "IDs") {
		writeLinks(n, c, w.version)
	}
	if fresh && n.Get("filesAnalyzed") == nil && n.Get("packageVerificationCode") == nil {
		n.Set("filesAnalyzed", jsondoc.Bool(false))
	}
	if changed("Hashes") {
		w.writeChecksums(n, c.Hashes)
	}
	if changed("Licenses") {
		concluded, more := w.writeLicense(c.Licenses, true)
		setText(n, "licenseConcluded", concluded)
		declared, comment := w.writeLicense(c.Licenses, false)
		setText(n, "licenseDeclared", declared)
		if comment = strings.TrimSpace(comment + " " + more); comment != "" && n.Get("licenseComments") == nil {
			n.SetString("licenseComments", comment)
		}
	}
	if changed("Copyright") {
		if n.SetString("copyrightText", c.Copyright); c.Copyright == "" {
			n.SetString("copyrightText", noAssertion)
		}
	}
	if changed("Description") {
		if key := "description"; n.Get(key) != nil && c.Description != "" {
			n.SetString(key, c.Description)
		} else {
			n.Remove(key)
			n.SetString("summary", c.Description)
		}
	}
	if w.version != "2.2" && changed("Released") {
		n.SetString("releaseDate", second(c.Released))
	}
}

// setParty sets a key to a party. Unknown puts NOASSERTION in the place of one.
func setParty(n *jsondoc.Node, key string, p *bom.Party, unknown bool) {
	have := n.Get(key).Str()
	switch {
	case p != nil && (p.Name != "" || p.Email != ""):
		if p.Raw == nil || p.Raw != n.Get(key) {
			n.SetString(key, writeParty(p))
		}
	case unknown:
		n.SetString(key, noAssertion)
	case have != noAssertion:
		n.Remove(key)
	}
}

func (w *writer2) writeChecksums(n *jsondoc.Node, hashes []bom.Hash) {
	have := map[bom.Hash]*jsondoc.Node{}
	for _, old := range n.Get("checksums").List() {
		have[readChecksum(old)] = old
	}
	list := jsondoc.Array()
	for _, h := range hashes {
		if old := have[h]; old != nil {
			list.Items = append(list.Items, old)
		} else if name := checksumName(h.Algorithm, w.version); name != "" && h.Value != "" {
			sum := jsondoc.Object()
			sum.SetString("algorithm", name)
			sum.SetString("checksumValue", h.Value)
			list.Items = append(list.Items, sum)
		}
	}
	if len(list.Items) == 0 {
		n.Remove("checksums")
		return
	}
	n.Set("checksums", list)
}
