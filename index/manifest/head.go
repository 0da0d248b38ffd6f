package manifest

import (
	"encoding/hex"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"nacre/fault"
)

// Head is what the note of an index says: which database is its newest.
type Head struct {
	Sequence uint64    // grows by at least one with every database, from 1
	Built    time.Time // when the database was made: the time in its header
	Expires  time.Time // when a newer note will have replaced this one
	Size     int64     // of the database, in bytes
	SHA256   string    // of the database, 64 lower-case hex digits
	File     string    // where it is, relative to the note's address
	NextKey  string    // the verifier key that follows the signing one; may be empty
}

// Seal is what the note of a manifest says: which manifest is the newest.
type Seal struct {
	Sequence uint64    // that of the manifest
	Built    time.Time // when the index was made
	Expires  time.Time // when a newer note will have replaced this one
	Size     int64     // of manifest.json, in bytes
	SHA256   string    // of manifest.json, 64 lower-case hex digits
	NextKey  string    // the verifier key that follows the signing one; may be empty
}

// form is one of the two kinds of text.
type form struct {
	format string // the first line
	noun   string // in errors
	// lines are those after the first, in their order, each a word, a blank and
	// its value. The last one may be left out.
	lines   []string
	maxSize uint64
}

var (
	headForm = form{
		"nacre-index/1", "index note",
		[]string{"sequence", "built", "expires", "size", "sha256", "file", "next-key"},
		MaxDatabase,
	}
	sealForm = form{
		"nacre-manifest/1", "manifest note",
		[]string{"sequence", "built", "expires", "size", "sha256", "next-key"},
		MaxList,
	}
)

// ParseHead reads the signed text of an index's note, without its signatures,
// as the package comment shows it.
func ParseHead(text string) (Head, error) { return headForm.parse(text) }

// ParseSeal reads the signed text of a manifest's note, without its signatures,
// as the package comment shows it.
func ParseSeal(text string) (Seal, error) {
	h, err := sealForm.parse(text)
	return h.seal(), err
}

// seal is h without a file, which the note of a manifest does not name.
func (h Head) seal() Seal {
	return Seal{h.Sequence, h.Built, h.Expires, h.Size, h.SHA256, h.NextKey}
}

// Text is the text that ParseHead reads.
func (h Head) Text() string { return headForm.text(h) }

// Text is the text that ParseSeal reads.
func (s Seal) Text() string {
	return sealForm.text(Head{s.Sequence, s.Built, s.Expires, s.Size, s.SHA256, "", s.NextKey})
}

func (f form) parse(text string) (Head, error) {
	if len(text) > MaxNote {
		return Head{}, fault.New(fault.Invalid, "%s is larger than %d bytes (limit: %s size)", f.noun, MaxNote, f.noun)
	}
	body, ok := strings.CutSuffix(text, "\n")
	lines := strings.Split(body, "\n")
	if !ok || lines[0] != f.format {
		err := fault.New(fault.Invalid, "the first line of the %s is %.40q, not %s", f.noun, lines[0], f.format)
		if name, _, _ := strings.Cut(f.format, "/"); strings.HasPrefix(lines[0], name+"/") {
			return Head{}, err.WithHint("a newer nacre reads it")
		}
		return Head{}, err.WithHint("the address is not the one of an index of Nacre")
	}
	lines = lines[1:]
	if n := len(f.lines); len(lines) != n && len(lines) != n-1 {
		return Head{}, fault.New(fault.Invalid, "%s has %d lines after the first, not %d or %d", f.noun, len(lines), n-1, n)
	}
	var h Head
	for i, line := range lines {
		value, ok := strings.CutPrefix(line, f.lines[i]+" ")
		if !ok {
			return Head{}, fault.New(fault.Invalid, "line %d of the %s is %.60q, not %s", i+2, f.noun, line, f.lines[i])
		}
		if err := h.set(f, f.lines[i], value); err != nil {
			return Head{}, fault.Wrap(fault.Invalid, err, "%s of the %s", f.lines[i], f.noun)
		}
	}
	if !h.Built.Before(h.Expires) {
		return Head{}, fault.New(fault.Invalid, "%s expires before it was built", f.noun)
	}
	return h, nil
}

func (h *Head) set(f form, name, value string) (err error) {
	var n uint64
	switch name {
	case "sequence":
		h.Sequence, err = number(f, value, MaxSequence)
	case "built":
		h.Built, err = moment(value)
	case "expires":
		h.Expires, err = moment(value)
	case "size":
		n, err = number(f, value, f.maxSize)
		h.Size = int64(n)
	case "sha256":
		h.SHA256, err = value, checkDigest(value)
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
func number(f form, s string, limit uint64) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != s || n == 0 {
		return 0, fault.New(fault.Invalid, "%.40q is not a number from 1 on", s)
	}
	if n > limit {
		return 0, fault.New(fault.Invalid, "%d is more than %d (limit: number in the %s)", n, limit, f.noun)
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

func checkDigest(s string) error {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != 32 || s != strings.ToLower(s) {
		return fault.New(fault.Invalid, "%.80q is not 64 lower-case hex digits", s)
	}
	return nil
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

// text writes the lines that have a value.
func (f form) text(h Head) string {
	values := map[string]string{
		"sequence": strconv.FormatUint(h.Sequence, 10),
		"built":    h.Built.UTC().Format(momentLayout),
		"expires":  h.Expires.UTC().Format(momentLayout),
		"size":     strconv.FormatInt(h.Size, 10),
		"sha256":   h.SHA256,
		"file":     h.File,
		"next-key": h.NextKey,
	}
	var b strings.Builder
	b.WriteString(f.format + "\n")
	for _, name := range f.lines {
		if v := values[name]; v != "" {
			b.WriteString(name + " " + v + "\n")
		}
	}
	return b.String()
}
