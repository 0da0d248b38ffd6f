package pkgver_test

import (
	"testing"

	"nacre/pkgver"
)

func TestUpstream(t *testing.T) {
	for _, c := range [][3]string{
		{"dpkg", "5.36.0-7+deb12u1", "5.36.0"},
		{"dpkg", "1:1.20+dfsg-3", "1.20"},
		{"dpkg", "1.20~ds1-1", "1.20"},
		{"dpkg", "1.20.repack2-1", "1.20"},
		{"dpkg", "2.0+really1.9-1", "1.9"},
		{"dpkg", "1.5+git20200101-1", "1.5"},
		{"dpkg", "1.20~rc1-1", ""},
		{"dpkg", "1.20-1~bpo12+1", "1.20"},
		{"apk", "5.38.2-r0", "5.38.2"},
		{"apk", "1.2_rc1-r0", ""},
		{"apk", "1.2_p1-r0", "1.2"},
		{"rpm", "4:5.32.1-481.el9", "5.32.1"},
		{"rpm", "1.2~rc1-1", ""},
		{"rpm", "1.2^git1-1", "1.2"},
	} {
		if got := pkgver.Upstream(c[0], c[1]); got != c[2] {
			t.Errorf("%s %s: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
