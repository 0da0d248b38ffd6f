package transport

import (
	"bytes"
	"path"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// That nothing checks a certificate does no harm where something else says who
// answers: a fingerprint, a callback, a signature of what comes; and where who
// answers does not matter, as to what tests or looks at servers.

// signedAnswers are words of what is signed by itself.
var signedAnswers = purpose.NewSet("ocsp crl")

// lookers are words of packages, subs and programs that test, measure or look at
// servers and trust nothing that they say.
var lookers = purpose.NewSet("test tests tester testing mock bench benchmark benchmarks stress loadtest check checker probe prober monitor monitoring ping nagios scan scanner inspect inspector crawler diagnose healthcheck smoke fingerprint")

// otherMeans finds in a comment that the author says what checks instead.
var otherMeans = lazyregexp.New(`(?i)fingerprint|\bpin(?:s|ned|ning)?\b|own signature|\bsigned\b|signatures? (?:is|are|of|will)|(?:verif|check|validat)\w*\s[^\n]{0,40}(?:later|below|ourselves|ourself|by hand|manually|separately|afterwards?|elsewhere|itself|themselves)|(?:not|n't|no) need[^\n]{0,40}(?:verif|check|valid)`)

// byHand are methods and functions that look at the certificate that came.
var byHand = []string{"get_fingerprint", "get_fingerprint_bin", "verify_hostname", "peer_certificate", "get_peer_certificate", "X509_digest", "X509_get_fingerprint", "check_fingerprint", "verify_fingerprint"}

// otherwise reports whether something else than the check of certificates says who
// answers at a node, or nobody needs to know.
func otherwise(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	pkg, sub := t.EnclosingPackage(n), f.SubName(n)
	if signedAnswers.In(pkg) || signedAnswers.In(sub) || lookers.In(pkg) || lookers.In(sub) || f.Role != audit.Library && lookers.In(path.Base(f.Path)) {
		return true
	}
	if otherMeans.Match(commentAt(f, n)) {
		return true
	}
	for call := range f.Calls(byHand...) {
		if c := t.Call(call); (c.Method || c.Callee != "verify_hostname") && t.EnclosingSub(call) == t.EnclosingSub(n) && call > n {
			return true
		}
	}
	return false
}

// otherCheck reports whether a fingerprint or a callback that decides stands beside
// a setting.
func otherCheck(f *audit.File, s setting.Setting) bool {
	for key, at := range beside(f.Tree, s) {
		switch key {
		case "SSL_fingerprint":
			return true
		case "SSL_verify_callback", "verify_cb", "verify_callback":
			// One that only says yes is none.
			if f.Tree.Nodes[at].Kind != perlsrc.SubNode || len(f.Tree.Text(at)) > 40 {
				return true
			}
		}
	}
	return false
}

// maxComment bounds how many lines of comment are looked at.
const maxComment = 4

// commentAt gives the comment of the line of a node and of the lines right above.
func commentAt(f *audit.File, n perlsrc.NodeID) []byte {
	start, _ := f.Tree.Span(n)
	if start > len(f.Src) {
		return nil
	}
	var out []byte
	end := len(f.Src)
	if i := bytes.IndexByte(f.Src[start:], '\n'); i >= 0 {
		end = start + i
	}
	if i := bytes.IndexByte(f.Src[start:end], '#'); i >= 0 {
		out = append(out, f.Src[start+i:end]...)
	}
	at := bytes.LastIndexByte(f.Src[:start], '\n')
	for range maxComment {
		if at < 0 {
			break
		}
		from := bytes.LastIndexByte(f.Src[:at], '\n') + 1
		line := bytes.TrimSpace(f.Src[from:at])
		if !bytes.HasPrefix(line, []byte("#")) {
			break
		}
		out = append(append(out, '\n'), line...)
		at = from - 1
	}
	return out
}
