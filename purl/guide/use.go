package guide

import "nacre/purl"

func tool() Case {
	return Case{
		ID:       "2",
		Title:    "A tool from CPAN",
		Question: "Our product is not written in Perl, and calls a program from CPAN. Which purl?",
		Answers: []Answer{
			{
				When:  "It was installed from CPAN.",
				PURL:  "pkg:cpan/App-Acme@3.9.0?author=AUTHOR",
				Model: "a component of type application",
				Why:   "the distribution is what was released and installed; the program is a file of it.",
				Pitfalls: []string{
					"The name is the distribution's, not the program's.",
					"What the tool itself requires belongs into the bill too.",
				},
				Wrong: []Wrong{
					{"pkg:cpan/App::Acme@3.9.0", "P01", "that is a module; a distribution's name has no ::"},
					{"pkg:cpan/AUTHOR/App-Acme@3.9.0", "P07", "the author as namespace is the old form; readers take it, and nobody should write it"},
					{"pkg:cpan/App-Acme@3.9.0?author=author", "P05", "an author's id is upper case"},
				},
			},
			{
				When:     "It was installed as a package of the system.",
				PURL:     "pkg:deb/debian/acme@3.9.0-1?distro=bookworm",
				Ancestor: "pkg:cpan/App-Acme@3.9.0",
				Model:    "a component of type application; the release of CPAN is an ancestor in its pedigree",
				Why:      "what runs is the system's package, and the system mends it.",
			},
		},
	}
}

func vendored() Case {
	return Case{
		ID:       "3",
		Title:    "A copy inside the product",
		Question: "A Perl program lies in our repository as a copy. Which purl?",
		Answers: []Answer{
			{
				When:  "The copy is unchanged.",
				PURL:  "pkg:cpan/App-Acme@3.9.0?author=AUTHOR",
				Model: "a component, with evidence.occurrences saying where in the product it lies",
				Why:   "byte for byte it is that release, so it has that release's flaws, and its fixes.",
				Pitfalls: []string{
					"Compare it with the archive first. A copy that nobody compared is not known to be unchanged.",
				},
			},
			{
				When:     "The copy was changed.",
				PURL:     "",
				Ancestor: "pkg:cpan/App-Acme@3.9.0?author=AUTHOR",
				Model:    "a component with a name of its own and no purl, or your own; the release is an ancestor in its pedigree, and the changes are patches there",
				Why:      "it is not that release any more. A scanner that takes it for that release says too much or too little.",
				Pitfalls: []string{
					"A change of one line is a change.",
				},
				Wrong: []Wrong{{"pkg:cpan/App-Acme@3.9.0?author=AUTHOR", "P21", "that is the upstream release, and this is not"}},
				Facts: purl.LintOptions{Modified: true},
			},
			{
				When:  "It is not from CPAN, and its repository is on GitHub.",
				PURL:  "pkg:github/example/acme@0123456789abcdef0123456789abcdef01234567",
				Model: "a component, with evidence.occurrences",
				Why:   "a commit names exactly one state of a repository. A branch does not.",
			},
			{
				When:  "It is not from CPAN, and its repository is elsewhere.",
				PURL:  "pkg:generic/acme@1.2?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Facme.git%400123456789abcdef0123456789abcdef01234567",
				Model: "a component, with evidence.occurrences",
				Why:   "the generic type takes an address where no type of its own is there; the commit stands behind an @, written %40.",
				Wrong: []Wrong{
					{"pkg:generic/acme@1.2?vcs_url=git%40git.example:acme.git", "P23", "that short form is no URL"},
				},
			},
		},
	}
}

func project() Case {
	return Case{
		ID:       "4",
		Title:    "A Perl project that is not on CPAN",
		Question: "Our application is written in Perl, lives in a repository, and uses distributions of CPAN. Which purls?",
		Answers: []Answer{
			{
				When:  "For the application itself.",
				PURL:  "pkg:github/example/petshop@0123456789abcdef0123456789abcdef01234567",
				Model: "metadata.component, of type application",
				Why:   "it is not on CPAN, so it has no purl of type cpan. Where it is nowhere public, pkg:generic/petshop@1.2 does.",
				Wrong: []Wrong{{"pkg:cpan/Pet::Shop@1.2", "P01", "it is neither a distribution's name nor on CPAN"}},
			},
			{
				When:  "For what it uses, with a lock file.",
				PURL:  "pkg:cpan/Acme-Demo@1.0051?author=AUTHOR",
				Model: "a component of type library",
				Why:   "cpanfile.snapshot says exactly which release was installed, with its author.",
				Pitfalls: []string{
					"Without a lock file the version is not known. A minimum in cpanfile is a requirement, not a version: see case 5.",
					"1.10 and 1.1 are two texts. Keep the version as the archive spells it.",
				},
				Wrong: []Wrong{
					{"pkg:cpan/Acme-Demo-1.0051", "P09", "the version belongs behind the @"},
					{"pkg:cpan/Acme-Demo@1.0051.tar.gz", "P10", "the archive's extension is no part of the version"},
				},
			},
		},
	}
}

