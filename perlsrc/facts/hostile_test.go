package facts

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestHostile holds that no repeated construct makes facts that grow faster
// than the source: what looking ahead may cost is bounded a token (see
// walker.step), and here what comes of it.
func TestHostile(t *testing.T) {
	for _, s := range []string{
		"use x{", "use x(", "require(", "eval(", "eval eval ", "load load ", "use_module(", "{", "(", "[", "sub{", "sub x{", "if(", "if(x){",
		"for my $x (", "for my $x ('a'){", "package x;", "package x{", "$VERSION=", "$VERSION=(", "our $VERSION=(", "$VERSION=do{", "use if x,", "use constant {VERSION=>",
		"@ISA=(", "push @ISA,", "@EXPORT=(", "%EXPORT_TAGS=(a=>[", "with(", "extends ", "'dbi:x:'", "\"dbi:x:\".", "DBI->connect(", "enable ", "enable_if{", "*{", "@{", "*x=sub{", "can_load(modules=>{",
		"eval\"", "eval q{", "eval<<x\n", "=a\n", "=a b\n\n", "x=>", "$x{", "$x->", "'x'->require ", "class x :isa(x)", "class x extends ", "use x x::$y", "a?b:", "and ", "require x if ", "plugin $_ for ", "__END__\n", "use parent ", "use base{",
		"($VERSION,", "*VERSION=\\", "$VERSION=~s/a/b/;", "use Sub::Exporter{exports=>[", "method x(", "sub x:y(", "sub x($y={",
	} {
		var size [2]int
		for k, n := range []int{2000, 20000} {
			src := []byte("use Module::Load;use Plack::Builder;use Mojo;use Module::Load::Conditional;" + strings.Repeat(s, n/len(s)))
			out, err := json.Marshal(Read(src))
			if err != nil {
				t.Fatal(err)
			}
			ReadVersion(src, "x")
			size[k] = len(out)
		}
		if size[1] > 11*size[0]+10000 {
			t.Errorf("%q: %d bytes of facts, and %d of ten times the source", s, size[0], size[1])
		}
	}
}

// TestLong holds that a list which is not read to its end is not told as one
// that was.
func TestLong(t *testing.T) {
	names := strings.Repeat("'a',", maxAhead+100)
	f := Read([]byte("our @EXPORT = (" + names + ");\nuse Foo (" + names + ");\nuse parent " + names + "'Bar';"))
	if len(f.Exports) != 1 || !f.Exports[0].Dynamic {
		t.Error("exports are not dynamic")
	}
	if len(f.Loads) == 0 || !f.Loads[0].DynamicImports {
		t.Error("imports are not dynamic")
	}
	if len(f.Packages) != 1 || !f.Packages[0].DynamicISA {
		t.Error("parents are not dynamic")
	}
}
