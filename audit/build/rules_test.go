package build

import (
	"testing"

	"nacre/audit"
	"nacre/audit/cases"
)

func TestRules(t *testing.T) { cases.Test(t, Rules()) }

func FuzzRules(f *testing.F) { cases.Fuzz(f, Rules(), "Makefile.PL", audit.Build) }
