package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path"
	"strings"

	"nacre/fault"
	"nacre/limit"
	"nacre/terminal"
)

// Schema names the stream's format and version. Fields are only ever added to
// it; removing or changing one makes a new version.
const Schema = "nacre.audit/1"

// Message is one line of an audit's stream. Exactly one field is set. The order
// is: one Config, then Findings and Notes in order of file, then one Summary.
//
// As JSON Lines a finding is the object itself, and the others stand in an
// object by their names:
//
//	{"config":{"schema":"nacre.audit/1",...}}
//	{"rule":"RND01","cwe":["CWE-338"],"file":"lib/Acme/Session.pm","line":12,...}
//	{"note":{"file":"lib/Acme/Broken.pm","what":"line 3: ...","partial":true}}
//	{"summary":{...}}
type Message struct {
	Config  *Config
	Finding *Finding
	Note    *Note
	Summary *Summary
}

// Config is the first message: what was asked, and of what.
type Config struct {
	Schema string `json:"schema"`
	Tool   string `json:"tool"` // "nacre v0.1.0"
	Path   string `json:"path"` // as given
	// Base stands before each finding's file, where that is opened from the
	// folder that the audit was started in; "" for a release, and for that folder.
	Base    string `json:"base,omitempty"`
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	// Contacts are those whom the release itself names for reports about its
	// security.
	Contacts []string `json:"contacts,omitempty"`
	Rules    []string `json:"rules"`
	Options  Asked    `json:"options"`
}

// At is where a file of a finding is.
func (c *Config) At(file string) string {
	if file == "" || c.Base == "" {
		return file
	}
	return path.Join(c.Base, file)
}

// Asked are the options that change the answer.
type Asked struct {
	Confidence string `json:"confidence"`           // the least that is told
	Severity   string `json:"severity"`             // the least that is told
	FailOn     string `json:"fail_on"`              // the least that makes the status 1; "never"
	Tests      bool   `json:"tests,omitempty"`      // tests and author's tools were read, too
	Critic     bool   `json:"critic,omitempty"`     // "## no critic" was honoured
	Baseline   string `json:"baseline,omitempty"`   // file
	NewSince   string `json:"new_since,omitempty"`  // revision
	Like       string `json:"like,omitempty"`       // FILE:LINE of the shape that was looked for
	Likeness   int    `json:"likeness,omitempty"`   // the least with Like, in percent
	MaxSeconds int    `json:"max_seconds,omitzero"` // for each file, and for the release as a whole
}

// Summary is the last message.
type Summary struct {
	Files   int   `json:"files"`   // that rules looked at
	Bytes   int64 `json:"bytes"`   // of these
	Skipped int   `json:"skipped"` // tests and author's tools, which were not read
	Unread  int   `json:"unread"`  // could not be read, or not to their end
	// Findings that are told and count, by severity.
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
	// Findings that do not count.
	Allowed int  `json:"allowed"` // by a comment
	Known   int  `json:"known"`   // by the baseline
	Old     int  `json:"old"`     // in lines that --new-since says are not new; not told
	Below   int  `json:"below"`   // below the least confidence or severity; not told
	Partial bool `json:"partial"`
	Status  int  `json:"status"` // the exit status
}

// Handler takes a stream in order. An error ends it.
type Handler interface {
	Handle(Message) error
}

// line is a message as JSON has it.
type line struct {
	Config  *Config  `json:"config,omitempty"`
	Note    *Note    `json:"note,omitempty"`
	Summary *Summary `json:"summary,omitempty"`
}

// Encoder writes a stream as JSON Lines. It is a Handler.
type Encoder struct{ e *json.Encoder }

// NewEncoder writes to w, with nothing that a terminal would obey.
func NewEncoder(w io.Writer) *Encoder {
	e := json.NewEncoder(terminal.Inert(w))
	e.SetEscapeHTML(false)
	return &Encoder{e}
}

