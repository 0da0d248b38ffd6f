package license

import (
	"bytes"
	"testing"
)

// FuzzParse holds that what is read is written so that it is read again, to the
// same licences and spelling, and that Current is at rest.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"MIT", "gpl-2.0+ and (mit or isc) OR Apache-2.0 WITH LLVM-exception", "NONE", "LicenseRef-a",
		"DocumentRef-a:LicenseRef-b WITH DocumentRef-c:AdditionRef-d", "((((MIT))))", "MIT AND", "wxWindows+ WITH x",
		"GPL-2.0-with-GCC-exception+ OR eCos-2.0",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			return
		}
		text := e.String()
		again, err := Parse(text)
		if err != nil || again.String() != text {
			t.Fatalf("Parse(%q) is %q, and that is read as %q, %v", s, text, again, err)
		}
		now := e.Current()
		if again, err := Parse(now.String()); err != nil || !again.Equal(now) {
			t.Fatalf("the current form of %q is %q, which is read as %q, %v", s, now, again, err)
		}
		if now.Current().String() != now.String() {
			t.Fatalf("the current form of %q is %q, and of that %q", s, now, now.Current())
		}
	})
}

// FuzzRecognise holds that what is told is a licence, on a line of the text.
func FuzzRecognise(f *testing.F) {
	for _, seed := range []string{
		"SPDX-License-Identifier: MIT", "under the same terms as Perl itself", "GNU General Public License Version 2, June 1991",
		"under the terms of the GNU Lesser General Public License, version 2.1", "L<a|b> E<lt> \xe2\x80\x9c",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := bytes.Count(text, []byte("\n")) + 1
		for _, e := range Recognise(text) {
			if e.Expression.IsZero() || e.Line < 1 || e.Line > lines || e.Confidence <= 0 || e.Confidence > 1 {
				t.Errorf("%q of %d lines tells %q on line %d, with confidence %v", text, lines, e.Expression, e.Line, e.Confidence)
			}
		}
	})
}
