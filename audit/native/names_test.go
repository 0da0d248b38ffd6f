package native

import (
	"testing"

	"nacre/audit"
)

// TestNames shows that a name which the program itself chooses matters less than
// text that it is given.
func TestNames(t *testing.T) {
	rules := Rules()
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, want string }{
		{"text", "SvPV_nolen(sv)", "high"},
		{"the name of a class", "HvNAME(SvSTASH(SvRV(sv)))", "medium"},
		{"the name of a sub", "GvNAME(CvGV(cv))", "medium"},
	} {
		src := "static void\ntell(SV *sv, CV *cv)\n{\n    char buf[64];\n    char *name = " + c.from + ";\n    strcpy(buf, name);\n    puts(buf);\n}\n"
		f := audit.NewFile("tell.c", audit.Native, []byte(src))
		got := audit.Check(f, &audit.Release{}, audit.Options{Rules: rules}).Findings
		if len(got) != 1 || got[0].Severity != c.want {
			t.Errorf("%s: %v, want one finding, %s", c.name, got, c.want)
		}
	}
}
