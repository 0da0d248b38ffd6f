package directory

import "nacre/advice"

// Rules gives what is checked, in order of id.
func Rules() advice.Rules {
	return advice.Rules{
		{ID: "V01", Level: advice.Error, What: "the folder is spelled CPAN-META", Why: "programs look for it by this name"},
		{ID: "V02", Level: advice.Warning, What: "its files have well-known names", Why: "the drafts keep all other names free, so that a later one means the same everywhere"},
		{ID: "V03", Level: advice.Error, What: "automation-policy.json can be read", Why: "who cannot read it takes it that nothing is said"},
		{ID: "V04", Level: advice.Error, What: "it has no keys but those of the draft", Why: "a key that nobody knows is a wish that nobody reads"},
		{ID: "V05", Level: advice.Error, What: "it has the keys that the draft asks for", Why: "what is not said is read in different ways"},
		{ID: "V06", Level: advice.Error, What: "each level is one of its ladder", Why: "a word that is on no ladder says nothing to a program"},
		{ID: "V07", Level: advice.Error, What: "its version is the number 1", Why: "the version says by which rules the rest is read"},
		{ID: "V08", Level: advice.Warning, What: "the document that it names is there", Why: "people are sent to a page that does not exist"},
		{ID: "V09", Level: advice.Error, What: "texts are texts", Why: "a program that expects a text stops at anything else"},
		{ID: "V10", Level: advice.Warning, What: "the distribution that it names is this one", Why: "it was made for another one, and may not fit"},
		{ID: "V11", Level: advice.Note, What: "nothing is released without anybody looking", Why: "the drafts discourage it: distributors trust what somebody has looked at"},
		{ID: "V12", Level: advice.Warning, What: "its level covers what the repository's workflows do", Why: "a promise that the workflows break is worse than none"},
	}
}
