package practice

import (
	"testing"

	"nacre/audit"
	"nacre/audit/cases"
)

func FuzzRules(f *testing.F) { cases.Fuzz(f, Rules(), "lib/Acme.pm", audit.Library) }
