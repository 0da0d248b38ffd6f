package doctor

import "nacre/advice"

// Rules gives what is looked for, by area. The rules of the security policy and of
// CPAN-META/ are those of packages policy and meta/directory.
func Rules() advice.Rules {
	return advice.Rules{
		{ID: "M01", Area: "metadata", Level: advice.Error, What: "a release has META.json", Why: "installers, indexes and packagers read it, and nothing else tells them what is required"},
		{ID: "M02", Area: "metadata", Level: advice.Error, What: "META can be read", Why: "who cannot read it guesses, or stops"},
		{ID: "M03", Area: "metadata", Level: advice.Error, What: "META is valid by its specification", Why: "tools read what is wrong in different ways, or not at all"},
		{ID: "M04", Area: "metadata", Level: advice.Note, What: "META is of specification 2", Why: "older ones cannot say what is needed for tests, or what is only recommended"},
		{ID: "M05", Area: "metadata", Level: advice.Warning, What: "META.json and META.yml agree", Why: "some tools read the one, and some the other"},
		{ID: "M06", Area: "metadata", Level: advice.Error, What: "name and version are those of the archive", Why: "indexes go by the archive's name, and installers by META"},
		{ID: "M07", Area: "metadata", Level: advice.Warning, What: "there is an abstract", Why: "it is the one line that people see in a search"},
		{ID: "M08", Area: "metadata", Level: advice.Warning, What: "there is an author", Why: "it is who is asked, also about security"},
		{ID: "M09", Area: "metadata", Level: advice.Note, What: "META states the lowest perl that is supported", Why: "an installer on an older one then says so, instead of failing in the middle"},
		{ID: "M10", Area: "metadata", Level: advice.Warning, What: "what META says that it provides is there", Why: "an index that believes META sends people to a file that does not exist"},
		{ID: "M11", Area: "metadata", Level: advice.Note, What: "what belongs into CPAN-META/ is no x_ key", Why: "the drafts of metadata version 3 ask for files, so that it is spelled the same everywhere"},
		{ID: "L01", Area: "links", Level: advice.Note, What: "META names a repository", Why: "it is where people look for the history, and where they send patches"},
		{ID: "L02", Area: "links", Level: advice.Note, What: "META names a place for bugs", Why: "people who find one want to tell you, and look there"},
		{ID: "L03", Area: "links", Level: advice.Warning, What: "links are addresses that anybody can open", Why: "a form that asks for a key, or has no scheme, works for you and for nobody else"},
		{ID: "L04", Area: "links", Level: advice.Note, What: "links are encrypted", Why: "whoever sits between can change what is read or cloned"},
		{ID: "L05", Area: "links", Level: advice.Warning, What: "links lead to forges that are still there", Why: "what was there has moved or is lost, and another may take the name"},
		{ID: "L06", Area: "links", Level: advice.Error, What: "links carry no password", Why: "it is published with every release"},
		{ID: "L07", Area: "links", Level: advice.Warning, What: "links are no placeholders", Why: "somebody who follows one reaches a stranger"},
		{ID: "K01", Area: "contacts", Level: advice.Warning, What: "addresses are no forwarding addresses of CPAN", Why: "the service that forwarded mail to authors at cpan.org ended in April 2026, so mail to them bounces"},
		{ID: "K02", Area: "contacts", Level: advice.Note, What: "an author has an address", Why: "META's author is the contact for everything, where nothing else is stated"},
		{ID: "K03", Area: "contacts", Level: advice.Warning, What: "addresses look like addresses", Why: "mail to it goes nowhere, or to a stranger"},
		{ID: "K04", Area: "contacts", Level: advice.Note, What: "the documentation names no forwarding address of CPAN", Why: "people copy the address that they find there, and their mail bounces"},
		{ID: "R01", Area: "requirements", Level: advice.Warning, What: "what is loaded is declared (no phantom)", Why: "it works where something else happens to bring the module, and fails elsewhere"},
		{ID: "R02", Area: "requirements", Level: advice.Warning, What: "what tests load is declared for them", Why: "testers see failures that you do not"},
		{ID: "R03", Area: "requirements", Level: advice.Note, What: "what is declared is loaded (no zombie)", Why: "everybody installs it, and must watch it for flaws, for nothing"},
		{ID: "R04", Area: "requirements", Level: advice.Note, What: "what only tests load is required for tests alone", Why: "everybody installs it at run time, too"},
		{ID: "R05", Area: "requirements", Level: advice.Warning, What: "the cpanfile and META ask for the same", Why: "people who install from the one get other modules than those who install from the other"},
		{ID: "I01", Area: "licence", Level: advice.Warning, What: "META states a licence", Why: "without one nobody knows what they may do, and companies may not use it"},
		{ID: "I02", Area: "licence", Level: advice.Note, What: "an SPDX expression stands beside it", Why: "bills of materials need one, and META's own names cannot say \"or later\", nor join two"},
		{ID: "I03", Area: "licence", Level: advice.Warning, What: "the SPDX expression is sound", Why: "a reader falls back to META's own names, or to nothing"},
		{ID: "I04", Area: "licence", Level: advice.Warning, What: "licence and SPDX expression say the same", Why: "a reader must choose whom to believe, about a right"},
		{ID: "I05", Area: "licence", Level: advice.Note, What: "there is a file with the licence's text", Why: "many licences ask that the text comes along"},
		{ID: "I06", Area: "licence", Level: advice.Warning, What: "license has names of META's own vocabulary", Why: "a name that is not on the specification's list is read as unknown; SPDX names have a place of their own"},
		{ID: "I07", Area: "licence", Level: advice.Warning, What: "the licence's text is that of the licence META names", Why: "the text is what counts when it matters"},
		{ID: "C01", Area: "changelog", Level: advice.Warning, What: "there is a changelog", Why: "who must decide whether to update looks there first"},
		{ID: "C02", Area: "changelog", Level: advice.Warning, What: "the changelog tells of this release", Why: "nobody can see what is new in it"},
		{ID: "C03", Area: "changelog", Level: advice.Note, What: "the changelog names the CVE ids of what was mended", Why: "people search it for the id that their scanner shows"},
		{ID: "C04", Area: "changelog", Level: advice.Note, What: "what it says of security has an id", Why: "a reader cannot tell whether it is the flaw that a scanner shows; asking for an id costs nothing"},
		{ID: "A01", Area: "advisories", Level: advice.Warning, What: "requirements admit no versions with known flaws", Why: "an installer keeps an old version as long as the range admits it"},
		{ID: "A02", Area: "advisories", Level: advice.Warning, What: "no public advisory is on this version", Why: "scanners tell everybody who uses it"},
	}
}
