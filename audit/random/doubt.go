package random

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
)

// stages are words of packages and subs that only play a part: in tests, and in
// games, whose secrets are to be guessed.
var stages = []string{
	"mock", "mocked", "test", "tests", "fake", "faker", "dummy", "stub", "simulator", "simulation", "fixture", "fixtures", "lorem", "bench", "benchmark", "benchmarks", "selftest",
	"game", "games", "puzzle", "hangman", "mastermind", "dice", "poker", "chess", "sudoku", "quiz",
}

// media are words of packages in which a session is a call or a stream that anybody
// may know.
var media = []string{"sdp", "sip", "rtp", "rtsp", "poe", "syslog"}

// logins are words of packages and subs whose state is that of a login elsewhere.
var logins = []string{"auth", "authen", "authenticate", "authorize", "authorization", "oauth", "openid", "oidc", "login", "logon", "sso", "saml", "connect", "facebook", "google", "github", "twitter", "redirect", "callback"}

// doubt lowers the confidence of a use in code where names mean less, and of salts
// that are of no password.
func (v *view) doubt(u *use) {
	n := u.source.node
	words := append(purpose.Words(v.t.EnclosingPackage(n)), purpose.Words(v.f.SubName(n))...)
	has := func(of []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(of, w) })
	}
	if v.f.Role == audit.Test || has(stages) || strings.HasPrefix(u.what, "the session") && has(media) {
		u.sure = min(u.sure, audit.Possible)
	}
	switch {
	case u.what == stateOfLogin && !has(logins):
		u.sure = min(u.sure, audit.Possible) // of a cipher, of a machine
	case u.what == kinds["nonce"].what && u.compared && !v.around(n).secure:
		u.sure = min(u.sure, audit.Possible) // only tells which answer is that of a question
	case u.what == kinds["salt"].what:
		u.sure = min(u.sure, v.ofPassword(*u))
	}
}
