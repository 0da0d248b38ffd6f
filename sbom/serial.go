package sbom

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"time"

	"nacre/bom"
	"nacre/fault"
)

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
		var err error
		b.Serial, err = bom.RandomSerial(m.opt.Random)
		return err
	}
	content, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("take the digest of a bill: %w", err)
	}
	archive := ""
	if m.in.Archive != nil {
		archive = m.in.Archive.SHA256
	}
	// What was found, and what was asked for, is what the bill says.
	digest := sha256.Sum256(content)
	b.Serial = bom.DigestSerial(b.Root.PURL, archive, hex.EncodeToString(digest[:]), m.opt.Format, m.opt.Version)
	return nil
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
