package guide

import "nacre/purl"

// digest is made up.
const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func systemPerl() Case {
	return Case{
		ID:       "1a",
		Title:    "The perl of the operating system",
		Question: "Our product is not written in Perl, and runs the perl that the system brings. Which purl?",
		Answers: []Answer{{
			PURL:     "pkg:deb/debian/perl@5.36.0-7%2Bdeb12u2?arch=amd64&distro=bookworm",
			Ancestor: "pkg:cpan/perl@5.36.0",
			Model:    "a component of type platform; the release of perl is an ancestor in its pedigree, with the system's patches where they are known",
			Why:      "what runs is the system's package, with its patches and its own security support. Its version says which flaws are mended; perl's version alone does not.",
			Pitfalls: []string{
				"A + in a version is written %2B.",
				"Packages of other systems have types of their own: apk, rpm. nacre purl from-os-package makes them.",
			},
		}},
	}
}

func builtPerl() Case {
	return Case{
		ID:       "1b",
		Title:    "A perl that was built from source",
		Question: "We run a perl that plenv, perl-build or perlbrew has built. Which purl?",
		Answers: []Answer{{
			PURL:  "pkg:cpan/perl@5.42.0?author=AUTHOR&checksum=" + digest + "&distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2Fperl-5.42.0.tar.xz&ext=tar.xz",
			Model: "a component of type platform; what was patched before it was built (Devel::PatchPerl does so) is a patch in its pedigree",
			Why:   "it came from one archive, and that archive can be named exactly: path and digest tell it from every other one.",
			Pitfalls: []string{
				"The author is the one who uploaded that release; each release of perl may have another.",
				"ext is there because the archive is a .tar.xz; for .tar.gz it is left out.",
				"Without the archive at hand leave out checksum and distpath. Do not make them up.",
			},
			Wrong: []Wrong{
				{"pkg:cpan/perl-5.42.0@5.42.0", "P09", "the name is perl; the version stands behind the @ alone"},
				{"pkg:cpan/perl@5.42.0?distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2Fperl-5.42.0.tar.xz&ext=tar.gz", "P12", "ext and the archive's name say different things"},
			},
		}},
	}
}

func vendorPerl() Case {
	return Case{
		ID:       "1c",
		Title:    "A perl that a vendor made",
		Question: "We run a perl that a vendor has built and packed, such as Strawberry Perl. Which purl?",
		Answers: []Answer{{
			PURL:     "pkg:generic/strawberry-perl@5.40.0.1?checksum=" + digest + "&download_url=https:%2F%2Fvendor.example%2Fstrawberry-perl-5.40.0.1.zip",
			Ancestor: "pkg:cpan/perl@5.40.0",
			Model:    "a component of type platform; distributions that the vendor added are components inside it, each with a purl of its own",
			Why:      "it is the vendor's product with the vendor's version. No type has a place for it, so it is generic, and address and digest say which file is meant.",
			Pitfalls: []string{
				"The vendor's version has a part more than perl's. Keep it.",
				"An address with a password in it tells everybody the password.",
			},
			Wrong: []Wrong{
				{"pkg:generic/strawberry-perl@5.40.0.1?download_url=vendor.example%2Fperl.zip", "P23", "an address needs https:// in front"},
			},
		}},
	}
}

func core() Case {
	return Case{
		ID:       "7",
		Title:    "A module that perl ships",
		Question: "We use HTTP::Tiny, which comes with perl and is on CPAN too. Which purl?",
		Answers: []Answer{
			{
				When:  "The copy that came with perl is loaded.",
				PURL:  "pkg:cpan/perl@5.36.0#lib/HTTP/Tiny.pm",
				Model: "a component inside perl's, with the version that this perl ships",
				Why:   "nobody installed a release of HTTP-Tiny: the file came with perl, and is updated with perl.",
				Pitfalls: []string{
					"The version behind the @ is perl's. The module's own version goes into the component's version; nacre purl from-module --perl says it.",
				},
				Wrong: []Wrong{{"pkg:cpan/HTTP-Tiny@0.080", "P22", "it says that a release was installed, and a scanner will offer to update it"}},
				Facts: purl.LintOptions{Core: true},
			},
			{
				When:  "A newer release was installed from CPAN.",
				PURL:  "pkg:cpan/HTTP-Tiny@0.090?author=AUTHOR",
				Model: "a library of its own, beside perl's",
				Why:   "two copies are there, and the one that is found first is loaded. They are two components.",
				Pitfalls: []string{
					"Do not leave out the copy in perl: another program may load that one.",
				},
			},
		},
	}
}
