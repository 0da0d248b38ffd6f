package web

import (
	"nacre/audit"
	"nacre/csrc"
	"nacre/lazyregexp"
)

// writers are the functions of C and of perl's interface that end in a log.
var writers = lazyregexp.New(`(?i)\A(?:v?syslog|(?:\w+_)?log(?:_\w+)?|\w*log(?:ger|msg|printf|debug|error)\w*|Perl_warn\w*|warn|warner|MP_TRACE\w*)\z`)

// toldNative finds secrets that C and XS write to a log.
func toldNative(p *audit.Pass) {
	f := p.File
	src, _ := f.C() // what a limit cut off was not read, which the run of the other rules tells
	tell := func(c csrc.Call, args []csrc.Arg) {
		for _, a := range args {
			if a.End <= a.First || a.End-a.First > 8 || src.Tokens[a.End-1].Kind != csrc.Word {
				continue
			}
			if a.End-a.First > 1 {
				if before := src.Text(a.End - 2); before != "->" && before != "." && before != ")" {
					continue // a call, or something that is made of it
				}
			}
			what, severity := secret(f, 0, src.Text(a.End-1), "")
			if what == "" {
				continue
			}
			p.Report(audit.Found{
				Line: src.Tokens[c.At].Line, Confidence: audit.Likely, Severity: severity,
				Message: "the " + what + " is written to the log, which more people read than should know it",
			})
			return
		}
	}
	for _, fn := range src.Functions {
		src.Calls(fn.First, fn.End, func(c csrc.Call) bool {
			if f.Late() {
				return false
			}
			switch {
			case writers.MatchString(c.Name):
				tell(c, c.Args)
			case c.Name == "fprintf" || c.Name == "PerlIO_printf":
				if len(c.Args) > 2 && stderr.MatchString(src.Span(c.Args[0].First, c.Args[0].End)) {
					tell(c, c.Args[2:])
				}
			}
			return true
		})
	}
}

var stderr = lazyregexp.New(`stderr|Perl_debug_log|log`)
