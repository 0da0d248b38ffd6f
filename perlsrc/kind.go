package perlsrc

import "strconv"

var kinds = [...]string{
	Space: "Space", Comment: "Comment", Pod: "Pod", HereBody: "HereBody", Format: "Format", Data: "Data",
	Word: "Word", Label: "Label", Number: "Number", VString: "VString", Variable: "Variable", Cast: "Cast",
	Operator: "Operator", Structure: "Structure", Quote: "Quote", Words: "Words", Command: "Command",
	Match: "Match", Pattern: "Pattern", Substitute: "Substitute", Translate: "Translate", Readline: "Readline",
	Glob: "Glob", HereDoc: "HereDoc", Prototype: "Prototype", Attribute: "Attribute", EndMark: "EndMark",
	Unknown: "Unknown",
}

// String gives a kind's name, as in "Word".
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return "kind " + strconv.Itoa(int(k))
}
