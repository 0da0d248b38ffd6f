// Package record gives the index out in its own form: all that is known and was
// concluded, for programs that want more than the forms of others can say.
//
//	advisory/CVE-2099-0001.json   one advisory: the record, what it means for each
//	                              distribution and why, and what became of it;
//	                              or, of an id that an advisory had in an earlier build,
//	                              which one it is part of now
//	dist/Foo-Bar.json             one distribution: its releases, and each advisory's
//	                              verdict on them
//	health.json                   the sources and how fresh they are, counts, corrections
//	skipped.json                  the entries of sources that are in no advisory, with reasons
//	cve-review.json               what a person should look up in the CVE List
//
// Each file is one JSON object whose first member names its form, and its
// version: nacre.index.advisory/1 and so on.
//
// # Verdicts
//
// A verdict is about a stretch of known releases that are neighbours in the
// order of versions, and says what the first one's verdict rests on:
//
//	{"status": "affected", "from": "1.0", "to": "1.2", "releases": 3,
//	 "reason": "1.0 is in <1.3 (CPANSA-Foo-Bar-2099-01)"}
//
// Together the stretches are all known releases, those that version.pm refuses
// last.
//
// # Promises
//
// Members are added, and none is removed or changes its meaning, within one
// version of a form. The record itself is nacre.advisory/1, as package advisory
// has it. Not promised: the text of reasons.
package record

import (
	"bytes"
	"encoding/json"

	"nacre/index"
)

// Formats gives the forms of this package.
func Formats() []index.Format {
	return []index.Format{{Name: "record", Advisory: advisoryFiles, Dist: distFiles, Whole: whole}}
}

// file writes a value as one line of JSON.
func file(path string, v any) (index.File, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return index.File{Path: path, Data: b.Bytes()}, err
}