// Handle writes a message.
func (e *Encoder) Handle(m Message) error {
	if m.Finding != nil {
		return e.e.Encode(m.Finding)
	}
	return e.e.Encode(line{m.Config, m.Note, m.Summary})
}

// Close does nothing: every line is written when it comes.
func (e *Encoder) Close() error { return nil }

// The limits of a recorded stream.
const (
	maxStream = 1 << 30 // bytes
	maxLine   = 8 << 20 // of one line
)

const recordHint = "give a file that nacre audit --format json wrote"

// Decode reads a recorded stream. An error is Invalid, or what h says.
func Decode(r io.Reader, h Handler) error {
	in := bufio.NewScanner(limit.Reader(r, maxStream, "recorded audit"))
	in.Buffer(nil, maxLine)
	n, begun, ended := 0, false, false
	for in.Scan() {
		n++
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		m, err := decodeLine(in.Bytes())
		switch {
		case err != nil:
			return fault.Wrap(fault.Invalid, err, "recorded audit, line %d", n).WithHint(recordHint)
		case ended:
			return fault.New(fault.Invalid, "recorded audit, line %d: something stands behind the summary", n).WithHint(recordHint)
		case begun == (m.Config != nil):
			return fault.New(fault.Invalid, "recorded audit, line %d: the configuration is the first line, and only that", n).WithHint(recordHint)
		case m.Config != nil && m.Config.Schema != Schema:
			hint := recordHint
			if strings.HasPrefix(m.Config.Schema, "nacre.audit/") {
				hint = "it was recorded by a newer nacre; use that one to read it"
			}
			return fault.New(fault.Invalid, "recorded audit, line %d: schema %.40q is not %s", n, m.Config.Schema, Schema).WithHint("%s", hint)
		}
		begun, ended = true, m.Summary != nil
		if err := h.Handle(m); err != nil {
			return err
		}
	}
	switch err := in.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fault.New(fault.Invalid, "recorded audit, line %d: longer than %d bytes (limit: line of a recorded audit)", n+1, maxLine).WithHint(recordHint)
	case err != nil:
		return fault.Wrap(fault.KindOf(err), err, "recorded audit, line %d", n+1)
	case !begun:
		return fault.New(fault.Invalid, "recorded audit: there is nothing in it").WithHint("record one with nacre audit --format json -o FILE")
	case !ended:
		return fault.New(fault.Invalid, "recorded audit: it ends after line %d without a summary", n).WithHint("the recording was cut off; record it again")
	}
	return nil
}

func decodeLine(b []byte) (Message, error) {
	var l struct {
		line
		Rule string `json:"rule"`
	}
	if err := json.Unmarshal(b, &l); err != nil {
		return Message{}, err
	}
	m := Message{Config: l.Config, Note: l.Note, Summary: l.Summary}
	fields := 0
	for _, set := range [...]bool{l.Config != nil, l.Note != nil, l.Summary != nil, l.Rule != ""} {
		if set {
			fields++
		}
	}
	if fields != 1 {
		return m, fault.New(fault.Invalid, "no message of %s", Schema)
	}
	if m.Summary != nil && (m.Summary.Status < 0 || m.Summary.Status > 3) {
		return m, fault.New(fault.Invalid, "a summary with the status %d", m.Summary.Status)
	}
	if l.Rule == "" {
		return m, nil
	}
	m.Finding = &Finding{}
	if err := json.Unmarshal(b, m.Finding); err != nil {
		return m, err
	}
	f := m.Finding
	if _, err := ParseConfidence(f.Confidence); err != nil {
		return m, err
	}
	if _, err := ParseSeverity(f.Severity); err != nil {
		return m, err
	}
	if !ruleID.MatchString(f.Rule) || f.Line < 0 || f.Fingerprint == "" {
		return m, fault.New(fault.Invalid, "a finding without a rule, a line or a fingerprint")
	}
	return m, nil
}
