package crypt

import (
	"fmt"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/csrc"
)

// comparers are C's and perl's functions that stop at the first byte that differs.
var comparers = map[string]bool{"memcmp": true, "memNE": true, "memEQ": true, "bcmp": true, "strcmp": true, "strncmp": true, "strEQ": true, "strNE": true, "strnEQ": true, "strnNE": true, "sv_eq": true, "sv_cmp": true}

// memoryComparisons finds the same in C and XS.
func memoryComparisons(p *audit.Pass) {
	file, err := p.File.C()
	if err != nil && len(file.Functions) == 0 {
		return
	}
	for i := range file.Functions {
		fn := &file.Functions[i]
		file.Calls(fn.First, fn.End, func(c csrc.Call) bool {
			if comparers[c.Name] && len(c.Args) >= 2 {
				memoryComparison(p, file, fn, c)
			}
			return !p.File.Late()
		})
		lengthsInC(p, file, fn)
	}
}

// memoryComparison is about one call: two values, of which one is a secret by
// its name.
func memoryComparison(p *audit.Pass, file *csrc.File, fn *csrc.Function, c csrc.Call) {
	what, weighs := "", 0
	for _, a := range c.Args[:2] {
		names := argumentNames(file, a)
		if len(names) == 0 {
			return // a literal: a word of a format or an option
		}
		label := names[len(names)-1]
		switch p := meaning(label); {
		case p == purpose.Harmless:
			return
		case p == purpose.Password || p == purpose.Key && holds([]string{label}, "secret"),
			holds([]string{label}, "hmac", "mac", "tag", "authtag", "signature", "digest"):
			if what == "" {
				what = label
			}
			weighs++
		}
		if holds(names, "name", "type", "magic", "header", "prefix", "suffix", "xml", "html", "file", "len", "oid", "key") && !holds([]string{label}, "hmac", "secret", "password") {
			return
		}
	}
	text := strings.ToLower(fn.Name + " " + p.File.Path)
	about := strings.Contains(text, "decrypt") || strings.Contains(text, "verify") || strings.Contains(text, "secret") || strings.Contains(text, "auth") || strings.Contains(text, "passw") || strings.Contains(text, "crypt")
	if weighs == 0 || !about {
		return
	}
	p.Report(audit.Found{
		Line: file.Tokens[c.At].Line, Confidence: audit.Likely, Severity: audit.Medium,
		Message: fmt.Sprintf("%s is compared by %s, which stops where the first byte differs: the time tells how much of a guess is right", what, c.Name),
	})
}

// argumentNames gives the words of an argument, as buf and data of buf->data;
// none where it is a literal.
func argumentNames(file *csrc.File, a csrc.Arg) []string {
	var names []string
	for i := a.First; i < a.End; i++ {
		switch file.Tokens[i].Kind {
		case csrc.String, csrc.Char:
			return nil
		case csrc.Word:
			names = append(names, file.Text(i))
		}
	}
	// The data of a secret is the secret.
	for len(names) > 1 {
		switch names[len(names)-1] {
		case "data", "buf", "bytes", "ptr", "str", "value":
			names = names[:len(names)-1]
			continue
		}
		break
	}
	return names
}
