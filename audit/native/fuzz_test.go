package native

import (
	"testing"

	"nacre/audit"
	"nacre/audit/cases"
)

func FuzzRules(f *testing.F) { cases.Fuzz(f, Rules(), "Acme.xs", audit.Native) }
