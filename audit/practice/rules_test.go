package practice

import (
	"testing"

	"nacre/audit/cases"
)

func TestRules(t *testing.T) { cases.Test(t, Rules()) }
