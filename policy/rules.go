package policy

import "nacre/advice"

// Rule is one thing that is checked.
type Rule struct {
	ID    string
	Level advice.Level
	What  string // what is checked
	Why   string // why it matters
}

// Rules gives what is checked, in order of id. S01 to S16 are numbered as the
// project's brief has them; what follows is more of the same.
func Rules() []Rule {
	return []Rule{
		{"S01", advice.Error, "the file is in the root, by its name", "people and programs look in the root, of the release as of the repository, for SECURITY in capitals; what is only on a forge is gone with the forge"},
		{"S02", advice.Error, "it says how to report, and what it applies to", "these two are what somebody who has found something needs: where to go, and whether it concerns you"},
		{"S03", advice.Error, "it has one contact", "a reporter who must choose between several may write to none, or to all in the open"},
		{"S04", advice.Error, "its contact is no forwarding address of CPAN", "the service that forwarded mail to authors at cpan.org ended in April 2026, so a report to it bounces"},
		{"S05", advice.Warning, "its contact is one that META knows", "somebody who finds two addresses cannot tell which of them is read"},
		{"S06", advice.Error, "it sends nobody to a public tracker", "a public report tells attackers before there is a fix"},
		{"S07", advice.Warning, "it has a date, which is readable and recent", "a reader judges by the date whether anybody still stands behind it"},
		{"S08", advice.Note, "it names the version of the guide that it follows", "it tells which advice it was written by, and when to look again"},
		{"S09", advice.Error, "nothing of a template is left in it", "a report that goes to a placeholder reaches nobody"},
		{"S10", advice.Warning, "it says when to expect an answer, and whom to ask else", "without it a reporter does not know when silence means that nobody reads"},
		{"S11", advice.Warning, "it asks for details and time, and says how to be credited", "it saves a round of questions, and both sides know what to expect"},
		{"S12", advice.Warning, "the versions that it supports include this release", "a reader takes it that this release gets no fixes"},
		{"S13", advice.Warning, "it speaks of the libraries inside", "a flaw in one of them is a flaw here, and a reporter must know whom to tell"},
		{"S14", advice.Note, "the documentation leads to it", "people look where bugs are reported, and there is no other way from there"},
		{"S15", advice.Note, "what it says of perls fits what META requires", "a perl that is promised to be supported, and cannot run this, is no promise"},
		{"S16", advice.Warning, "it agrees with security.txt", "programs read the one and people the other"},
		{"S17", advice.Note, "its name says its markup", "a forge shows what it knows how to show, and tools tell by the ending"},
		{"S18", advice.Note, "it can be read without a browser", "who reads it may have a terminal and little time"},
	}
}

// rule gives the rule of an id.
func rule(id string) Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	return Rule{ID: id, Level: advice.Note}
}

// finding makes a finding of a rule.
func finding(id, file string, line int, title, how string) advice.Finding {
	r := rule(id)
	return advice.Finding{ID: id, Level: r.Level, Title: title, Why: r.Why, How: how, File: file, Line: line}
}
