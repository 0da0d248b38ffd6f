package doctor

import "nacre/advice"

// Rule is one thing that a check-up looks for. Those of the security policy and
// of CPAN-META are listed by packages policy and meta/directory.
type Rule struct {
	ID    string
	Area  string
	Level advice.Level
	What  string // what should be so
	Why   string // why it matters
}

// Rules gives what is looked for, by area.
func Rules() []Rule {
	return []Rule{
		{"M01", "metadata", advice.Error, "a release has META.json", "installers, indexes and packagers read it, and nothing else tells them what is required"},
		{"M02", "metadata", advice.Error, "META can be read", "who cannot read it guesses, or stops"},
		{"M03", "metadata", advice.Error, "META is valid by its specification", "tools read what is wrong in different ways, or not at all"},
		{"M04", "metadata", advice.Note, "META is of specification 2", "older ones cannot say what is needed for tests, or what is only recommended"},
		{"M05", "metadata", advice.Warning, "META.json and META.yml agree", "some tools read the one, and some the other"},
		{"M06", "metadata", advice.Error, "name and version are those of the archive", "indexes go by the archive's name, and installers by META"},
		{"M07", "metadata", advice.Warning, "there is an abstract", "it is the one line that people see in a search"},
		{"M08", "metadata", advice.Warning, "there is an author", "it is who is asked, also about security"},
		{"M09", "metadata", advice.Note, "META states the lowest perl that is supported", "an installer on an older one then says so, instead of failing in the middle"},
		{"M10", "metadata", advice.Warning, "what META says that it provides is there", "an index that believes META sends people to a file that does not exist"},
		{"M11", "metadata", advice.Note, "what belongs into CPAN-META/ is no x_ key", "the drafts of metadata version 3 ask for files, so that it is spelled the same everywhere"},
		{"L01", "links", advice.Note, "META names a repository", "it is where people look for the history, and where they send patches"},
		{"L02", "links", advice.Note, "META names a place for bugs", "people who find one want to tell you, and look there"},
		{"L03", "links", advice.Warning, "links are addresses that anybody can open", "a form that asks for a key, or has no scheme, works for you and for nobody else"},
		{"L04", "links", advice.Note, "links are encrypted", "whoever sits between can change what is read or cloned"},
		{"L05", "links", advice.Warning, "links lead to forges that are still there", "what was there has moved or is lost, and another may take the name"},
		{"L06", "links", advice.Error, "links carry no password", "it is published with every release"},
		{"L07", "links", advice.Warning, "links are no placeholders", "somebody who follows one reaches a stranger"},
		{"K01", "contacts", advice.Warning, "addresses are no forwarding addresses of CPAN", "the service that forwarded mail to authors at cpan.org ended in April 2026, so mail to them bounces"},
		{"K02", "contacts", advice.Note, "an author has an address", "META's author is the contact for everything, where nothing else is stated"},
		{"K03", "contacts", advice.Warning, "addresses look like addresses", "mail to it goes nowhere, or to a stranger"},
		{"R01", "requirements", advice.Warning, "what is loaded is declared (no phantom)", "it works where something else happens to bring the module, and fails elsewhere"},
		{"R02", "requirements", advice.Warning, "what tests load is declared for them", "testers see failures that you do not"},
		{"R03", "requirements", advice.Note, "what is declared is loaded (no zombie)", "everybody installs it, and must watch it for flaws, for nothing"},
		{"R04", "requirements", advice.Note, "what only tests load is required for tests alone", "everybody installs it at run time, too"},
		{"I01", "licence", advice.Warning, "META states a licence", "without one nobody knows what they may do, and companies may not use it"},
		{"I02", "licence", advice.Note, "an SPDX expression stands beside it", "bills of materials need one, and META's own names cannot say \"or later\", nor join two"},
		{"I03", "licence", advice.Warning, "the SPDX expression is sound", "a reader falls back to META's own names, or to nothing"},
		{"I04", "licence", advice.Warning, "licence and SPDX expression say the same", "a reader must choose whom to believe, about a right"},
		{"I05", "licence", advice.Note, "there is a file with the licence's text", "many licences ask that the text comes along"},
		{"I06", "licence", advice.Warning, "license has names of META's own vocabulary", "a name that is not on the specification's list is read as unknown; SPDX names have a place of their own"},
		{"I07", "licence", advice.Warning, "the licence's text is that of the licence META names", "the text is what counts when it matters"},
		{"C01", "changelog", advice.Warning, "there is a changelog", "who must decide whether to update looks there first"},
		{"C02", "changelog", advice.Warning, "the changelog tells of this release", "nobody can see what is new in it"},
		{"C03", "changelog", advice.Note, "the changelog names the CVE ids of what was mended", "people search it for the id that their scanner shows"},
		{"C04", "changelog", advice.Note, "what it says of security has an id", "a reader cannot tell whether it is the flaw that a scanner shows; asking for an id costs nothing"},
		{"A01", "advisories", advice.Warning, "requirements admit no versions with known flaws", "an installer keeps an old version as long as the range admits it"},
		{"A02", "advisories", advice.Warning, "no public advisory is on this version", "scanners tell everybody who uses it"},
	}
}

func ruleOf(id string) Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	return Rule{ID: id, Level: advice.Note}
}
