package bill

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/purl"
)

// packageOf makes a package of its package URL, and of what Syft and Trivy write
// besides it.
func packageOf(t *bom.Component, p purl.PURL, manager string) *inventory.Package {
	pkg := &inventory.Package{Manager: manager, Name: p.Name(), Version: cmp.Or(p.Version(), t.Version)}
	if epoch := p.Qualifier("epoch"); epoch != "" && epoch != "0" && !strings.Contains(pkg.Version, ":") {
		pkg.Version = epoch + ":" + pkg.Version
	}
	pkg.Source, pkg.SourceVersion = sourceOf(t, p, manager)
	pkg.Source = cmp.Or(pkg.Source, pkg.Name)
	pkg.SourceVersion = cmp.Or(pkg.SourceVersion, pkg.Version)
	pkg.Distro, pkg.Codename = distroOf(p)
	return pkg
}

// sourceOf gives the source package: of the qualifier upstream, "perl",
// "perl@5.36.0-7" or "perl-5.32.1-481.el9.src.rpm"; else of Trivy's or Syft's
// properties.
func sourceOf(t *bom.Component, p purl.PURL, manager string) (name, version string) {
	if up := p.Qualifier("upstream"); up != "" {
		if rpm, ok := strings.CutSuffix(up, ".src.rpm"); ok {
			return cutRPM(rpm)
		}
		name, version, _ = strings.Cut(up, "@")
		return name, version
	}
	name = get(t, "aquasecurity:trivy:SrcName", "syft:metadata:source", "syft:metadata:originPackage")
	version = get(t, "aquasecurity:trivy:SrcVersion", "syft:metadata:sourceVersion")
	if epoch := get(t, "aquasecurity:trivy:SrcEpoch"); epoch != "" && epoch != "0" && version != "" {
		version = epoch + ":" + version
	}
	if release := get(t, "aquasecurity:trivy:SrcRelease"); release != "" && version != "" {
		version += "-" + release
	}
	if rpm, ok := strings.CutSuffix(get(t, "syft:metadata:sourceRpm"), ".src.rpm"); ok && name == "" && manager == "rpm" {
		return cutRPM(rpm)
	}
	return name, version
}

// cutRPM takes name-version-release apart.
func cutRPM(s string) (name, version string) {
	if i := strings.LastIndexByte(s, '-'); i > 0 {
		if i = strings.LastIndexByte(s[:i], '-'); i > 0 {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// families are names that programs write for what os-release calls otherwise.
var families = map[string]string{"redhat": "rhel", "alma": "almalinux", "oracle": "ol", "amazon": "amzn"}

// distroOf reads the qualifier distro: "debian-12", "bookworm", "rhel-9.4",
// "3.19.1"; without one the namespace says which system it is.
func distroOf(p purl.PURL) (distro, codename string) {
	id, version := p.Namespace(), p.Qualifier("distro")
	if before, after, ok := strings.Cut(version, "-"); ok && before != "" {
		id, version = before, after
	}
	id = cmp.Or(families[id], id)
	if id == "debian" { // Trivy has the point release, os-release does not
		version, _, _ = strings.Cut(version, ".")
	}
	switch {
	case id == "" || version == "":
		return id, ""
	case version[0] < '0' || version[0] > '9':
		return id, version
	}
	return id + ":" + version, ""
}

// perlPackages stand for perl, the best first: those that hold the program.
var perlPackages = []string{"perl-interpreter", "perl-base", "perl", "perl-libs"}

func rank(p *inventory.Package) int {
	if i := slices.Index(perlPackages, p.Name); i >= 0 {
		return i
	}
	return len(perlPackages)
}

// isPerl reports whether a package is a part of perl: it is built from perl's
// source, or it has a name that only such a part has.
func isPerl(p *inventory.Package) bool {
	return p.Source == "perl" || p.Source == p.Name &&
		(rank(p) < len(perlPackages) || strings.HasPrefix(p.Name, "perl-modules-5") || strings.HasPrefix(p.Name, "libperl5"))
}

// named are packages that are called after a program, or in no way that has a
// rule, as Debian, Alpine and Fedora have them.
var named = map[string]cpan.Dist{
	"ack": "ack", "carton": "Carton", "cpanminus": "App-cpanminus", "cpanoutdated": "cpan-outdated", "exiftool": "Image-ExifTool",
	"libapache2-mod-perl2": "mod_perl", "mod_perl": "mod_perl", "apache2-mod-perl": "mod_perl", "perl-tk": "Tk", "perltidy": "Perl-Tidy",
	"spamassassin": "Mail-SpamAssassin", "starman": "Starman", "twiggy": "Twiggy", "libwww-perl": "libwww-perl", "perl-libwww": "libwww-perl",
}

// distOf guesses the distribution that a package carries; "" where its name is
// none of a package of Perl's. Packages of documentation and the like are named
// by what they are built from.
func distOf(p *inventory.Package) cpan.Dist {
	for _, name := range []string{p.Name, p.Source} {
		if d := named[name]; d != "" {
			return d
		}
	}
	name := p.Name
	if p.Manager == "dpkg" {
		bare, ok := strings.CutPrefix(name, "lib")
		bare, perl := strings.CutSuffix(bare, "-perl")
		if !ok || !perl {
			return ""
		}
		return spelled(bare)
	}
	if strings.HasPrefix(p.Source, "perl-") {
		name = p.Source
	}
	bare, ok := strings.CutPrefix(name, "perl-")
	if !ok {
		return ""
	}
	if p.Manager == "apk" {
		return spelled(bare)
	}
	return dist(bare)
}

// spellings are words of distributions' names that are not written with one
// capital at their beginning.
const spellings = `
	API BSD CDB CGI CHI CPAN CSS CSV CVS DB DBD DBI DBIx DBM DES DNS EV FCGI FTP GD GPG GSSAPI HTML HTTP
	ICU IDN IMAP INET INI IO IP IPC IRC ISBN JS JSON LDAP LWP MIME MD5 mysql NTLM OLE OO PAM PDF PGP PHP
	POE POP3 PP PPI PSGI RFC RPC RRD RSA RSS SHA SMTP SNMP SOAP SQL SQLite SSH SSH2 SSL SSLeay SVG SVN TCP
	TT UDP UNIX URI URL UTF8 UUID VCS WWW XML XMPP XS XSLT XSAccessor XSP YAML ZMQ
	AnyEvent CatalystX DateTime GraphViz JavaScript LibXML LibXSLT MooseX MooX OpenSSL TermReadKey
	TimeDate TimeZone`

// pragmas are distributions whose names are lower case.
var pragmas = []string{
	"aliased", "autobox", "autodie", "autovivification", "bareword-filehandles", "bigint", "boolean", "common-sense",
	"constant", "experimental", "indirect", "lexical-underscore", "local-lib", "multidimensional", "namespace-autoclean",
	"namespace-clean", "namespace-sweep", "parent", "strictures", "syntax", "threads", "version",
}

// spelled gives a name in lower case the capitals that it is likely to have.
func spelled(name string) cpan.Dist {
	if slices.Contains(pragmas, name) {
		return dist(name)
	}
	words := strings.Split(name, "-")
	for i, w := range words {
		words[i] = capitals(w)
	}
	return dist(strings.Join(words, "-"))
}

func capitals(word string) string {
	for known := range strings.FieldsSeq(spellings) {
		if strings.EqualFold(known, word) {
			return known
		}
	}
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// dist is a name that a distribution can have, else "".
func dist(s string) cpan.Dist {
	d, err := cpan.ParseDist(s)
	if err != nil {
		return ""
	}
	return d
}
