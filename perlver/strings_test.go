package perlver_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// random gives the source of random texts: seed 1, or NACRE_SEED.
func random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(1)
	if s := os.Getenv("NACRE_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("NACRE_SEED: %v", err)
		}
		seed = n
	}
	t.Logf("seed %d; another with NACRE_SEED", seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// realistic makes a version as releases have them.
func realistic(r *rand.Rand) string {
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	number := func() string { return strconv.Itoa(r.IntN(12)) }
	switch r.IntN(10) {
	case 0:
		return number()
	case 1, 2, 3:
		return number() + "." + digits(1+r.IntN(3))
	case 4:
		return number() + "." + digits(3+r.IntN(6))
	case 5:
		return number() + "." + digits(2) + "_" + digits(1+r.IntN(2))
	case 6:
		return "v" + number() + "." + number()
	case 7:
		return "v" + number() + "." + number() + "." + number()
	case 8:
		return number() + "." + number() + "." + number()
	default:
		return "v" + number() + "." + number() + "." + number() + "_" + number()
	}
}

// nasty makes what no release should be called.
func nasty(r *rand.Rand) string {
	pieces := []string{
		"v", "V", ".", "..", "_", "__", "-", "+", ",", ";", "{", "}", " ", "\t", "\r", "\v", "\f", "  ",
		"0", "00", "1", "9", "10", "123", "999", "1000", "0000000000", "0000000000001", "2147483647", "2147483648",
		"4294967296", "9999999999", "99999999999", "18446744073709551616", "undef", "x", "a1", "e5", "inf", "nan",
		"\x01", "\x7f", "\x80", "\x85", "\xa0", "\xc3\xa9", "\xe2\x80\x83", "\xd9\xa1", "0x1f", "-TRIAL", "rc1", "version", "0_", "1_1",
	}
	n := r.IntN(7)
	var b strings.Builder
	for range n {
		switch r.IntN(3) {
		case 0:
			b.WriteString(realistic(r))
		case 1:
			b.WriteString(strconv.Itoa(r.IntN(100)))
		default:
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
	}
	return b.String()
}

// almost makes a version with one byte changed, put in or taken out.
func almost(r *rand.Rand) string {
	b := []byte(realistic(r))
	marks := "0123456789.._v ;{}-\x00\n\xa0x"
	i, c := r.IntN(len(b)), marks[r.IntN(len(marks))]
	switch r.IntN(4) {
	case 0:
		b[i] = c
	case 1:
		b = append(b[:i], b[i+1:]...)
	case 2:
		b = append(b, c)
	default:
		b = append(b[:i], append([]byte{c}, b[i:]...)...)
	}
	return string(b)
}

// versionText is one of each half the time: what releases have, and the rest.
func versionText(r *rand.Rand) string {
	switch r.IntN(4) {
	case 0:
		return nasty(r)
	case 1:
		return almost(r)
	default:
		return realistic(r)
	}
}
