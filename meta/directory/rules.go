package directory

import "nacre/advice"

// Rules gives what is checked, in order of id.
func Rules() advice.Rules {
	return advice.Rules{
		{"V01", "", advice.Error, "the folder is spelled CPAN-META", "programs look for it by this name"},
		{"V02", "", advice.Warning, "its files have well-known names", "the drafts keep all other names free, so that a later one means the same everywhere"},
		{"V03", "", advice.Error, "automation-policy.json can be read", "who cannot read it takes it that nothing is said"},
		{"V04", "", advice.Error, "it has no keys but those of the draft", "a key that nobody knows is a wish that nobody reads"},
		{"V05", "", advice.Error, "it has the keys that the draft asks for", "what is not said is read in different ways"},
		{"V06", "", advice.Error, "each level is one of its ladder", "a word that is on no ladder says nothing to a program"},
		{"V07", "", advice.Error, "its version is the number 1", "the version says by which rules the rest is read"},
		{"V08", "", advice.Warning, "the document that it names is there", "people are sent to a page that does not exist"},
		{"V09", "", advice.Error, "texts are texts", "a program that expects a text stops at anything else"},
		{"V10", "", advice.Warning, "the distribution that it names is this one", "it was made for another one, and may not fit"},
		{"V11", "", advice.Note, "nothing is released without anybody looking", "the drafts discourage it: distributors trust what somebody has looked at"},
		{"V12", "", advice.Warning, "its level covers what the repository's workflows do", "a promise that the workflows break is worse than none"},
	}
}
