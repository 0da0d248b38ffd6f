// Package audit finds insecure code in Perl source without running it: rules
// over the tokens, the tree and the flow of values that perlsrc gives, and over
// what a distribution states of itself.
//
//	sub new_session_id { return md5_hex(time . $$ . rand) }
//
// is a finding of the rule RND01, since what rand gave leaves a sub whose name
// says what it is for. The same rand in a delay is none.
//
// A rule is one file of text (see ParseDoc) and one function. The file holds
// its id, which never changes, the weaknesses of CWE that it looks for, what and
// why, an insecure and a secure example, the fix, and the cases that it is
// tested by. A rule never names a distribution, or a file or version of one.
//
// Promised: the same files and options give the same findings in the same
// order, whatever the number of workers is. What was not read, or not read to
// its end, is told. Not promised: that code without findings is secure.
//
// Sources: MITRE's Common Weakness Enumeration; the SEI CERT Perl Coding
// Standard; the published advisories that the rules' files name.
package audit

import (
	"fmt"

	"nacre/perlsrc"
)

// Confidence is how sure a finding is to be what its rule says.
type Confidence uint8

// The confidences.
const (
	Possible Confidence = iota + 1 // worth a look, where a reader has the time
	Likely                         // a competent reader would mostly agree
	Certain                        // the code shown says it all
)

var confidences = []string{"", "possible", "likely", "certain"}

func (c Confidence) String() string { return confidences[c] }

// ParseConfidence reads "possible", "likely" or "certain".
func ParseConfidence(s string) (Confidence, error) {
	for i, name := range confidences {
		if i > 0 && name == s {
			return Confidence(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no confidence: possible, likely or certain", s)
}

// Severity is what a finding would mean if it is true, by what the value is
// used for.
type Severity uint8

// The severities.
const (
	Low Severity = iota + 1
	Medium
	High
	Critical
)

var severities = []string{"", "low", "medium", "high", "critical"}

func (s Severity) String() string { return severities[s] }

// ParseSeverity reads "low", "medium", "high" or "critical".
func ParseSeverity(s string) (Severity, error) {
	for i, name := range severities {
		if i > 0 && name == s {
			return Severity(i), nil
		}
	}
	return 0, fmt.Errorf("%q is no severity: low, medium, high or critical", s)
}

// Rule looks for one kind of insecure code.
type Rule struct {
	// Text is the rule's file.
	Text string
	// Words are of what a file must hold one, byte for byte, for Perl or
	// Native to be asked at all; without any it is asked about every file.
	Words []string

	Perl    func(*Pass) // about a file of Perl: Pass.File
	Native  func(*Pass) // about a file of C or XS: Pass.File, whose Tree is nil
	Release func(*Pass) // once, about the whole: Pass.Release; Pass.File is nil

	Doc Doc // Text, read; Compile fills it
}

// Found is what a rule reports.
type Found struct {
	Node perlsrc.NodeID // where: a node of the file's tree, or
	Line int            // a line from 1, if Node is 0, and
	Path string         // the file, where Pass.File is nil

	Confidence Confidence
	Severity   Severity
	// Message says in one sentence what is wrong here, in lower case and
	// without a full stop: "the session id is made of rand, which can be guessed".
	Message string
	// Likeness is how much is the same as where a shape was taken from, in percent;
	// 0 where none was looked for.
	Likeness int
	// CWE is set where this place is of other weaknesses than the rule's: "CWE-338".
	CWE []string
	// Steps is how a value comes here, or where it goes; at most 10 are kept.
	Steps []Step
	// Fix is a change that makes it right without any thought; nil where
	// somebody must think.
	Fix *Fix
}

// Step is a place on the way of a value.
type Step struct {
	Line int    `json:"line"`
	What string `json:"what"`
}

// Fix is a mechanical change of a file.
type Fix struct {
	Path  string // the file, where a finding about the release is not in it
	Title string // "open the file with a mode of its own"
	Edits []Edit // in order, not overlapping
}

// Edit replaces bytes of the source.
type Edit struct {
	Start, End int // Src[Start:End] is replaced
	New        string
}

// Finding is a place that a rule reported, with all that a reader needs. It is
// one line of the recorded stream.
type Finding struct {
	Rule       string     `json:"rule"`
	CWE        []string   `json:"cwe"`
	File       string     `json:"file"`
	Line       int        `json:"line"`
	Confidence string     `json:"confidence"`
	Severity   string     `json:"severity"`
	Message    string     `json:"message"`
	Likeness   int        `json:"likeness,omitempty"` // percent, where a shape was looked for
	Title      string     `json:"title"`              // the rule's
	Code       string     `json:"code"`               // the line as written, without blanks around it, and what follows of a statement that begins there; cut at 200 bytes
	Column     int        `json:"column,omitempty"`   // of the place that is meant in Code, in bytes from 1; 0 where that is the line
	Package    string     `json:"package,omitempty"`
	Sub        string     `json:"sub,omitempty"`
	Role       string     `json:"role,omitempty"` // of the file: see Role
	Steps      []Step     `json:"steps,omitempty"`
	Fix        *Patch     `json:"fix,omitempty"`
	Allowed    *Allowance `json:"allowed,omitempty"` // the source says that it may stand
	// Fingerprint is the same for the same finding after lines before it have
	// come or gone: what --baseline compares.
	Fingerprint string `json:"fingerprint"`
	// Known is set by a baseline: the finding was there before.
	Known bool `json:"known,omitempty"`
}

// Patch is a Fix as a unified diff.
type Patch struct {
	Title string `json:"title"`
	Diff  string `json:"diff"`
}

// Allowance is a comment in the source that lets a finding stand.
type Allowance struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}
