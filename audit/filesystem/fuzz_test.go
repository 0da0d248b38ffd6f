package filesystem

import (
	"testing"

	"nacre/audit"
	"nacre/audit/cases"
)

func FuzzRules(f *testing.F) { cases.Fuzz(f, Rules(), "lib/Acme.pm", audit.Library) }

func FuzzNative(f *testing.F) { cases.Fuzz(f, Rules(), "acme.xs", audit.Native) }
