package sbom

import (
	"crypto/sha1" //nolint:gosec // version 5 of RFC 9562 is made with it
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"nacre/bom"
	"nacre/fault"
)

// space is the name space of serial numbers that are digests: a random UUID
// that was drawn once.
var space = [16]byte{0x5b, 0x1e, 0x0c, 0x5a, 0x3f, 0x7d, 0x4c, 0x86, 0x9e, 0x41, 0x2a, 0x8d, 0x77, 0x60, 0xc4, 0x13}

// identify gives a bill its time and its serial number.
func (m *maker) identify(b *bom.Bill) error {
	created := m.opt.Created
	if created.IsZero() {
		var err error
		if created, err = m.newest(); err != nil {
			return err
		}
	}
	b.Created = created.UTC().Format("2006-01-02T15:04:05Z")
	if !m.opt.Reproducible {
		var u [16]byte
		if _, err := io.ReadFull(m.opt.Random, u[:]); err != nil {
			return fault.Wrap(fault.Unavailable, err, "draw a serial number")
		}
		b.Serial = serial(u, 4)
		return nil
	}
	content, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("take the digest of a bill: %w", err)
	}
	archive := ""
	if m.in.Archive != nil {
		archive = m.in.Archive.SHA256
	}
	b.Serial = digestSerial(b.Root.PURL, archive, hex.EncodeToString(sum(content)), m.opt.Format, m.opt.Version)
	return nil
}

func sum(b []byte) []byte {
	s := sha256.Sum256(b)
	return s[:]
}

// digestSerial is version 5 of a UUID: of the root's package URL, the digest of
// the archive, that of all that was found (which the options are told by), the
// format and the program's version.
func digestSerial(parts ...string) string {
	h := sha1.New()
	h.Write(space[:])
	io.WriteString(h, strings.Join(parts, "\n"))
	return serial([16]byte(h.Sum(nil)[:16]), 5)
}

// serial writes a UUID of the version.
//
// Source: RFC 9562, section 4.
func serial(u [16]byte, version byte) string {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	s := hex.EncodeToString(u[:])
	return "urn:uuid:" + s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// newest is the time of the newest file of an archive: that of a release does
// not change, that of a folder is when it was copied.
func (m *maker) newest() (time.Time, error) {
	var last time.Time
	if m.in.Archive != nil && m.in.FS != nil {
		err := fs.WalkDir(m.in.FS, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil && info.ModTime().After(last) {
				last = info.ModTime()
			}
			return err
		})
		if err != nil {
			return last, fault.Wrap(fault.KindOf(err), err, "find the newest file")
		}
	}
	if last.Unix() <= 0 {
		return last, fault.New(fault.Invalid, "nothing here has a time that stays the same").
			WithHint("set SOURCE_DATE_EPOCH to the time that the bill is to bear, in seconds")
	}
	return last, nil
}

// escapePath writes a path as part of a URL.
func escapePath(p string) string { return (&url.URL{Path: p}).EscapedPath() }
