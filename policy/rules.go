package policy

import "nacre/advice"

// Rules gives what is checked, in order of id. S01 to S16 are numbered as the
// project's brief has them; what follows is more of the same.
func Rules() advice.Rules {
	return advice.Rules{
		{ID: "S01", Level: advice.Error, What: "the file is in the root, by its name", Why: "people and programs look in the root, of the release as of the repository, for SECURITY in capitals; what is only on a forge is gone with the forge"},
		{ID: "S02", Level: advice.Error, What: "it says how to report, and what it applies to", Why: "these two are what somebody who has found something needs: where to go, and whether it concerns you"},
		{ID: "S03", Level: advice.Error, What: "it has one contact", Why: "a reporter who must choose between several may write to none, or to all in the open"},
		{ID: "S04", Level: advice.Error, What: "its contact is no forwarding address of CPAN", Why: "the service that forwarded mail to authors at cpan.org ended in April 2026, so a report to it bounces"},
		{ID: "S05", Level: advice.Warning, What: "its contact is one that META knows", Why: "somebody who finds two addresses cannot tell which of them is read"},
		{ID: "S06", Level: advice.Error, What: "it sends nobody to a public tracker", Why: "a public report tells attackers before there is a fix"},
		{ID: "S07", Level: advice.Warning, What: "it has a date, which is readable and recent", Why: "a reader judges by the date whether anybody still stands behind it"},
		{ID: "S08", Level: advice.Note, What: "it names the version of the guide that it follows", Why: "it tells which advice it was written by, and when to look again"},
		{ID: "S09", Level: advice.Error, What: "nothing of a template is left in it", Why: "a report that goes to a placeholder reaches nobody"},
		{ID: "S10", Level: advice.Warning, What: "it says when to expect an answer, and whom to ask else", Why: "without it a reporter does not know when silence means that nobody reads"},
		{ID: "S11", Level: advice.Warning, What: "it asks for details and time, and says how to be credited", Why: "it saves a round of questions, and both sides know what to expect"},
		{ID: "S12", Level: advice.Warning, What: "the versions that it supports include this release", Why: "a reader takes it that this release gets no fixes"},
		{ID: "S13", Level: advice.Warning, What: "it speaks of the libraries inside", Why: "a flaw in one of them is a flaw here, and a reporter must know whom to tell"},
		{ID: "S14", Level: advice.Note, What: "the documentation leads to it", Why: "people look where bugs are reported, and there is no other way from there"},
		{ID: "S15", Level: advice.Note, What: "what it says of perls fits what META requires", Why: "a perl that is promised to be supported, and cannot run this, is no promise"},
		{ID: "S16", Level: advice.Warning, What: "it agrees with security.txt", Why: "programs read the one and people the other"},
		{ID: "S17", Level: advice.Note, What: "its name says its markup", Why: "a forge shows what it knows how to show, and tools tell by the ending"},
		{ID: "S18", Level: advice.Note, What: "it can be read without a browser", Why: "who reads it may have a terminal and little time"},
	}
}