func distribution() Case {
	return Case{
		ID:       "5",
		Title:    "A distribution on CPAN, and what it requires",
		Question: "I release a distribution on CPAN and write a bill for it. Which purls?",
		Answers: []Answer{
			{
				When:  "For the release itself.",
				PURL:  "pkg:cpan/Acme-Demo@1.02?author=AUTHOR",
				Model: "metadata.component, of type library, or application for a program",
				Why:   "name, version and you: that is what PAUSE will have. The digest is not known before the archive is made, so it is not there.",
			},
			{
				When:  "For what it requires.",
				PURL:  "pkg:cpan/Foo-Bar",
				Model: "a component with versionRange (CycloneDX 1.7), and without a version",
				Why:   "which release will satisfy the requirement is open until somebody installs. A bill for the source says ranges; a bill for a build says versions.",
				Pitfalls: []string{
					"No author: distributions change hands, and whoever releases the next version satisfies the requirement.",
					"META names modules. Which distribution holds a module, the index says: nacre purl from-module.",
				},
				Wrong: []Wrong{
					{"pkg:cpan/Foo-Bar?author=AUTHOR", "P14", "an author without a version: which release is meant?"},
					{"pkg:cpan/Foo-Bar@1.0?vers=vers:cpan%2F%3E%3D1.0", "P30", "one version or a range, not both"},
				},
			},
		},
	}
}

func darkpan() Case {
	return Case{
		ID:       "6",
		Title:    "A distribution of a private archive",
		Question: "Our product uses a distribution of our own archive. Which purl?",
		Answers: []Answer{{
			PURL:  "pkg:cpan/Acme-Billing@1.0?author=LOCAL&repository_url=https:%2F%2Fdarkpan.example%2F",
			Model: "a component of type library",
			Why:   "without repository_url a purl of type cpan means CPAN. There the name is free, or somebody else's.",
			Pitfalls: []string{
				"If CPAN has a distribution of the same name, an installer may fetch that one (dependency confusion). nacre purl lint --private --mirror DIR says so.",
				"The bill will be passed on: no user and password in the address.",
			},
			Wrong: []Wrong{
				{"pkg:cpan/Acme-Billing@1.0", "P15", "that names a distribution of CPAN"},
				{"pkg:cpan/Acme-Billing@1.0?repository_url=darkpan.example", "P16", "an address needs https:// in front"},
			},
			Facts: purl.LintOptions{Private: true},
		}},
	}
}

func others() Case {
	return Case{
		ID:       "7b",
		Title:    "Withdrawn, forked, repackaged",
		Question: "The release is not on CPAN as it was. Which purl?",
		Answers: []Answer{
			{
				When:  "The author has deleted the release, and BackPAN has it.",
				PURL:  "pkg:cpan/Acme-Demo@0.01?author=AUTHOR&repository_url=https:%2F%2Fbackpan.perl.org%2F",
				Model: "a component of type library",
				Why:   "it is still that release. The address says where it can be found.",
			},
			{
				When:     "Somebody has forked it.",
				PURL:     "pkg:cpan/Acme-Demo-Fork@1.00?author=OTHER",
				Ancestor: "pkg:cpan/Acme-Demo@0.01?author=AUTHOR",
				Model:    "a component of type library; the release that was forked is an ancestor in its pedigree",
				Why:      "a fork has a name, versions and flaws of its own.",
			},
			{
				When:     "A system has packed it.",
				PURL:     "pkg:deb/debian/libacme-demo-perl@0.01-3?distro=bookworm",
				Ancestor: "pkg:cpan/Acme-Demo@0.01",
				Model:    "a component of type library; the release of CPAN is an ancestor in its pedigree",
				Why:      "the package has patches and a version of its own, and the system mends it.",
				Pitfalls: []string{
					"Which distribution a package was made of its name only suggests: nacre purl from-os-package marks it as a guess.",
				},
			},
		},
	}
}
