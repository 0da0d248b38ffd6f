package bom

import (
	"crypto/sha1" // version 5 of RFC 9562 is made with it
	"encoding/hex"
	"io"
	"strings"

	"nacre/fault"
)

// space is the name space of serial numbers that are digests: a random UUID that
// was drawn once.
var space = [16]byte{0x5b, 0x1e, 0x0c, 0x5a, 0x3f, 0x7d, 0x4c, 0x86, 0x9e, 0x41, 0x2a, 0x8d, 0x77, 0x60, 0xc4, 0x13}

// RandomSerial draws a serial number: "urn:uuid:" and a UUID of version 4.
func RandomSerial(random io.Reader) (string, error) {
	var u [16]byte
	if _, err := io.ReadFull(random, u[:]); err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "draw a serial number")
	}
	return uuid(u, 4), nil
}

// DigestSerial is the serial number of what parts tell: a UUID of version 5,
// which the same parts give again.
func DigestSerial(parts ...string) string {
	h := sha1.New()
	h.Write(space[:])
	io.WriteString(h, strings.Join(parts, "\n"))
	return uuid([16]byte(h.Sum(nil)[:16]), 5)
}

// uuid writes a UUID of a version as a URN.
//
// Source: RFC 9562, section 4.
func uuid(u [16]byte, version byte) string {
	u[6] = u[6]&0x0f | version<<4
	u[8] = u[8]&0x3f | 0x80
	s := hex.EncodeToString(u[:])
	return "urn:uuid:" + s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
