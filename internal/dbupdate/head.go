package dbupdate

import (
	"encoding/hex"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
)

const (
	headFormat = "nacre-index/1"
	// maxNote is the most that a note may have, in bytes; a real one has some
	// 500.
	maxNote = 16 << 10
	// maxSequence is the greatest whole number that every reader of JSON keeps.
	maxSequence = 1<<53 - 1
	// MaxDatabase is the most that a database may have, in bytes.
	MaxDatabase = 256 << 20
	// maxSkew is how far another clock may be ahead of ours.
	maxSkew = 24 * time.Hour
)

// Head is what the note of an index says.
type Head struct {
	Sequence uint64    // grows by at least one with every database, from 1
	Built    time.Time // when the database was made: the time in its header
	Expires  time.Time // when a newer note will have replaced this one
	Size     int64     // of the database, in bytes
	SHA256   string    // of the database, 64 lower-case hex digits
	File     string    // where it is, relative to the note's address
	NextKey  string    // the verifier key that follows the signing one; may be empty
}

// headLines are the lines of a note after the first, in their order, each a
// word, a blank and its value.
var headLines = []string{"sequence", "built", "expires", "size", "sha256", "file", "next-key"}

// ParseHead reads the signed text of a note, without its signatures:
//
//	nacre-index/1
//	sequence 42
//	built 2099-01-02T03:04:05Z
//	expires 2099-01-09T03:04:05Z
//	size 1048576
//	sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
//	file nacre-42.db
//	next-key advisories.example+1a2b3c4d+AZ...
//
// The lines stand in this order and all but the last must be there. Numbers
// are decimal without a sign or a leading zero, times are RFC 3339 in UTC to
// the second. A text that has anything else is refused: what is new gets a new
// number in the first line. docs/formats/index-note.md is the format's
// document.
func ParseHead(text string) (Head, error) {
	if len(text) > maxNote {
		return Head{}, fault.New(fault.Invalid, "index note is larger than %d bytes (limit: index note size)", maxNote)
	}
	body, ok := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	if !ok || lines[0] != headFormat {
		err := fault.New(fault.Invalid, "the first line of the index note is %.40q, not %s", lines[0], headFormat)
		if strings.HasPrefix(lines[0], "nacre-index/") {
			return Head{}, err.WithHint("a newer nacre reads it")
		}
		return Head{}, err.WithHint("the address is not the one of an index of Nacre")
	}
	lines = lines[1:]
	if n := len(headLines); len(lines) != n && len(lines) != n-1 {
		return Head{}, fault.New(fault.Invalid, "index note has %d lines after the first, not %d or %d", len(lines), n-1, n)
	}
	var h Head
	for i, line := range lines {
		value, ok := strings.CutPrefix(line, headLines[i]+" ")
		if !ok {
			return Head{}, fault.New(fault.Invalid, "line %d of the index note is %.60q, not %s", i+2, line, headLines[i])
		}
		if err := h.set(headLines[i], value); err != nil {
			return Head{}, fault.Wrap(fault.Invalid, err, "%s of the index note", headLines[i])
		}
	}
	if !h.Built.Before(h.Expires) {
		return Head{}, fault.New(fault.Invalid, "index note expires before it was built")
	}
	return h, nil
}

func (h *Head) set(name, value string) (err error) {
	var n uint64
	switch name {
	case "sequence":
		h.Sequence, err = number(value, maxSequence)
	case "built":
		h.Built, err = moment(value)
	case "expires":
		h.Expires, err = moment(value)
	case "size":
		n, err = number(value, MaxDatabase)
		h.Size = int64(n)
	case "sha256":
		raw, bad := hex.DecodeString(value)
		if bad != nil || len(raw) != 32 || value != strings.ToLower(value) {
			return fault.New(fault.Invalid, "%.80q is not 64 lower-case hex digits", value)
		}
		h.SHA256 = value
	case "file":
		h.File, err = value, checkFile(value)
	case "next-key":
		if _, err := note.NewVerifier(value); err != nil {
			return fault.Wrap(fault.Invalid, err, "%.60q", value)
		}
		h.NextKey = value
	}
	return err
}

// number reads 1 to limit.
func number(s string, limit uint64) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != s || n == 0 {
		return 0, fault.New(fault.Invalid, "%.40q is not a number from 1 on", s)
	}
	if n > limit {
		return 0, fault.New(fault.Invalid, "%d is more than %d (limit: number in an index note)", n, limit)
	}
	return n, nil
}

const momentLayout = "2006-01-02T15:04:05Z"

func moment(s string) (time.Time, error) {
	t, err := time.Parse(momentLayout, s)
	if err != nil || t.Format(momentLayout) != s {
		return time.Time{}, fault.New(fault.Invalid, "%.40q is not a time like 2099-01-02T03:04:05Z", s)
	}
	return t, nil
}

// checkFile accepts a path that stays beside the note or below it.
func checkFile(s string) error {
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._/", c) >= 0:
		default:
			return fault.New(fault.Invalid, "%.60q has %q in it", s, c)
		}
	}
	if len(s) > 255 || s == "" || s == "." || path.Clean("/"+s) != "/"+s {
		return fault.New(fault.Invalid, "%.60q is not the path of a file below the note", s)
	}
	return nil
}

// Text is the text that ParseHead reads.
func (h Head) Text() string {
	var b strings.Builder
	b.WriteString(headFormat + "\n")
	for _, line := range [][2]string{
		{"sequence", strconv.FormatUint(h.Sequence, 10)},
		{"built", h.Built.UTC().Format(momentLayout)},
		{"expires", h.Expires.UTC().Format(momentLayout)},
		{"size", strconv.FormatInt(h.Size, 10)},
		{"sha256", h.SHA256},
		{"file", h.File},
		{"next-key", h.NextKey},
	} {
		if line[1] != "" {
			b.WriteString(line[0] + " " + line[1] + "\n")
		}
	}
	return b.String()
}
