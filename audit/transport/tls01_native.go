package transport

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// unverifiedNative finds C and XS that ask OpenSSL or libcurl for no check.
func unverifiedNative(p *audit.Pass) {
	f := p.File
	src, _ := f.C() // behind a limit nothing is read, which the run tells
	for _, fn := range src.Functions {
		if servers.In(fn.Name) || careless.In(fn.Name) {
			continue
		}
		// Where the check can also be on, somebody chooses.
		how := audit.Likely
		if strings.Contains(src.Span(fn.First, fn.End), "SSL_VERIFY_PEER") {
			how = audit.Possible
		}
		src.Calls(fn.First, fn.End, func(c csrc.Call) bool {
			if f.Late() {
				return false
			}
			what := ""
			switch c.Name {
			case "SSL_CTX_set_verify", "SSL_set_verify":
				if len(c.Args) > 1 && src.Span(c.Args[1].First, c.Args[1].End) == "SSL_VERIFY_NONE" {
					what = c.Name + " asks for no check"
				}
			case "curl_easy_setopt":
				if len(c.Args) < 3 {
					break
				}
				option := src.Span(c.Args[1].First, c.Args[1].End)
				value := strings.ToLower(src.Span(c.Args[2].First, c.Args[2].End))
				if (option == "CURLOPT_SSL_VERIFYPEER" || option == "CURLOPT_SSL_VERIFYHOST") && (value == "0" || value == "0l" || value == "false") {
					what = option + " is 0"
				}
			}
			if what != "" {
				p.Report(audit.Found{
					Line: src.Tokens[c.At].Line, Confidence: how, Severity: audit.High,
					Message: unasked(what),
				})
			}
			return true
		})
	}
}
