package meta

import (
	"strings"
	"unicode"

	"nacre/jsondoc"
)

// What a single value or the name of a key must be, as the Validator sees it.

func anything(*checker, string, *jsondoc.Node) {}

// text is a string that is not empty. A list or a map passes: Perl has a text
// for those, too.
func text(c *checker, _ string, n *jsondoc.Node) {
	if asPerl(n) == "" {
		c.add("is empty where a text belongs", "write the text, or leave the key out where it is optional")
	}
	c.notNested(n)
	c.byPlace(n)
}

func anyName(c *checker, key string) {
	if key == "" {
		c.add("a key is empty", "give it a name, or remove it")
	}
}

func file(c *checker, _ string, n *jsondoc.Node) {
	if isNull(n) {
		c.add("names no file", missingHint("file"))
		return
	}
	c.notNested(n)
	c.relativePath(n)
}

func boolean(c *checker, _ string, n *jsondoc.Node) {
	if s := line(asPerl(n)); isNull(n) || s != "0" && s != "1" {
		c.add(valueOf(n)+" is neither 0 nor 1", "write 0 or 1")
	}
}

// version is one version, or one with an operator. What follows it is not
// looked at, and an empty text is no error.
func version(c *checker, _ string, n *jsondoc.Node) {
	if isNull(n) || asPerl(n) != "" && !beginsWithVersion(asPerl(n)) {
		c.add(valueOf(n)+" is no version", `write a version, such as "1.002" or "v1.2.3"; "0" where there is none`)
		return
	}
	c.exactVersion(n)
}

// versionRange is versions with operators between commas.
func versionRange(c *checker, _ string, n *jsondoc.Node) {
	const hint = `write a range, such as "1.20" or ">= 1.2, < 3"; "0" where any version will do`
	s := asPerl(n)
	if s == "" {
		c.add(valueOf(n)+" is no range of versions", hint)
		return
	}
	for clause := range strings.SplitSeq(s, ",") {
		if clause != "" && !beginsWithVersion(clause) {
			c.add(shown(clause)+" is no version", hint)
			return
		}
	}
	c.exactRange(n)
}

// beginsWithVersion says that a text begins with an operator, if any, and a
// digit, with a v before it, if any.
func beginsWithVersion(s string) bool {
	s = strings.TrimLeftFunc(s, isSpace)
	for _, op := range []string{"<=", ">=", "!=", "==", "<", ">"} {
		if rest, ok := strings.CutPrefix(s, op); ok {
			s = strings.TrimLeftFunc(rest, isSpace)
			break
		}
	}
	s = strings.TrimPrefix(s, "v")
	for _, r := range s {
		return unicode.IsDigit(r)
	}
	return false
}

// url is an address with a scheme and an authority, which mailto: has not.
func url(c *checker, _ string, n *jsondoc.Node) {
	const hint = "write the whole address, such as https://example.org/foo-bar"
	scheme, rest, ok := strings.Cut(asPerl(n), ":")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?#") {
		c.add(valueOf(n)+" is no address: it has no scheme", hint)
		return
	}
	rest, ok = strings.CutPrefix(rest, "//")
	if !ok || rest == "" || strings.IndexByte("/?#", rest[0]) >= 0 {
		c.add(valueOf(n)+" is no address: it has no host", hint)
		return
	}
	c.byPlace(n)
}

// specURL is the address of the spec itself.
func specURL(c *checker, _ string, n *jsondoc.Node) {
	if want := Spec(c.spec).url(); asPerl(n) != want {
		c.add(valueOf(n)+" is not the address of spec "+c.spec, "write "+want)
	}
}

func license(c *checker, _ string, n *jsondoc.Node) {
	names := licenses1
	if c.spec == string(Spec2) {
		names = licenses2
	}
	if !isLicense(names, asPerl(n)) {
		c.add(valueOf(n)+" is no licence name of spec "+c.spec, licenseHint(asPerl(n), names))
	}
}

// licenseHint finds the name that was meant.
func licenseHint(s string, names []string) string {
	lower := strings.ToLower(s)
	if isLicense(names, lower) {
		return "write " + lower
	}
	if len(names) == len(licenses2) {
		if upgraded := license2(lower); upgraded != "" {
			return "spec 2 calls it " + upgraded
		}
		return "the spec has its own list, such as perl_5, artistic_2, mit, apache_2_0, open_source, unknown; an SPDX expression goes under x_spdx_expression"
	}
	return "the spec has its own list: " + strings.Join(names, ", ")
}

func releaseStatus(c *checker, _ string, n *jsondoc.Node) {
	s := asPerl(n)
	switch {
	case s == "testing" || s == "unstable":
	case strings.Contains(asPerl(c.tree.Get("version")), "_"):
		c.add(valueOf(n)+" does not go with a version that has an underscore", "write testing or unstable")
	case s != "stable":
		c.add(valueOf(n)+" is no release status", "write stable, testing or unstable")
	}
}

// customName is a key of the author's own in spec 2.
func customName(c *checker, key string) {
	if !isCustom(key) {
		c.add("is no key of spec 2", customHint(key))
	}
}

// customHint finds the key that was meant.
func customHint(key string) string {
	switch key {
	case "requires", "recommends", "conflicts":
		return "spec 2 has it under prereqs -> runtime -> " + key
	case "build_requires", "configure_requires", "test_requires":
		phase, relation, _ := strings.Cut(key, "_")
		return "spec 2 has it under prereqs -> " + phase + " -> " + relation
	case "dir":
		return "write directory"
	case "files":
		return "write file"
	case "authors":
		return "write author"
	case "licence", "licenses":
		return "write license"
	}
	return "a key of your own begins with x_: " + prefixed(key)
}

// customName1 is a key of the author's own in the resources of spec 1.x.
func customName1(c *checker, key string) {
	s := line(key)
	if !all(s, func(b byte) bool { return isLetter(b) || b == '_' }) || s == strings.ToLower(s) {
		c.add("is no key of resources", "a key of your own is of letters, with a capital among them: "+upperFirst(key))
	}
}

func moduleName(c *checker, key string) {
	if !isModuleKey(key) {
		c.add("is no name of a module", "write it as in use Foo::Bar")
		return
	}
	c.exactModule(key)
}

// phase and relation pass with x_ anywhere in the name.

func phase(c *checker, key string) {
	switch key {
	case "configure", "build", "test", "runtime", "develop":
		return
	}
	if !strings.Contains(strings.ToLower(key), "x_") {
		c.add("is no phase", "the phases are configure, build, test, runtime and develop")
		return
	}
	c.exactCustom(key)
}

func relation(c *checker, key string) {
	switch key {
	case "requires", "recommends", "suggests", "conflicts":
		return
	}
	if !strings.Contains(strings.ToLower(key), "x_") {
		c.add("is no relation", "the relations are requires, recommends, suggests and conflicts")
		return
	}
	c.exactCustom(key)
}

// valueOf shows a value in a message.
func valueOf(n *jsondoc.Node) string {
	switch {
	case isNull(n), isNested(n):
		return shape(n)
	}
	return shown(n.Text)
}
