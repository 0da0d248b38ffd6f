package crypt

import (
	"nacre/audit"
	"nacre/csrc"
)

// threeWayC are functions of OpenSSL that answer 1, 0 and -1.
var threeWayC = map[string]bool{
	"DSA_do_verify": true, "DSA_verify": true, "ECDSA_do_verify": true, "ECDSA_verify": true, "EVP_VerifyFinal": true, "EVP_DigestVerifyFinal": true, "EVP_DigestVerify": true,
	"X509_verify_cert": true, "X509_verify": true, "X509_REQ_verify": true, "X509_CRL_verify": true, "OCSP_basic_verify": true, "EVP_PKEY_verify": true,
}

// misreadAnswersC finds the same in C and XS: "if (!EVP_VerifyFinal(...))".
func misreadAnswersC(p *audit.Pass) {
	file, err := p.File.C()
	if err != nil && len(file.Functions) == 0 {
		return
	}
	for i := range file.Functions {
		fn := &file.Functions[i]
		file.Calls(fn.First, fn.End, func(c csrc.Call) bool {
			if threeWayC[c.Name] && decidesC(file, c.At) {
				p.Report(audit.Found{
					Line: file.Tokens[c.At].Line, Confidence: audit.Certain, Severity: audit.High,
					Message: c.Name + " answers -1 where the check could not be made, and -1 is true",
				})
			}
			return !p.File.Late()
		})
	}
}

// decidesC says that a call stands in a condition by itself, or negated.
func decidesC(file *csrc.File, at int) bool {
	end := at + 1
	if end >= len(file.Tokens) || file.Tokens[end].Match == 0 || at == 0 {
		return false
	}
	end = int(file.Tokens[end].Match) + 1
	if end >= len(file.Tokens) {
		return false
	}
	switch file.Text(end) {
	case ")", "&&", "||", "?":
	default:
		return false // compared with something
	}
	before := file.Text(at - 1)
	for before == "!" && at > 1 {
		at--
		before = file.Text(at - 1)
		if before == "(" || before == "&&" || before == "||" || before == "=" || before == "return" {
			return true
		}
	}
	if before == "&&" || before == "||" {
		return true
	}
	return before == "(" && at > 1 && (file.Text(at-2) == "if" || file.Text(at-2) == "while")
}
