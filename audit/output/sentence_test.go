package output

import "testing"

// TestSentence holds what begins with a capital: words, and not names of the source.
func TestSentence(t *testing.T) {
	for said, want := range map[string]string{
		"":                               "",
		"the session id is made of rand": "The session id is made of rand.",
		"open takes a mode":              "open takes a mode.",
		"nothing":                        "Nothing.",
		"a  b":                           "A  b.",
		"3 findings (1 high)":            "3 findings (1 high).",
	} {
		if got := sentence(said); got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
