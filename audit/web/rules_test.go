package web

import (
	"testing"

	"nacre/audit"
	"nacre/audit/cases"
)

func TestRules(t *testing.T) { cases.Test(t, Rules()) }

func FuzzRules(f *testing.F) { cases.Fuzz(f, Rules(), "lib/Acme.pm", audit.Library) }

func FuzzNative(f *testing.F) { cases.Fuzz(f, Rules(), "Acme.xs", audit.Native) }
